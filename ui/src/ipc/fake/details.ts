import { Flag, NO_STRING, Status, type TimelineData, text as textOf } from "@/timeline/columns";
import { ledgerIdAt, rowOfLedgerId } from "@/timeline/lanes";
import { SAMPLE_NOW, sampleTimeline } from "@/timeline/sample";
import type {
  DeploymentDetails,
  Elsewhere,
  RollbackCandidate,
  StatusWord,
} from "../generated/wire";
import type { Handlers } from "./handlers";
import { ARGO } from "./owner";
import { environments } from "./world";

/** The sample's morning, moved so that its now is this moment: ages in the inspector are believable. */
const shift = () => Date.now() - SAMPLE_NOW;

const STATUS: Record<Status, StatusWord> = {
  [Status.InProgress]: "in-progress",
  [Status.Healthy]: "healthy",
  [Status.Degraded]: "degraded",
  [Status.Failed]: "failed",
  [Status.RolledBack]: "rolled-back",
  [Status.Unknown]: "unknown",
};

let sample: TimelineData | undefined;
function data(): TimelineData {
  sample ??= sampleTimeline();
  return sample;
}

const text = (of: TimelineData, at: number): string => textOf(of, at) ?? "";
const versionOf = (row: number) => text(data(), data().version[row] as number);

/** The place and row of the deployment that runs in a lane. */
export function currentRow(service: string, environment: string): number | null {
  const all = data();
  const lane = all.laneService.findIndex(
    (of, at) =>
      text(all, all.serviceName[of] as number) === service &&
      text(all, all.environmentName[all.laneEnvironment[at] as number] as number) === environment,
  );
  const row = lane < 0 ? -1 : (all.laneCurrent[lane] as number);
  return row < 0 ? null : row;
}

export type Told = {
  row: number;
  id: number;
  service: string;
  environment: string;
  version: string;
  current: boolean;
  earlier: RollbackCandidate[];
};

/** What the sample says of a row. */
export function tell(row: number): Told {
  const all = data();
  const lane = all.lane[row] as number;
  const version = versionOf(row);
  const earlier: RollbackCandidate[] = [];
  for (let at = row - 1; at >= 0 && all.lane[at] === lane; at -= 1) {
    const other = versionOf(at);
    if (other === version || earlier.some((one) => one.version === other)) continue;
    const ended = all.ended[at] as number;
    earlier.push({
      deployment: ledgerIdAt(all, at),
      version: other,
      lastRan: (Number.isNaN(ended) ? SAMPLE_NOW : ended) + shift(),
      ran: null,
      fromLedger: earlier.length > 5,
      knownGood: all.status[at] === Status.Healthy,
      failed: all.status[at] === Status.Failed,
    });
    if (earlier.length === 8) break;
  }
  return {
    row,
    id: ledgerIdAt(all, row),
    service: text(all, all.serviceName[all.laneService[lane] as number] as number),
    environment: text(all, all.environmentName[all.laneEnvironment[lane] as number] as number),
    version,
    current: all.laneCurrent[lane] === row,
    earlier,
  };
}

export function rowOf(id: number): number {
  return rowOfLedgerId(data(), id);
}

const MINUTE = 60_000;

