import { describe, expect, it } from "vitest";
import {
  clamp,
  DAY,
  HOUR,
  MIN_SPAN,
  MINUTE,
  panBy,
  spanWords,
  toTime,
  toX,
  zoomAt,
  zoomStep,
} from "./scale";

const extent = { from: 0, to: 3 * DAY };
const scale = { from: DAY, to: DAY + 6 * HOUR, width: 600 };

describe("scale", () => {
  it("maps moments to pixels and back", () => {
    expect(toX(scale, DAY + 3 * HOUR)).toBe(300);
    expect(toTime(scale, 300)).toBe(DAY + 3 * HOUR);
  });

  it.each([0, 100, 300, 599])("keeps the moment under x = %i while zooming", (x) => {
    const before = toTime(scale, x);
    expect(toTime(zoomAt(scale, x, 2.5, extent), x)).toBeCloseTo(before, 3);
    expect(toTime(zoomAt(scale, x, 0.8, extent), x)).toBeCloseTo(before, 3);
  });

  it("never zooms closer than five minutes nor wider than the extent", () => {
    const close = zoomAt(scale, 300, 1e9, extent);
    expect(close.to - close.from).toBe(MIN_SPAN);
    const wide = zoomAt(scale, 300, 1e-9, extent);
    expect([wide.from, wide.to]).toEqual([0, 3 * DAY]);
  });

  it("keeps its span when a pan meets the extent's end", () => {
    const end = panBy(scale, 1e7, extent);
    expect([end.from, end.to]).toEqual([3 * DAY - 6 * HOUR, 3 * DAY]);
    const start = panBy(scale, -1e7, extent);
    expect([start.from, start.to]).toEqual([0, 6 * HOUR]);
  });

  it("moves a view from outside into the extent", () => {
    expect(clamp({ from: -DAY, to: -DAY + HOUR, width: 10 }, extent)).toEqual({
      from: 0,
      to: HOUR,
      width: 10,
    });
  });

  it.each([
    [6.1 * HOUR, "in", 3 * HOUR],
    [6 * HOUR, "out", 12 * HOUR],
    [6.1 * HOUR, "out", 12 * HOUR],
    [5 * HOUR, "in", 3 * HOUR],
    [5 * MINUTE, "in", MIN_SPAN],
    [3 * DAY, "out", 7 * DAY],
  ] as const)("steps from %i ms %s to %i ms", (span, direction, next) => {
    expect(zoomStep(span, direction)).toBe(next);
  });

  it.each([
    [6.1 * HOUR, 6, "hour"],
    [90 * MINUTE, 1.5, "hour"],
    [15 * MINUTE, 15, "minute"],
    [24 * HOUR, 24, "hour"],
    [3 * DAY, 3, "day"],
    [90.4 * DAY, 90, "day"],
  ] as const)("calls %i ms %d %s", (span, value, unit) => {
    expect(spanWords(span)).toEqual({ value, unit });
  });
});
