/** Mouse, pen and touch on the engine's canvases. Each function returns what undoes it. */

import type { TimelineEngine } from "./engine";
import type { Hit } from "./hit";
import { type BrushPart, brushPart } from "./overview";
import { toTime } from "./scale";

/** How far a pressed pointer moves before it is a drag and no click. */
const SLOP = 4;
const LINE = 20;

export interface LaneActions {
  /** A click on the lanes; `add` with Ctrl or ⌘ held. */
  click(hit: Hit, x: number, add: boolean): void;
  open(hit: Hit): void;
}

interface Drag {
  readonly id: number;
  readonly startX: number;
  readonly startY: number;
  readonly brush: boolean;
  lastX: number;
  lastY: number;
  moved: boolean;
}

/** Hover, click, drag to pan, Shift+drag to brush a range, wheel. */
export function attachLanes(
  canvas: HTMLCanvasElement,
  engine: TimelineEngine,
  actions: LaneActions,
): () => void {
  let drag: Drag | null = null;
  const stop = new AbortController();
  const on = listener(canvas, stop.signal);
  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    const [x, y] = [event.offsetX, event.offsetY];
    drag = {
      id: event.pointerId,
      startX: x,
      startY: y,
      brush: event.shiftKey,
      lastX: x,
      lastY: y,
      moved: false,
    };
    canvas.setPointerCapture(event.pointerId);
  });
  on("pointermove", (event) => {
    const [x, y] = [event.offsetX, event.offsetY];
    if (!drag) {
      engine.hover({ x, y });
      canvas.style.cursor = cursorFor(engine.snapshot().hit);
      return;
    }
    if (!drag.moved && Math.hypot(x - drag.startX, y - drag.startY) < SLOP) return;
    drag.moved = true;
    if (drag.brush) {
      engine.setBrush({ from: Math.min(x, drag.startX), to: Math.max(x, drag.startX) });
    } else {
      engine.hover(null);
      canvas.style.cursor = "grabbing";
      engine.panBy(drag.lastX - x);
      engine.scrollTo(engine.snapshot().scrollTop + drag.lastY - y);
    }
    drag.lastX = x;
    drag.lastY = y;
  });
  on("pointerup", (event) => {
    const done = drag;
    drag = null;
    canvas.style.cursor = "";
    if (!done) return;
    if (done.brush) finishBrush(engine);
    else if (!done.moved) {
      const hit = engine.hitAt(event.offsetX, event.offsetY);
      actions.click(hit, event.offsetX, event.ctrlKey || event.metaKey);
    }
  });
  on("pointercancel", () => {
    drag = null;
    engine.setBrush(null);
  });
  on("pointerleave", () => {
    if (!drag) engine.hover(null);
  });
  on("dblclick", (event) => actions.open(engine.hitAt(event.offsetX, event.offsetY)));
  const offWheel = attachWheel(canvas, engine, () => 0);
  return () => {
    stop.abort();
    offWheel();
  };
}

function finishBrush(engine: TimelineEngine): void {
  const { brush, scale } = engine.snapshot();
  engine.setBrush(null);
  if (brush && brush.to - brush.from >= SLOP) {
    engine.showRange(toTime(scale, brush.from), toTime(scale, brush.to));
  }
}

const cursorFor = (hit: Hit): string =>
  hit.kind === "deployment" || hit.kind === "mark" ? "pointer" : "";

/**
 * Wheel: lanes up and down, sideways (or with Shift) along time, with Ctrl zoom at the pointer. A
 * pinch on a touchpad arrives as a wheel with Ctrl. `offset` is where x = 0 of the lanes stands.
 */
