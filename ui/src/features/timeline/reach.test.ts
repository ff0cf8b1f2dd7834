import { describe, expect, it } from "vitest";
import { connections } from "@/ipc/fake/world";
import { healthy, oneLane } from "@/timeline/fixture";
import { laneState, NEVER } from "@/timeline/lanes";
import { silentEnvironments, withReach } from "./reach";

const data = oneLane([healthy(2, "1.0.0")]);
const [one] = connections(0, false).map((link) => ({ ...link, environments: ["prod"] }));
if (!one) throw new Error("the world has a cluster");

describe("a cluster that has not answered yet", () => {
  it.each(["connecting", "unreached", "refused", "unbound"] as const)(
    "makes its lanes unknown while it is %s",
    (state) => {
      const reached = withReach(data, silentEnvironments([{ ...one, state, lastAnswer: null }]));
      expect(reached.laneStaleSince[0]).toBe(NEVER);
      expect(laneState(reached, 0)).toBe("unknown");
    },
  );

  it("is shown as of its last answer where the columns are older than its silence", () => {
    const link = { ...one, state: "stale", since: 7, lastAnswer: 9 } as const;
    expect(withReach(data, silentEnvironments([link])).laneStaleSince[0]).toBe(7);
  });

  it("is left to the columns where it is live in part", () => {
    const link = { ...one, state: "partial", lastAnswer: 9 } as const;
    expect(withReach(data, silentEnvironments([link]))).toBe(data);
  });

  it("leaves the last answer of one that fell silent, and live ones alone", () => {
    const stale = oneLane([healthy(2, "1.0.0")], { staleSince: 5 });
    const kept = withReach(stale, silentEnvironments([{ ...one, state: "stale" }]));
    expect(kept.laneStaleSince[0]).toBe(5);
    expect(withReach(data, silentEnvironments([one]))).toBe(data);
  });
});
