/** Moving through the timeline by keys: from row to row, from event to event. Pure. */

import type { TimelineData } from "./columns";
import { endOf, upperBound } from "./lanes";
import { failed } from "./look";
import { type Rows, rowOfLane } from "./rows";

/** Where the keyboard is: on a row's head, or on one of its events. */
export interface Focus {
  /** Index into `Rows`. */
  readonly visibleRow: number;
  /** Deployment, or -1 for the row's head. */
  readonly row: number;
}

/** Deployment of a lane that covers a moment, else the nearest before, else its first; -1 for none. */
export function eventNear(data: TimelineData, lane: number, time: number): number {
  if (lane < 0) return -1;
  const low = data.laneRows[lane] as number;
  const high = data.laneRows[lane + 1] as number;
  if (low === high) return -1;
  return Math.max(low, upperBound(data.started, low, high, time) - 1);
}

/** The event before or after, in the same lane; before the first stands the head. */
export function stepEvent(
  data: TimelineData,
  rows: Rows,
  focus: Focus,
  by: 1 | -1,
  viewFrom: number,
): Focus {
  const lane = rows.lane[focus.visibleRow] as number;
  if (lane < 0) return focus;
  const low = data.laneRows[lane] as number;
  const high = data.laneRows[lane + 1] as number;
  if (low === high) return focus;
  if (focus.row < 0) {
    // From the head the first event in sight is the next one.
    return by < 0 ? focus : { ...focus, row: eventNear(data, lane, viewFrom) };
  }
  const next = focus.row + by;
  if (next < low) return { ...focus, row: -1 };
  return next >= high ? focus : { ...focus, row: next };
}

/** The row above or below; an event keeps its moment there. */
export function stepRow(
  data: TimelineData,
  rows: Rows,
  focus: Focus,
  by: number,
  now: number,
): Focus {
  const visibleRow = Math.min(Math.max(focus.visibleRow + by, 0), rows.count - 1);
  if (focus.row < 0) return { visibleRow, row: -1 };
  const end = endOf(data, focus.row, now);
  const middle = ((data.started[focus.row] as number) + end) / 2;
  return { visibleRow, row: eventNear(data, rows.lane[visibleRow] as number, middle) };
}

/** First or last event of the lane. */
export function edgeEvent(
  data: TimelineData,
  rows: Rows,
  focus: Focus,
  edge: "first" | "last",
): Focus {
  const lane = rows.lane[focus.visibleRow] as number;
  if (lane < 0) return focus;
  const low = data.laneRows[lane] as number;
  const high = data.laneRows[lane + 1] as number;
  if (low === high) return focus;
  return { ...focus, row: edge === "first" ? low : high - 1 };
}

/**
 * The next failure in time among the lanes that the filter shows, from a moment; around the end it
 * begins again. -1 when none failed. `skip` is the one to leave.
 */
export function nextFailure(
  data: TimelineData,
  rows: Rows,
  from: { time: number; row: number },
  direction: 1 | -1,
): number {
  const failures = failuresInTime(data, rows);
  if (failures.length === 0) return -1;
  const at = failures.indexOf(from.row);
  if (at >= 0) return failures[(at + direction + failures.length) % failures.length] as number;
  if (direction > 0) {
    return failures.find((row) => failTime(data, row) > from.time) ?? (failures[0] as number);
  }
  return (
    [...failures].reverse().find((row) => failTime(data, row) < from.time) ??
    (failures[failures.length - 1] as number)
  );
}

const failTime = (data: TimelineData, row: number): number => {
  const at = data.failedAt[row] as number;
  return Number.isNaN(at) ? (data.started[row] as number) : at;
};

function failuresInTime(data: TimelineData, rows: Rows): number[] {
  const out: number[] = [];
  for (let i = 0; i < rows.laneOf.length; i++) {
    const lane = rows.laneOf[i] as number;
    const end = data.laneRows[lane + 1] as number;
    for (let row = data.laneRows[lane] as number; row < end; row++)
      if (failed(data, row)) out.push(row);
  }
  return out.sort((a, b) => failTime(data, a) - failTime(data, b) || a - b);
}

/** The focus that shows a deployment, where its row stands; null when the filter hides it. */
export function focusOf(data: TimelineData, rows: Rows, row: number): Focus | null {
  const visibleRow = rowOfLane(rows, data.lane[row] as number);
  if (visibleRow < 0) return null;
  const shown = rows.lane[visibleRow] === data.lane[row];
  return { visibleRow, row: shown ? row : -1 };
}
