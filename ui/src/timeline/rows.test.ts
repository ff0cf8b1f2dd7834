import { describe, expect, it } from "vitest";
import { buildTimeline } from "./build";
import { Tier } from "./columns";
import { at, healthy, NOON, twoWorkloads } from "./fixture";
import { type Filter, layoutRows, NO_FILTER, rowAt, rowOfLane, rowsIn } from "./rows";

/** Two services; staging stands before production in the file, and so in every service. */
const data = buildTimeline({
  now: NOON,
  from: at(0),
  to: NOON,
  environments: [
    { name: "staging", tier: Tier.Staging },
    { name: "prod", tier: Tier.Production },
  ],
  services: [
    {
      name: "cart",
      team: "Storefront",
      lanes: [
        { environment: 0, deployments: [healthy(1, "2.0.0", { who: "Amara" })] },
        { environment: 1, deployments: [healthy(2, "1.9.0")] },
      ],
    },
    { name: "tax", lanes: [{ environment: 0, deployments: [healthy(3, "3.0.0")] }] },
  ],
});

const shape = (
  open: number[],
  filter: Filter = NO_FILTER,
  grouping: "service" | "environment" = "service",
) => {
  const rows = layoutRows(data, grouping, new Set(open), filter);
  return Array.from({ length: rows.count }, (_, i) =>
    rows.isGroup[i] ? `g${rows.group[i]}:${rows.lane[i]}` : `l${rows.lane[i]}`,
  );
};

describe("layout", () => {
  it("shows a closed service by its first production environment, else by its first", () => {
    expect(shape([])).toEqual(["g0:1", "g1:2"]);
  });

  it("shows an open service as a thread above its lanes", () => {
    expect(shape([0])).toEqual(["g0:-1", "l0", "l1", "g1:2"]);
  });

  it("groups by environment: lanes are services", () => {
    expect(shape([0, 1], NO_FILTER, "environment")).toEqual(["g0:-1", "l0", "l2", "g1:-1", "l1"]);
  });

  it.each([
    ["a service's name", { text: "tax" }, ["g1:2"]],
    ["a version", { text: "1.9" }, ["g0:1"]],
    ["a person, in any case", { text: "amara" }, ["g0:0"]],
    ["all words at once", { text: "cart staging" }, ["g0:0"]],
    ["a word that nothing has", { text: "nobody" }, []],
    ["environments", { environments: new Set([1]) }, ["g0:1"]],
    ["teams", { teams: new Set(["Storefront"]) }, ["g0:1"]],
    ["services without a team", { teams: new Set([""]) }, ["g1:2"]],
  ])("filters by %s", (_, part, expected) => {
    expect(shape([], { ...NO_FILTER, ...part })).toEqual(expected);
  });

  it("finds rows by height: 32 for a group, 30 for a lane", () => {
    const rows = layoutRows(data, "service", new Set([0]), NO_FILTER);
    expect([...rows.top]).toEqual([0, 32, 62, 92, 124]);
    expect([-1, 0, 31, 32, 61.9, 62, 123, 124].map((y) => rowAt(rows, y))).toEqual([
      -1, 0, 0, 1, 1, 2, 3, -1,
    ]);
    expect(rowsIn(rows, 40, 40)).toEqual({ first: 1, end: 3 });
    expect(rowsIn(rows, 0, 5000)).toEqual({ first: 0, end: 4 });
  });

  it("finds the row that shows a lane: its own, else its closed group's", () => {
    const closed = layoutRows(data, "service", new Set(), NO_FILTER);
    expect(rowOfLane(closed, 0)).toBe(0);
    const open = layoutRows(data, "service", new Set([0]), NO_FILTER);
    expect(rowOfLane(open, 1)).toBe(2);
    const filtered = layoutRows(data, "service", new Set(), { ...NO_FILTER, text: "tax" });
    expect(rowOfLane(filtered, 0)).toBe(-1);
  });
});

describe("a service that several workloads run in one environment", () => {
  const two = twoWorkloads();
  const shapes = (open: number[], places: number[], filter: Filter = NO_FILTER) => {
    const rows = layoutRows(two, "service", new Set(open), filter, new Set(places));
    return Array.from(
      { length: rows.count },
      (_, i) =>
        `${rows.level[i]}${rows.canOpen[i] ? (rows.isOpen[i] ? "-" : "+") : ""} ${rows.lane[i]}..${rows.laneEnd[i]}`,
    );
  };

  it("is one row until it is opened, and then one each", () => {
    expect(shapes([], [])).toEqual(["1+ 0..2"]);
    expect(shapes([0], [])).toEqual(["1- -1..-1", "2+ 0..2", "2 2..3"]);
    expect(shapes([0], [0])).toEqual(["1- -1..-1", "2- -1..-1", "3 0..1", "3 1..2", "2 2..3"]);
  });

  it("opens under its environment as well", () => {
    const rows = layoutRows(two, "environment", new Set([0]), NO_FILTER, new Set([0]));
    expect([...rows.level]).toEqual([1, 2, 3, 3, 1]);
    expect([...rows.top]).toEqual([0, 32, 62, 92, 122, 154]);
  });

  it("stays whole where the filter finds one of them, by version or by name", () => {
    for (const text of ["1.2.0", "worker"])
      expect(shapes([0], [0], { ...NO_FILTER, text }), text).toHaveLength(4);
  });

  it("is found by either lane: closed in its row, open in its own", () => {
    const closed = layoutRows(two, "service", new Set([0]), NO_FILTER);
    expect([0, 1, 2].map((lane) => rowOfLane(closed, lane))).toEqual([1, 1, 2]);
    const open = layoutRows(two, "service", new Set([0]), NO_FILTER, new Set([0]));
    expect([0, 1, 2].map((lane) => rowOfLane(open, lane))).toEqual([2, 3, 4]);
  });
});
