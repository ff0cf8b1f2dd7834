import { describe, expect, it } from "vitest";
import type { TimelineData } from "./columns";
import { Flag, MarkKind } from "./columns";
import { Bit, Look, TickKind } from "./drawlist";
import {
  at,
  failing,
  healthy,
  NOON,
  oneLane,
  rollback,
  rollingOut,
  twoWorkloads,
  undone,
} from "./fixture";
import { hitTest } from "./hit";
import { NEVER } from "./lanes";
import { eventTime, failed, isRollback } from "./look";
import { layoutRows, NO_FILTER } from "./rows";
import { largeTimeline, SAMPLE_NOW } from "./sample";
import { DAY, HOUR, type Scale, toX } from "./scale";
import { buildScene, LABEL_LIMIT, Scene } from "./scene";

/** Six pixels a letter: a mono font as far as widths go. */
const measure = (text: string) => text.length * 6;
/** Noon to noon over 1,200 px: 100 px an hour. */
const DAYTIME: Scale = { from: at(0), to: at(12), width: 1200 };

function draw(
  data: TimelineData,
  scale = DAYTIME,
  options: { open?: boolean; height?: number; scrollTop?: number } = {},
) {
  const rows = layoutRows(data, "service", new Set(options.open ? [0] : []), NO_FILTER);
  const scene = new Scene();
  const height = options.height ?? 900;
  buildScene(
    scene,
    data,
    rows,
    { scale, scrollTop: options.scrollTop ?? 0, height, now: data.now },
    measure,
  );
  const bars = Array.from({ length: scene.bars.length }, (_, i) => ({
    look: scene.bars.look[i] as Look,
    bits: scene.bars.bits[i] as number,
    x0: scene.bars.x0[i] as number,
    x1: scene.bars.x1[i] as number,
    lead: scene.bars.lead[i] as number,
    strip: scene.bars.strip[i] as number,
    row: scene.bars.row[i] as number,
    count: scene.bars.count[i] as number,
  }));
  return { scene, rows, bars };
}

describe("bars", () => {
  it("stand one pixel inset, two apart, and end square on NOW", () => {
    const { bars } = draw(oneLane([healthy(2, "1.0.0"), healthy(6, "1.1.0")]));
    expect(bars.map((bar) => [bar.look, bar.x0, bar.x1])).toEqual([
      [Look.Past, 201, 599],
      [Look.Live, 601, 1199],
    ]);
    expect((bars[0]?.bits ?? 0) & Bit.ToNow).toBe(0);
    expect((bars[1]?.bits ?? 0) & Bit.ToNow).toBe(Bit.ToNow);
    expect((bars[1]?.bits ?? 0) & Bit.Healthy).toBe(Bit.Healthy);
  });

  it.each([
    ["in progress", rollingOut(6, "1"), Look.Progress],
    ["failed", failing(6, "1"), Look.Failed],
    ["undone", undone(6, "1"), Look.Undone],
    ["inferred", healthy(6, "1", { flags: Flag.Inferred }), Look.Unknown],
    ["failed, then undone, stays a failure", failing(6, "1", { flags: Flag.Undone }), Look.Failed],
  ] as const)("look %s", (_, deployment, look) => {
    expect(draw(oneLane([deployment])).bars[0]?.look).toBe(look);
  });

  it("show a rollout's stripes before its failure, and keep 20 px for the failure", () => {
    const [bar] = draw(oneLane([failing(6, "1")])).bars;
    expect(bar?.lead).toBeCloseTo(600 + (7 / 60) * 100, 0);
    const young = draw(oneLane([failing(11.7, "1")])).bars[0];
    expect((young?.x1 ?? 0) - (young?.lead ?? 0)).toBeGreaterThanOrEqual(20);
  });

  it("keep the old version as a strip under a failed bar, as long as it served", () => {
    const data = oneLane([healthy(2, "1"), failing(6, "2", { oldServesUntil: at(8) })]);
    expect(draw(data).bars[1]?.strip).toBe(800);
    const still = oneLane([
      healthy(2, "1"),
      failing(6, "2", { oldServesUntil: Number.POSITIVE_INFINITY }),
    ]);
    expect(draw(still).bars[1]?.strip).toBe(1199);
  });

  it("of a cluster that was never reached are hatched whole, without a moment last seen", () => {
    const { bars, scene } = draw(oneLane([healthy(2, "1")], { staleSince: NEVER }));
    expect(bars.map((bar) => [bar.look, bar.x0])).toEqual([[Look.Unknown, 201]]);
    expect(bars.every((bar) => bar.look !== Look.Live)).toBe(true);
    expect(scene.staleLines).toEqual([]);
    const empty = draw(oneLane([], { staleSince: NEVER }));
    expect(empty.scene.unreached, "a lane of which nothing is known").toHaveLength(1);
    expect(draw(oneLane([])).scene.unreached, "nothing ran there, as its cluster says").toEqual([]);
  });

  it("are hatched from a stale cluster's last answer on, and the line is told once", () => {
    const { bars, scene } = draw(oneLane([healthy(2, "1")], { staleSince: at(9) }));
    expect(bars.map((bar) => [bar.look, bar.x0, bar.x1])).toEqual([
      [Look.Past, 201, 899],
      [Look.Unknown, 901, 1199],
    ]);
    expect(scene.staleLines).toEqual([at(9)]);
  });

  it("have a soft edge over the range in which they began", () => {
    const { bars } = draw(oneLane([healthy(2, "1"), healthy(6, "2", { startedEarliest: at(5) })]));
    expect(bars.map((bar) => [bar.look, bar.x0, bar.x1])).toEqual([
      [Look.Past, 201, 499],
      [Look.SoftEdge, 501, 600],
      [Look.Live, 601, 1199],
    ]);
  });

  it("leave a gap hatched, with its count", () => {
    const { bars } = draw(
      oneLane([healthy(2, "1"), healthy(8, "2")], { gaps: [{ from: at(4), to: at(8), count: 2 }] }),
    );
    const gap = bars.find((bar) => bar.look === Look.Gap);
    expect(gap).toMatchObject({ x0: 401, x1: 799, count: 2 });
  });
});

