/** The lane layer: surfaces, separators, grid, threads, bars, arcs, marks. */

import { Look, type PointList, TickKind } from "../drawlist";
import type { Palette } from "../palette";
import type { LanesFrame } from "../renderer";
import { BAR_HEIGHT } from "../rows";
import { toX } from "../scale";
import { type BarPaint, paintBar } from "./bars";
import { arc, box, cross, diamond, hatch, type Layer, restart } from "./shapes";

export function paintLanes(layer: Layer, p: Palette, frame: LanesFrame): void {
  const { g, width, height } = layer;
  paintGround(layer, p, frame);
  paintThreads(layer, p, frame);
  const paint: BarPaint = {
    g,
    p,
    width,
    labelOf: (bars, i) =>
      bars.look[i] === Look.Gap
        ? frame.words.gap(bars.count[i] as number)
        : (frame.data.strings[frame.data.version[bars.row[i] as number] as number] as string),
  };
  for (const top of frame.scene.unreached) paintUnreached(layer, p, frame, top);
  const { bars, arcs } = frame.scene;
  for (let i = 0; i < bars.length; i++) paintBar(paint, bars, i);
  paintMarks(layer, p, frame.scene.marks);
  for (let i = 0; i < arcs.length; i++) {
    arc(g, arcs.from[i] as number, arcs.to[i] as number, arcs.y[i] as number, p.rollback);
  }
  for (const since of frame.scene.staleLines) {
    const x = Math.round(toX(frame.scale, since)) + 0.5;
    g.strokeStyle = p.unknownStroke;
    g.lineWidth = 1;
    g.setLineDash([3, 4]);
    g.beginPath();
    g.moveTo(x, 0);
    g.lineTo(x, height);
    g.stroke();
    g.setLineDash([]);
  }
}

function paintGround(layer: Layer, p: Palette, frame: LanesFrame): void {
  const { g, width, height } = layer;
  g.fillStyle = p.canvas;
  g.fillRect(0, 0, width, height);
  const nowX = toX(frame.scale, frame.now);
  if (nowX < width) {
    g.fillStyle = p.future;
    g.fillRect(Math.max(0, nowX), 0, width - Math.max(0, nowX), height);
  }
  const { rows, scene } = frame;
  for (let row = scene.first; row < scene.end; row++) {
    const y = (rows.top[row] as number) - frame.scrollTop;
    if (rows.isGroup[row] && row > 0) {
      g.fillStyle = p.hair;
      g.fillRect(0, y, width, 1);
    }
    if (frame.tinted.includes(row)) {
      g.fillStyle = p.accentSoft;
      g.fillRect(0, y, width, (rows.top[row + 1] as number) - (rows.top[row] as number));
    }
  }
  g.fillStyle = p.grid;
  for (const time of frame.grid) g.fillRect(Math.round(toX(frame.scale, time)), 0, 1, height);
}

/** A lane of which nothing is known, up to now. */
function paintUnreached(layer: Layer, p: Palette, frame: LanesFrame, top: number): void {
  const { g, width } = layer;
  const end = Math.min(width + 2, toX(frame.scale, frame.now));
  if (end <= 0) return;
  const outline = () => box(g, -2.5, top + 0.5, end + 2, BAR_HEIGHT - 1, 0, 1);
  g.lineWidth = 1;
  outline();
  g.fillStyle = p.unknownFill;
  g.fill();
  hatch(g, 0, 0, Math.min(width, end), top, BAR_HEIGHT, p.unknownHatch, 6, 1.25);
  outline();
  g.setLineDash([4, 3]);
  g.strokeStyle = p.unknownStroke;
  g.stroke();
  g.setLineDash([]);
}

function paintThreads(layer: Layer, p: Palette, frame: LanesFrame): void {
  const { g, width } = layer;
  const end = Math.min(width, toX(frame.scale, frame.now));
  if (end > 0) {
    g.fillStyle = p.strong;
    for (const y of frame.scene.threads) g.fillRect(0, Math.round(y), end, 1);
  }
  const ticks = frame.scene.ticks;
  // Failures last, so that no neighbour paints over one.
  for (let i = 0; i < ticks.length; i++)
    if (ticks.kind[i] !== TickKind.Failed) paintTick(layer, p, ticks, i);
  for (let i = 0; i < ticks.length; i++)
    if (ticks.kind[i] === TickKind.Failed) paintTick(layer, p, ticks, i);
}

function paintTick(layer: Layer, p: Palette, ticks: PointList, i: number): void {
  const { g } = layer;
  const x = ticks.x[i] as number;
  const y = (ticks.y[i] as number) + 0.5;
  switch (ticks.kind[i] as TickKind) {
    case TickKind.Failed:
      g.fillStyle = p.canvas;
      g.fillRect(x - 6, y - 6, 12, 12);
      cross(g, x, y, 3.5, p.failed, 2);
      return;
    case TickKind.Config:
      diamond(g, x, y, 3.5, p.config);
      return;
    case TickKind.Restart:
      tick(layer, x, y, p.muted, 3);
      return;
    case TickKind.Rollback:
      tick(layer, x, y, p.rollback, 5);
      return;
    case TickKind.Progress:
      tick(layer, x, y, p.progress, 5);
      return;
    case TickKind.Unknown:
      tick(layer, x, y, p.unknown, 5);
      return;
    case TickKind.Live:
      tick(layer, x, y, p.live, 5);
      return;
  }
}

function tick(layer: Layer, x: number, y: number, colour: string, half: number): void {
  const { g } = layer;
  g.fillStyle = colour;
  g.beginPath();
  g.roundRect(x - 1, y - half, 2.5, 2 * half, 1);
  g.fill();
}

function paintMarks(layer: Layer, p: Palette, marks: PointList): void {
  const { g } = layer;
  for (let i = 0; i < marks.length; i++) {
    const x = marks.x[i] as number;
    const y = marks.y[i] as number;
    diamond(g, x, y, 8, p.canvas); // the rim: a diamond three pixels larger, in canvas colour
    if (marks.kind[i] === TickKind.Restart) restart(g, x, y, 3.4, p.text2);
    else diamond(g, x, y, 5, p.config);
  }
}
