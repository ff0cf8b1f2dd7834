import { describe, expect, it } from "vitest";
import { at, failing, healthy, NOON, oneLane, rollback } from "./fixture";
import { gridCommand, letterCommand } from "./keys";
import { edgeEvent, eventNear, nextFailure, stepEvent, stepRow } from "./navigate";
import { brushPart, makeOverview, overviewStep, placeMarks } from "./overview";
import { readPalette } from "./palette";
import { placePills } from "./pills";
import { layoutRows, NO_FILTER } from "./rows";
import { DAY, HOUR } from "./scale";
import { nowInterval } from "./state";

describe("keys", () => {
  const key = (k: string, part = {}) => ({ key: k, shift: false, modified: false, ...part });
  it.each([
    ["ArrowUp", "row-up"],
    ["ArrowDown", "row-down"],
    ["ArrowLeft", "left"],
    ["ArrowRight", "right"],
    ["Home", "first"],
    ["End", "last"],
    ["PageUp", "page-up"],
    ["PageDown", "page-down"],
    ["Enter", "details"],
    [" ", "pair"],
  ])("%s in the grid means %s", (k, command) => {
    expect(gridCommand(key(k))).toBe(command);
    expect(
      gridCommand(key(k, { modified: true })),
      "with Ctrl it belongs to the platform",
    ).toBeNull();
  });

  it.each([
    ["+", "zoom-in"],
    ["-", "zoom-out"],
    ["0", "fit"],
    ["t", "now"],
    ["T", "now"],
    ["c", "compare"],
    ["r", "rollback"],
    ["n", "note"],
    ["]", "next-failure"],
    ["[", "previous-failure"],
    ["/", "filter"],
  ])("the letter %s means %s", (k, command) => {
    expect(letterCommand(key(k))).toBe(command);
    expect(letterCommand(key(k, { modified: true }))).toBeNull();
  });

  it("pans with Shift and an arrow", () => {
    expect(gridCommand(key("ArrowLeft", { shift: true }))).toBe("pan-left");
    expect(gridCommand(key("ArrowRight", { shift: true }))).toBe("pan-right");
  });
});

describe("navigation", () => {
  const data = oneLane([healthy(1, "1"), failing(4, "2"), rollback(6, "1", 0), failing(9, "3")]);
  const rows = layoutRows(data, "service", new Set([0]), NO_FILTER);
  it("goes from the head to the event at the view's left edge, on, and back to the head", () => {
    const head = { visibleRow: 1, row: -1 };
    expect(stepEvent(data, rows, head, 1, at(5))).toEqual({ visibleRow: 1, row: 1 });
    expect(stepEvent(data, rows, { visibleRow: 1, row: 3 }, 1, 0)).toEqual({
      visibleRow: 1,
      row: 3,
    });
    expect(stepEvent(data, rows, { visibleRow: 1, row: 0 }, -1, 0)).toEqual(head);
  });

  it("keeps its moment from row to row, and the head on a thread", () => {
    expect(stepRow(data, rows, { visibleRow: 1, row: 2 }, -1, NOON)).toEqual({
      visibleRow: 0,
      row: -1,
    });
    expect(eventNear(data, rows, 1, at(7))).toBe(2);
    expect(eventNear(data, rows, 1, at(0.5)), "before the first, the first").toBe(0);
  });

  it("knows the first and last event", () => {
    expect(edgeEvent(data, rows, { visibleRow: 1, row: 2 }, "first").row).toBe(0);
    expect(edgeEvent(data, rows, { visibleRow: 1, row: 2 }, "last").row).toBe(3);
  });

  it.each([
    ["forward from a moment", { time: at(5), row: -1 }, 1, 3],
    ["back from a moment", { time: at(5), row: -1 }, -1, 1],
    ["on from a failure", { time: 0, row: 1 }, 1, 3],
    ["around the end", { time: 0, row: 3 }, 1, 1],
    ["around the start", { time: 0, row: 1 }, -1, 3],
  ] as const)("finds failures %s", (_, from, direction, expected) => {
    expect(nextFailure(data, rows, from, direction)).toBe(expected);
  });

  it("finds none where none is", () => {
    const calm = oneLane([healthy(1, "1")]);
    const calmRows = layoutRows(calm, "service", new Set(), NO_FILTER);
    expect(nextFailure(calm, calmRows, { time: 0, row: -1 }, 1)).toBe(-1);
  });
});

