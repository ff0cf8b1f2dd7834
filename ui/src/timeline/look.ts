/** Which look and details a deployment has, from its columns alone. */

import { Flag, Status, type TimelineData } from "./columns";
import { Bit, Look, TickKind } from "./drawlist";
import { isLive } from "./lanes";

export const failed = (data: TimelineData, row: number): boolean =>
  !Number.isNaN(data.failedAt[row] as number) || data.status[row] === Status.Failed;

export const isRollback = (data: TimelineData, row: number): boolean =>
  ((data.flags[row] as number) & Flag.Rollback) !== 0;

const isUndone = (data: TimelineData, row: number): boolean =>
  ((data.flags[row] as number) & Flag.Undone) !== 0 || data.status[row] === Status.RolledBack;

/**
 * The look of a bar. A failure comes before everything: it stays solid when it was undone later. Then
 * what was undone, what is going on, what is not known, what went back.
 */
export function lookOf(data: TimelineData, row: number): Look {
  const flags = data.flags[row] as number;
  if (failed(data, row)) return Look.Failed;
  if (isUndone(data, row)) return Look.Undone;
  if (data.status[row] === Status.InProgress) return Look.Progress;
  if (data.status[row] === Status.Unknown || flags & Flag.Inferred) return Look.Unknown;
  if (flags & Flag.Rollback) return Look.Rollback;
  return isLive(data, row) ? Look.Live : Look.Past;
}

/** Details that follow from the columns; `ToNow`, `Label` and `Mark` depend on the frame. */
export function bitsOf(data: TimelineData, row: number): number {
  const flags = data.flags[row] as number;
  let bits = 0;
  // What is hatched makes no claim of health.
  const isSure = lookOf(data, row) !== Look.Unknown;
  if (data.status[row] === Status.Healthy && isSure) bits |= Bit.Healthy;
  if (isUndone(data, row)) bits |= Bit.Struck;
  if (flags & Flag.Rollback) bits |= Bit.Arrow;
  if (flags & Flag.RestartOnly) bits |= Bit.Restart;
  if (!Number.isNaN(data.oldServesUntil[row] as number)) bits |= Bit.Strip;
  return bits;
}

/** What an event's tick on a thread says. */
export function tickOf(data: TimelineData, row: number): TickKind {
  switch (lookOf(data, row)) {
    case Look.Failed:
      return TickKind.Failed;
    case Look.Undone:
      return isRollback(data, row) ? TickKind.Rollback : TickKind.Unknown;
    case Look.Unknown:
      return isRollback(data, row) ? TickKind.Rollback : TickKind.Unknown;
    case Look.Progress:
      return TickKind.Progress;
    case Look.Rollback:
      return TickKind.Rollback;
    case Look.Past:
    case Look.Live:
    case Look.Merged:
    case Look.SoftEdge:
    case Look.Gap:
      return TickKind.Live;
  }
}

/** When an event is told to have happened: a failure when it failed, all else when it started. */
export function eventTime(data: TimelineData, row: number): number {
  const failedAt = data.failedAt[row] as number;
  return Number.isNaN(failedAt) ? (data.started[row] as number) : failedAt;
}
