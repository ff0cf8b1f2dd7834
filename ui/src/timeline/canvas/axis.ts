/** The axis: ticks, their labels, and the pills of NOW, of the cursor and of a last answer. */

import type { Palette } from "../palette";
import { type Pill, placePills } from "../pills";
import type { AxisFrame } from "../renderer";
import { DAY, toX } from "../scale";
import { chooseStep, type Tick, ticks } from "../ticks";
import type { Layer } from "./shapes";

export function paintAxis(layer: Layer, p: Palette, frame: AxisFrame): void {
  const { g, width, height } = layer;
  g.clearRect(0, 0, width, height);
  g.textBaseline = "middle";
  g.font = `600 11px ${p.fontUi}`;
  const pills = placePills(pillsOf(frame), frame.free, (s) => g.measureText(s).width);
  g.font = `450 11px ${p.fontUi}`;
  const far = chooseStep(frame.scale).major >= 7 * DAY;
  for (const tick of ticks(frame.scale, frame.zone)) paintTick(layer, p, frame, tick, pills, far);
  for (const pill of pills) {
    const [ground, ink] = pillColours(p, pill.kind);
    g.fillStyle = ground;
    g.beginPath();
    g.roundRect(pill.left, 4, pill.width, 18, 4);
    g.fill();
    if (pill.at >= 0 && pill.at <= width)
      g.fillRect(Math.round(pill.at) - 0.75, 20, 1.5, height - 20);
    g.fillStyle = ink;
    g.font = `600 11px ${p.fontUi}`;
    g.fillText(pill.label, pill.left + 6, 13.5);
  }
}

function pillsOf(frame: AxisFrame): Pill[] {
  const { scale, words } = frame;
  const out: Pill[] = [];
  for (const since of frame.staleSince) {
    out.push({ kind: "stale", at: toX(scale, since), label: words.lastSeen(words.clock(since)) });
  }
  out.push({ kind: "now", at: toX(scale, frame.now), label: words.now(words.clock(frame.now)) });
  if (frame.cursor) {
    out.push({
      kind: "cursor",
      at: toX(scale, frame.cursor.time),
      label: words.clock(frame.cursor.time),
    });
  }
  return out;
}

function pillColours(p: Palette, kind: Pill["kind"]): readonly [string, string] {
  switch (kind) {
    case "now":
      return [p.now, p.nowOn];
    case "cursor":
      return [p.text, p.canvas];
    case "stale":
      return [p.raised, p.text];
  }
}

function paintTick(
  layer: Layer,
  p: Palette,
  frame: AxisFrame,
  tick: Tick,
  pills: readonly { left: number; width: number }[],
  far: boolean,
): void {
  const { g, width, height } = layer;
  const x = Math.round(toX(frame.scale, tick.time));
  const length = tick.major ? 6 : 4;
  g.fillStyle = p.strong;
  g.fillRect(x, height - length, 1, length);
  if (tick.label === "none" || x <= 4) return;
  const label =
    tick.label === "day" ? frame.words.day(tick.time, far) : frame.words.clock(tick.time);
  const textWidth = g.measureText(label).width;
  const left = x - textWidth / 2;
  if (left < 0 || left + textWidth > width) return;
  if (pills.some((pill) => left < pill.left + pill.width + 6 && left + textWidth > pill.left - 6))
    return;
  g.fillStyle = tick.label === "day" ? p.text2 : p.muted;
  g.fillText(label, left, height / 2 - 1);
}
