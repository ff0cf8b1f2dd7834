/** The engine's state as one immutable value, and the places and limits of its view. */

import type { TimelineData } from "./columns";
import type { Hit } from "./hit";
import type { Focus } from "./navigate";
import type { Filter, Grouping, Rows } from "./rows";
import type { Extent, Scale } from "./scale";

export interface Cursor {
  readonly time: number;
  readonly pinned: boolean;
}

export interface TimelineState {
  readonly data: TimelineData;
  readonly rows: Rows;
  readonly grouping: Grouping;
  readonly filter: Filter;
  /** Names of open groups, by grouping: names outlive a change of the data. */
  readonly open: {
    readonly service: ReadonlySet<string>;
    readonly environment: ReadonlySet<string>;
    /** Places whose workloads have a row each, by `placeName`. */
    readonly places: ReadonlySet<string>;
  };
  readonly scale: Scale;
  /** Pixels at the right of the lanes that something lies over: the inspector in a small window. */
  readonly covered: number;
  readonly scrollTop: number;
  /** Height of the lane canvas. */
  readonly height: number;
  readonly now: number;
  /** NOW keeps its place while time goes on. */
  readonly following: boolean;
  /** One selected deployment, or a pair; the first is the older choice. */
  readonly selected: readonly number[];
  readonly focus: Focus | null;
  readonly cursor: Cursor | null;
  readonly hit: Hit;
  readonly brush: { readonly from: number; readonly to: number } | null;
}

/** Where NOW stands in a view that follows it, as a part of the width. */
export const NOW_AT = 0.92;

/** The last moment worth showing: NOW, or the end of a past period. */
export const endOfData = (data: TimelineData, now: number): number =>
  data.to >= data.now - 60_000 ? now : data.to;

/** How far the view may go when it shows `span` ms: a little of the future, never before the period. */
export function extentFor(data: TimelineData, now: number, span: number): Extent {
  const end = endOfData(data, now);
  const longest = Math.max(1, end - data.from) / NOW_AT;
  return { from: data.from, to: end + (1 - NOW_AT) * Math.min(span, longest) };
}

/** How long until NOW has moved enough to be drawn again: half a pixel, and never more often than each second. */
export function nowInterval(scale: Scale, now: number): number {
  if (now < scale.from || now > scale.to) return 60_000 - (now % 60_000);
  const halfPixel = (scale.to - scale.from) / Math.max(1, scale.width) / 2;
  const nextMinute = 60_000 - (now % 60_000); // the pill shows minutes
  return Math.max(1000, Math.min(halfPixel, nextMinute));
}

export const sameHit = (a: Hit, b: Hit): boolean => {
  if (a.kind !== b.kind) return false;
  if (a.kind === "nothing" || b.kind === "nothing") return true;
  if (a.visibleRow !== b.visibleRow) return false;
  if (a.kind === "deployment" && b.kind === "deployment") return a.row === b.row;
  if (a.kind === "mark" && b.kind === "mark") return a.mark === b.mark;
  if (a.kind === "gap" && b.kind === "gap") return a.gap === b.gap;
  return true;
};
