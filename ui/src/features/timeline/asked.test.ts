import { describe, expect, it } from "vitest";
import { twoWorkloads } from "@/timeline/fixture";
import { askedLane, askedRow, periodHolding } from "./asked";
import { idOf } from "./ways";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 19, 12);

describe("the period that holds a moment", () => {
  it("stays where it holds it, and grows by no more than needed", () => {
    expect(periodHolding(NOW - 2 * DAY, "three-days", NOW)).toBe("three-days");
    expect(periodHolding(NOW - 2 * DAY, "month", NOW)).toBe("month");
    expect(periodHolding(NOW - 5 * DAY, "three-days", NOW)).toBe("week");
    expect(periodHolding(NOW - 29 * DAY, "day", NOW)).toBe("month");
  });

  it("is a longer one where the moment would stand at the very edge", () => {
    expect(periodHolding(NOW - 7 * DAY, "day", NOW)).toBe("month");
  });

  it("is the longest for what is older than all", () => {
    expect(periodHolding(NOW - 400 * DAY, "day", NOW)).toBe("quarter");
  });
});

describe("what was asked for", () => {
  const data = twoWorkloads();

  it("is a deployment by the ledger's id, before the lane that it is in", () => {
    const lane = { service: "shop", environment: "prod" };
    expect(askedRow(data, { deployment: idOf(data, 1), lane })).toBe(1);
    expect(askedRow(data, { deployment: 99_999, lane })).toBe(-1);
  });

  it("is what runs in a lane: of several workloads what began last", () => {
    const row = askedRow(data, { lane: { service: "shop", environment: "prod" } });
    expect(data.started[row]).toBe(Math.max(...data.started.slice(0, 4)));
  });

  it("is the service's first lane where no environment is named, and none of a stranger", () => {
    expect(askedLane(data, { service: "shop", environment: "" })).toBe(0);
    expect(askedLane(data, { service: "shop", environment: "moon" })).toBe(-1);
    expect(askedRow(data, { lane: { service: "stranger", environment: "prod" } })).toBe(-1);
  });
});
