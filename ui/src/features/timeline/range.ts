/** Moments as a person types them: the wall clock of a zone, `2026-11-19 13:02`. */

import { momentOf, wallOf } from "@/timeline/zone";

/** "2026-11-19 13:02" */
export const writeWall = (time: number, zone: string): string =>
  new Date(wallOf(zone, time)).toISOString().slice(0, 16).replace("T", " ");

/** The moment that was typed, null when it is none. A day alone is its midnight. */
export function parseWall(text: string, zone: string): number | null {
  const parts = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2}))?\s*$/.exec(text);
  if (!parts) return null;
  const [year, month, day, hour, minute] = parts.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  const back = new Date(wall);
  // The calendar turns 31 June into 1 July; what a person typed was neither.
  const real =
    back.getUTCMonth() === month - 1 && back.getUTCDate() === day && hour < 24 && minute < 60;
  return real ? momentOf(zone, wall) : null;
}
