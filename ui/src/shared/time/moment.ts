/** Moments as a person types them: the wall clock of a zone, `2026-11-19 13:02`. */

import { momentOf, wallOf } from "@/timeline/zone";

/** "2026-11-19 13:02" */
export const writeMoment = (at: number, zone: string): string =>
  new Date(wallOf(zone, at)).toISOString().slice(0, 16).replace("T", " ");

/** The moment that was typed, in epoch ms; `null` when it is none. A day alone is its midnight. */
export function readMoment(text: string, zone: string): number | null {
  const found = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2}))?\s*$/.exec(text);
  if (!found) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  const back = new Date(wall);
  // A calendar turns 31 June into 1 July; what was typed was neither.
  const real = back.getUTCMonth() === month - 1 && back.getUTCDate() === day;
  return real && hour < 24 && minute < 60 ? momentOf(zone, wall) : null;
}
