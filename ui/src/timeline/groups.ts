/** Groups by name, and rows that outlive a change of the layout. */

import { type TimelineData, text } from "./columns";
import { currentFailed, isMixed, isSilent, laneState, placeOf } from "./lanes";
import type { Focus } from "./navigate";
import { type Grouping, type Rows, showsLane } from "./rows";

export const groupName = (data: TimelineData, grouping: Grouping, group: number): string =>
  data.strings[
    (grouping === "service" ? data.serviceName[group] : data.environmentName[group]) as number
  ] as string;

/** A service in an environment by its names: they outlive a change of the data. */
export const placeName = (data: TimelineData, lane: number): string =>
  `${groupName(data, "service", data.laneService[lane] as number)}\n${groupName(data, "environment", data.laneEnvironment[lane] as number)}`;

/** First lanes of the places with these names. */
export function placesNamed(data: TimelineData, names: ReadonlySet<string>): Set<number> {
  const found = new Set<number>();
  for (let lane = 0; names.size > 0 && lane < data.laneService.length; lane++)
    if (names.has(placeName(data, lane))) found.add(placeOf(data, lane).from);
  return found;
}

/** What a row is of, by names, and all that it lies under: the row's own first. */
function rowNames(data: TimelineData, rows: Rows, row: number): string[] {
  const group = groupName(data, rows.grouping, rows.group[row] as number);
  const lane = rows.laneOf[rows.groupFrom[row] as number] as number;
  if (rows.level[row] === 1) return [group];
  const place = placeName(data, lane);
  if (rows.level[row] === 2) return [place, group];
  return [`${place}\n${text(data, data.laneWorkload[lane]) ?? ""}`, place, group];
}

/** The row of another layout, perhaps of other columns, that shows the same: itself, else what it lies under. */
export function sameRow(
  before: { data: TimelineData; rows: Rows },
  focus: Focus,
  after: { data: TimelineData; rows: Rows },
): Focus | null {
  const names = rowNames(before.data, before.rows, focus.visibleRow);
  let best = names.length;
  let visibleRow = -1;
  for (let row = 0; row < after.rows.count && best > 0; row++) {
    const rank = names.indexOf(rowNames(after.data, after.rows, row)[0] as string);
    if (rank < 0 || rank >= best) continue;
    best = rank;
    visibleRow = row;
  }
  if (visibleRow < 0) return null;
  const lane = focus.row < 0 ? -1 : (before.data.lane[focus.row] as number);
  const keeps = before.data === after.data && lane >= 0 && showsLane(after.rows, visibleRow, lane);
  return { visibleRow, row: keeps ? focus.row : -1 };
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
    const isCalm = state === "ok" || state === "idle";
    if (currentFailed(data, lane) || !isCalm || isMixed(data, placeOf(data, lane))) {
      names.add(groupName(data, grouping, groupOf[lane] as number));
    }
  }
  for (let g = 0; g < groups && names.size < OPEN_AT_LEAST; g++)
    names.add(groupName(data, grouping, g));
  return names;
}