export function attachWheel(
  element: HTMLElement,
  engine: TimelineEngine,
  offset: () => number,
): () => void {
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    if (event.ctrlKey || event.metaKey) {
      // Mice step by about 100, pinches by a few: both should feel alike.
      const strength = Math.abs(dy) < 40 ? 0.01 : 0.0025;
      engine.zoomAt(Math.max(0, event.offsetX - offset()), Math.exp(-dy * strength));
      return;
    }
    if (event.shiftKey && dx === 0) {
      engine.panBy(dy);
      return;
    }
    if (Math.abs(dx) > Math.abs(dy)) engine.panBy(dx);
    else engine.scrollTo(engine.snapshot().scrollTop + dy);
  };
  element.addEventListener("wheel", wheel, { passive: false });
  return () => element.removeEventListener("wheel", wheel);
}

/** A click on the axis pins the cursor there; a drag moves it. */
export function attachAxis(canvas: HTMLCanvasElement, engine: TimelineEngine): () => void {
  let pressed = false;
  const stop = new AbortController();
  const on = listener(canvas, stop.signal);
  const pin = (event: PointerEvent) => {
    const { scale, now } = engine.snapshot();
    engine.pin(Math.min(toTime(scale, event.offsetX), now));
  };
  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    pressed = true;
    canvas.setPointerCapture(event.pointerId);
    pin(event);
  });
  on("pointermove", (event) => {
    if (pressed) pin(event);
    else engine.hover({ x: event.offsetX, y: -1 });
  });
  on("pointerup", () => {
    pressed = false;
  });
  on("pointercancel", () => {
    pressed = false;
  });
  on("pointerleave", () => engine.hover(null));
  const offWheel = attachWheel(canvas, engine, () => 0);
  return () => {
    stop.abort();
    offWheel();
  };
}

/** The brush: its grips change the range, its inside moves it, a click elsewhere centres it. */
export function attachOverview(canvas: HTMLCanvasElement, engine: TimelineEngine): () => void {
  let held: { part: BrushPart; x: number; from: number; to: number } | null = null;
  const stop = new AbortController();
  const on = listener(canvas, stop.signal);
  const toX = (time: number) => {
    const { from, to } = engine.overview();
    return ((time - from) / (to - from)) * engine.overviewWidth();
  };
  const msPerPixel = () => {
    const { from, to } = engine.overview();
    return (to - from) / Math.max(1, engine.overviewWidth());
  };
  const partAt = (x: number) => {
    const { scale } = engine.snapshot();
    return brushPart(x, toX(scale.from), toX(scale.to));
  };
  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    const { scale } = engine.snapshot();
    const part = partAt(event.offsetX);
    if (part === "outside") {
      const centre = engine.overview().from + event.offsetX * msPerPixel();
      const half = (scale.to - scale.from) / 2;
      engine.showRange(centre - half, centre + half);
    }
    const now = engine.snapshot().scale;
    held = {
      part: part === "outside" ? "inside" : part,
      x: event.offsetX,
      from: now.from,
      to: now.to,
    };
  });
  on("pointermove", (event) => {
    if (!held) {
      canvas.style.cursor = OVERVIEW_CURSOR[partAt(event.offsetX)];
      return;
    }
    const shift = (event.offsetX - held.x) * msPerPixel();
    if (held.part === "inside") engine.showRange(held.from + shift, held.to + shift);
    else if (held.part === "from") {
      engine.showRange(Math.min(held.from + shift, held.to - 300_000), held.to);
    } else engine.showRange(held.from, Math.max(held.to + shift, held.from + 300_000));
  });
  on("pointerup", () => {
    held = null;
  });
  on("pointercancel", () => {
    held = null;
  });
  return () => stop.abort();
}

const OVERVIEW_CURSOR: Record<BrushPart, string> = {
  from: "ew-resize",
  to: "ew-resize",
  inside: "grab",
  outside: "pointer",
};

type PointerName =
  | "pointerdown"
  | "pointermove"
  | "pointerup"
  | "pointercancel"
  | "pointerleave"
  | "dblclick";

function listener(canvas: HTMLCanvasElement, signal: AbortSignal) {
  return <N extends PointerName>(name: N, run: (event: HTMLElementEventMap[N]) => void) =>
    canvas.addEventListener(name, run, { signal });
}
