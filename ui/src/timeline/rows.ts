/**
 * Which rows stand where: group rows (a service, or an environment), and under each open one its
 * lanes. A table of columns with running tops, so that the rows in view are found by binary search.
 */

import { Tier, type TimelineData, text } from "./columns";

export const GROUP_HEIGHT = 32;
export const LANE_HEIGHT = 30;
export const BAR_HEIGHT = 20;

export type Grouping = "service" | "environment";

export interface Filter {
  /** Words that must all be found in a lane's service, versions or people. Empty: everything. */
  readonly text: string;
  /** Environment indexes to show; null for all. */
  readonly environments: ReadonlySet<number> | null;
  /** Teams to show; null for all. A service without a team counts as ''. */
  readonly teams: ReadonlySet<string> | null;
}

export const NO_FILTER: Filter = { text: "", environments: null, teams: null };

export interface Rows {
  readonly grouping: Grouping;
  readonly count: number;
  /** count + 1 tops; the last is the height of all. */
  readonly top: Float64Array;
  /** Service or environment index of the row's group. */
  readonly group: Int32Array;
  /** Lane that the row shows; on a closed service row the lane of its first production environment; -1 for none. */
  readonly lane: Int32Array;
  /** 1 for a group row. */
  readonly isGroup: Uint8Array;
  /** 1 for a group row whose lanes are shown below it. */
  readonly isOpen: Uint8Array;
  /** Lanes of the row's group that pass the filter: laneOf[groupFrom[i]] up to groupTo[i]. */
  readonly groupFrom: Int32Array;
  readonly groupTo: Int32Array;
  readonly laneOf: Int32Array;
  /** Lanes that pass the filter, in all. */
  readonly lanes: number;
}

const groupOfLane = (data: TimelineData, grouping: Grouping, lane: number): number =>
  (grouping === "service" ? data.laneService[lane] : data.laneEnvironment[lane]) as number;

/** Lays out the rows. `open` holds group indexes of this grouping. */
export function layoutRows(
  data: TimelineData,
  grouping: Grouping,
  open: ReadonlySet<number>,
  filter: Filter,
): Rows {
  const groups = grouping === "service" ? data.serviceName.length : data.environmentName.length;
  const byGroup: number[][] = Array.from({ length: groups }, () => []);
  const passes = lanePredicate(data, filter);
  let lanes = 0;
  for (let lane = 0; lane < data.laneService.length; lane++) {
    if (!passes(lane)) continue;
    byGroup[groupOfLane(data, grouping, lane)]?.push(lane);
    lanes++;
  }
  let count = 0;
  byGroup.forEach((members, group) => {
    if (members.length > 0) count += 1 + (open.has(group) ? members.length : 0);
  });
  const rows = {
    grouping,
    count,
    lanes,
    top: new Float64Array(count + 1),
    group: new Int32Array(count),
    lane: new Int32Array(count),
    isGroup: new Uint8Array(count),
    isOpen: new Uint8Array(count),
    groupFrom: new Int32Array(count),
    groupTo: new Int32Array(count),
    laneOf: new Int32Array(lanes),
  };
  let row = 0;
  let at = 0;
  let used = 0;
  const put = (group: number, lane: number, isGroup: boolean, isOpen: boolean, height: number) => {
    rows.top[row] = at;
    rows.group[row] = group;
    rows.lane[row] = lane;
    rows.isGroup[row] = isGroup ? 1 : 0;
    rows.isOpen[row] = isOpen ? 1 : 0;
    at += height;
    row++;
    rows.top[row] = at;
  };
  byGroup.forEach((members, group) => {
    if (members.length === 0) return;
    const from = used;
    for (const lane of members) rows.laneOf[used++] = lane;
    const first = row;
    const isOpen = open.has(group);
    put(group, representative(data, grouping, members, isOpen), true, isOpen, GROUP_HEIGHT);
    if (isOpen) for (const lane of members) put(group, lane, false, false, LANE_HEIGHT);
    rows.groupFrom.fill(from, first, row);
    rows.groupTo.fill(used, first, row);
  });
  return rows;
}

