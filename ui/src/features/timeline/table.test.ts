import { describe, expect, it } from "vitest";
import { readMoment, writeMoment } from "@/shared/time/moment";
import {
  at,
  failing,
  healthy,
  oneLane,
  rollback,
  rollingOut,
  twoWorkloads,
} from "@/timeline/fixture";
import { layoutRows, NO_FILTER } from "@/timeline/rows";
import { cellText, cellTime, isoTime, sortedRows, tableRows, timeWords, toCsv } from "./table";

const rowsOf = (data: ReturnType<typeof oneLane>) =>
  tableRows(data, layoutRows(data, "service", new Set(), NO_FILTER));

describe("CSV", () => {
  it("has a heading, one line a deployment, newest first, times with their offset", () => {
    const data = oneLane([
      healthy(2, "1.0.0", { who: "Amara O.", ended: Date.UTC(2026, 10, 19, 6) }),
      failing(6, "1.1.0"),
    ]);
    const id = data.ledgerId[0] as number;
    const digest = "sha256:4be17a";
    const source = { id, commit: "b81f20c", digest, evidence: "observed" } as const;
    expect(toCsv(data, rowsOf(data), "Europe/Berlin", new Map([[id, source]]))).toBe(
      [
        "Started,Service,Environment,Version,Status,Who,Complete,Ended,Commit,Digest,Evidence",
        "2026-11-19T07:00:00+01:00,shop,prod,1.1.0,failed,not known,,,,,",
        "2026-11-19T03:00:00+01:00,shop,prod,1.0.0,healthy,Amara O.,2026-11-19T03:02:00+01:00," +
          "2026-11-19T07:00:00+01:00,b81f20c,sha256:4be17a,observed",
        "",
      ].join("\r\n"),
    );
  });

  it("has the digest alone, also where its repository is known with it", () => {
    const data = oneLane([healthy(2, "1.0.0")]);
    const id = data.ledgerId[0] as number;
    const digest = "money/payments@sha256:4be17a";
    const source = { id, commit: null, digest, evidence: "observed" } as const;
    const text = toCsv(data, rowsOf(data), "UTC", new Map([[id, source]]));
    expect(text).toContain(",,sha256:4be17a,observed");
  });

  it.each([
    ["a comma", "a, b", '"a, b"'],
    ["a quotation mark", 'the "best"', '"the ""best"""'],
    ["a line break", "a\nb", '"a\nb"'],
    ["what a spreadsheet would run", "=HYPERLINK(1)", "'=HYPERLINK(1)"],
    ["an at sign in front", "@cmd", "'@cmd"],
    ["an ordinary name", "Li Wei", "Li Wei"],
  ])("writes %s so that it is read back as text", (_, who, field) => {
    const data = oneLane([healthy(2, "1.0.0", { who })]);
    expect(toCsv(data, rowsOf(data), "UTC", new Map())).toContain(`,healthy,${field},`);
  });

  it.each([
    ["UTC", "2026-11-19T12:02:40Z"],
    ["America/St_Johns", "2026-11-19T08:32:40-03:30"],
    ["Asia/Kathmandu", "2026-11-19T17:47:40+05:45"],
  ])("tells the zone %s", (zone, text) => {
    const time = Date.UTC(2026, 10, 19, 12, 2, 40);
    expect(isoTime(time, zone)).toBe(text);
    expect(Date.parse(text)).toBe(time);
  });
});

describe("several workloads", () => {
  it("have a column, and each ends by its own next one", () => {
    const data = twoWorkloads();
    const lines = toCsv(data, rowsOf(data), "UTC", new Map()).split("\r\n");
    expect(lines[0]).toBe(
      "Started,Service,Environment,Workload,Version,Status,Who,Complete,Ended,Commit,Digest,Evidence",
    );
    expect(lines.slice(1, 6).map((line) => line.split(",").slice(2, 5).join(" "))).toEqual([
      "prod shop-worker 1.2.0",
      "prod shop 1.1.0",
      "staging shop 1.1.0",
      "prod shop-worker 1.0.0",
      "prod shop 1.0.0",
    ]);
    expect(lines[2]?.endsWith("Z,,,,"), "it is live: no end, and nothing said of its source").toBe(
      true,
    );
  });
});

describe("a cell", () => {
  const end = (data: ReturnType<typeof oneLane>, row: number) => [
    cellTime(data, row, "ended"),
    timeWords(data, row, "ended"),
  ];

  it("tells the end of what was replaced, by what took its place", () => {
    const data = oneLane([healthy(1, "1.0.0"), healthy(2, "1.1.0")]);
    expect(end(data, 0)[0]).toBe(at(2) + 120_000);
    expect(end(data, 1)).toEqual([Number.NaN, "live"]);
  });

  it("tells why what was followed by another has no end", () => {
    expect(end(oneLane([healthy(1, "1.0.0"), rollingOut(2, "1.1.0")]), 0)[1]).toBe(
      "being replaced",
    );
    const served = failing(2, "1.1.0", { oldServesUntil: Number.POSITIVE_INFINITY });
    expect(end(oneLane([healthy(1, "1.0.0"), served]), 0)[1]).toBe("still serves");
  });

  it("does not call live what a silent cluster ran", () => {
    expect(end(oneLane([healthy(1, "1.0.0")], { staleSince: at(8) }), 0)[1]).toBe("not known");
  });

  it("says of a rollback that it is one, and how it fares", () => {
    const data = oneLane([healthy(1, "1.0.0"), healthy(2, "1.1.0"), rollback(3, "1.0.0", 0)]);
    expect(cellText(data, 2, "status")).toBe("rollback, healthy");
    expect(cellText(data, 1, "status")).toBe("healthy");
  });
});

describe("sorting", () => {
  const data = oneLane([healthy(1, "1.9.0"), failing(2, "1.10.0"), healthy(3, "1.2.0")]);
  const order = (column: "version" | "settled", direction: "ascending" | "descending") => [
    ...sortedRows(data, rowsOf(data), { column, direction }),
  ];

  it("counts in versions: 1.10 comes after 1.9", () => {
    expect(order("version", "ascending")).toEqual([2, 0, 1]);
  });

  it("puts what has no moment last in both directions", () => {
    expect(order("settled", "ascending")).toEqual([0, 2, 1]);
    expect(order("settled", "descending")).toEqual([2, 0, 1]);
  });
});

describe("moments as typed", () => {
  it.each([
    ["2026-11-19 13:02", "Europe/Berlin", "2026-11-19T12:02:00Z"],
    ["2026-11-19T13:02", "UTC", "2026-11-19T13:02:00Z"],
    [" 2026-7-1 9:05 ", "Europe/Berlin", "2026-07-01T07:05:00Z"],
    ["2026-11-19", "UTC", "2026-11-19T00:00:00Z"],
  ])("%s in %s", (text, zone, moment) => {
    expect(readMoment(text, zone)).toBe(Date.parse(moment));
  });

  it.each([
    "",
    "yesterday",
    "2026-06-31 10:00",
    "2026-13-01",
    "2026-11-19 24:00",
    "2026-11-19 10:60",
  ])("refuses %j", (text) => {
    expect(readMoment(text, "UTC")).toBeNull();
  });

  it("read back what they write", () => {
    const time = Date.UTC(2026, 6, 1, 7, 5);
    expect(readMoment(writeMoment(time, "Europe/Berlin"), "Europe/Berlin")).toBe(time);
  });
});
