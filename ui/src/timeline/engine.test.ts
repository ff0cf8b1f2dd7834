import { beforeEach, describe, expect, it, vi } from "vitest";
import { buildTimeline } from "./build";
import { Tier } from "./columns";
import { type Clock, TimelineEngine } from "./engine";
import { at, failing, healthy, NOON, oneLane } from "./fixture";
import { endOf, NEVER } from "./lanes";
import { readPalette } from "./palette";
import type { Renderer, Words } from "./renderer";
import { HOUR, spanOf, toX } from "./scale";
import { NOW_AT } from "./state";

const words: Words = {
  clock: String,
  day: String,
  overviewDay: String,
  now: String,
  lastSeen: String,
  gap: String,
};

/** Frames and timers that run when the test says so. */
class FakeClock implements Clock {
  time = NOON;
  frames: (() => void)[] = [];
  timer: { at: number; run: () => void } | null = null;
  now = () => this.time;
  requestFrame = (draw: () => void) => this.frames.push(draw);
  cancelFrame = () => {
    this.frames = [];
  };
  after = (ms: number, run: () => void) => {
    this.timer = { at: this.time + ms, run };
    return 1;
  };
  cancel = () => {
    this.timer = null;
  };
  flush(): void {
    const due = this.frames;
    this.frames = [];
    for (const draw of due) draw();
  }
  advance(ms: number): void {
    const end = this.time + ms;
    while (this.timer && this.timer.at <= end) {
      const { at: due, run } = this.timer;
      this.time = due;
      this.timer = null;
      run();
      this.flush();
    }
    this.time = end;
  }
}

const fakeRenderer = () =>
  ({
    measure: (text: string) => text.length * 6,
    resize: vi.fn(),
    setPalette: vi.fn(),
    fontsChanged: vi.fn(),
    lanes: vi.fn(),
    overlay: vi.fn(),
    axis: vi.fn<Renderer["axis"]>(),
    overview: vi.fn(),
    dispose: vi.fn(),
  }) satisfies Renderer;

let clock: FakeClock;
let renderer: ReturnType<typeof fakeRenderer>;
let engine: TimelineEngine;
const data = oneLane([healthy(1, "1.0.0"), healthy(4, "1.1.0"), failing(10, "1.2.0")]);

beforeEach(() => {
  clock = new FakeClock();
  renderer = fakeRenderer();
  engine = new TimelineEngine({ clock, words, zone: "UTC" });
  engine.setData(data);
  engine.attach(renderer);
  engine.resize(800, 400, 56, 28, 2);
  clock.flush();
  for (const draw of [renderer.lanes, renderer.overlay, renderer.axis, renderer.overview])
    draw.mockClear();
});

describe("frames", () => {
  it("are none while nothing changes", () => {
    const before = engine.frames;
    clock.flush();
    clock.flush();
    expect(engine.frames).toBe(before);
    expect(clock.frames).toHaveLength(0);
  });

  it("are one for many changes", () => {
    engine.panBy(-10);
    engine.panBy(-10);
    engine.select(1);
    expect(clock.frames).toHaveLength(1);
    clock.flush();
    expect(renderer.lanes).toHaveBeenCalledTimes(1);
  });

  it("paint the overlay alone when the pointer moves", () => {
    engine.hover({ x: 300, y: 60 });
    clock.flush();
    expect(renderer.overlay).toHaveBeenCalledTimes(1);
    expect(renderer.lanes).not.toHaveBeenCalled();
    expect(renderer.overview).not.toHaveBeenCalled();
  });

  it("are asked for by NOW no more often than half a pixel, and not by a hidden window", () => {
    const before = engine.frames;
    clock.advance(60_000);
    // Six hours over 800 px: half a pixel is 13.5 s; whole minutes are drawn, too.
    expect(engine.frames - before).toBeGreaterThanOrEqual(4);
    expect(engine.frames - before).toBeLessThanOrEqual(6);
    engine.setVisible(false);
    const hidden = engine.frames;
    clock.advance(600_000);
    expect(engine.frames).toBe(hidden);
  });

  it("stop when the canvases are taken away", () => {
    engine.panBy(-10);
    engine.detach();
    clock.flush();
    clock.advance(60_000);
    expect(renderer.lanes).not.toHaveBeenCalled();
    expect(renderer.dispose).toHaveBeenCalled();
  });

  it("read the palette again for another theme", () => {
    engine.setPalette(readPalette(() => "red"));
    clock.flush();
    expect(renderer.setPalette).toHaveBeenCalledWith(expect.objectContaining({ now: "red" }));
    expect(renderer.lanes).toHaveBeenCalledTimes(1);
  });
});

