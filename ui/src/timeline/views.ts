/** Where the view goes: each function answers the next scale for a state. Pure. */

import type { TimelineData } from "./columns";
import { endOf } from "./lanes";
import type { Focus } from "./navigate";
import { clamp, panBy, type Scale, spanOf, toTime, toX, zoomAt, zoomStep } from "./scale";
import { endOfData, extentFor, NOW_AT, type TimelineState } from "./state";

/** What of a deployment's bar must be in sight before it counts as seen: room for its version. */
const SEEN = 96;

/** Width of the lanes that nothing lies over. */
export const freeWidth = ({ scale, covered }: TimelineState): number =>
  Math.max(Math.min(scale.width, 80), scale.width - covered);

/** The same as a part of the width; all of it before the lanes were measured. */
const freePart = (state: TimelineState): number =>
  state.scale.width > 0 ? freeWidth(state) / state.scale.width : 1;

/** How far the view may go: what is covered may be future, so that NOW can stand beside it. */
function room(state: TimelineState, span: number): { from: number; to: number } {
  const extent = extentFor(state.data, state.now, span);
  const { scale, covered } = state;
  return { from: extent.from, to: extent.to + (span * covered) / Math.max(1, scale.width) };
}

export const panned = (state: TimelineState, pixels: number): Scale =>
  panBy(state.scale, pixels, room(state, spanOf(state.scale)));

/** Zoomed by a factor around an x of the lane canvas. */
export const zoomed = (state: TimelineState, x: number, factor: number): Scale =>
  zoomAt(state.scale, x, factor, room(state, spanOf(state.scale) / factor));

/** One step of the zoom buttons, around the cursor, else around NOW where it is in sight, else the middle. */
export function zoomedByStep(state: TimelineState, direction: "in" | "out"): Scale {
  const { scale, cursor, now } = state;
  const free = freeWidth(state);
  const anchors = [cursor?.pinned ? cursor.time : Number.NaN, now].map((time) => toX(scale, time));
  const x = anchors.find((at) => at >= 0 && at <= free) ?? free / 2;
  return zoomed(state, x, spanOf(scale) / zoomStep(spanOf(scale), direction));
}

/** A view of `span` ms with NOW (or the end of a past period) near the right edge of what is free. */
export function viewAtNow(state: TimelineState, span: number): Scale {
  const { data, now, scale } = state;
  const end = endOfData(data, now);
  const shown = Math.min(span, Math.max(1, end - data.from) / NOW_AT);
  const place = NOW_AT * freePart(state);
  return { from: end - place * shown, to: end + (1 - place) * shown, width: scale.width };
}

/** The whole period. */
export const viewOfAll = (state: TimelineState): Scale =>
  viewAtNow(state, Number.POSITIVE_INFINITY);

export const ranged = (state: TimelineState, from: number, to: number): Scale =>
  clamp({ from, to, width: state.scale.width }, room(state, to - from));

/** The same view, as much later as NOW moved. */
export const later = ({ scale, now: before }: TimelineState, now: number): Scale => ({
  from: scale.from + now - before,
  to: scale.to + now - before,
  width: scale.width,
});

/** Whether NOW stands where a view that follows it has it. */
export function isAtNow(state: TimelineState, scale: Scale): boolean {
  const x = toX(scale, state.now);
  const near = (width: number) => x / Math.max(1, width) > 0.85 && x / Math.max(1, width) <= 0.96;
  return near(scale.width) || near(freeWidth(state));
}

/** The columns were replaced: the view stays where it was, or goes on following. */
export function keptView(state: TimelineState, data: TimelineData, now: number): Scale {
  const { scale, following, data: old, covered } = state;
  const next = { ...state, data, now };
  if (following) return covered > 0 ? later(state, now) : viewAtNow(next, spanOf(scale));
  const samePeriod = old.from === data.from || Math.abs(old.from - data.from) < 60_000;
  return samePeriod ? scale : clamp(scale, room(next, spanOf(scale)));
}

/**
 * The view in which a deployment stands beside what covers the right of the lanes; null when it is in
 * sight already, or when it is not what lies there that hides it.
 */
export function besideCover(state: TimelineState, row: number): Scale | null {
  const { scale, data, now, covered } = state;
  if (covered <= 0) return null;
  const free = freeWidth(state);
  const x0 = toX(scale, data.started[row] as number);
  const x1 = toX(scale, endOf(data, row, now));
  const seen = Math.min(x1, free) - Math.max(x0, 0);
  if (x1 < 0 || seen >= Math.min(x1 - x0, SEEN)) return null;
  // Its whole bar where there is room for it, else its beginning.
  const edge = NOW_AT * free;
  return panned(state, x1 - x0 < edge ? x1 - edge : x0 - free * 0.2);
}

/** The view in which a focus is in sight, moved as little as needed; null when it is. */
export function inSight(state: TimelineState, focus: Focus): Scale | null {
  if (focus.row < 0) return null;
  const { data, scale, now } = state;
  const start = data.started[focus.row] as number;
  const end = endOf(data, focus.row, now);
  const free = freeWidth(state);
  if (end > scale.from && start < toTime(scale, free)) return besideCover(state, focus.row);
  const span = spanOf(scale);
  const part = freePart(state);
  const from = start < scale.from ? end - span * 0.8 * part : start - span * 0.2 * part;
  return ranged(state, from, from + span);
}
