/** Paints the bars of a draw list: one look, one function. */

import { type BarList, Bit, Look } from "../drawlist";
import type { Palette } from "../palette";
import { BAR_HEIGHT } from "../rows";
import { arrowLeft, box, type Context, cross, hatch, restart } from "./shapes";

const H = BAR_HEIGHT;
const RADIUS = 4;
const NOTCH = 6;
const STRIP = 5;
export const LABEL_SPACING = "-0.2px";

export const labelFont = (p: Palette, weight: "live" | "past"): string =>
  `${weight === "live" ? 550 : 450} 11px ${p.fontMono}`;

/** What stays the same for all bars of a frame. */
export interface BarPaint {
  readonly g: Context;
  readonly p: Palette;
  /** Width of the canvas; hatches are drawn inside it only. */
  readonly width: number;
  readonly labelOf: (bars: BarList, i: number) => string;
}

export function paintBar(paint: BarPaint, bars: BarList, i: number): void {
  const look = bars.look[i] as Look;
  if ((bars.bits[i] as number) & Bit.Mark) paintMark(paint, bars, i, look);
  else paintWhole(paint, bars, i, look);
}

function paintWhole(paint: BarPaint, bars: BarList, i: number, look: Look): void {
  switch (look) {
    case Look.Merged:
      paintMerged(paint, bars, i);
      return;
    case Look.SoftEdge:
      paintSoftEdge(paint, bars, i);
      return;
    case Look.Gap:
      paintGap(paint, bars, i);
      return;
    case Look.Failed:
      paintFailed(paint, bars, i);
      break;
    case Look.Past:
    case Look.Live:
    case Look.Undone:
    case Look.Rollback:
    case Look.Progress:
    case Look.Unknown:
      paintBody(paint, bars, i, look);
      break;
  }
  if ((bars.bits[i] as number) & Bit.Healthy) paintHealthy(paint, bars, i);
  paintLabel(paint, bars, i, look);
}

function paintBody(paint: BarPaint, bars: BarList, i: number, look: Look): void {
  const { g, p } = paint;
  const x0 = bars.x0[i] as number;
  const x1 = bars.x1[i] as number;
  const y = bars.top[i] as number;
  const radius = Math.min(RADIUS, (x1 - x0) / 3);
  const right = (bars.bits[i] as number) & Bit.ToNow ? 1 : radius;
  const outline = () => box(g, x0 + 0.5, y + 0.5, x1 - x0 - 1, H - 1, radius, right);
  const [fill, stroke] = coloursOf(p, look);
  g.lineWidth = 1;
  outline();
  g.fillStyle = fill;
  g.fill();
  if (look === Look.Progress) {
    hatch(g, x0, Math.max(x0, 0), Math.min(x1, paint.width), y, H, p.progressStripe, 8, 3);
    outline();
  }
  if (look === Look.Unknown) {
    hatch(g, x0, Math.max(x0, 0), Math.min(x1, paint.width), y, H, p.unknownHatch, 6, 1.25);
    outline();
    g.setLineDash([4, 3]);
  }
  g.lineWidth = 1;
  g.strokeStyle = stroke;
  g.stroke();
  g.setLineDash([]);
  paintLead(paint, bars, i);
}

function coloursOf(p: Palette, look: Look): readonly [string, string] {
  switch (look) {
    case Look.Live:
      return [p.liveFill, p.liveStroke];
    case Look.Undone:
      return [p.canvas, p.unknownStroke];
    case Look.Rollback:
      return [p.rollbackFill, p.rollbackStroke];
    case Look.Progress:
      return [p.progressFill, p.progressStroke];
    case Look.Unknown:
      return [p.unknownFill, p.unknownStroke];
    case Look.Failed:
      return [p.failedFill, p.failedFill];
    case Look.Past:
    case Look.Merged:
    case Look.SoftEdge:
    case Look.Gap:
      return [p.pastFill, p.pastStroke];
  }
}

/** Stripes from started to settled, at the left end of the same bar. */
function paintLead(paint: BarPaint, bars: BarList, i: number): void {
  const x0 = bars.x0[i] as number;
  const lead = bars.lead[i] as number;
  if (lead <= x0) return;
  const { g, p } = paint;
  const y = bars.top[i] as number;
  const outline = () => box(g, x0 + 0.5, y + 0.5, lead - x0, H - 1, RADIUS, 0);
  outline();
  g.fillStyle = p.progressFill;
  g.fill();
  hatch(g, x0, Math.max(x0, 0), Math.min(lead, paint.width), y, H, p.progressStripe, 6, 2.5);
  outline();
  g.lineWidth = 1;
  g.strokeStyle = p.progressStroke;
  g.stroke();
}

