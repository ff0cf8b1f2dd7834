/** Small shapes, each drawn by path: the fonts hold no arrows, crosses or diamonds. */

export type Context = CanvasRenderingContext2D;

/** A bar's outline: own radius on each side. */
export function box(
  g: Context,
  x: number,
  y: number,
  w: number,
  h: number,
  left: number,
  right: number,
): void {
  g.beginPath();
  g.roundRect(x, y, Math.max(0, w), h, [left, right, right, left]);
}

/**
 * Fills the current path with slanted lines. They are anchored at `anchor`, so that they move with
 * their bar when the view pans; only what lies between `from` and `to` is drawn.
 */
export function hatch(
  g: Context,
  anchor: number,
  from: number,
  to: number,
  y: number,
  h: number,
  colour: string | CanvasGradient,
  step: number,
  width: number,
): void {
  g.save();
  g.clip();
  g.strokeStyle = colour;
  g.lineWidth = width;
  g.beginPath();
  const start = anchor + Math.floor((from - h - anchor) / step) * step;
  for (let x = start; x < to + h; x += step) {
    g.moveTo(x, y + h);
    g.lineTo(x + h, y);
  }
  g.stroke();
  g.restore();
}

export function cross(
  g: Context,
  x: number,
  y: number,
  r: number,
  colour: string,
  width: number,
): void {
  g.strokeStyle = colour;
  g.lineWidth = width;
  g.lineCap = "round";
  g.beginPath();
  g.moveTo(x - r, y - r);
  g.lineTo(x + r, y + r);
  g.moveTo(x + r, y - r);
  g.lineTo(x - r, y + r);
  g.stroke();
  g.lineCap = "butt";
}

/** An arrow to the left with its tip at x. */
export function arrowLeft(g: Context, x: number, y: number, size: number, colour: string): void {
  g.strokeStyle = colour;
  g.lineWidth = 1.6;
  g.lineCap = "round";
  g.lineJoin = "round";
  g.beginPath();
  g.moveTo(x + size, y - size);
  g.lineTo(x, y);
  g.lineTo(x + size, y + size);
  g.moveTo(x, y);
  g.lineTo(x + size * 2.1, y);
  g.stroke();
  g.lineCap = "butt";
}

export function diamond(g: Context, x: number, y: number, r: number, colour: string): void {
  g.fillStyle = colour;
  g.beginPath();
  g.moveTo(x, y - r);
  g.lineTo(x + r, y);
  g.lineTo(x, y + r);
  g.lineTo(x - r, y);
  g.fill();
}

/** A circle with a gap and an arrow head: a restart. */
export function restart(g: Context, x: number, y: number, r: number, colour: string): void {
  g.strokeStyle = colour;
  g.lineWidth = 1.5;
  g.lineCap = "round";
  g.beginPath();
  g.arc(x, y, r, -0.3, 4.4);
  g.stroke();
  const tipX = x + r * Math.cos(-0.3);
  const tipY = y + r * Math.sin(-0.3);
  g.fillStyle = colour;
  g.beginPath();
  g.moveTo(tipX - 2.6, tipY + 0.4);
  g.lineTo(tipX + 2.6, tipY + 0.4);
  g.lineTo(tipX, tipY - 3.2);
  g.fill();
  g.lineCap = "butt";
}

/** An arc from a rollback's start back to the span it returned to, its head pointing down. */
export function arc(g: Context, from: number, to: number, y: number, colour: string): void {
  const height = 10; // control points: the curve itself rises to 7 px
  g.strokeStyle = colour;
  g.lineWidth = 1.35;
  g.beginPath();
  g.moveTo(from, y);
  g.bezierCurveTo(from - 2, y - height, to + 2, y - height, to, y - 3.5);
  g.stroke();
  g.fillStyle = colour;
  g.beginPath();
  g.moveTo(to - 3.5, y - 5);
  g.lineTo(to + 3.5, y - 5);
  g.lineTo(to, y + 0.5);
  g.closePath();
  g.fill();
}

/** A canvas with its context, sized in CSS pixels. */
export class Layer {
  width = 0;
  height = 0;
  readonly g: Context;

  constructor(readonly canvas: HTMLCanvasElement) {
    const g = canvas.getContext("2d");
    if (!g) throw new Error("this web view draws no Canvas 2D: the timeline needs it");
    this.g = g;
  }

  resize(width: number, height: number, ratio: number): void {
    this.width = width;
    this.height = height;
    const w = Math.max(1, Math.round(width * ratio));
    const h = Math.max(1, Math.round(height * ratio));
    if (this.canvas.width !== w) this.canvas.width = w;
    if (this.canvas.height !== h) this.canvas.height = h;
    this.g.setTransform(w / Math.max(1, width), 0, 0, h / Math.max(1, height), 0, 0);
  }
}
