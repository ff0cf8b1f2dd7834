/**
 * Builds columns from plain objects: for tests, for the sample world and for a fake backend. The
 * real columns come from the backend as bytes.
 */

import {
  index,
  MarkKind,
  NO_STRING,
  type Status,
  type Tier,
  type TimelineColumns,
  type TimelineData,
} from "./columns";

export interface DeploymentSpec {
  version: string;
  started: number;
  startedEarliest?: number;
  settled?: number;
  failedAt?: number;
  ended?: number;
  oldServesUntil?: number;
  status: Status;
  flags?: number;
  who?: string;
  /** Index in its lane of the deployment it returned to. */
  target?: number;
}

export interface LaneSpec {
  /** Index of the environment. */
  environment: number;
  deployments: readonly DeploymentSpec[];
  marks?: readonly { time: number; kind?: MarkKind }[];
  gaps?: readonly { from: number; to: number; count: number }[];
  staleSince?: number;
  /** Several lanes of one environment are workloads of one place. */
  workload?: string;
}

export interface TimelineSpec {
  now: number;
  from: number;
  to: number;
  environments: readonly { name: string; cluster?: string; tier: Tier; guard?: boolean }[];
  services: readonly { name: string; team?: string; lanes: readonly LaneSpec[] }[];
}

/** Sorted columns with their string table. Ledger ids count from 1 in the order of the rows, then of the marks. */
export function buildColumns(spec: TimelineSpec): TimelineColumns {
  const strings = new StringTable();
  const lanes = spec.services.flatMap((service, s) =>
    [...service.lanes]
      .sort((a, b) => a.environment - b.environment)
      .map((lane) => ({
        ...lane,
        service: s,
        deployments: [...lane.deployments].sort((a, b) => a.started - b.started),
        marks: [...(lane.marks ?? [])].sort((a, b) => a.time - b.time),
        gaps: [...(lane.gaps ?? [])].sort((a, b) => a.from - b.from),
      })),
  );
  const first: number[] = [];
  let total = 0;
  for (const lane of lanes) {
    first.push(total);
    total += lane.deployments.length;
  }
  const rows = lanes.flatMap((lane, l) =>
    lane.deployments.map((d) => ({
      ...d,
      lane: l,
      target: d.target === undefined ? -1 : (first[l] as number) + d.target,
    })),
  );
  const marks = lanes.flatMap((lane, l) =>
    lane.marks.map((mark) => ({
      ...mark,
      lane: l,
      row: lastStarted(lane.deployments, mark.time, first[l] as number),
    })),
  );
  const gaps = lanes.flatMap((lane, l) => lane.gaps.map((gap) => ({ ...gap, lane: l })));
  const f64 = <T>(of: readonly T[], get: (one: T) => number | undefined) =>
    Float64Array.from(of, (one) => get(one) ?? Number.NaN);
  const columns = {
    now: spec.now,
    from: spec.from,
    to: spec.to,
    ledgerId: Float64Array.from(rows, (_, i) => i + 1),
    started: f64(rows, (d) => d.started),
    startedEarliest: f64(rows, (d) => d.startedEarliest),
    settled: f64(rows, (d) => d.settled),
    failedAt: f64(rows, (d) => d.failedAt),
    ended: f64(rows, (d) => d.ended),
    oldServesUntil: f64(rows, (d) => d.oldServesUntil),
    lane: Uint32Array.from(rows, (d) => d.lane),
    version: Uint32Array.from(rows, (d) => strings.add(d.version)),
    who: Uint32Array.from(rows, (d) => strings.addOptional(d.who)),
    rollbackTarget: Int32Array.from(rows, (d) => d.target),
    status: Uint8Array.from(rows, (d) => d.status),
    flags: Uint8Array.from(rows, (d) => d.flags ?? 0),
    laneStaleSince: f64(lanes, (l) => l.staleSince),
    laneService: Uint32Array.from(lanes, (l) => l.service),
    laneEnvironment: Uint32Array.from(lanes, (l) => l.environment),
    laneCurrent: Int32Array.from(lanes, (l, i) => currentRow(l.deployments, first[i] as number)),
    laneWorkload: Uint32Array.from(lanes, (l) => strings.addOptional(l.workload)),
    serviceName: Uint32Array.from(spec.services, (s) => strings.add(s.name)),
    serviceTeam: Uint32Array.from(spec.services, (s) => strings.addOptional(s.team)),
    environmentName: Uint32Array.from(spec.environments, (e) => strings.add(e.name)),
    environmentCluster: Uint32Array.from(spec.environments, (e) =>
      strings.add(e.cluster ?? e.name),
    ),
    environmentTier: Uint8Array.from(spec.environments, (e) => e.tier),
    environmentGuard: Uint8Array.from(spec.environments, (e) => (e.guard ? 1 : 0)),
    markLedgerId: Float64Array.from(marks, (_, i) => rows.length + i + 1),
    markTime: f64(marks, (m) => m.time),
    markLane: Uint32Array.from(marks, (m) => m.lane),
    markDeployment: Int32Array.from(marks, (m) => m.row),
    markKind: Uint8Array.from(marks, (m) => m.kind ?? MarkKind.Config),
    gapFrom: f64(gaps, (g) => g.from),
    gapTo: f64(gaps, (g) => g.to),
    gapLane: Uint32Array.from(gaps, (g) => g.lane),
    gapCount: Uint32Array.from(gaps, (g) => g.count),
  };
  return { ...columns, ...strings.columns() };
}

export const buildTimeline = (spec: TimelineSpec): TimelineData => index(buildColumns(spec));

function currentRow(deployments: readonly DeploymentSpec[], first: number): number {
  const last = deployments[deployments.length - 1];
  return last && last.ended === undefined ? first + deployments.length - 1 : -1;
}

function lastStarted(deployments: readonly DeploymentSpec[], time: number, first: number): number {
  const at = deployments.findLastIndex((d) => d.started <= time);
  return at < 0 ? -1 : first + at;
}

class StringTable {
  private readonly known = new Map<string, number>();

  add(s: string): number {
    const at = this.known.get(s) ?? this.known.size;
    this.known.set(s, at);
    return at;
  }

  addOptional(s: string | undefined): number {
    return s === undefined ? NO_STRING : this.add(s);
  }

  columns(): { stringOffset: Uint32Array; stringBytes: Uint8Array } {
    const encoder = new TextEncoder();
    const encoded = [...this.known.keys()].map((s) => encoder.encode(s));
    const stringOffset = new Uint32Array(encoded.length + 1);
    encoded.forEach((bytes, i) => {
      stringOffset[i + 1] = (stringOffset[i] as number) + bytes.length;
    });
    const stringBytes = new Uint8Array(stringOffset[encoded.length] as number);
    encoded.forEach((bytes, i) => {
      stringBytes.set(bytes, stringOffset[i]);
    });
    return { stringOffset, stringBytes };
  }
}
