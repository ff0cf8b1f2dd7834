/** What stands under a point, asked of the draw list: what was painted is what is hit. */

import { Bit, Look } from "./drawlist";
import { BAR_HEIGHT, type Rows, rowAt } from "./rows";
import type { Scene } from "./scene";

export type Hit =
  | {
      readonly kind: "deployment";
      readonly visibleRow: number;
      readonly row: number;
      readonly count: number;
      /** Where in the lane it is meant: under the pointer, or at its tick. */
      readonly x: number;
      /** The bar stands for several narrow ones: zoom in to tell them apart. */
      readonly merged: boolean;
    }
  | { readonly kind: "mark"; readonly visibleRow: number; readonly mark: number }
  | { readonly kind: "gap"; readonly visibleRow: number; readonly gap: number }
  | { readonly kind: "row"; readonly visibleRow: number }
  | { readonly kind: "nothing" };

/** Reach around a small thing, so that it can be hit by hand: targets are 24 px in height with it. */
const REACH = 2;

/** x and y in CSS pixels of the lane canvas. */
export function hitTest(scene: Scene, rows: Rows, scrollTop: number, x: number, y: number): Hit {
  const visibleRow = rowAt(rows, y + scrollTop);
  if (visibleRow < scene.first || visibleRow >= scene.end) return { kind: "nothing" };
  const mark = markAt(scene, x, y);
  if (mark >= 0) return { kind: "mark", visibleRow, mark };
  const tick = tickAt(scene, x, y);
  if (tick >= 0) {
    const row = scene.ticks.row[tick] as number;
    // A tick stands at the pixel nearest to its event.
    const end = (scene.ticks.x[tick] as number) + 0.5;
    return { kind: "deployment", visibleRow, row, count: 1, x: end, merged: false };
  }
  const bars = scene.bars;
  const from = scene.barsOf[visibleRow - scene.first] as number;
  let bestWidth = Number.POSITIVE_INFINITY;
  let best = -1;
  // Marks come first, then the narrowest: marks lie on merged bars, gaps and stale ends on their bar.
  for (let i = from; i < (scene.barsOf[visibleRow - scene.first + 1] as number); i++) {
    const left = (bars.x0[i] as number) - REACH;
    const right = (bars.x1[i] as number) + REACH;
    const top = bars.top[i] as number;
    if (x < left || x > right || y < top - REACH || y > top + BAR_HEIGHT + REACH) continue;
    if (bars.look[i] === Look.SoftEdge) continue;
    const width = (bars.bits[i] as number) & Bit.Mark ? 0 : right - left;
    if (width <= bestWidth) {
      bestWidth = width;
      best = i;
    }
  }
  if (best < 0) return { kind: "row", visibleRow };
  if (bars.look[best] === Look.Gap)
    return { kind: "gap", visibleRow, gap: bars.row[best] as number };
  return {
    kind: "deployment",
    visibleRow,
    row: bars.row[best] as number,
    count: bars.count[best] as number,
    x,
    merged: bars.look[best] === Look.Merged,
  };
}

function markAt(scene: Scene, x: number, y: number): number {
  const marks = scene.marks;
  for (let i = 0; i < marks.length; i++) {
    const distance = Math.abs((marks.x[i] as number) - x) + Math.abs((marks.y[i] as number) - y);
    if (distance <= 8) return marks.row[i] as number;
  }
  return -1;
}

function tickAt(scene: Scene, x: number, y: number): number {
  const ticks = scene.ticks;
  let best = -1;
  let nearest = 6;
  for (let i = 0; i < ticks.length; i++) {
    if (Math.abs((ticks.y[i] as number) - y) > 12) continue;
    const distance = Math.abs((ticks.x[i] as number) - x);
    if (distance < nearest && (ticks.row[i] as number) >= 0) {
      nearest = distance;
      best = i;
    }
  }
  return best;
}
