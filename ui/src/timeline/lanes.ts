/** Questions to one lane's sorted columns: what ran when, where a bar really ends, who comes next. */

import { Flag, Status, type TimelineData } from "./columns";

/** First row of [from, to) whose time is greater than `time`; `to` when there is none. */
export function upperBound(times: Float64Array, from: number, to: number, time: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((times[mid] as number) <= time) low = mid + 1;
    else high = mid;
  }
  return low;
}

/** Rows of a lane that can be seen between two moments: [first, end). */
export function rowsBetween(
  data: TimelineData,
  lane: number,
  from: number,
  to: number,
): { first: number; end: number } {
  const low = data.laneRows[lane] as number;
  const high = data.laneRows[lane + 1] as number;
  // The one before the first start after `from` may still run at `from`.
  const first = Math.max(low, upperBound(data.started, low, high, from) - 1);
  const end = upperBound(data.started, first, high, to);
  // The next one's soft edge may begin before its start.
  const next = end < high && (data.startedEarliest[end] as number) < to ? end + 1 : end;
  return { first, end: next };
}

export const isLast = (data: TimelineData, row: number): boolean =>
  data.laneRows[(data.lane[row] as number) + 1] === row + 1;

/** Row on whose bar the deployment with that id in the ledger lies, -1 when these columns do not hold it. */
export function rowOfLedgerId(data: TimelineData, id: number | undefined): number {
  if (id === undefined) return -1;
  const row = data.ledgerId.indexOf(id);
  return row >= 0 ? row : (data.markDeployment[data.markLedgerId.indexOf(id)] ?? -1);
}

/**
 * The ledger's id of what ran on a bar at a moment: of its newest mark by then, else of the bar's begin.
 * Without a moment, of what ran there last, or runs now.
 */
export function ledgerIdAt(
  data: TimelineData,
  row: number,
  time = Number.POSITIVE_INFINITY,
): number {
  const lane = data.lane[row] as number;
  const low = data.laneMarks[lane] as number;
  let mark = upperBound(data.markTime, low, data.laneMarks[lane + 1] as number, time) - 1;
  while (mark >= low && data.markDeployment[mark] !== row) mark--;
  return (mark < low ? data.ledgerId[row] : data.markLedgerId[mark]) as number;
}

/** A deployment is live when nothing came after it in its lane and it has not ended. */
export const isLive = (data: TimelineData, row: number): boolean =>
  Number.isNaN(data.ended[row] as number) && isLast(data, row);

/**
 * Where a bar stops being drawn: at the next one's start (its earliest possible one), at its own
 * end, or at `now`. The old version may serve a little longer while the next rolls out; the lane
 * shows one bar at a time, and the next one's stripes tell of the overlap.
 */
export function endOf(data: TimelineData, row: number, now: number): number {
  const ended = data.ended[row] as number;
  const own = Number.isNaN(ended) ? Number.POSITIVE_INFINITY : ended;
  if (isLast(data, row)) return Math.min(own, Math.max(now, data.started[row] as number));
  const earliest = data.startedEarliest[row + 1] as number;
  const next = data.started[row + 1] as number;
  const begins = Number.isNaN(earliest) ? next : Math.min(earliest, next);
  return Math.max(data.started[row] as number, Math.min(own, begins));
}

export type Phase = "live" | "rolling-out" | "failed" | "unknown" | "nothing";

/** What a lane ran at a moment. */
export interface Ran {
  /** The newest deployment begun by then, -1 for nothing known. */
  readonly row: number;
  readonly phase: Phase;
  /** The version before, where its pods still answered then; else -1. */
  readonly serving: number;
}

const NOTHING: Ran = { row: -1, phase: "nothing", serving: -1 };