function paintFailed(paint: BarPaint, bars: BarList, i: number): void {
  const { g, p } = paint;
  const x0 = bars.x0[i] as number;
  const x1 = bars.x1[i] as number;
  const y = bars.top[i] as number;
  const lead = Math.max(x0, bars.lead[i] as number);
  if (lead > x0) {
    // The lead reaches under the notch, so that its stripes show through the V.
    const outline = () => box(g, x0 + 0.5, y + 0.5, lead - x0 + 4, H - 1, RADIUS, 0);
    outline();
    g.fillStyle = p.progressFill;
    g.fill();
    hatch(g, x0, Math.max(x0, 0), Math.min(lead + 4, paint.width), y, H, p.progressStripe, 6, 2.5);
    outline();
    g.lineWidth = 1;
    g.strokeStyle = p.progressStroke;
    g.stroke();
  }
  const strip = bars.strip[i] as number;
  const height = strip > lead ? H - STRIP - 1 : H;
  if (strip > lead) {
    box(g, lead, y + H - STRIP, strip - lead, STRIP, 1, 1);
    g.fillStyle = p.liveStroke;
    g.fill();
  }
  const notch = Math.min(NOTCH, (x1 - lead) / 2);
  g.beginPath();
  g.moveTo(lead, y);
  g.lineTo(x1, y);
  g.lineTo(x1, y + height);
  g.lineTo(lead, y + height);
  g.lineTo(lead + notch, y + height / 2);
  g.closePath();
  g.fillStyle = p.failedFill;
  g.fill();
  const crossX = lead + NOTCH + 9;
  if (crossX + 5 < x1) cross(g, crossX, y + height / 2, 3.4, p.failedOn, 1.9);
}

function paintHealthy(paint: BarPaint, bars: BarList, i: number): void {
  const { g, p } = paint;
  const x0 = Math.max(bars.x0[i] as number, bars.lead[i] as number);
  const x1 = bars.x1[i] as number;
  const y = bars.top[i] as number;
  const toNow = ((bars.bits[i] as number) & Bit.ToNow) !== 0;
  g.save();
  const radius = Math.min(RADIUS, (x1 - x0) / 3);
  box(g, x0, y, x1 - x0, H, radius, toNow ? 1 : radius);
  g.clip();
  g.fillStyle = toNow ? p.ok : p.pastOk;
  g.fillRect(x0, y + H - (toNow ? 2 : 1.5), x1 - x0, 2);
  g.restore();
}

function paintLabel(paint: BarPaint, bars: BarList, i: number, look: Look): void {
  const { g, p } = paint;
  const bits = bars.bits[i] as number;
  const y = bars.top[i] as number;
  const x = bars.labelX[i] as number;
  const x1 = bars.x1[i] as number;
  const middle =
    y + ((bars.strip[i] as number) > (bars.lead[i] as number) ? (H - STRIP - 1) / 2 : H / 2);
  const hasRoom = x - 2 < x1;
  if (look !== Look.Failed && hasRoom) {
    if (bits & Bit.Arrow) arrowLeft(g, x - 14, middle, 4, p.rollback);
    else if (bits & Bit.Restart) restart(g, x - 9, middle, 3.6, p.muted);
  }
  if (!(bits & Bit.Label)) return;
  const label = paint.labelOf(bars, i);
  const live = (bits & Bit.ToNow) !== 0 || look === Look.Failed;
  g.font = labelFont(p, live ? "live" : "past");
  g.letterSpacing = LABEL_SPACING;
  g.textBaseline = "middle";
  const width = g.measureText(label).width;
  const onLead = x < (bars.lead[i] as number);
  if (look === Look.Progress || look === Look.Unknown || onLead) {
    g.fillStyle = look === Look.Unknown ? p.unknownFill : p.progressFill;
    g.fillRect(x - 4, y + 2, width + 8, H - 4);
  }
  g.fillStyle = labelInk(p, look, (bits & Bit.ToNow) !== 0);
  g.fillText(label, x, middle + 0.25);
  if (bits & Bit.Struck) {
    g.fillStyle = look === Look.Failed ? p.failedOn : p.muted;
    g.fillRect(x - 2, Math.round(middle), width + 4, 1);
  }
  g.letterSpacing = "0px";
}

function labelInk(p: Palette, look: Look, toNow: boolean): string {
  switch (look) {
    case Look.Failed:
      return p.failedOn;
    case Look.Undone:
    case Look.Unknown:
      return p.text2;
    case Look.Past:
      return p.spanTextPast;
    case Look.Live:
      return toNow ? p.spanText : p.spanTextPast;
    case Look.Rollback:
    case Look.Progress:
    case Look.Merged:
    case Look.SoftEdge:
    case Look.Gap:
      return p.spanText;
  }
}