function details(row: number, readOnly: boolean): DeploymentDetails {
  const all = data();
  const told = tell(row);
  const { service, environment, version, current } = told;
  const status = STATUS[all.status[row] as Status];
  const at = (value: number) =>
    Number.isNaN(value) ? null : { earliest: value + shift(), latest: value + shift() };
  const from = all.startedEarliest[row] as number;
  const started = at(all.started[row] as number);
  const good = told.earlier.find((one) => one.knownGood) ?? told.earlier[0];
  const who = all.who[row] as number;
  const inferred = ((all.flags[row] as number) & Flag.Inferred) !== 0;
  const failing = status === "failed" && current;
  return {
    id: told.id,
    service,
    environment,
    team: null,
    version,
    released: true,
    kind: "version",
    status,
    current,
    started: Number.isNaN(from) ? started : started && { ...started, earliest: from + shift() },
    settled: at(all.settled[row] as number),
    failed: at(all.failedAt[row] as number),
    ended: at(all.ended[row] as number),
    previousServes: failing ? (good?.version ?? null) : null,
    continuedAs: null,
    stillServes: false,
    who: who === NO_STRING ? null : { text: text(all, who), source: "field-manager" },
    why: failing
      ? { text: "Settle refunds through the ledger service, PAY-2214", source: "change-cause" }
      : null,
    release: {
      tag: `v${version}`,
      commit: "4be17a09c9f1",
      author: "Amara O.",
      at: (all.started[row] as number) + shift() - 40 * MINUTE,
      subject: "Round totals once per order",
    },
    changed: good
      ? {
          commits: 14,
          images: 1,
          settings: 2,
          previousVersion: good.version,
          previousDeployment: good.deployment,
        }
      : null,
    workloads: [],
    evidence: inferred ? "inferred" : "observed",
    evidenceItems: [
      {
        kind: inferred ? "inferred" : "observed",
        source: `ReplicaSet ${service}-7d9f6c5b8c, watched`,
        seenAt: (all.started[row] as number) + shift(),
      },
      {
        kind: "inferred",
        source: `revision 48 of Deployment ${service}`,
        seenAt: (all.started[row] as number) + shift() + MINUTE,
      },
    ],
    eventsGap: null,
    versionEvidence: [
      { source: "image-tag", value: `shop/${service}:${version}`, against: false },
      { source: "version-label", value: version, against: false },
    ],
    workload: {
      kind: "Deployment",
      namespace: "shop",
      name: service,
      keptIn: { kind: "ReplicaSet", name: `${service}-7d9f6c5b8c` },
      revision: 48,
      owner:
        service === "gateway" ? { name: `Argo CD Application ${ARGO.name}`, ...ARGO.by } : null,
    },
    image: `shop/${service}:${version}`,
    digest: "sha256:4be17ad0c1b2a3948576fedcba98765432100123456789abcdef0123456c09a",
    live: current
      ? {
          replicas: 6,
          updated: failing ? 3 : 6,
          ready: failing ? 3 : status === "degraded" ? 5 : 6,
          available: failing ? 3 : 6,
          paused: service === "loyalty",
          reason: failing ? "ImagePullBackOff" : null,
          hanging: failing ? 3 : 0,
          asOf: Date.now() - 4000,
          stale: false,
        }
      : null,
    rollback: {
      version: good?.version ?? null,
      deployment: good?.deployment ?? null,
      ran: good ? (6 * 24 + 4) * 60 * MINUTE : null,
      knownGood: good?.knownGood ?? false,
      knownGoodAfter: 24 * 60 * MINUTE,
      off: readOnly ? "read-only" : !current ? "never-settled" : good ? null : "no-target",
      targets: told.earlier,
    },
    running: current ? null : runningNow(service, environment),
    previousServedUntil: null,
    elsewhere: environments
      .filter((one) => one.name !== environment)
      .map((one) => elsewhere(service, version, one.name)),
    operation: null,
    note: null,
  };
}

function runningNow(service: string, environment: string) {
  const row = currentRow(service, environment);
  if (row === null) return null;
  const { id, version } = tell(row);
  return { deployment: id, version, since: data().started[row] ?? null };
}

function elsewhere(service: string, version: string, environment: string): Elsewhere {
  const all = data();
  for (let row = 0; row < all.started.length; row += 1) {
    const told = versionOf(row) === version ? tell(row) : null;
    if (told?.service !== service || told.environment !== environment) continue;
    const ended = all.ended[row] as number;
    return {
      environment,
      status: STATUS[all.status[row] as Status],
      from: (all.started[row] as number) + shift(),
      to: Number.isNaN(ended) ? null : ended + shift(),
      deployment: told.id,
    };
  }
  return { environment, status: "unknown", from: null, to: null, deployment: null };
}

/** The inspector's contents, from the same sample as the timeline. */
export const detailsHandlers: Handlers = {
  deployment_sources: ({ ids }) =>
    ids.map((id) => ({ id, commit: null, digest: null, evidence: "observed" })),
  deployment_details: ({ id }, world) => {
    const row = Math.max(0, rowOf(id));
    return details(row, world.app.workspace?.readOnly ?? false);
  },
};
