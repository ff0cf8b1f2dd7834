import { describe, expect, it } from "vitest";
import { Flag, Status } from "./columns";
import { Bit, Look } from "./drawlist";
import { at, failing, healthy, NOON, oneLane, rollingOut, twoWorkloads } from "./fixture";
import {
  differences,
  endOf,
  failingNow,
  isMixed,
  laneState,
  maybeAt,
  newestCurrent,
  placeOf,
  ranAt,
  rowOfLedgerId,
  rowsBetween,
  rowsOfPlace,
  worstState,
} from "./lanes";
import { bitsOf, lookOf } from "./look";

describe("what ran at a moment", () => {
  const data = oneLane([
    healthy(2, "1.0.0", { ended: at(6) + 120_000 }),
    healthy(6, "1.1.0", { ended: at(9) + 120_000 }),
    failing(9, "1.2.0", { oldServesUntil: at(10) }),
  ]);
  it.each([
    ["before anything", 1, -1, "nothing", -1],
    ["at a start", 2, 0, "rolling-out", -1],
    ["once it settled", 3, 0, "live", -1],
    ["while the next one rolls out, the old one serves", 6.01, 1, "rolling-out", 0],
    ["after it settled", 7, 1, "live", -1],
    ["while a rollout fails slowly", 9.05, 2, "rolling-out", 1],
    ["after the failure, while old pods serve", 9.5, 2, "failed", 1],
    ["after the failure, when they are gone", 11, 2, "failed", -1],
  ] as const)("%s", (_, hours, row, phase, serving) => {
    expect(ranAt(data, 0, at(hours))).toEqual({ row, phase, serving });
  });

  it("may be the next one already, from its earliest possible start to its latest", () => {
    const range = oneLane([
      healthy(2, "1.0.0"),
      healthy(8, "1.1.0", { startedEarliest: at(5) }),
      healthy(12, "1.2.0"),
    ]);
    const may = [4, 5, 7, 8, 11, 13].map((hours) => maybeAt(range, 0, at(hours)));
    expect(may).toEqual([-1, 1, 1, -1, -1, -1]);
  });

  it("is nothing once the last one ended", () => {
    const gone = oneLane([healthy(2, "1.0.0", { ended: at(6) })]);
    expect(ranAt(gone, 0, at(5)).phase).toBe("live");
    expect(ranAt(gone, 0, at(7))).toEqual({ row: -1, phase: "nothing", serving: -1 });
  });

  it("is unknown after a cluster's last answer, and before it is not", () => {
    const stale = oneLane([healthy(2, "1.0.0")], { staleSince: at(8) });
    expect(ranAt(stale, 0, at(7)).phase).toBe("live");
    expect(ranAt(stale, 0, at(9)).phase).toBe("unknown");
  });

  it("is unknown inside a gap: it is said, not guessed", () => {
    const gap = oneLane([healthy(2, "1.0.0"), healthy(8, "1.3.0")], {
      gaps: [{ from: at(4), to: at(8), count: 2 }],
    });
    expect(ranAt(gap, 0, at(3)).phase).toBe("live");
    expect(ranAt(gap, 0, at(5)).phase).toBe("unknown");
    expect(ranAt(gap, 0, at(8) + 130_000).phase).toBe("live");
  });

  it("tells which lanes ran another version then", () => {
    const now = data.laneCurrent[0] as number;
    expect(differences(data, [0], at(7))).toEqual([{ lane: 0, before: now - 1, now }]);
    expect(differences(data, [0], at(9.5))).toEqual([]);
    expect(differences(data, [0], at(1)), "nothing then is different, too").toEqual([
      { lane: 0, before: -1, now },
    ]);
  });
});

describe("where a bar ends", () => {
  it("is the next one's start, though the old one served until that settled", () => {
    const data = oneLane([healthy(2, "1", { ended: at(6) + 120_000 }), healthy(6, "2")]);
    expect(endOf(data, 0, NOON)).toBe(at(6));
    expect(endOf(data, 1, NOON)).toBe(NOON);
  });

  it("is the earliest possible start of an inferred next one", () => {
    const data = oneLane([healthy(2, "1"), healthy(6, "2", { startedEarliest: at(5) })]);
    expect(endOf(data, 0, NOON)).toBe(at(5));
  });

  it("is its own end where nothing follows", () => {
    expect(endOf(oneLane([healthy(2, "1", { ended: at(4) })]), 0, NOON)).toBe(at(4));
  });
});