describe("labels", () => {
  it("are whole or not at all", () => {
    // 100 px an hour; "1.10.0" is 36 px and needs 8 before and 6 after it, and 2 px part the bars.
    const wide = draw(oneLane([healthy(2, "1.10.0", { ended: at(2.52) })])).bars[0];
    const narrow = draw(oneLane([healthy(2, "1.10.0", { ended: at(2.5) })])).bars[0];
    expect((wide?.bits ?? 0) & Bit.Label).toBe(Bit.Label);
    expect((narrow?.bits ?? 0) & Bit.Label).toBe(0);
  });

  it("move behind a mark that would lie on them, or are left out", () => {
    // The bar begins at 200, its label at 209 and is 36 px wide; a mark with its rim is 16 px.
    const marked = (hour: number, ended?: number) =>
      draw(
        oneLane([healthy(2, "1.10.0", ended === undefined ? {} : { ended: at(ended) })], {
          marks: [{ time: at(hour) }],
        }),
      );
    expect(marked(2.3).scene.bars.labelX[0], "behind the mark at 230").toBe(238);
    expect(marked(2.6).scene.bars.labelX[0], "clear of the mark at 260").toBe(209);
    const narrow = marked(2.3, 2.7).bars[0];
    expect((narrow?.bits ?? 0) & Bit.Label, "no room behind it").toBe(0);
  });

  it("stand on the rollout's stripes where the body is too short for them", () => {
    const late = healthy(2, "1.10.0", { settled: at(3), ended: at(3.2) });
    const { scene } = draw(oneLane([late]));
    expect((scene.bars.bits[0] as number) & Bit.Label).toBe(Bit.Label);
    expect(scene.bars.lead[0]).toBe(300);
    expect(scene.bars.labelX[0]).toBe(209);
  });

  it("stay in sight while their bar leaves the view on the left", () => {
    const scale = { from: at(8), to: at(12), width: 400 };
    const { scene } = draw(oneLane([healthy(2, "1.0.0")]), scale);
    expect(scene.bars.labelX[0]).toBe(8);
  });
});