/** What ran in a lane at a moment. Moments after the last answer of a stale cluster are unknown. */
export function ranAt(data: TimelineData, lane: number, time: number): Ran {
  const low = data.laneRows[lane] as number;
  const high = data.laneRows[lane + 1] as number;
  const row = upperBound(data.started, low, high, time) - 1;
  if (row < low) return NOTHING;
  const ended = data.ended[row] as number;
  if (ended <= time) return NOTHING;
  const serving = servesBeside(data, row, low, time);
  const stale = data.laneStaleSince[lane] as number;
  if (stale < time || inGap(data, lane, time)) return { row, phase: "unknown", serving: -1 };
  return { row, phase: phaseAt(data, row, time), serving };
}

/**
 * The deployment that may have begun by a moment: its start is known as a range only, and the moment
 * lies in it. -1 for none.
 */
export function maybeAt(data: TimelineData, lane: number, time: number): number {
  const low = data.laneRows[lane] as number;
  const high = data.laneRows[lane + 1] as number;
  const next = upperBound(data.started, low, high, time);
  return next < high && (data.startedEarliest[next] as number) <= time ? next : -1;
}

function phaseAt(data: TimelineData, row: number, time: number): Phase {
  if ((data.failedAt[row] as number) <= time) return "failed";
  if ((data.settled[row] as number) <= time) return "live";
  if (data.status[row] === Status.Unknown || (data.flags[row] as number) & Flag.Inferred)
    return "unknown";
  return "rolling-out";
}

function servesBeside(data: TimelineData, row: number, low: number, time: number): number {
  if (row === low) return -1;
  if ((data.oldServesUntil[row] as number) > time) return row - 1;
  const settled = data.settled[row] as number;
  const settling = Number.isNaN(settled)
    ? Number.isNaN(data.failedAt[row] as number)
    : settled > time;
  const before = data.ended[row - 1] as number;
  return settling && before > time ? row - 1 : -1;
}

function inGap(data: TimelineData, lane: number, time: number): boolean {
  const low = data.laneGaps[lane] as number;
  const gap = upperBound(data.gapFrom, low, data.laneGaps[lane + 1] as number, time) - 1;
  return gap >= low && (data.gapTo[gap] as number) > time;
}

/** A service in an environment: its lanes, one for each of its workloads, [from, end). */
export interface Place {
  readonly from: number;
  readonly end: number;
}

const isSamePlace = (data: TimelineData, a: number, b: number): boolean =>
  data.laneService[a] === data.laneService[b] &&
  data.laneEnvironment[a] === data.laneEnvironment[b];

/** The place that a lane is of. */
export function placeOf(data: TimelineData, lane: number): Place {
  let from = lane;
  while (from > 0 && isSamePlace(data, from - 1, lane)) from--;
  let end = lane + 1;
  while (end < data.laneService.length && isSamePlace(data, end, lane)) end++;
  return { from, end };
}

/** Whether several workloads run the service there: what is done must say which one is meant. */
export function isOneOfSeveral(data: TimelineData, lane: number): boolean {
  const { from, end } = placeOf(data, lane);
  return end - from > 1;
}

/** Whether the workloads of a place run different versions now. */
export const isMixed = (data: TimelineData, place: Place): boolean =>
  versionsIn(data, place, (lane) => data.laneCurrent[lane] as number).length > 1;

/** The versions of the rows that the lanes of a place answer with, each once, in order. */
export function versionsIn(
  data: TimelineData,
  { from, end }: Place,
  rowOf: (lane: number) => number,
): number[] {
  const found = new Set<number>();
  for (let lane = from; lane < end; lane++) {
    const row = rowOf(lane);
    if (row >= 0) found.add(data.version[row] as number);
  }
  return [...found].sort((a, b) => a - b);
}

/** What was begun last of what runs in a place now; -1 for nothing. */
export function newestCurrent(data: TimelineData, { from, end }: Place): number {
  let newest = -1;
  for (let lane = from; lane < end; lane++) {
    const row = data.laneCurrent[lane] as number;
    const isNewer = newest < 0 || (data.started[row] as number) >= (data.started[newest] as number);
    if (row >= 0 && isNewer) newest = row;
  }
  return newest;
}

