/** The whole period in columns: how many deployments each, which failed, which rolled back. Pure. */

import type { TimelineData } from "./columns";
import { failed, isRollback } from "./look";
import type { Rows } from "./rows";
import { HOUR, MINUTE } from "./scale";

export interface Overview {
  readonly from: number;
  readonly to: number;
  /** Ms of one column. */
  readonly step: number;
  /** Deployments begun in each column. */
  readonly counts: Uint32Array;
  readonly most: number;
  /** Moments of failures and of rollbacks, sorted. */
  readonly failures: Float64Array;
  readonly rollbacks: Float64Array;
  readonly deployments: number;
}

const STEPS = [
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  24 * HOUR,
  48 * HOUR,
  7 * 24 * HOUR,
];

/** Column length for a period: about 144 columns, as three days of half hours have. */
export function overviewStep(span: number): number {
  return STEPS.find((step) => span / step <= 160) ?? Math.ceil(span / 160);
}

/** Counts the lanes of the layout (what the filter hides does not count) between two moments. */
export function makeOverview(data: TimelineData, rows: Rows, from: number, to: number): Overview {
  const step = overviewStep(to - from);
  const counts = new Uint32Array(Math.max(1, Math.ceil((to - from) / step)));
  const failures: number[] = [];
  const rollbacks: number[] = [];
  let deployments = 0;
  for (let i = 0; i < rows.laneOf.length; i++) {
    const lane = rows.laneOf[i] as number;
    const end = data.laneRows[lane + 1] as number;
    for (let row = data.laneRows[lane] as number; row < end; row++) {
      const started = data.started[row] as number;
      if (started < from || started > to) continue;
      const column = Math.min(counts.length - 1, Math.floor((started - from) / step));
      counts[column] = (counts[column] as number) + 1;
      deployments++;
      if (failed(data, row)) {
        const at = data.failedAt[row] as number;
        failures.push(Number.isNaN(at) ? started : at);
      }
      if (isRollback(data, row)) rollbacks.push(started);
    }
  }
  return {
    from,
    to,
    step,
    counts,
    most: counts.reduce((most, count) => Math.max(most, count), 0),
    failures: Float64Array.from(failures).sort(),
    rollbacks: Float64Array.from(rollbacks).sort(),
    deployments,
  };
}

export interface OverviewMark {
  readonly kind: "failure" | "rollback";
  readonly x: number;
}

/** Room that one mark needs. */
const MARK_ROOM = 8;

/**
 * Where the marks above the columns stand. Of marks of one kind that would overlap the first stands
 * for all; a rollback right after a failure moves beside it, so that both are seen.
 */
export function placeMarks(overview: Overview, x: (time: number) => number): OverviewMark[] {
  const all: OverviewMark[] = [
    ...Array.from(overview.failures, (time) => ({ kind: "failure" as const, x: x(time) })),
    ...Array.from(overview.rollbacks, (time) => ({ kind: "rollback" as const, x: x(time) })),
  ].sort((a, b) => a.x - b.x);
  const placed: OverviewMark[] = [];
  const last = { failure: Number.NEGATIVE_INFINITY, rollback: Number.NEGATIVE_INFINITY };
  for (const mark of all) {
    if (mark.x - last[mark.kind] < MARK_ROOM) continue;
    const before = placed[placed.length - 1];
    const at = before ? Math.max(mark.x, before.x + MARK_ROOM) : mark.x;
    last[mark.kind] = at;
    placed.push({ kind: mark.kind, x: at });
  }
  return placed;
}

export type BrushPart = "from" | "to" | "inside" | "outside";

/** Which part of the brush a press at x means; grips reach 8 px to each side. */
export function brushPart(x: number, from: number, to: number): BrushPart {
  const grip = 8;
  // On a brush too small for two grips, its middle moves it.
  if (to - from < 2 * grip) return x >= from - grip && x <= to + grip ? "inside" : "outside";
  if (Math.abs(x - from) <= grip) return "from";
  if (Math.abs(x - to) <= grip) return "to";
  return x > from && x < to ? "inside" : "outside";
}