describe("the view", () => {
  it("begins with six hours and NOW near the right edge", () => {
    const { scale } = engine.snapshot();
    expect(spanOf(scale)).toBe(6 * HOUR);
    expect(toX(scale, NOON) / scale.width).toBeCloseTo(NOW_AT, 5);
  });

  it("follows NOW, until a hand moves it away, and again after T", () => {
    clock.advance(120_000);
    expect(toX(engine.snapshot().scale, clock.time) / 800).toBeCloseTo(NOW_AT, 2);
    engine.panBy(-400);
    const { scale } = engine.snapshot();
    clock.advance(120_000);
    expect(engine.snapshot().scale).toEqual(scale);
    engine.goToNow();
    expect(toX(engine.snapshot().scale, engine.snapshot().now) / 800).toBeCloseTo(NOW_AT, 5);
  });

  it("never shows more than the period and a little future", () => {
    engine.fit();
    const { scale } = engine.snapshot();
    expect(scale.from).toBeCloseTo(data.from, 0);
    expect(toX(scale, NOON) / scale.width).toBeCloseTo(NOW_AT, 5);
    engine.zoomAt(400, 0.001);
    expect(spanOf(engine.snapshot().scale)).toBeCloseTo(spanOf(scale), -3);
  });

  it("zooms by steps around NOW", () => {
    engine.zoomBy("in");
    expect(spanOf(engine.snapshot().scale)).toBeCloseTo(3 * HOUR, -2);
    expect(toX(engine.snapshot().scale, NOON) / 800).toBeCloseTo(NOW_AT, 3);
  });
});

describe("what covers the right of the lanes", () => {
  const bar = (row: number) => {
    const { scale, now } = engine.snapshot();
    const x1 = toX(scale, endOf(data, row, now));
    return { x0: toX(scale, data.started[row] as number), x1 };
  };

  it("makes the selected deployment stand beside it, and gives the view back", () => {
    engine.select(2);
    const before = engine.snapshot().scale;
    expect(bar(2).x1).toBeGreaterThan(700);
    engine.setCovered(360);
    expect(bar(2).x1, "left of what covers the rest").toBeLessThanOrEqual(440);
    expect(bar(2).x0).toBeGreaterThanOrEqual(0);
    expect(spanOf(engine.snapshot().scale)).toBeCloseTo(spanOf(before), 3);
    engine.setCovered(0);
    expect(engine.snapshot().scale).toEqual(before);
  });

  it("leaves the pills of the axis what is free of it", () => {
    engine.setCovered(360);
    clock.flush();
    expect(renderer.axis.mock.lastCall?.[0]).toMatchObject({ free: 440 });
    engine.setCovered(0);
    clock.flush();
    expect(renderer.axis.mock.lastCall?.[0]).toMatchObject({ free: 800 });
  });

  it("goes on following NOW beside it, and back", () => {
    engine.select(2);
    engine.setCovered(360);
    const { x1 } = bar(2);
    clock.advance(120_000);
    expect(bar(2).x1).toBeCloseTo(x1, 0);
    engine.setCovered(0);
    expect(toX(engine.snapshot().scale, engine.snapshot().now) / 800).toBeCloseTo(NOW_AT, 2);
  });

  it("moves nothing while the deployment is in sight", () => {
    engine.select(1);
    const before = engine.snapshot().scale;
    engine.setCovered(360);
    expect(engine.snapshot().scale).toEqual(before);
  });

  it("leaves the view to a person who moved it meanwhile", () => {
    engine.select(2);
    engine.setCovered(360);
    engine.panBy(-120);
    const { scale } = engine.snapshot();
    engine.setCovered(0);
    expect(engine.snapshot().scale).toEqual(scale);
  });

  it("lets a selection that moves under it stand beside it, too", () => {
    engine.select(0);
    engine.setCovered(360);
    engine.select(2);
    expect(bar(2).x1).toBeLessThanOrEqual(440);
  });

  it("brings the keyboard's focus out from under it", () => {
    engine.setCovered(360);
    engine.setFocus({ visibleRow: 1, row: 2 });
    expect(bar(2).x1).toBeLessThanOrEqual(440);
  });
});

