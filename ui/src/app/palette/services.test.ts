import { describe, expect, it, vi } from "vitest";
import type { SearchHit, SearchLane } from "@/ipc";
import type { Navigation } from "@/shared/navigation/navigation";
import { hitEntries } from "./hits";
import { type Around, serviceEntries } from "./services";

const lane = (
  environment: string,
  status: SearchLane["status"],
  version = "1.42.0",
): SearchLane => ({
  environment,
  version,
  status,
  backTo: "1.41.2",
});

const hit = (part: Partial<SearchHit>): SearchHit => ({
  kind: "service",
  title: "payments",
  subtitle: "Money",
  service: "payments",
  environment: null,
  version: null,
  deployment: null,
  at: null,
  lanes: [],
  ...part,
});

const navigation = { open: vi.fn(), go: vi.fn() } as unknown as Navigation;
const payments = {
  name: "payments",
  team: "Money",
  repository: null,
  clone: null,
  tags: "v{version}",
  dependsOn: [],
};
const around = (part: Partial<Around> = {}): Around => ({
  navigation,
  services: [payments],
  readOnly: false,
  selected: null,
  ...part,
});

const words = (lanes: readonly SearchLane[]) =>
  serviceEntries([hit({ lanes: [...lanes] })], "pay", around()).find(
    (entry) => entry.group === "services",
  );

describe("a service", () => {
  it.each([
    [[lane("prod-us", "healthy"), lane("prod-eu", "failed")], "failed", "1.42.0 failed in prod-eu"],
    [[lane("prod-eu", "degraded")], "warn", "1.42.0 degraded in prod-eu"],
    [[lane("prod-eu", "in-progress")], "progress", "1.42.0 rolling out in prod-eu"],
    [[lane("prod-eu", "healthy"), lane("prod-us", "healthy")], "ok", "1.42.0 in 2 environments"],
    [[lane("prod-eu", "healthy")], "ok", "1.42.0 in prod-eu"],
    [
      [lane("prod-eu", "healthy"), lane("staging", "healthy", "1.43.0")],
      "ok",
      "1.42.0 in prod-eu, others in 1 more",
    ],
    [[], "unknown", "runs nowhere"],
  ] as const)("says what is wrong with it, else what runs: %#", (lanes, status, said) => {
    const entry = words(lanes);
    expect(entry?.status).toBe(status);
    expect(entry?.hint).toBe(`Money, ${said}`);
  });
});

describe("a way back", () => {
  const lanes = [lane("prod-us", "healthy"), lane("prod-eu", "failed")];

  it("names its target, where it fails first, and opens the sheet", () => {
    const [first, another, second] = serviceEntries([hit({ lanes })], "pay roll", around());
    expect(`${first?.title}${first?.version} ${first?.hint}`).toBe(
      "Roll back payments to 1.41.2 prod-eu, opens the sheet",
    );
    expect(second?.hint).toBe("prod-us, opens the sheet");
    first?.run();
    const place = { service: "payments", environment: "prod-eu" };
    expect(navigation.open).toHaveBeenLastCalledWith({ name: "rollback", lane: place });
    another?.run();
    expect(navigation.open).toHaveBeenLastCalledWith({
      name: "rollback",
      lane: place,
      choosing: true,
    });
  });

  it("has the key R where it is what R means", () => {
    const selected = { service: "payments", environment: "prod-us" };
    const keys = serviceEntries([hit({ lanes })], "roll", around({ selected })).map(
      ({ hint, keys }) => [hint, keys?.join("")],
    );
    expect(keys).toContainEqual(["prod-us, opens the sheet", "r"]);
    expect(keys).toContainEqual(["prod-eu, opens the sheet", undefined]);
  });

  it("is off, and says why, in a workspace that is only read", () => {
    const [first] = serviceEntries([hit({ lanes })], "roll", around({ readOnly: true }));
    expect(first?.off).toBe("off: the workspace is read-only");
  });

  it("is not offered where there is nothing to go back to", () => {
    const none = [{ ...lane("prod-eu", "healthy"), backTo: null }];
    const said = serviceEntries([hit({ lanes: none })], "pay", around()).map(({ title }) => title);
    expect(said.some((title) => title.startsWith("Roll back"))).toBe(false);
  });
});

describe("what else was found", () => {
  const words = { navigation, zone: "UTC", now: Date.parse("2026-11-19T12:00:00Z") };
  const at = Date.parse("2026-11-02T16:40:00Z");
  const taken = hit({
    kind: "rolled-back",
    title: "payments 1.40.3",
    subtitle: "prod-us",
    environment: "prod-us",
    version: "1.40.3",
    deployment: 11,
    at,
  });

  it("says when and where a version was rolled back, and when the last rollback was", () => {
    const back = { ...taken, kind: "rollback" as const, deployment: 12 };
    const [version, rollback] = hitEntries([taken, back], "roll pay", words);
    expect(version?.hint).toBe("rolled back in prod-us on 2 Nov 16:40");
    expect(`${rollback?.title} ${rollback?.hint}`).toBe(
      "Last rollback of payments 2 Nov 16:40, prod-us",
    );
    expect(hitEntries([taken, back], "compare pay", words)).toEqual([]);
  });

  it("shows nothing twice", () => {
    const same = { ...taken, kind: "deployment" as const };
    expect(hitEntries([taken, same], "pay", words)).toHaveLength(1);
  });
});
