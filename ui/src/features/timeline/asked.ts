/** Where one was sent from elsewhere: what of the columns is meant, and the period that holds it. */

import type { Screen } from "@/shared/navigation/route";
import type { TimelineData } from "@/timeline/columns";
import { newestCurrent, placeOf, rowOfLedgerId } from "@/timeline/lanes";
import { serviceLabel, whereLabel } from "./words";

export type Asked = Omit<Extract<Screen, { name: "timeline" }>, "name">;

export type Period = "day" | "three-days" | "week" | "month" | "quarter";

const DAY = 86_400_000;
/** Days that each period holds, shortest first. */
export const DAYS: Readonly<Record<Period, number>> = {
  day: 1,
  "three-days": 3,
  week: 7,
  month: 30,
  quarter: 92,
};
const LONGEST: Period = "quarter";

/** The shortest period, not under the one shown, that holds a moment (epoch ms); the longest where none does. */
export function periodHolding(at: number, shown: Period, now: number): Period {
  const all = Object.keys(DAYS) as Period[];
  const wider = all.slice(all.indexOf(shown));
  // What stands at the very edge is not in sight.
  return wider.find((period) => now - at < DAYS[period] * DAY * 0.98) ?? LONGEST;
}

/** The deployment that is meant: itself, or what runs in the lane that is meant; -1 where these columns hold none. */
export function askedRow(data: TimelineData, { deployment, lane }: Asked): number {
  if (deployment !== undefined) return rowOfLedgerId(data, deployment);
  if (!lane) return -1;
  const at = askedLane(data, lane);
  return at < 0 ? -1 : newestCurrent(data, placeOf(data, at));
}

/** The lane of that service and environment; without an environment the service's first. */
export function askedLane(
  data: TimelineData,
  { service, environment }: Required<Asked>["lane"],
): number {
  for (let lane = 0; lane < data.laneService.length; lane++) {
    if (serviceLabel(data, lane) !== service) continue;
    if (environment === "" || whereLabel(data, lane) === environment) return lane;
  }
  return -1;
}
