import { afterEach, describe, expect, it } from "vitest";
import { setLocale } from "@/paraglide/runtime";
import {
  formatAge,
  formatClock,
  formatCount,
  formatDay,
  formatDuration,
  formatExact,
  formatMoment,
  formatRunning,
  formatSize,
  isoDay,
  zoneLabel,
} from "./format";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOON = Date.UTC(2026, 10, 19, 12, 38);

afterEach(() => void setLocale("en", { reload: false }));
const chinese = () => void setLocale("zh", { reload: false });

describe("on the wall clock of a zone", () => {
  // The European clock went from 02:00 to 03:00 on 29 March 2026, and from 03:00 to 02:00 on 25 October 2026.
  it.each([
    ["2026-11-19T12:38:00Z", "Europe/Berlin", "13:38"],
    ["2026-11-19T12:38:00Z", "UTC", "12:38"],
    ["2026-11-19T12:38:00Z", "Asia/Kolkata", "18:08"],
    ["2026-11-19T12:38:00Z", "Asia/Kathmandu", "18:23"],
    ["2026-03-29T00:59:00Z", "Europe/Berlin", "01:59"],
    ["2026-03-29T01:00:00Z", "Europe/Berlin", "03:00"],
    ["2026-10-25T00:30:00Z", "Europe/Berlin", "02:30"],
    ["2026-10-25T01:30:00Z", "Europe/Berlin", "02:30"],
    ["2026-11-18T23:00:00Z", "Europe/Berlin", "00:00"],
  ])("%s in %s is %s", (moment, zone, clock) => {
    expect(formatClock(Date.parse(moment), zone)).toBe(clock);
  });

  it("tells the hour that comes twice apart by its offset", () => {
    const [first, second] = ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"].map(Date.parse);
    expect(zoneLabel("Europe/Berlin", first ?? 0)).toBe("CEST");
    expect(zoneLabel("Europe/Berlin", second ?? 0)).toBe("CET");
    expect(formatExact(first ?? 0, "Europe/Berlin")).not.toBe(
      formatExact(second ?? 0, "Europe/Berlin"),
    );
  });

  it("changes the day at the zone's midnight", () => {
    const late = Date.parse("2026-11-18T23:30:00Z");
    expect(isoDay(late, "UTC")).toBe("2026-11-18");
    expect(isoDay(late, "Europe/Berlin")).toBe("2026-11-19");
    expect(formatMoment(late, "Europe/Berlin", NOON)).toBe("today 00:30");
    expect(formatMoment(late, "UTC", NOON)).toBe("18 Nov 23:30");
  });

  it("gives the year only where it is another", () => {
    expect(formatDay(Date.UTC(2026, 10, 2), "UTC", NOON)).toBe("2 Nov");
    expect(formatDay(Date.UTC(2025, 10, 2), "UTC", NOON)).toBe("2 Nov 2025");
  });

  it("speaks Chinese", () => {
    chinese();
    expect(formatMoment(Date.UTC(2026, 10, 2, 15, 40), "UTC", NOON)).toBe("11月2日 15:40");
    expect(formatMoment(NOON, "UTC", NOON)).toBe("今天 12:38");
  });
});

describe("durations", () => {
  it.each([
    [0, "0 s"],
    [8 * SECOND + 999, "8 s"],
    [MINUTE, "1 min"],
    [84 * SECOND, "1 min 24 s"],
    [HOUR - 1, "59 min 59 s"],
    [2 * HOUR + MINUTE, "2 h 1 min"],
    [9 * DAY + 2 * HOUR + 59 * MINUTE, "9 d 2 h"],
    [DAY, "1 d"],
    [-5, "0 s"],
  ])("%d ms is %s", (milliseconds, words) => {
    expect(formatDuration(milliseconds)).toBe(words);
  });

  it("speaks Chinese", () => {
    chinese();
    expect(formatDuration(7 * MINUTE + 28 * SECOND)).toBe("7 分 28 秒");
    expect(formatDuration(6 * DAY + 4 * HOUR)).toBe("6 天 4 小时");
  });
});

describe("ages", () => {
  it.each([
    [36 * MINUTE + 59 * SECOND, "36 min ago"],
    [23 * HOUR + 59 * MINUTE, "23 h ago"],
    [2 * DAY, "2 d ago"],
    [4 * SECOND, "4 s ago"],
    [0, "just now"],
    [-2 * MINUTE, "just now"],
  ])("%d ms is %s", (age, words) => {
    expect(formatAge(NOON - age, NOON)).toBe(words);
  });

  it("speaks Chinese", () => {
    chinese();
    expect(formatAge(NOON - 36 * MINUTE, NOON)).toBe("36 分钟前");
  });
});

describe("figures", () => {
  it("runs a clock", () => {
    expect(formatRunning(42_900)).toBe("00:42");
    expect(formatRunning(HOUR + 2 * MINUTE + 3 * SECOND)).toBe("1:02:03");
  });

  it("separates thousands", () => expect(formatCount(100_000)).toBe("100,000"));

  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1400, "1.4 kB"],
    [48_300_000, "48 MB"],
    [2_000_000_000, "2 GB"],
  ])("%d bytes are %s", (bytes, words) => expect(formatSize(bytes)).toBe(words));
});
