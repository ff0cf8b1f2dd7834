import { FileText, GitCompare, History, Undo2 } from "lucide-react";
import type { SearchHit, SearchLane, ServiceInfo, StatusWord } from "@/ipc";
import { m } from "@/paraglide/messages";
import type { StatusKind } from "@/shared/display/StatusGlyph";
import type { Navigation } from "@/shared/navigation/navigation";
import type { Lane } from "@/shared/navigation/route";
import { formatCount } from "@/shared/time/format";
import type { Entry } from "./entries";
import { fits } from "./match";

/** What the services' entries depend on. */
export type Around = {
  navigation: Navigation;
  services: readonly ServiceInfo[];
  readOnly: boolean;
  /** The lane that is selected: there the rollback has a key of its own. */
  selected: Lane | null;
};

/** What is worst stands first. */
const WORST: readonly StatusWord[] = [
  "failed",
  "degraded",
  "in-progress",
  "unknown",
  "rolled-back",
  "healthy",
];

const GLYPH: Record<StatusWord, StatusKind> = {
  failed: "failed",
  degraded: "warn",
  "in-progress": "progress",
  unknown: "unknown",
  "rolled-back": "rollback",
  healthy: "ok",
};

const worstFirst = (lanes: readonly SearchLane[]): SearchLane[] =>
  [...lanes].sort((one, other) => WORST.indexOf(one.status) - WORST.indexOf(other.status));

/** What can be done with the services that were found, and the services themselves. */
export function serviceEntries(hits: readonly SearchHit[], typed: string, around: Around): Entry[] {
  const found = hits.filter((hit) => hit.kind === "service");
  const doing = found.flatMap((hit) =>
    [...rollbacks(hit, around), ...others(hit, around)].filter((entry) =>
      fits(`${entry.title}${entry.version ?? ""} ${entry.hint}`, typed),
    ),
  );
  return [...doing, ...found.map((hit) => itself(hit, around))];
}

const nameOf = (hit: SearchHit): string => hit.service ?? hit.title;

/** "Roll back payments to 1.41.2", where it fails first; then one to choose another version. */
function rollbacks(hit: SearchHit, { navigation, readOnly, selected }: Around): Entry[] {
  const service = nameOf(hit);
  const off = readOnly ? { off: m.palette_off_read_only() } : {};
  const lanes = worstFirst(hit.lanes).filter((lane) => lane.backTo !== null);
  const common = { group: "do", tone: "rollback", ...off } as const;
  const straight = lanes.map(({ environment, backTo }): Entry => {
    const isSelected = selected?.service === service && selected.environment === environment;
    return {
      ...common,
      id: rollbackId({ service, environment }),
      title: `${m.palette_rollback_to({ service })} `,
      version: backTo ?? "",
      hint: off.off ?? m.palette_rollback_hint({ environment }),
      icon: Undo2,
      ...(isSelected && { keys: ["r"] }),
      run: () => navigation.open({ name: "rollback", lane: { service, environment } }),
    };
  });
  const [worst] = lanes;
  if (!worst) return [];
  const lane = { service, environment: worst.environment };
  const another: Entry = {
    ...common,
    id: `rollback-another/${service}`,
    title: m.palette_rollback_another({ service }),
    hint: off.off ?? worst.environment,
    icon: History,
    run: () => navigation.open({ name: "rollback", lane, choosing: true }),
  };
  const [first, ...rest] = straight;
  return first ? [first, another, ...rest] : [another];
}

/** The entry of a lane's rollback, by which the inspector's own action is recognised as the same. */
export const rollbackId = ({ service, environment }: Lane): string =>
  `rollback/${service}/${environment}`;

function others(hit: SearchHit, { navigation }: Around): Entry[] {
  const service = nameOf(hit);
  return [
    {
      id: `compare/${service}`,
      group: "do",
      title: m.palette_compare({ service }),
      hint: "",
      icon: GitCompare,
      run: () => navigation.go({ name: "compare", service }),
    },
    {
      id: `notes/${service}`,
      group: "do",
      title: m.palette_notes({ service }),
      hint: "",
      icon: FileText,
      run: () => navigation.go({ name: "notes", service }),
    },
  ];
}

/** "payments  Money, 1.42.0 failed in prod-eu" */
function itself(hit: SearchHit, { navigation, services }: Around): Entry {
  const service = nameOf(hit);
  const team = services.find((one) => one.name === service)?.team ?? null;
  const [worst] = worstFirst(hit.lanes);
  return {
    id: `service/${service}`,
    group: "services",
    title: service,
    hint: [team, runsWords(hit.lanes)].filter(Boolean).join(m.palette_comma()),
    icon: null,
    status: worst ? GLYPH[worst.status] : "unknown",
    run: () =>
      navigation.go({
        name: "timeline",
        lane: { service, environment: worst?.environment ?? "" },
      }),
  };
}

/** What is wrong with it, else what runs. */
function runsWords(lanes: readonly SearchLane[]): string {
  const [worst] = worstFirst(lanes);
  const [first] = lanes;
  if (!worst || !first) return m.palette_runs_nowhere();
  const { version, environment } = worst;
  switch (worst.status) {
    case "failed":
      return m.palette_failed({ version, environment });
    case "degraded":
      return m.palette_degraded({ version, environment });
    case "in-progress":
      return m.palette_in_progress({ version, environment });
    case "unknown":
    case "rolled-back":
    case "healthy":
      break;
  }
  const count = lanes.length;
  const number = formatCount(count);
  const isSame = lanes.every((lane) => lane.version === first.version);
  if (isSame && count > 1) return m.palette_runs_in_all({ version: first.version, number });
  return count === 1
    ? m.palette_runs_in({ version: first.version, environment: first.environment })
    : m.palette_runs_in_more({
        version: first.version,
        environment: first.environment,
        number: formatCount(count - 1),
      });
}
