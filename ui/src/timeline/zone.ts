/** Wall clocks: the offset of a time zone at a moment, by Intl, and moments on round wall-clock times. */

import { HOUR, MINUTE } from "./scale";

const formatters = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Map<number, number>>();
/** Offsets change at most on quarter hours, so one answer serves all of a quarter. */
const QUARTER = 15 * MINUTE;
const CACHE_LIMIT = 20_000;

function partsFormatter(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formatters.set(zone, found);
  }
  return found;
}

/** What the wall clock adds to UTC at that moment, in ms. */
export function offsetAt(zone: string, time: number): number {
  if (zone === "UTC") return 0;
  const quarter = Math.floor(time / QUARTER);
  let known = offsets.get(zone);
  if (!known || known.size > CACHE_LIMIT) {
    known = new Map();
    offsets.set(zone, known);
  }
  const cached = known.get(quarter);
  if (cached !== undefined) return cached;
  const at = quarter * QUARTER;
  const part: Record<string, number> = {};
  for (const p of partsFormatter(zone).formatToParts(at)) part[p.type] = Number(p.value);
  const wall = Date.UTC(
    part.year as number,
    (part.month as number) - 1,
    part.day,
    part.hour,
    part.minute,
    part.second,
  );
  const offset = wall - at;
  known.set(quarter, offset);
  return offset;
}

/** The wall clock at a moment, as if it were UTC: round numbers there are round local times. */
export const wallOf = (zone: string, time: number): number => time + offsetAt(zone, time);

/**
 * The moment at which the wall clock shows `wall`. A time that the clock skips is read as if it had not
 * yet been put forward; of a time that it shows twice, the first is meant.
 */
export function momentOf(zone: string, wall: number): number {
  const before = wall - offsetAt(zone, wall - 12 * HOUR);
  if (wallOf(zone, before) === wall) return before;
  const after = wall - offsetAt(zone, wall + 12 * HOUR);
  if (wallOf(zone, after) === wall) return after;
  return Math.max(before, after);
}

/** Midnights of the zone are whole days here: two moments of one local day give one number. */
export const localDay = (zone: string, time: number): number =>
  Math.floor(wallOf(zone, time) / 86_400_000);