/** A closed service row shows the bars of its first production environment, else of its first. */
function representative(
  data: TimelineData,
  grouping: Grouping,
  members: readonly number[],
  isOpen: boolean,
): number {
  if (isOpen || grouping === "environment") return -1;
  const production = members.find(
    (lane) => data.environmentTier[data.laneEnvironment[lane] as number] === Tier.Production,
  );
  return production ?? members[0] ?? -1;
}

/** The lane of the filter's questions, asked once a lane and not once a deployment where possible. */
function lanePredicate(data: TimelineData, filter: Filter): (lane: number) => boolean {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = words.map((word) => matchingStrings(data, word));
  return (lane) => {
    const service = data.laneService[lane] as number;
    const environment = data.laneEnvironment[lane] as number;
    if (filter.environments && !filter.environments.has(environment)) return false;
    const team = text(data, data.serviceTeam[service]) ?? "";
    if (filter.teams && !filter.teams.has(team)) return false;
    return hits.every((hit) => laneMatches(data, lane, hit));
  };
}

function matchingStrings(data: TimelineData, word: string): Uint8Array {
  const out = new Uint8Array(data.strings.length);
  data.strings.forEach((s, i) => {
    if (s.toLowerCase().includes(word)) out[i] = 1;
  });
  return out;
}

function laneMatches(data: TimelineData, lane: number, hit: Uint8Array): boolean {
  const service = data.laneService[lane] as number;
  if (hit[data.serviceName[service] as number]) return true;
  if (hit[data.environmentName[data.laneEnvironment[lane] as number] as number]) return true;
  const end = data.laneRows[lane + 1] as number;
  for (let row = data.laneRows[lane] as number; row < end; row++) {
    if (hit[data.version[row] as number]) return true;
    const who = data.who[row] as number;
    if (who < hit.length && hit[who]) return true;
  }
  return false;
}

/** Row at a height, or -1 above the first and below the last. */
export function rowAt(rows: Rows, y: number): number {
  if (y < 0 || rows.count === 0 || y >= (rows.top[rows.count] as number)) return -1;
  let low = 0;
  let high = rows.count - 1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if ((rows.top[mid] as number) <= y) low = mid;
    else high = mid - 1;
  }
  return low;
}

/** Rows that a window of the heights [y, y + height) touches: [first, end). */
export function rowsIn(rows: Rows, y: number, height: number): { first: number; end: number } {
  const total = rows.top[rows.count] ?? 0;
  const first = rowAt(rows, Math.max(0, Math.min(y, total - 1)));
  if (first < 0) return { first: 0, end: 0 };
  const last = rowAt(rows, Math.max(0, Math.min(y + height - 0.001, total - 1)));
  return { first, end: last + 1 };
}

/** Row that shows a lane: its own, else its group's; -1 when the filter hides it. */
export function rowOfLane(rows: Rows, lane: number): number {
  let closed = -1;
  for (let row = 0; row < rows.count; row++) {
    if (rows.isGroup[row] === 0) {
      if (rows.lane[row] === lane) return row;
      continue;
    }
    for (let i = rows.groupFrom[row] as number; i < (rows.groupTo[row] as number); i++) {
      if (rows.laneOf[i] === lane) closed = row;
    }
  }
  return closed;
}

/** Where a row's bars begin, from the top of all rows: centred, half a pixel lower on group rows. */
export function barTop(rows: Rows, row: number): number {
  const top = rows.top[row] as number;
  return rows.isGroup[row]
    ? top + (GROUP_HEIGHT - BAR_HEIGHT) / 2 + 0.5
    : top + (LANE_HEIGHT - BAR_HEIGHT) / 2;
}

/** Height of everything. */
export const totalHeight = (rows: Rows): number => rows.top[rows.count] ?? 0;
