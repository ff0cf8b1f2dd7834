/** The visible events of a row, as cells for the accessible grid: what was drawn, and never too many. */

import { Bit, Look } from "@/timeline/drawlist";
import { BAR_HEIGHT } from "@/timeline/rows";
import type { Scene } from "@/timeline/scene";

export type EventCell =
  | { kind: "event"; row: number; x: number; width: number }
  | { kind: "many"; row: number; x: number; width: number; count: number; failed: number }
  | { kind: "mark"; mark: number; x: number; width: number }
  | { kind: "gap"; gap: number; count: number; x: number; width: number };

/** Event cells in the whole grid; with the heads of some forty rows this stays under 1,500 nodes. */
export const CELL_BUDGET = 700;

/** Cells of all rows of the scene, by visible row. */
export function cellsOf(scene: Scene, width: number): Map<number, EventCell[]> {
  const rows = Math.max(1, scene.end - scene.first);
  const cap = Math.max(4, Math.floor(CELL_BUDGET / rows));
  const out = new Map<number, EventCell[]>();
  for (let row = scene.first; row < scene.end; row++) {
    out.set(row, joined(rowCells(scene, row, width), cap));
  }
  return out;
}

function rowCells(scene: Scene, visibleRow: number, width: number): EventCell[] {
  const { bars, barsOf, marks, first } = scene;
  const cells: EventCell[] = [];
  const seen = new Set<number>();
  const to = barsOf[visibleRow - first + 1] as number;
  let top = Number.NaN;
  for (let i = barsOf[visibleRow - first] as number; i < to; i++) {
    const look = bars.look[i] as Look;
    const x0 = Math.max(0, bars.x0[i] as number);
    const x1 = Math.min(width, bars.x1[i] as number);
    const row = bars.row[i] as number;
    const count = bars.count[i] as number;
    top = bars.top[i] as number;
    if (x1 < 0 || x0 > width || look === Look.SoftEdge) continue;
    const place = { x: x0, width: Math.max(2, x1 - x0) };
    if (look === Look.Gap) cells.push({ kind: "gap", gap: row, count, ...place });
    else if (look === Look.Merged) {
      cells.push({ kind: "many", row, count, failed: bars.failed[i] as number, ...place });
    } else if (!seen.has(row) || (bars.bits[i] as number) & Bit.Mark) {
      if (!seen.has(row)) cells.push({ kind: "event", row, ...place });
      seen.add(row);
    }
  }
  for (let i = 0; i < marks.length; i++) {
    // Also false where the row has no bar: a thread's top is not a number.
    if (!(Math.abs((marks.y[i] as number) - BAR_HEIGHT / 2 - top) < 1)) continue;
    cells.push({
      kind: "mark",
      mark: marks.row[i] as number,
      x: (marks.x[i] as number) - 5,
      width: 10,
    });
  }
  return cells.sort((a, b) => a.x - b.x);
}

/** Joins neighbours until there are at most `cap`; failures are counted in the name of what they joined. */
function joined(cells: EventCell[], cap: number): EventCell[] {
  if (cells.length <= cap) return cells;
  const each = Math.ceil(cells.length / cap);
  const out: EventCell[] = [];
  for (let i = 0; i < cells.length; i += each) {
    const part = cells.slice(i, i + each);
    const events = part.filter((cell) => cell.kind === "event" || cell.kind === "many");
    const head = events[0] ?? part[0];
    if (!head) continue;
    if (part.length === 1 || head.kind === "mark" || head.kind === "gap") {
      out.push(head);
      continue;
    }
    const last = part[part.length - 1] as EventCell;
    out.push({
      kind: "many",
      row: head.row,
      x: head.x,
      width: Math.max(2, last.x + last.width - head.x),
      count: events.reduce((sum, cell) => sum + (cell.kind === "many" ? cell.count : 1), 0),
      failed: events.reduce((sum, cell) => sum + (cell.kind === "many" ? cell.failed : 0), 0),
    });
  }
  return out;
}
