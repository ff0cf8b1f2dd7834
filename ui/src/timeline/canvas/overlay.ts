/** The overlay layer: selection, hover, cursor, NOW. Small, so that a moving pointer costs little. */

import { Bit, Look } from "../drawlist";
import type { Palette } from "../palette";
import type { OverlayFrame } from "../renderer";
import { BAR_HEIGHT, barTop } from "../rows";
import { toX } from "../scale";
import { box, type Layer } from "./shapes";

export function paintOverlay(layer: Layer, p: Palette, frame: OverlayFrame): void {
  const { g, width, height } = layer;
  g.clearRect(0, 0, width, height);
  if (frame.hovered >= 0 && !frame.selected.includes(frame.hovered)) {
    outlineOf(frame, frame.hovered, (x0, x1, y) => {
      g.strokeStyle = p.muted;
      g.lineWidth = 1;
      box(g, x0 - 0.5, y - 0.5, x1 - x0 + 1, BAR_HEIGHT + 1, 4.5, 2);
      g.stroke();
    });
  }
  for (const row of frame.selected) outlineOf(frame, row, (x0, x1, y) => ring(layer, p, x0, x1, y));
  paintBrush(layer, p, frame);
  const nowX = toX(frame.scale, frame.now);
  if (nowX >= 0 && nowX <= width) {
    g.fillStyle = p.now;
    g.fillRect(Math.round(nowX) - 0.75, 0, 1.5, height);
  }
  paintCursor(layer, p, frame);
}

/** A deployment may be drawn in parts (its bar, its stale end): one outline around all. */
function outlineOf(
  frame: OverlayFrame,
  row: number,
  draw: (x0: number, x1: number, y: number) => void,
): void {
  const { bars } = frame.scene;
  let x0 = Number.POSITIVE_INFINITY;
  let x1 = Number.NEGATIVE_INFINITY;
  let y = 0;
  for (let i = 0; i < bars.length; i++) {
    const look = bars.look[i] as Look;
    if (bars.row[i] !== row || look === Look.Gap || look === Look.SoftEdge) continue;
    // A row may stand twice (a closed service shows its lane): each is outlined where it stands.
    if (x1 > x0 && bars.top[i] !== y) {
      draw(x0, x1, y);
      x0 = Number.POSITIVE_INFINITY;
      x1 = Number.NEGATIVE_INFINITY;
    }
    if (look === Look.Merged && !((bars.bits[i] as number) & Bit.Mark)) continue;
    x0 = Math.min(x0, bars.x0[i] as number);
    x1 = Math.max(x1, bars.x1[i] as number);
    y = bars.top[i] as number;
  }
  if (x1 > x0) draw(x0, x1, y);
}

/** Two pixels of focus colour, two pixels off. */
function ring(layer: Layer, p: Palette, x0: number, x1: number, y: number): void {
  const { g } = layer;
  g.lineWidth = 2;
  g.strokeStyle = p.canvas;
  box(g, x0 - 2, y - 1, x1 - x0 + 4, BAR_HEIGHT + 2, 5, 2);
  g.stroke();
  g.strokeStyle = p.focus;
  box(g, x0 - 4, y - 3, x1 - x0 + 8, BAR_HEIGHT + 6, 7, 4);
  g.stroke();
}

function paintBrush(layer: Layer, p: Palette, frame: OverlayFrame): void {
  if (!frame.brush) return;
  const { g, height } = layer;
  const { from, to } = frame.brush;
  g.fillStyle = p.accentSoft;
  g.fillRect(from, 0, to - from, height);
  g.fillStyle = p.accent;
  g.fillRect(from, 0, 1, height);
  g.fillRect(to - 1, 0, 1, height);
}

function paintCursor(layer: Layer, p: Palette, frame: OverlayFrame): void {
  const { g, width, height } = layer;
  if (!frame.cursor) return;
  const x = Math.round(toX(frame.scale, frame.cursor.time)) + 0.5;
  if (x < 0 || x > width) return;
  g.globalAlpha = frame.cursor.pinned ? 1 : 0.55;
  g.strokeStyle = p.text;
  g.lineWidth = 1;
  g.beginPath();
  g.moveTo(x, 0);
  g.lineTo(x, height);
  g.stroke();
  g.globalAlpha = 1;
  const { rows, scene } = frame;
  for (let row = scene.first; row < scene.end; row++) {
    if ((rows.lane[row] as number) < 0 || !covered(frame, row, x)) continue;
    g.beginPath();
    g.arc(x, barTop(rows, row) - frame.scrollTop + BAR_HEIGHT / 2, 3, 0, 7);
    g.fillStyle = p.canvas;
    g.fill();
    g.strokeStyle = p.text;
    g.lineWidth = 1.5;
    g.stroke();
  }
}

/** A ring stands only where a bar stands. */
function covered(frame: OverlayFrame, row: number, x: number): boolean {
  const { bars, barsOf, first } = frame.scene;
  for (let i = barsOf[row - first] as number; i < (barsOf[row - first + 1] as number); i++) {
    if ((bars.x0[i] as number) - 1.5 <= x && x <= (bars.x1[i] as number) + 1.5) return true;
  }
  return false;
}