describe("arcs", () => {
  it("lead from the rollback to the end of the span it returned to", () => {
    const { scene } = draw(oneLane([healthy(2, "1"), undone(5, "2"), rollback(8, "1", 0)]));
    expect(scene.arcs.length).toBe(1);
    expect(scene.arcs.from[0]).toBe(804);
    expect(scene.arcs.to[0]).toBe(494);
  });

  it("are left out where the span returned to is out of sight", () => {
    const scale = { from: at(7), to: at(12), width: 500 };
    const { scene } = draw(oneLane([healthy(2, "1"), undone(5, "2"), rollback(8, "1", 0)]), scale);
    expect(scene.arcs.length).toBe(0);
  });
});

describe("threads", () => {
  it("tick every event of an open service, failures when they failed", () => {
    const data = oneLane([healthy(2, "1"), failing(6, "2"), rollback(8, "1", 0)], {
      marks: [{ time: at(3) }, { time: at(4), kind: MarkKind.Restart }],
    });
    const { scene } = draw(data, DAYTIME, { open: true });
    const ticks = Array.from({ length: scene.ticks.length }, (_, i) => [
      scene.ticks.x[i],
      scene.ticks.kind[i],
    ]);
    expect(ticks).toEqual([
      [200, TickKind.Live],
      [300, TickKind.Config],
      [400, TickKind.Restart],
      [612, TickKind.Failed],
      [800, TickKind.Rollback],
    ]);
  });

  it("let the gravest of several events on one pixel stand", () => {
    const data = oneLane([
      healthy(6, "1"),
      failing(6.001, "2", { failedAt: at(6.002) }),
      healthy(6.003, "3"),
    ]);
    const { scene } = draw(data, DAYTIME, { open: true });
    expect([...scene.ticks.kind.subarray(0, scene.ticks.length)]).toEqual([TickKind.Failed]);
  });
});

describe("merging", () => {
  /** Many deployments a minute apart: far less than a pixel each. */
  const crowd = (special: Record<number, "failed" | "rollback">) =>
    oneLane(
      Array.from({ length: 200 }, (_, i) => {
        const hours = 5 + i / 600;
        if (special[i] === "failed") return failing(hours, "f", { failedAt: at(hours) + 1000 });
        if (special[i] === "rollback") return rollback(hours, "b", Math.max(0, i - 2));
        return healthy(hours, "h");
      }),
    );

  it("draws one bar for many, and counts them", () => {
    const { bars } = draw(crowd({}));
    const merged = bars.filter((bar) => bar.look === Look.Merged);
    expect(merged).toHaveLength(1);
    expect(merged[0]?.count).toBe(199); // the last one is live until noon, and wide
  });

  it("keeps a failure and a rollback in one pixel side by side", () => {
    const { bars } = draw(crowd({ 50: "failed", 51: "rollback" }));
    const marks = bars.filter((bar) => bar.bits & Bit.Mark);
    expect(marks.map((bar) => bar.look).sort()).toEqual([Look.Rollback, Look.Failed].sort());
    const [a, b] = marks;
    expect(Math.abs((a?.x0 ?? 0) - (b?.x0 ?? 0))).toBeGreaterThanOrEqual(3);
  });

  it("never hides a failure or a rollback, at any zoom", () => {
    const data = largeTimeline(4, 4000);
    for (const span of [90 * DAY, 30 * DAY, 7 * DAY, DAY, 6 * HOUR]) {
      const scale = { from: SAMPLE_NOW - span, to: SAMPLE_NOW, width: 700 };
      const { bars, scene } = draw(data, scale);
      expect(scene.end).toBe(4);
      for (let row = 0; row < data.started.length; row++) {
        // Closed services show their first lane: lanes 0, 3, 6, 9.
        if ((data.lane[row] as number) % 3 !== 0) continue;
        const x = toX(scale, eventTime(data, row));
        if (x < 0 || x > scale.width) continue;
        const from = scene.barsOf[(data.lane[row] as number) / 3] as number;
        const to = scene.barsOf[(data.lane[row] as number) / 3 + 1] as number;
        const own = bars.slice(from, to);
        const near = (look: Look) =>
          own.some((bar) => bar.look === look && bar.x0 - 7 <= x && x <= bar.x1 + 7);
        if (failed(data, row))
          expect(near(Look.Failed), `failure ${row} over ${span / DAY} d`).toBe(true);
        if (isRollback(data, row))
          expect(near(Look.Rollback), `rollback ${row} over ${span / DAY} d`).toBe(true);
      }
    }
  });
});

