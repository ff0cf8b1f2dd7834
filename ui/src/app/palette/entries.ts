import {
  Box,
  Clock,
  FileText,
  GitCompare,
  History,
  type LucideIcon,
  Tag,
  Undo2,
} from "lucide-react";
import type { AppState, SearchHit } from "@/ipc";
import { m } from "@/paraglide/messages";
import type { Action } from "@/shared/keys/actions";
import type { KeyName } from "@/shared/keys/platform";
import type { Navigation } from "@/shared/navigation/navigation";
import { formatClock } from "@/shared/time/format";
import type { Zone } from "@/shared/time/zone";
import { momentOf, wallOf } from "@/timeline/zone";
import { fits, score, typedClock } from "./match";

export type EntryGroup = "do" | "services" | "versions" | "go";

/** One line of the palette. */
export type Entry = {
  id: string;
  group: EntryGroup;
  title: string;
  /** The end of the title that is a version, in mono. */
  version?: string;
  hint: string;
  icon: LucideIcon | null;
  /** The rollback's own colour. */
  tone?: "rollback";
  keys?: readonly KeyName[];
  off?: string;
  run: () => void;
};

const MOST = 7;

/** Actions whose words fit what was typed, best first. */
export function actionEntries(actions: readonly Action[], typed: string): Entry[] {
  const listed = actions.filter((action) => !action.keyOnly);
  const ranked = listed
    .map((action) => ({ action, rank: score(`${action.title} ${action.hint ?? ""}`, typed) }))
    .filter(({ rank }) => typed.trim() === "" || rank > 0)
    .sort((one, other) => other.rank - one.rank);
  return ranked.map(({ action }) => ({
    id: `action/${action.id}`,
    group: action.group === "go" ? "go" : "do",
    title: action.title,
    hint: action.off ?? action.hint ?? "",
    icon: action.icon ?? null,
    ...(action.keys && { keys: action.keys }),
    ...(action.off !== undefined && { off: action.off }),
    run: action.run,
  }));
}

/** What can be done with each service; offered once something was typed. */
export function serviceEntries(state: AppState, navigation: Navigation, typed: string): Entry[] {
  const { workspace } = state;
  if (!workspace || typed.trim() === "") return [];
  const off = workspace.readOnly ? { off: m.palette_off_read_only() } : {};
  const entries = workspace.services.flatMap(({ name }) => {
    const offered: Entry[] = [
      ...workspace.environments.map(
        (environment): Entry => ({
          id: `rollback/${name}/${environment.name}`,
          group: "do",
          title: m.palette_rollback({ service: name }),
          hint: off.off ?? m.palette_rollback_hint({ environment: environment.name }),
          icon: Undo2,
          tone: "rollback",
          ...off,
          run: () =>
            navigation.open({
              name: "rollback",
              lane: { service: name, environment: environment.name },
            }),
        }),
      ),
      {
        id: `compare/${name}`,
        group: "do",
        title: m.palette_compare({ service: name }),
        hint: "",
        icon: GitCompare,
        run: () => navigation.go({ name: "compare", service: name }),
      },
      {
        id: `notes/${name}`,
        group: "do",
        title: m.palette_notes({ service: name }),
        hint: "",
        icon: FileText,
        run: () => navigation.go({ name: "notes", service: name }),
      },
    ];
    return offered.map((entry) => ({ service: name, entry }));
  });
  return ranked(entries, typed);
}

/** Those that fit; of services whose name begins with a typed word first, else in the file's order. */
function ranked(entries: readonly { service: string; entry: Entry }[], typed: string): Entry[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const begins = (service: string) => words.some((word) => service.toLowerCase().startsWith(word));
  return entries
    .filter(({ entry }) => fits(`${entry.title} ${entry.hint}`, typed))
    .sort((one, other) => Number(begins(other.service)) - Number(begins(one.service)))
    .slice(0, MOST)
    .map(({ entry }) => entry);
}

const HIT: Record<SearchHit["kind"], { group: EntryGroup; icon: LucideIcon }> = {
  service: { group: "services", icon: Box },
  version: { group: "versions", icon: Tag },
  note: { group: "versions", icon: FileText },
  deployment: { group: "go", icon: Clock },
  operation: { group: "go", icon: History },
};

/** What the backend found. */
export function hitEntries(hits: readonly SearchHit[], navigation: Navigation): Entry[] {
  return hits.map((hit, at) => ({
    id: `hit/${at}/${hit.kind}/${hit.title}`,
    ...HIT[hit.kind],
    ...titleOf(hit),
    hint: hit.subtitle,
    run: () => followHit(hit, navigation),
  }));
}

function titleOf({ title, version }: SearchHit): { title: string; version?: string } {
  if (!version || !title.endsWith(version)) return { title };
  return { title: title.slice(0, -version.length), version };
}

function followHit(hit: SearchHit, { go }: Navigation): void {
  const { service, environment, version, deployment, at } = hit;
  switch (hit.kind) {
    case "note":
      go({ name: "notes", ...(service && { service }), ...(version && { version }) });
      return;
    case "operation":
      go({ name: "operations", operation: hit.title });
      return;
    case "version":
      if (deployment === null && service) {
        go({
          name: "compare",
          service,
          ...(version && { right: { kind: "version" as const, version } }),
        });
        return;
      }
      break;
    case "service":
    case "deployment":
      break;
  }
  go({
    name: "timeline",
    ...(service && { lane: { service, environment: environment ?? "" } }),
    ...(deployment !== null && { deployment }),
    ...(at !== null && { at }),
  });
}

/** A time typed: that moment of today, or of yesterday when it is still to come. */
export function clockEntries(typed: string, zone: Zone, now: number, { go }: Navigation): Entry[] {
  const clock = typedClock(typed);
  if (!clock) return [];
  const at = momentToday(clock, zone, now);
  return [
    {
      id: "clock",
      group: "go",
      title: m.palette_go_time({ clock: formatClock(at, zone) }),
      hint: "",
      icon: Clock,
      run: () => go({ name: "timeline", at }),
    },
  ];
}

const DAY = 86_400_000;

/** The last moment, not after `now`, at which the zone's clock showed that time. */
export function momentToday(
  { hours, minutes }: { hours: number; minutes: number },
  zone: Zone,
  now: number,
): number {
  const midnight = Math.floor(wallOf(zone, now) / DAY) * DAY;
  const at = momentOf(zone, midnight + (hours * 60 + minutes) * 60_000);
  return at > now ? momentOf(zone, midnight - DAY + (hours * 60 + minutes) * 60_000) : at;
}
