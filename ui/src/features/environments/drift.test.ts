import { afterEach, describe, expect, it } from "vitest";
import type { MatrixCell, MatrixRow } from "@/ipc";
import { setLocale } from "@/paraglide/runtime";
import { cellLook, drifting, filterRows, rowDrift } from "./drift";
import { movePlace, visibleRows } from "./grid";
import { cellName, connectionWords, driftWords, tierWords } from "./words";

afterEach(() => void setLocale("en", { reload: false }));

const NOW = Date.UTC(2026, 10, 19, 12);
const DAY = 86_400_000;

function cell(environment: string, version: string | null, part: Partial<MatrixCell> = {}) {
  return {
    environment,
    deployment: 1,
    version,
    status: "healthy",
    rolledBack: false,
    inferred: false,
    stale: false,
    drift: version === null ? "absent" : "same",
    commits: null,
    since: NOW - DAY,
    ...part,
  } satisfies MatrixCell;
}

const row = (...cells: MatrixCell[]): MatrixRow => ({ service: "cart", team: "Shop", cells });

describe("a row's drift", () => {
  it.each<[string, MatrixRow, string, string]>([
    ["nothing", row(cell("eu", "1.0.0"), cell("us", "1.0.0")), "none", ""],
    [
      "the most commits of several",
      row(
        cell("eu", "1.1.0"),
        cell("us", "1.0.0", { drift: "behind", commits: 1 }),
        cell("st", "1.2.0", { drift: "ahead", commits: 9 }),
      ),
      "commits",
      "9 commits",
    ],
    [
      "one commit, in the singular",
      row(cell("eu", "1.1.0"), cell("us", "1.0.0", { drift: "behind", commits: 1 })),
      "commits",
      "1 commit",
    ],
    [
      "a failure before the commits",
      row(
        cell("eu", "1.1.0", { status: "failed" }),
        cell("us", "1.0.0", { drift: "behind", commits: 14 }),
      ),
      "failed",
      "14 commits",
    ],
    [
      "a failure where nothing else differs",
      row(cell("eu", "1.1.0", { status: "failed" }), cell("us", "1.1.0")),
      "failed",
      "failed",
    ],
    [
      "a rollout under way",
      row(cell("eu", "1.1.0"), cell("us", "1.1.0", { status: "in-progress" })),
      "progress",
      "rolling out",
    ],
    [
      "behind, and for longer than 30 days the same",
      row(
        cell("eu", "1.1.0"),
        cell("us", "1.0.0", { drift: "behind", commits: 2, since: NOW - 31 * DAY }),
      ),
      "behind-long",
      "31 days",
    ],
    [
      "ahead for long is no lag",
      row(
        cell("eu", "1.0.0", { since: NOW - 31 * DAY }),
        cell("us", "1.1.0", { drift: "ahead", commits: 2 }),
      ),
      "commits",
      "2 commits",
    ],
    [
      "what was never reached, as no difference",
      row(cell("eu", "1.0.0"), cell("st", null, { stale: true })),
      "unknown",
      "not known",
    ],
    [
      "a reference that was never reached",
      row(cell("eu", null, { stale: true }), cell("st", "1.0.0", { drift: "absent" })),
      "unknown",
      "not known",
    ],
    [
      "an inferred start before the commits",
      row(
        cell("eu", "1.0.0"),
        cell("us", "1.0.0", { inferred: true }),
        cell("st", "1.1.0", { drift: "ahead", commits: 4 }),
      ),
      "inferred",
      "inferred",
    ],
    ["not deployed", row(cell("eu", "1.0.0"), cell("st", null)), "absent", "not in st"],
    [
      "another version, commits unknown: never 0",
      row(cell("eu", "1.0.0"), cell("us", "build-7", { drift: "different" })),
      "version",
      "another version",
    ],
    [
      "inferred",
      row(cell("eu", "1.0.0"), cell("us", "1.0.0", { inferred: true })),
      "inferred",
      "inferred",
    ],
  ])("%s", (_, given, kind, words) => {
    const drift = rowDrift(given, "eu", NOW);
    expect(drift.kind).toBe(kind);
    expect(driftWords(drift)).toBe(words);
  });

  it("is what Drift only keeps", () => {
    const rows = [
      row(cell("eu", "1.0.0"), cell("us", "1.0.0")),
      row(cell("eu", "1.0.0"), cell("us", "0.9.0", { drift: "behind", commits: 3 })),
    ];
    expect(drifting(rows, { reference: "eu" }, NOW)).toEqual([rows[1]]);
  });
});

