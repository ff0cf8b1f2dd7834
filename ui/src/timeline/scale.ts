/** The time axis: which moment stands at which x. Values, not objects with state; all times epoch ms. */

export interface Scale {
  /** Moment at x = 0. */
  readonly from: number;
  /** Moment at x = width. */
  readonly to: number;
  /** CSS pixels. */
  readonly width: number;
}

/** What panning and zooming may not leave. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** Closest zoom: five minutes over the whole width. */
export const MIN_SPAN = 5 * MINUTE;

/** Spans that the zoom buttons step through. */
export const ZOOM_STEPS: readonly number[] = [
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  3 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  90 * DAY,
  180 * DAY,
  365 * DAY,
];

export const toX = (s: Scale, time: number): number =>
  ((time - s.from) / (s.to - s.from)) * s.width;

export const toTime = (s: Scale, x: number): number =>
  s.from + (x / Math.max(1, s.width)) * (s.to - s.from);

export const spanOf = (s: Scale): number => s.to - s.from;

export const msPerPixel = (s: Scale): number => spanOf(s) / Math.max(1, s.width);

/** Moves the scale into the extent, keeping its span where the extent is wide enough for it. */
export function clamp(s: Scale, extent: Extent): Scale {
  const room = Math.max(MIN_SPAN, extent.to - extent.from);
  const span = Math.min(Math.max(spanOf(s), MIN_SPAN), room);
  const from = Math.min(Math.max(s.from, extent.from), extent.from + room - span);
  return { from, to: from + span, width: s.width };
}

export const panBy = (s: Scale, pixels: number, extent: Extent): Scale => {
  const shift = pixels * msPerPixel(s);
  return clamp({ from: s.from + shift, to: s.to + shift, width: s.width }, extent);
};

/** Zooms so that the moment under `x` stays under `x`. A factor above 1 shows less time. */
export function zoomAt(s: Scale, x: number, factor: number, extent: Extent): Scale {
  const room = Math.max(MIN_SPAN, extent.to - extent.from);
  const span = Math.min(Math.max(spanOf(s) / factor, MIN_SPAN), room);
  const anchor = toTime(s, x);
  const from = anchor - (x / Math.max(1, s.width)) * span;
  return clamp({ from, to: from + span, width: s.width }, extent);
}

/** The next span of `ZOOM_STEPS` in a direction; the view may stand between two steps. */
export function zoomStep(span: number, direction: "in" | "out"): number {
  const tolerance = 1.04; // a span of 6.1 h is called 6 h, and counts as that step
  if (direction === "in") {
    return [...ZOOM_STEPS].reverse().find((step) => step * tolerance < span) ?? MIN_SPAN;
  }
  return ZOOM_STEPS.find((step) => step > span * tolerance) ?? span * 2;
}

/** How a span is called: its number and unit, rounded the way a person would. */
export function spanWords(span: number): { value: number; unit: "minute" | "hour" | "day" } {
  if (span < 59.5 * MINUTE) return { value: Math.round(span / MINUTE), unit: "minute" };
  if (span < 47.5 * HOUR) {
    const hours = span / HOUR;
    return { value: hours < 4 ? Math.round(hours * 2) / 2 : Math.round(hours), unit: "hour" };
  }
  const days = span / DAY;
  return { value: days < 4 ? Math.round(days * 2) / 2 : Math.round(days), unit: "day" };
}
