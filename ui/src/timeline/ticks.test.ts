import { describe, expect, it } from "vitest";
import { DAY, HOUR, MINUTE } from "./scale";
import { chooseStep, ticks } from "./ticks";
import { momentOf, offsetAt } from "./zone";

const clock = (zone: string) => {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (time: number) => format.format(time);
};

describe("offsets of zones", () => {
  // From the tz database: the published offsets at these moments.
  it.each([
    ["UTC", "2026-07-01T00:00:00Z", 0],
    ["Europe/Berlin", "2026-01-15T12:00:00Z", 60],
    ["Europe/Berlin", "2026-07-15T12:00:00Z", 120],
    ["America/New_York", "2026-01-15T12:00:00Z", -300],
    ["Asia/Shanghai", "2026-01-15T12:00:00Z", 480],
    ["Asia/Kathmandu", "2026-01-15T12:00:00Z", 345],
    ["Australia/Lord_Howe", "2026-01-15T12:00:00Z", 660],
    ["Australia/Lord_Howe", "2026-07-15T12:00:00Z", 630],
  ])("%s at %s", (zone, at, minutes) => {
    expect(offsetAt(zone, Date.parse(at)) / MINUTE).toBe(minutes);
  });

  it.each([
    ["an ordinary time", "Europe/Berlin", "2026-11-19T13:02:00Z", "2026-11-19T12:02:00Z"],
    ["the first of two", "Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"],
    [
      "a skipped time, as if not yet put forward",
      "Europe/Berlin",
      "2026-03-29T02:30:00Z",
      "2026-03-29T01:30:00Z",
    ],
    ["midnight after the change", "Europe/Berlin", "2026-10-26T00:00:00Z", "2026-10-25T23:00:00Z"],
  ])("finds %s", (_, zone, wall, moment) => {
    expect(new Date(momentOf(zone, Date.parse(wall))).toISOString()).toBe(
      new Date(moment).toISOString(),
    );
  });
});

describe("ticks", () => {
  it("stand on whole hours with half hours between, as the picture has them", () => {
    const from = Date.parse("2026-11-19T07:00:00Z");
    const found = ticks({ from, to: from + 6.1 * HOUR, width: 732 }, "Europe/Berlin");
    const say = clock("Europe/Berlin");
    const labels = found.filter((tick) => tick.label !== "none").map((tick) => say(tick.time));
    expect(labels).toEqual(["08:00", "09:00", "10:00", "11:00", "12:00", "13:00", "14:00"]);
    const minor = found.filter((tick) => !tick.major);
    expect(minor).toHaveLength(6);
    expect(minor.every((tick) => say(tick.time).endsWith(":30"))).toBe(true);
  });

  it("are as many as there is room for", () => {
    for (const span of [10 * MINUTE, HOUR, 6 * HOUR, DAY, 3 * DAY, 30 * DAY, 90 * DAY]) {
      const scale = { from: 1_790_000_000_000, to: 1_790_000_000_000 + span, width: 700 };
      const major = ticks(scale, "Europe/Berlin").filter((tick) => tick.major);
      expect(major.length, `${span / HOUR} h`).toBeGreaterThanOrEqual(2);
      const gaps = major.slice(1).map((tick, i) => tick.time - (major[i]?.time ?? 0));
      // A day of 23 hours is the narrowest that a label's room may become.
      expect(Math.min(...gaps) / (span / 700), `${span / HOUR} h`).toBeGreaterThan(80 * (23 / 24));
    }
  });

  it("follow the clock over the hour that is skipped: 01:30 is followed by 03:00", () => {
    const from = Date.parse("2026-03-29T00:00:00Z");
    const found = ticks({ from, to: from + 3 * HOUR, width: 700 }, "Europe/Berlin", 150);
    const say = clock("Europe/Berlin");
    expect(found.map((tick) => say(tick.time))).toEqual(
      expect.arrayContaining(["01:00", "01:30", "03:00", "03:30", "04:00"]),
    );
    expect(found.map((tick) => say(tick.time))).not.toContain("02:00");
    expectSteady(found.map((tick) => tick.time));
  });

  it("stand in both runs of the hour that comes twice", () => {
    const from = Date.parse("2026-10-24T23:00:00Z"); // 01:00 summer time
    const found = ticks({ from, to: from + 4 * HOUR, width: 700 }, "Europe/Berlin", 110);
    const say = clock("Europe/Berlin");
    expect(found.map((tick) => say(tick.time))).toEqual([
      "01:00",
      "01:30",
      "02:00",
      "02:30",
      "02:00",
      "02:30",
      "03:00",
      "03:30",
    ]);
    expectSteady(found.map((tick) => tick.time));
  });

  it("name the day at local midnights, not at those of UTC", () => {
    const from = Date.parse("2026-11-17T12:00:00Z");
    const found = ticks({ from, to: from + 3 * DAY, width: 700 }, "Asia/Kathmandu");
    const days = found.filter((tick) => tick.label === "day");
    expect(days.map((tick) => new Date(tick.time).toISOString())).toEqual([
      "2026-11-17T18:15:00.000Z",
      "2026-11-18T18:15:00.000Z",
      "2026-11-19T18:15:00.000Z",
    ]);
  });

  it("begin weeks on Monday", () => {
    const from = Date.parse("2026-09-01T00:00:00Z");
    const scale = { from, to: from + 60 * DAY, width: 900 };
    expect(chooseStep(scale).major).toBe(7 * DAY);
    const weekdays = ticks(scale, "UTC")
      .filter((tick) => tick.major)
      .map((tick) => new Date(tick.time).getUTCDay());
    expect(new Set(weekdays)).toEqual(new Set([1]));
  });

  it("are none on a scale without width or span", () => {
    expect(ticks({ from: 0, to: 0, width: 700 }, "UTC")).toEqual([]);
    expect(ticks({ from: 0, to: HOUR, width: 0 }, "UTC")).toEqual([]);
  });
});

function expectSteady(times: number[]): void {
  for (let i = 1; i < times.length; i++) {
    expect((times[i] as number) - (times[i - 1] as number)).toBe(30 * MINUTE);
  }
}