describe("selection", () => {
  it("makes pairs: a third replaces the older of two, a second press lets go", () => {
    engine.togglePair(0);
    engine.togglePair(1);
    expect(engine.snapshot().selected).toEqual([0, 1]);
    engine.togglePair(2);
    expect(engine.snapshot().selected).toEqual([1, 2]);
    engine.togglePair(1);
    expect(engine.snapshot().selected).toEqual([2]);
  });

  it("stays on its deployment when new data moves the rows", () => {
    const spec = (early: boolean) =>
      buildTimeline({
        now: NOON,
        from: at(0),
        to: NOON,
        environments: [{ name: "prod", tier: Tier.Production }],
        services: [
          {
            name: "shop",
            lanes: [
              {
                environment: 0,
                deployments: [
                  ...(early ? [healthy(0.5, "0.9.0")] : []),
                  healthy(1, "1.0.0"),
                  failing(10, "1.2.0"),
                ],
              },
            ],
          },
        ],
      });
    const before = spec(false);
    const after = spec(true);
    before.ledgerId.set([70, 71]);
    after.ledgerId.set([69, 70, 71]);
    engine.setData(before);
    engine.select(1);
    engine.setFocus({ visibleRow: 1, row: 1 });
    engine.setData(after);
    expect(engine.snapshot().selected).toEqual([2]);
    expect(engine.snapshot().focus?.row).toBe(2);
  });

  it("opens the group of what it goes to, and brings it into sight", () => {
    const two = buildTimeline({
      now: NOON,
      from: at(0),
      to: NOON,
      environments: [
        { name: "prod", tier: Tier.Production },
        { name: "staging", tier: Tier.Staging },
      ],
      services: [
        {
          name: "shop",
          lanes: [
            { environment: 0, deployments: [healthy(1, "1.0.0")] },
            { environment: 1, deployments: [healthy(1, "1.0.0"), healthy(3, "1.1.0")] },
          ],
        },
      ],
    });
    engine.setData(two);
    engine.setOpen(0, false);
    expect(engine.snapshot().rows.count).toBe(1);
    engine.goTo(1); // staging's first, which a closed service does not show
    const { rows, scale, selected, focus } = engine.snapshot();
    expect(selected).toEqual([1]);
    expect(rows.isOpen[0]).toBe(1);
    expect(focus).toEqual({ visibleRow: 2, row: 1 });
    expect(two.started[1] as number).toBeLessThan(scale.to);
    expect(two.started[2] as number).toBeGreaterThan(scale.from);
  });
});

describe("the first data", () => {
  it("opens no more groups because the clusters have not answered yet", () => {
    const services = ["a", "b", "c", "d", "e", "f"].map((name) => ({
      name,
      lanes: [{ environment: 0, deployments: [healthy(1, "1.0.0")], staleSince: NEVER }],
    }));
    const environments = [{ name: "prod", tier: Tier.Production }];
    const silent = buildTimeline({ now: NOON, from: at(0), to: NOON, environments, services });
    const fresh = new TimelineEngine({ clock, words, zone: "UTC" });
    fresh.setData(silent);
    expect([...fresh.snapshot().open.service]).toEqual(["a", "b", "c", "d"]);
  });
});

describe("the cursor", () => {
  it("follows the pointer until it is pinned, and leaves with it", () => {
    engine.hover({ x: 400, y: 40 });
    expect(engine.snapshot().cursor?.pinned).toBe(false);
    engine.pin(at(11));
    engine.hover({ x: 100, y: 40 });
    expect(engine.snapshot().cursor).toEqual({ time: at(11), pinned: true });
    engine.pin(null);
    engine.hover(null);
    expect(engine.snapshot().cursor).toBeNull();
  });
});

describe("the cursor under a resting pointer", () => {
  it("tells the moment that a pan brought there", () => {
    engine.hover({ x: 400, y: 40 });
    const before = engine.snapshot().cursor?.time ?? 0;
    engine.panBy(-80);
    expect(engine.snapshot().cursor?.time).toBeCloseTo(before - (80 / 800) * 6 * HOUR, -1);
  });

  it("is none over what has not happened yet", () => {
    engine.hover({ x: 790, y: 40 });
    expect(engine.snapshot().cursor).toBeNull();
  });
});

describe("listeners", () => {
  it("hear changes and get the same value until the next one", () => {
    const heard = vi.fn();
    const stop = engine.subscribe(heard);
    const before = engine.snapshot();
    expect(engine.snapshot()).toBe(before);
    engine.select(0);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(engine.snapshot()).not.toBe(before);
    stop();
    engine.select(null);
    expect(heard).toHaveBeenCalledTimes(1);
  });
});

it("spreads the overview beside what covers the lanes, not under it", () => {
  clock.flush();
  engine.setCovered(300);
  clock.flush();
  expect(renderer.overview.mock.lastCall?.[0]).toMatchObject({ width: 500 });
  expect(engine.overviewWidth()).toBe(500);
});

it("makes the draw list once for a change, whoever asks for it before its frame", () => {
  clock.flush();
  const measured = vi.spyOn(renderer, "measure");
  engine.zoomBy("in");
  engine.scene();
  const once = measured.mock.calls.length;
  expect(once).toBeGreaterThan(0);
  engine.scene();
  clock.flush();
  expect(measured.mock.calls.length).toBe(once);
});

describe("the pointer between a change and its frame", () => {
  it("hits what stands there now, not what was painted before", () => {
    clock.flush();
    const { scale, rows } = engine.snapshot();
    const y = (rows.top[engine.snapshot().rows.count - 1] as number) + 12;
    const x = toX(scale, at(7));
    const before = engine.hitAt(x, y);
    // One more deployment, earlier than all others: what stood there has another number now.
    engine.setData(
      oneLane([
        healthy(0.5, "0.9.0"),
        healthy(1, "1.0.0"),
        healthy(4, "1.1.0"),
        failing(10, "1.2.0"),
      ]),
    );
    const after = engine.hitAt(x, y);
    expect(before).toMatchObject({ kind: "deployment", row: 1 });
    expect(after).toMatchObject({ kind: "deployment", row: 2 });
  });
});