/** All deployments of a place in the order of their starts; of one lane they are its rows. */
export function rowsOfPlace(data: TimelineData, { from, end }: Place): Int32Array {
  const low = data.laneRows[from] as number;
  const high = data.laneRows[end] as number;
  const rows = Int32Array.from({ length: high - low }, (_, i) => low + i);
  if (end - from < 2) return rows;
  return rows.sort((a, b) => (data.started[a] as number) - (data.started[b] as number) || a - b);
}

/** A lane that ran another version then than runs now: the rows of both, -1 for nothing. */
export interface Difference {
  readonly lane: number;
  readonly before: number;
  readonly now: number;
}

/** What ran another version then than runs now, in the order of the lanes. */
export function differences(
  data: TimelineData,
  lanes: ArrayLike<number>,
  time: number,
): Difference[] {
  const versionOf = (row: number) => (row < 0 ? -1 : (data.version[row] as number));
  const found: Difference[] = [];
  for (let i = 0; i < lanes.length; i++) {
    const lane = lanes[i] as number;
    const now = data.laneCurrent[lane] as number;
    const before = ranAt(data, lane, time).row;
    if (versionOf(now) !== versionOf(before)) found.push({ lane, before, now });
  }
  return found;
}

/** In `laneStaleSince`: the cluster has not answered at all yet. */
export const NEVER = Number.NEGATIVE_INFINITY;

/** Whether what runs in a lane is not known now: its cluster fell silent, or was never reached. */
export const isSilent = (data: TimelineData, lane: number): boolean =>
  !Number.isNaN(data.laneStaleSince[lane] as number);

/** How a lane fares now; `inferred`: well, but since when is told by bounds only; `idle`: nothing runs there. */
export type LaneState = "ok" | "failed" | "progress" | "warn" | "unknown" | "inferred" | "idle";

export function laneState(data: TimelineData, lane: number): LaneState {
  const current = data.laneCurrent[lane] as number;
  if (isSilent(data, lane)) return "unknown";
  if (current < 0) return "idle";
  switch (data.status[current] as Status) {
    case Status.Failed:
      return "failed";
    case Status.InProgress:
      return "progress";
    case Status.Degraded:
      return "warn";
    case Status.Healthy:
      return (data.flags[current] as number) & Flag.Inferred ? "inferred" : "ok";
    case Status.RolledBack:
    case Status.Unknown:
      return "unknown";
  }
}

const GRAVITY: readonly LaneState[] = [
  "failed",
  "unknown",
  "progress",
  "warn",
  "inferred",
  "ok",
  "idle",
];

/**
 * The gravest state of several lanes. A failure stays one though its cluster fell silent since; what
 * is not known outweighs all that goes well.
 */
export function worstState(data: TimelineData, lanes: ArrayLike<number>): LaneState {
  let worst = GRAVITY.length - 1;
  for (let i = 0; i < lanes.length; i++) {
    const lane = lanes[i] as number;
    const state = currentFailed(data, lane) ? "failed" : laneState(data, lane);
    worst = Math.min(worst, GRAVITY.indexOf(state));
    const isNext = i > 0 && isSamePlace(data, lanes[i - 1] as number, lane);
    if (isNext && isMixed(data, placeOf(data, lane)))
      worst = Math.min(worst, GRAVITY.indexOf("warn"));
  }
  return GRAVITY[worst] as LaneState;
}

/** Failures that stand now, as rows, in the order of the lanes. */
export function failingNow(data: TimelineData): number[] {
  const out: number[] = [];
  for (let lane = 0; lane < data.laneCurrent.length; lane++) {
    if (currentFailed(data, lane)) out.push(data.laneCurrent[lane] as number);
  }
  return out;
}

/** Whether what runs there, or was last known to, failed. */
export function currentFailed(data: TimelineData, lane: number): boolean {
  const current = data.laneCurrent[lane] as number;
  return current >= 0 && data.status[current] === Status.Failed;
}