describe("a cell", () => {
  it("shows the worst of what it is", () => {
    const all = { rolledBack: true, inferred: true, stale: true, drift: "ahead" };
    expect(cellLook(cell("eu", "1.0.0", { ...all, status: "failed" }))).toBe("failed");
    expect(cellLook(cell("eu", "1.0.0", all))).toBe("rollback");
    expect(cellLook(cell("eu", "1.0.0", { ...all, rolledBack: false }))).toBe("stale");
    expect(cellLook(cell("eu", "1.0.0", { drift: "ahead" }))).toBe("ahead");
    expect(cellLook(cell("eu", null, { status: "failed" }))).toBe("absent");
  });

  it("is read in full, in both languages", () => {
    const failed = cell("us", "1.4.0", { status: "failed", drift: "behind", commits: 14 });
    expect(cellName("cart", failed, "eu")).toBe("cart in us: 1.4.0, failed, behind, 14 commits");
    expect(cellName("cart", cell("us", null), "eu")).toBe("cart in us: not deployed");
    setLocale("zh", { reload: false });
    expect(cellName("cart", failed, "eu")).toBe("cart，us：1.4.0，失败，落后，14 个提交");
  });
});

describe("a cell of a cluster that was never reached", () => {
  it("is not known, which is no claim that nothing runs there", () => {
    const never = cell("us", null, { stale: true });
    expect(cellLook(never)).toBe("unknown");
    expect(cellName("cart", never, "eu")).toBe(
      "cart in us: not known, its cluster has not answered yet",
    );
    expect(cellLook(cell("us", null))).toBe("absent");
  });
});

describe("filters", () => {
  const rows = [
    { ...row(cell("eu", "1.41.2")), service: "payments", team: "Money" },
    { ...row(cell("eu", "2.4.1")), service: "checkout", team: null },
  ];
  it.each([
    ["by a service", { text: "pay", teams: null }, ["payments"]],
    ["by a version", { text: "2.4", teams: null }, ["checkout"]],
    ["by every word", { text: "pay 2.4", teams: null }, []],
    ["by team", { text: "", teams: ["Money"] }, ["payments"]],
    ["by no team", { text: "", teams: [""] }, ["checkout"]],
  ])("%s", (_, filters, services) => {
    expect(filterRows(rows, filters).map((one) => one.service)).toEqual(services);
  });
});

describe("keys of the grid", () => {
  const size = { rows: 20, columns: 3, page: 8 };
  it.each([
    ["ArrowDown", false, { row: 19, column: 0 }, { row: 19, column: 0 }],
    ["ArrowUp", false, { row: 3, column: 1 }, { row: 2, column: 1 }],
    ["ArrowLeft", false, { row: 3, column: 0 }, { row: 3, column: -1 }],
    ["ArrowRight", false, { row: 3, column: 2 }, { row: 3, column: 2 }],
    ["PageDown", false, { row: 3, column: 2 }, { row: 11, column: 2 }],
    ["Home", false, { row: 3, column: 2 }, { row: 3, column: -1 }],
    ["Home", true, { row: 3, column: 2 }, { row: 0, column: -1 }],
    ["End", true, { row: 3, column: 0 }, { row: 19, column: 2 }],
  ])("%s (Ctrl: %s)", (key, ctrl, from, to) => {
    expect(movePlace(from, key, { ctrl }, size)).toEqual(to);
  });
  it("leaves other keys alone", () => {
    expect(movePlace({ row: 0, column: 0 }, "c", { ctrl: false }, size)).toBeNull();
  });
  it("draws only the rows that are seen, and some beyond", () => {
    const { first, last } = visibleRows(3600, 720, 36, 500);
    expect(first).toBe(92);
    expect(last).toBe(128);
    expect(visibleRows(0, 720, 36, 3)).toEqual({ first: 0, last: 3 });
  });
});

describe("an environment's head", () => {
  it("says tier, guard and how its cluster answers", () => {
    expect(tierWords({ tier: "production", guard: true })).toBe("production, guarded");
    expect(tierWords({ tier: "development", guard: false })).toBe("development");
    expect(connectionWords(undefined, NOW)).toBe("no kube context");
    const stale = { state: "stale", since: NOW - 47 * 60_000, lastAnswer: null } as never;
    expect(connectionWords(stale, NOW)).toBe("no answer for 47 min");
  });
  it("tells a cluster that never answered from one that refuses", () => {
    const error = (code: string) => ({ code, parameters: { cluster: "eu" } });
    const unreached = {
      state: "unreached",
      since: NOW - 3 * 60_000,
      error: error("cluster-timeout"),
    } as never;
    expect(connectionWords(unreached, NOW)).toBe(
      "never reached for 3 min: eu gave no answer in time",
    );
    const refused = { state: "refused", since: null, error: error("unauthorized") } as never;
    expect(connectionWords(refused, NOW)).toBe("eu does not accept your sign-in");
  });
});
