import { describe, expect, it } from "vitest";
import type { Navigation } from "@/shared/navigation/navigation";
import { clockEntries, momentToday } from "./entries";
import { fits, pieces, score, typedClock } from "./match";

describe("what was typed", () => {
  it("fits where every word stands", () => {
    expect(fits("Roll back payments", "roll pay")).toBe(true);
    expect(fits("Roll back payments", "pay roll")).toBe(true);
    expect(fits("Roll back payments", "roll cart")).toBe(false);
  });

  it("ranks beginnings of words before middles", () => {
    expect(score("payments", "pay")).toBeGreaterThan(score("repayments", "pay"));
    expect(score("cart", "pay")).toBe(0);
  });

  it("stands out in the text, and keeps the text whole", () => {
    const found = pieces("Roll back payments", "roll pay");
    expect(found.filter((piece) => piece.hit).map((piece) => piece.text)).toEqual(["Roll", "pay"]);
    expect(found.map((piece) => piece.text).join("")).toBe("Roll back payments");
  });

  it("is text, not a pattern", () => {
    expect(pieces("a+b (c)", "+ (")).toEqual([
      { text: "a", hit: false },
      { text: "+", hit: true },
      { text: "b ", hit: false },
      { text: "(", hit: true },
      { text: "c)", hit: false },
    ]);
    expect(score("cart", "c.r")).toBe(0);
  });

  it.each([
    ["13:02", { hours: 13, minutes: 2 }],
    [" 9:05 ", { hours: 9, minutes: 5 }],
    ["24:00", null],
    ["13:60", null],
    ["1.13:02", null],
  ])("%s as a time", (typed, clock) => expect(typedClock(typed)).toEqual(clock));
});

describe("a time of today", () => {
  const now = Date.parse("2026-11-19T12:38:00Z");

  it("is on the zone's wall clock", () => {
    const at = momentToday({ hours: 13, minutes: 2 }, "Europe/Berlin", now);
    expect(new Date(at).toISOString()).toBe("2026-11-19T12:02:00.000Z");
  });

  it("is yesterday's when it is still to come", () => {
    const at = momentToday({ hours: 23, minutes: 0 }, "Europe/Berlin", now);
    expect(new Date(at).toISOString()).toBe("2026-11-18T22:00:00.000Z");
  });
});

describe("what is written like a time", () => {
  const now = Date.parse("2026-11-19T12:38:00Z");
  const entriesOf = (typed: string) => {
    const navigation = { go: () => undefined } as unknown as Navigation;
    return clockEntries(typed, "Europe/Berlin", now, navigation);
  };

  it.each(["25:99", "24:00", "2026-02-30", "2026-11-19 25:00"])(
    "and is none, as %s, says so",
    (typed) => {
      expect(entriesOf(typed)).toMatchObject([
        { title: `“${typed}” is no time`, off: "write it like 13:02 or 2026-11-19 13:38" },
      ]);
    },
  );

  it.each(["1.41:2x", "payments", "13:0"])("%s is left alone", (typed) => {
    expect(entriesOf(typed)).toEqual([]);
  });
});
