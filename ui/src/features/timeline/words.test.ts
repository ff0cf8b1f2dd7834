import { expect, it } from "vitest";
import { at, healthy, oneLane } from "@/timeline/fixture";
import { eventName } from "./words";

it.each([
  ["a range by its ends", 60_000 * 10, "between 01:50 and 02:00"],
  ["about when, where both ends read the same", 0, "about 02:00"],
])("names %s", (_, before, words) => {
  const data = oneLane([healthy(2, "1.0.0", { startedEarliest: at(2) - before })]);
  expect(eventName(data, 0, "UTC", at(6))).toContain(words);
});