describe("overview", () => {
  const data = oneLane([
    healthy(1, "1"),
    healthy(1.1, "2"),
    failing(4, "3"),
    rollback(4.2, "2", 1),
  ]);
  const rows = layoutRows(data, "service", new Set(), NO_FILTER);
  it("has half-hour columns over three days", () => {
    expect(overviewStep(3 * DAY)).toBe(HOUR / 2);
    expect(overviewStep(90 * DAY) * 160).toBeGreaterThanOrEqual(90 * DAY);
  });

  it("counts deployments by their start, failures by when they failed", () => {
    const overview = makeOverview(data, rows, at(0), at(12));
    expect(overview.deployments).toBe(4);
    expect(overview.counts.reduce((sum, n) => sum + n, 0)).toBe(4);
    expect(overview.most).toBe(1);
    expect([...overview.failures]).toEqual([at(4) + 420_000]);
    expect([...overview.rollbacks]).toEqual([at(4.2)]);
  });

  it("moves a rollback's mark beside the failure it follows: both are seen", () => {
    const overview = makeOverview(data, rows, at(0), at(12));
    const marks = placeMarks(overview, (time) => (time - at(0)) / HOUR);
    expect(marks.map((mark) => mark.kind)).toEqual(["failure", "rollback"]);
    expect((marks[1]?.x ?? 0) - (marks[0]?.x ?? 0)).toBeGreaterThanOrEqual(8);
  });

  it("leaves out what the filter hides", () => {
    const none = layoutRows(data, "service", new Set(), { ...NO_FILTER, text: "nobody" });
    expect(makeOverview(data, none, at(0), at(12)).deployments).toBe(0);
  });

  it.each([
    [100, "from"],
    [107, "from"],
    [150, "inside"],
    [200, "to"],
    [220, "outside"],
  ] as const)("a press at %i takes hold of %s", (x, part) => {
    expect(brushPart(x, 100, 200)).toBe(part);
  });

  it("moves a brush that is too small for two grips", () => {
    expect(brushPart(105, 100, 110)).toBe("inside");
  });
});

describe("pills of the axis", () => {
  const measure = (label: string) => label.length * 6;
  it("stand centred on their line, inside the axis", () => {
    const [pill] = placePills([{ kind: "now", at: 498, label: "Now 13:38" }], 500, measure);
    expect((pill?.left ?? 0) + (pill?.width ?? 0)).toBeLessThanOrEqual(498);
  });

  it("never cover each other; the last one keeps its place", () => {
    const placed = placePills(
      [
        { kind: "stale", at: 260, label: "Last seen 12:51" },
        { kind: "now", at: 300, label: "Now 13:38" },
        { kind: "cursor", at: 305, label: "13:40" },
      ],
      500,
      measure,
    );
    const cursor = placed.find((pill) => pill.kind === "cursor");
    expect((cursor?.left ?? 0) + (cursor?.width ?? 0) / 2).toBe(305);
    const sorted = [...placed].sort((a, b) => a.left - b.left);
    for (let i = 1; i < sorted.length; i++) {
      expect(sorted[i]?.left).toBeGreaterThanOrEqual(
        (sorted[i - 1]?.left ?? 0) + (sorted[i - 1]?.width ?? 0),
      );
    }
  });

  it("leave out a line that is out of view", () => {
    expect(placePills([{ kind: "now", at: 700, label: "Now" }], 500, measure)).toEqual([]);
  });
});

describe("NOW", () => {
  it("moves each second when a second can be seen, else by half pixels", () => {
    const now = 1_800_000_000_000;
    expect(nowInterval({ from: now - 300_000, to: now + 1000, width: 700 }, now)).toBe(1000);
    expect(nowInterval({ from: now - 6 * HOUR, to: now + HOUR, width: 700 }, now)).toBe(18_000);
  });

  it("waits for the next minute when it is out of view", () => {
    expect(nowInterval({ from: 0, to: 1000, width: 700 }, 1_800_000_010_000)).toBe(50_000);
  });
});

describe("palette", () => {
  it("reads every role from a custom property, trimmed", () => {
    const palette = readPalette((name) => ` ${name} `);
    expect(palette.now).toBe("--now");
    expect(palette.failedFill).toBe("--status-failed-fill");
    expect(palette.fontMono).toBe("--font-mono");
  });
});