/** Several in one: fuller the more it holds a pixel. */
function paintMerged(paint: BarPaint, bars: BarList, i: number): void {
  const { g, p } = paint;
  const x0 = bars.x0[i] as number;
  const width = (bars.x1[i] as number) - x0;
  const y = bars.top[i] as number;
  const perPixel = (bars.count[i] as number) / Math.max(1, width);
  g.fillStyle = p.pastFill;
  g.fillRect(x0, y + 1, width, H - 2);
  g.globalAlpha = Math.min(0.9, 0.3 + perPixel * 0.3);
  g.fillStyle = p.pastStroke;
  g.fillRect(x0, y + 1, width, H - 2);
  g.globalAlpha = 1;
}

/** Too narrow for its shape: a solid tick in its colour. */
function paintMark(paint: BarPaint, bars: BarList, i: number, look: Look): void {
  const { g, p } = paint;
  const x0 = bars.x0[i] as number;
  const width = Math.max(2, (bars.x1[i] as number) - x0);
  const y = bars.top[i] as number;
  g.fillStyle = markColour(p, look);
  if (look === Look.Failed || look === Look.Rollback) {
    // A rim of canvas keeps it apart from merged neighbours; the failure's notch shows in its height.
    const rim = g.fillStyle;
    g.fillStyle = p.canvas;
    g.fillRect(x0 - 1, y, width + 2, H);
    g.fillStyle = rim;
    g.fillRect(
      x0,
      look === Look.Failed ? y - 1 : y + 2,
      width,
      look === Look.Failed ? H + 2 : H - 4,
    );
    return;
  }
  g.fillRect(x0, y + 1, width - 0.5, H - 2);
}

function markColour(p: Palette, look: Look): string {
  switch (look) {
    case Look.Failed:
      return p.failedFill;
    case Look.Rollback:
      return p.rollback;
    case Look.Progress:
      return p.progress;
    case Look.Unknown:
    case Look.Undone:
    case Look.SoftEdge:
    case Look.Gap:
      return p.unknownStroke;
    case Look.Past:
    case Look.Live:
    case Look.Merged:
      return p.pastStroke;
  }
}

/** The range in which an inferred start lies: hatched, open to the left, fading in. */
function paintSoftEdge(paint: BarPaint, bars: BarList, i: number): void {
  const { g, p } = paint;
  const x0 = bars.x0[i] as number;
  const x1 = bars.x1[i] as number;
  const y = bars.top[i] as number;
  g.beginPath();
  g.rect(x0, y + 0.5, x1 - x0, H - 1);
  const fade = g.createLinearGradient(x0, 0, x1, 0);
  fade.addColorStop(0, p.canvas);
  fade.addColorStop(1, p.unknownStroke);
  hatch(g, x1, Math.max(x0, 0), Math.min(x1, paint.width), y, H, fade, 6, 1.25);
  g.setLineDash([4, 3]);
  g.strokeStyle = fade;
  g.lineWidth = 1;
  g.beginPath();
  g.moveTo(x0, y + 0.5);
  g.lineTo(x1, y + 0.5);
  g.moveTo(x0, y + H - 0.5);
  g.lineTo(x1, y + H - 0.5);
  g.stroke();
  g.setLineDash([]);
}

function paintGap(paint: BarPaint, bars: BarList, i: number): void {
  const { g, p } = paint;
  const x0 = bars.x0[i] as number;
  const x1 = bars.x1[i] as number;
  const y = bars.top[i] as number;
  const outline = () => box(g, x0 + 0.5, y + 0.5, x1 - x0 - 1, H - 1, RADIUS, RADIUS);
  outline();
  g.fillStyle = p.canvas;
  g.fill();
  hatch(g, x0, Math.max(x0, 0), Math.min(x1, paint.width), y, H, p.unknownHatch, 6, 1.25);
  outline();
  g.setLineDash([4, 3]);
  g.lineWidth = 1;
  g.strokeStyle = p.unknownStroke;
  g.stroke();
  g.setLineDash([]);
  const label = paint.labelOf(bars, i);
  g.font = `450 11px ${p.fontUi}`;
  g.textBaseline = "middle";
  const width = g.measureText(label).width;
  const x = Math.max(x0, 0) + 8;
  if (x + width + 6 > Math.min(x1, paint.width)) return;
  g.fillStyle = p.canvas;
  g.fillRect(x - 4, y + 2, width + 8, H - 4);
  g.fillStyle = p.text2;
  g.fillText(label, x, y + H / 2 + 0.25);
}
