/** Moving through the timeline by keys: from row to row, from event to event. Pure. */

import type { TimelineData } from "./columns";
import { endOf, rowsOfPlace } from "./lanes";
import { failed } from "./look";
import { lanesOf, type Rows, rowOfLane, showsLane } from "./rows";

/** Where the keyboard is: on a row's head, or on one of its events. */
export interface Focus {
  /** Index into `Rows`. */
  readonly visibleRow: number;
  /** Deployment, or -1 for the row's head. */
  readonly row: number;
}

/** The deployments of a row in their order; none of a thread. */
function eventsOf(data: TimelineData, rows: Rows, visibleRow: number): Int32Array {
  const lanes = lanesOf(rows, visibleRow);
  return lanes ? rowsOfPlace(data, lanes) : new Int32Array(0);
}

/** Deployment of a row that covers a moment, else the nearest before, else its first; -1 for none. */
export function eventNear(
  data: TimelineData,
  rows: Rows,
  visibleRow: number,
  time: number,
): number {
  const events = eventsOf(data, rows, visibleRow);
  const before = events.findLast((row) => (data.started[row] as number) <= time);
  return before ?? events[0] ?? -1;
}

/** The event before or after, in the same row; before the first stands the head. */
export function stepEvent(
  data: TimelineData,
  rows: Rows,
  focus: Focus,
  by: 1 | -1,
  viewFrom: number,
): Focus {
  const events = eventsOf(data, rows, focus.visibleRow);
  if (events.length === 0) return focus;
  if (focus.row < 0) {
    // From the head the first event in sight is the next one.
    return by < 0 ? focus : { ...focus, row: eventNear(data, rows, focus.visibleRow, viewFrom) };
  }
  const next = events.indexOf(focus.row) + by;
  return next < 0 ? { ...focus, row: -1 } : { ...focus, row: events[next] ?? focus.row };
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
  return { visibleRow, row: eventNear(data, rows, visibleRow, middle) };
}

/** First or last event of the row. */
export function edgeEvent(
  data: TimelineData,
  rows: Rows,
  focus: Focus,
  edge: "first" | "last",
): Focus {
  const events = eventsOf(data, rows, focus.visibleRow);
  return { ...focus, row: events.at(edge === "first" ? 0 : -1) ?? focus.row };
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
  const shown = showsLane(rows, visibleRow, data.lane[row] as number);
  return { visibleRow, row: shown ? row : -1 };
}
