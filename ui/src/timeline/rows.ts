/**
 * Which rows stand where: group rows (a service, or an environment), under each open one its places,
 * and under an open place with several workloads a row for each. A table of columns with running tops,
 * so that the rows in view are found by binary search.
 */

import { Tier, type TimelineData, text } from "./columns";
import { type Place, placeOf } from "./lanes";

export const GROUP_HEIGHT = 32;
export const LANE_HEIGHT = 30;
export const BAR_HEIGHT = 20;

export type Grouping = "service" | "environment";

export interface Filter {
  /** Words that must all be found in a lane's service, workload, versions or people. Empty: everything. */
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
  /**
   * Lanes that the row shows merged, [lane, laneEnd): several where it stands for several workloads. A closed
   * service row shows its first production environment; lane is -1 for none.
   */
  readonly lane: Int32Array;
  readonly laneEnd: Int32Array;
  /** 1 for a group row. */
  readonly isGroup: Uint8Array;
  /** 1 for a group, 2 for a service in an environment, 3 for one of its workloads. */
  readonly level: Uint8Array;
  /** 1 for a row that opens: a group, and a service in an environment that several workloads run. */
  readonly canOpen: Uint8Array;
  /** 1 for a row whose lanes are shown below it. */
  readonly isOpen: Uint8Array;
  /** Lanes that the row stands for, those below it with them: laneOf[groupFrom[i]] up to groupTo[i]. */
  readonly groupFrom: Int32Array;
  readonly groupTo: Int32Array;
  readonly laneOf: Int32Array;
  /** Lanes that pass the filter, in all. */
  readonly lanes: number;
}

const groupOfLane = (data: TimelineData, grouping: Grouping, lane: number): number =>
  (grouping === "service" ? data.laneService[lane] : data.laneEnvironment[lane]) as number;

const NONE: ReadonlySet<number> = new Set();

interface Row {
  readonly group: number;
  readonly lanes: Place | null;
  readonly level: 1 | 2 | 3;
  readonly canOpen: boolean;
  readonly isOpen: boolean;
  /** Part of `laneOf`. */
  readonly from: number;
  readonly to: number;
}

/** Lays out the rows. `open` holds group indexes of this grouping, `openPlaces` first lanes. */
export function layoutRows(
  data: TimelineData,
  grouping: Grouping,
  open: ReadonlySet<number>,
  filter: Filter,
  openPlaces: ReadonlySet<number> = NONE,
): Rows {
  const groups = grouping === "service" ? data.serviceName.length : data.environmentName.length;
  const byGroup: Place[][] = Array.from({ length: groups }, () => []);
  const passes = placePredicate(data, filter);
  for (let lane = 0; lane < data.laneService.length; ) {
    const place = placeOf(data, lane);
    if (passes(place)) byGroup[groupOfLane(data, grouping, lane)]?.push(place);
    lane = place.end;
  }
  const found: Row[] = [];
  const laneOf: number[] = [];
  byGroup.forEach((places, group) => {
    if (places.length === 0) return;
    const from = laneOf.length;
    for (const place of places)
      for (let lane = place.from; lane < place.end; lane++) laneOf.push(lane);
    const isOpen = open.has(group);
    const shown = representative(data, grouping, places, isOpen);
    found.push({ group, lanes: shown, level: 1, canOpen: true, isOpen, from, to: laneOf.length });
    if (isOpen) addPlaces(found, group, places, from, openPlaces);
  });
  return asColumns(grouping, found, laneOf);
}

/** The rows under an open group. */
function addPlaces(
  found: Row[],
  group: number,
  places: readonly Place[],
  begin: number,
  openPlaces: ReadonlySet<number>,
): void {
  let from = begin;
  for (const place of places) {
    const count = place.end - place.from;
    const canOpen = count > 1;
    const isOpen = canOpen && openPlaces.has(place.from);
    const lanes = isOpen ? null : place;
    found.push({ group, lanes, level: 2, canOpen, isOpen, from, to: from + count });
    for (let i = 0; isOpen && i < count; i++) {
      const lane = place.from + i;
      found.push({
        group,
        lanes: { from: lane, end: lane + 1 },
        level: 3,
        canOpen: false,
        isOpen: false,
        from: from + i,
        to: from + i + 1,
      });
    }
    from += count;
  }
}

function asColumns(grouping: Grouping, found: readonly Row[], laneOf: readonly number[]): Rows {
  const top = new Float64Array(found.length + 1);
  found.forEach((row, i) => {
    top[i + 1] = (top[i] as number) + (row.level === 1 ? GROUP_HEIGHT : LANE_HEIGHT);
  });
  return {
    grouping,
    count: found.length,
    lanes: laneOf.length,
    top,
    group: Int32Array.from(found, (row) => row.group),
    lane: Int32Array.from(found, (row) => row.lanes?.from ?? -1),
    laneEnd: Int32Array.from(found, (row) => row.lanes?.end ?? -1),
    isGroup: Uint8Array.from(found, (row) => (row.level === 1 ? 1 : 0)),
    level: Uint8Array.from(found, (row) => row.level),
    canOpen: Uint8Array.from(found, (row) => (row.canOpen ? 1 : 0)),
    isOpen: Uint8Array.from(found, (row) => (row.isOpen ? 1 : 0)),
    groupFrom: Int32Array.from(found, (row) => row.from),
    groupTo: Int32Array.from(found, (row) => row.to),
    laneOf: Int32Array.from(laneOf),
  };
}

/** A closed service row shows the bars of its first production environment, else of its first. */
function representative(
  data: TimelineData,
  grouping: Grouping,
  places: readonly Place[],
  isOpen: boolean,
): Place | null {
  if (isOpen || grouping === "environment") return null;
  const production = places.find(
    ({ from }) => data.environmentTier[data.laneEnvironment[from] as number] === Tier.Production,
  );
  return production ?? places[0] ?? null;
}

/** The filter's questions, asked once a place and not once a deployment where possible. */
function placePredicate(data: TimelineData, filter: Filter): (place: Place) => boolean {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = words.map((word) => matchingStrings(data, word));
  return ({ from, end }) => {
    const service = data.laneService[from] as number;
    const environment = data.laneEnvironment[from] as number;
    if (filter.environments && !filter.environments.has(environment)) return false;
    const team = text(data, data.serviceTeam[service]) ?? "";
    if (filter.teams && !filter.teams.has(team)) return false;
    return hits.every((hit) => {
      for (let lane = from; lane < end; lane++) if (laneMatches(data, lane, hit)) return true;
      return false;
    });
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
  const workload = data.laneWorkload[lane] as number;
  if (workload < hit.length && hit[workload]) return true;
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

/** Whether a row shows the bars of a lane. */
export const showsLane = (rows: Rows, row: number, lane: number): boolean =>
  (rows.lane[row] as number) <= lane && lane < (rows.laneEnd[row] as number);

/** The lanes that a row shows; null for a thread. */
export function lanesOf(rows: Rows, row: number): Place | null {
  const from = rows.lane[row] ?? -1;
  return from < 0 ? null : { from, end: rows.laneEnd[row] as number };
}

/** Row that shows a lane: its own, else its place's, else its group's; -1 when the filter hides it. */
export function rowOfLane(rows: Rows, lane: number): number {
  let closed = -1;
  for (let row = 0; row < rows.count; row++) {
    if (rows.isGroup[row] === 0) {
      if (showsLane(rows, row, lane)) return row;
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