describe("rows between two moments", () => {
  const data = oneLane([1, 3, 5, 7, 9].map((hours) => healthy(hours, String(hours))));
  it.each([
    ["the one that still runs at the left edge", 4, 6, 1, 3],
    ["everything", 0, 12, 0, 5],
    ["before the first", 0, 0.5, 0, 0],
    ["after the last start", 10, 12, 4, 5],
  ])("%s", (_, from, to, first, end) => {
    expect(rowsBetween(data, 0, at(from), at(to))).toEqual({ first, end });
  });

  it("takes in the next one when its soft edge reaches into view", () => {
    const soft = oneLane([healthy(1, "1"), healthy(8, "2", { startedEarliest: at(5) })]);
    expect(rowsBetween(soft, 0, at(2), at(6)).end).toBe(2);
  });
});

describe("how lanes fare", () => {
  it.each([
    ["healthy", healthy(2, "1"), "ok"],
    ["failed", failing(2, "1"), "failed"],
    ["in progress", rollingOut(2, "1"), "progress"],
    ["degraded", healthy(2, "1", { status: Status.Degraded }), "warn"],
    ["unknown", healthy(2, "1", { status: Status.Unknown }), "unknown"],
    ["gone", healthy(2, "1", { ended: at(3) }), "idle"],
  ] as const)("%s", (_, deployment, state) => {
    expect(laneState(oneLane([deployment]), 0)).toBe(state);
  });

  it("a healthy lane whose start only bounds tell is inferred", () => {
    const inferred = healthy(2, "1", { flags: Flag.Inferred, startedEarliest: at(1) });
    const data = oneLane([inferred]);
    expect(laneState(data, 0)).toBe("inferred");
    expect(lookOf(data, 0)).toBe(Look.Unknown);
    expect(bitsOf(data, 0) & Bit.Healthy, "what is hatched makes no claim of health").toBe(0);
  });

  it("a stale lane is unknown, never green", () => {
    expect(laneState(oneLane([healthy(2, "1")], { staleSince: at(8) }), 0)).toBe("unknown");
  });

  it("a group keeps a failure in sight when its cluster falls silent", () => {
    const data = oneLane([failing(2, "1")], { staleSince: at(8) });
    expect(laneState(data, 0)).toBe("unknown");
    expect(worstState(data, [0])).toBe("failed");
    expect(failingNow(data)).toEqual([0]);
  });
});

describe("several workloads of one service in one environment", () => {
  const data = twoWorkloads();
  it("are one place, mixed where their versions differ", () => {
    expect([0, 1, 2].map((lane) => placeOf(data, lane))).toEqual([
      { from: 0, end: 2 },
      { from: 0, end: 2 },
      { from: 2, end: 3 },
    ]);
    expect(isMixed(data, { from: 0, end: 2 })).toBe(true);
    expect(isMixed(twoWorkloads(healthy(6, "1.1.0")), { from: 0, end: 2 })).toBe(false);
    expect(worstState(data, [0, 1]), "each is well, together they want a look").toBe("warn");
    expect([0, 1].map((lane) => laneState(data, lane))).toEqual(["ok", "ok"]);
  });

  it("stand in one line by their starts, and each goes on until its own next one", () => {
    expect([...rowsOfPlace(data, { from: 0, end: 2 })]).toEqual([0, 2, 1, 3]);
    expect(endOf(data, 1, NOON), "the worker's 1.2.0 did not end it").toBe(NOON);
    expect(newestCurrent(data, { from: 0, end: 2 })).toBe(3);
  });

  it("fail each by itself, and are found by the ledger's id", () => {
    const failed = twoWorkloads(failing(6, "1.2.0"));
    expect(failingNow(failed)).toEqual([3]);
    expect(rowOfLedgerId(failed, failed.ledgerId[3])).toBe(3);
    const changed = oneLane([healthy(1, "1.0.0")], { marks: [{ time: at(3) }] });
    expect(rowOfLedgerId(changed, 2), "a change on its bar").toBe(0);
    expect(rowOfLedgerId(changed, 3)).toBe(-1);
  });
});
