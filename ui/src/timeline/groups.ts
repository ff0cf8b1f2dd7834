/** Groups by name, and rows that outlive a change of the layout. */

import type { TimelineData } from "./columns";
import { currentFailed, isSilent, laneState } from "./lanes";
import type { Focus } from "./navigate";
import type { Grouping, Rows } from "./rows";

export const groupName = (data: TimelineData, grouping: Grouping, group: number): string =>
  data.strings[
    (grouping === "service" ? data.serviceName[group] : data.environmentName[group]) as number
  ] as string;

/** The row of another layout that shows the same lane, or the same group. */
export function sameRow(before: Rows, focus: Focus, after: Rows): Focus | null {
  const lane = before.isGroup[focus.visibleRow] ? -1 : (before.lane[focus.visibleRow] as number);
  const group = before.group[focus.visibleRow];
  let fallback: Focus | null = null;
  for (let row = 0; row < after.count; row++) {
    if (after.group[row] !== group) continue;
    if (after.isGroup[row]) fallback = { visibleRow: row, row: -1 };
    if (lane < 0 && after.isGroup[row]) {
      return {
        visibleRow: row,
        row: after.lane[row] === before.lane[focus.visibleRow] ? focus.row : -1,
      };
    }
    if (lane >= 0 && !after.isGroup[row] && after.lane[row] === lane)
      return { visibleRow: row, row: focus.row };
  }
  return fallback;
}

/** How many groups may be open at first: more would hide the overview of the rest. */
const OPEN_AT_FIRST = 6;

/** Without as many that need a look, the first ones are open, too. */
const OPEN_AT_LEAST = 4;

/**
 * Groups with something to look at are open at first. That a cluster is silent is nothing to look at: at the
 * start all of them are.
 */
export function needALook(data: TimelineData, grouping: Grouping): Set<string> {
  const groups = grouping === "service" ? data.serviceName.length : data.environmentName.length;
  const groupOf = grouping === "service" ? data.laneService : data.laneEnvironment;
  const names = new Set<string>();
  for (let lane = 0; lane < groupOf.length && names.size < OPEN_AT_FIRST; lane++) {
    const state = isSilent(data, lane) ? "idle" : laneState(data, lane);
    if (currentFailed(data, lane) || (state !== "ok" && state !== "idle")) {
      names.add(groupName(data, grouping, groupOf[lane] as number));
    }
  }
  for (let g = 0; g < groups && names.size < OPEN_AT_LEAST; g++)
    names.add(groupName(data, grouping, g));
  return names;
}