describe("a hundred thousand deployments", () => {
  const data = largeTimeline(500, 100_000);
  it.each([
    ["at full span", 90 * DAY],
    ["over a week", 7 * DAY],
    ["over six hours", 6 * HOUR],
  ])("stay within the budget of a frame %s", (_, span) => {
    const scale = { from: SAMPLE_NOW - span, to: SAMPLE_NOW + span * 0.08, width: 1216 };
    const rows = layoutRows(
      data,
      "service",
      new Set(Array.from({ length: 500 }, (_, i) => i)),
      NO_FILTER,
    );
    const scene = new Scene();
    buildScene(
      scene,
      data,
      rows,
      { scale, scrollTop: 20_000, height: 750, now: SAMPLE_NOW },
      measure,
    );
    expect(scene.bars.length + scene.ticks.length + scene.marks.length).toBeLessThanOrEqual(6000);
    expect(scene.labels).toBeLessThanOrEqual(LABEL_LIMIT);
    expect(scene.end - scene.first, "only rows in sight are laid out").toBeLessThan(28);
  });
});

describe("hit test", () => {
  const data = oneLane([healthy(2, "1"), failing(6, "2")], { marks: [{ time: at(4) }] });
  const { scene, rows } = draw(data);
  it.each([
    ["a bar", 300, 16, { kind: "deployment", row: 0 }],
    ["the failed one", 700, 16, { kind: "deployment", row: 1 }],
    ["a configuration change on a bar", 402, 14, { kind: "mark", mark: 0 }],
    ["a row beside its bars", 100, 16, { kind: "row", visibleRow: 0 }],
    ["above the bar", 300, 2, { kind: "row" }],
    ["below everything", 300, 400, { kind: "nothing" }],
  ])("finds %s", (_, x, y, expected) => {
    expect(hitTest(scene, rows, 0, x, y)).toMatchObject(expected);
  });

  it("finds the failure among merged neighbours", () => {
    const crowded = oneLane([
      healthy(5, "a"),
      failing(5.005, "b", { failedAt: at(5.006) }),
      healthy(5.01, "c"),
      healthy(5.02, "d"),
      healthy(8, "e"),
    ]);
    const drawn = draw(crowded, { from: at(0), to: NOON, width: 100 });
    const x = toX({ from: at(0), to: NOON, width: 100 }, at(5.006));
    expect(hitTest(drawn.scene, drawn.rows, 0, x + 1, 16)).toMatchObject({
      kind: "deployment",
      row: 1,
    });
  });
});

describe("several workloads", () => {
  const drawn = (places: number[]) => {
    const data = twoWorkloads();
    const rows = layoutRows(data, "service", new Set([0]), NO_FILTER, new Set(places));
    const scene = new Scene();
    const view = { scale: DAYTIME, scrollTop: 0, height: 900, now: NOON };
    buildScene(scene, data, rows, view, measure);
    const { bars } = scene;
    return Array.from({ length: bars.length }, (_, i) => [
      bars.top[i],
      bars.row[i],
      bars.x0[i],
      bars.x1[i],
    ]);
  };

  it("stand in one line, each bar up to the next start, while their lane is closed", () => {
    expect(drawn([]).slice(0, 4)).toEqual([
      [37, 0, 101, 199],
      [37, 2, 201, 399],
      [37, 1, 401, 599],
      [37, 3, 601, 1199],
    ]);
  });

  it("have a line each, whole, when it is open", () => {
    expect(drawn([0]).slice(0, 4)).toEqual([
      [67, 0, 101, 399],
      [67, 1, 401, 1199],
      [97, 2, 201, 599],
      [97, 3, 601, 1199],
    ]);
  });
});
