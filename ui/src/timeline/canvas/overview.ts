/** The overview: columns of deployments, failures and rollbacks above, days below, the brush. */

import { type Overview, type OverviewMark, placeMarks } from "../overview";
import type { Palette } from "../palette";
import type { OverviewFrame } from "../renderer";
import { DAY } from "../scale";
import { localDay, momentOf } from "../zone";
import { arrowLeft, box, cross, type Layer } from "./shapes";

const TOP = 14;
const FOOT = 17;

export function paintOverview(layer: Layer, p: Palette, frame: OverviewFrame): void {
  const { g, height } = layer;
  const { overview, width } = frame;
  const base = height - FOOT;
  const x = (time: number) => ((time - overview.from) / (overview.to - overview.from)) * width;
  g.clearRect(0, 0, layer.width, height);
  paintColumns(layer, p, frame, base);
  for (const mark of marksOf(overview, width, x)) {
    if (mark.kind === "failure") cross(g, mark.x, 8, 2.8, p.failed, 1.7);
    else arrowLeft(g, mark.x - 3, 8, 3, p.rollback);
  }
  g.fillStyle = p.hair;
  g.fillRect(0, base, width, 1);
  paintDays(layer, p, frame, x);
  paintBrush(layer, p, frame, x, base);
}

function paintColumns(layer: Layer, p: Palette, frame: OverviewFrame, base: number): void {
  const { g } = layer;
  const { overview, width } = frame;
  const column = (overview.step / (overview.to - overview.from)) * width;
  const most = Math.max(4, overview.most);
  g.fillStyle = p.pastStroke;
  g.globalAlpha = 0.85;
  for (let i = 0; i < overview.counts.length; i++) {
    if (overview.from + i * overview.step > frame.now) break;
    const full = base - TOP;
    const count = overview.counts[i] as number;
    const h = count === 0 ? 1 : Math.max(2, (count / most) * full);
    g.fillRect(i * column + 0.5, base - h, Math.max(1.5, column - 1.25), h);
  }
  g.globalAlpha = 1;
}

function paintDays(
  layer: Layer,
  p: Palette,
  frame: OverviewFrame,
  x: (time: number) => number,
): void {
  const { g, height } = layer;
  const { overview, width, zone, words } = frame;
  const first = localDay(zone, overview.from) + 1;
  const last = localDay(zone, overview.to);
  const today = localDay(zone, frame.now);
  const dayWidth = (DAY / (overview.to - overview.from)) * width;
  const every = Math.max(1, Math.ceil(86 / dayWidth));
  g.font = `450 11px ${p.fontUi}`;
  g.textBaseline = "middle";
  for (let day = first; day <= last; day++) {
    if ((today - day) % every !== 0) continue;
    const at = Math.round(x(momentOf(zone, day * DAY)));
    g.fillStyle = p.strong;
    g.fillRect(at, 4, 1, height - 4);
    const label = words.overviewDay(momentOf(zone, day * DAY), day === today, every >= 7);
    if (at + 6 + g.measureText(label).width > width) continue;
    g.fillStyle = p.muted;
    g.fillText(label, at + 6, height - 8);
  }
}

function paintBrush(
  layer: Layer,
  p: Palette,
  frame: OverviewFrame,
  x: (time: number) => number,
  base: number,
): void {
  const { g } = layer;
  const { width } = frame;
  const from = Math.max(0, x(frame.scale.from));
  const to = Math.min(width - 1, x(frame.scale.to));
  if (to <= from) return;
  g.fillStyle = p.accentSoft;
  g.fillRect(from, 1, to - from, base);
  g.strokeStyle = p.accent;
  g.lineWidth = 1;
  box(g, from + 0.5, 0.5, Math.max(4, to - from - 1), base, 4, 4);
  g.stroke();
  g.fillStyle = p.accent;
  for (const grip of [from, to - 1]) {
    g.beginPath();
    g.roundRect(grip - 1.5, base / 2 - 7, 4, 14, 2);
    g.fill();
  }
}

const placed = new WeakMap<Overview, { width: number; marks: OverviewMark[] }>();

/** Marks move only with data and width, and thousands of them need not be placed each frame. */
function marksOf(
  overview: Overview,
  width: number,
  x: (time: number) => number,
): readonly OverviewMark[] {
  const known = placed.get(overview);
  if (known?.width === width) return known.marks;
  const marks = placeMarks(overview, x);
  placed.set(overview, { width, marks });
  return marks;
}
