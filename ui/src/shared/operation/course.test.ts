import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Operation, Plan } from "@/ipc";
import { fakePlan } from "@/ipc/fake/plans";
import { applyLocale } from "@/shared/i18n/locale";
import { gestureWords, operationCourse, operationTitle, planCourse, planTitle } from "./course";
import { operationReport, planReport } from "./report";
import { sentenceText } from "./sentence";

beforeEach(() => applyLocale("en"));
afterEach(() => applyLocale("en"));

const base = fakePlan(
  { service: "payments", environment: "prod-eu", target: { kind: "last-known-good" } },
  false,
) as Plan;

const way = (from: string, to: string, choice = "specified"): Plan => ({
  ...base,
  choice,
  from: { ...base.from, version: from },
  to: { ...base.to, version: to },
});

describe("what a plan is", () => {
  it.each([
    ["1.42.0", "1.41.2", "previous", "back"],
    ["1.41.2", "1.42.0", "undo", "restore"],
    ["1.41.2", "1.42.0", "specified", "restore"],
    ["main-3f2a", "main-1c9d", "undo", "restore"],
    ["main-3f2a", "main-1c9d", "previous", "back"],
    ["7.0.4", "7.0.4", "specified", "configuration"],
    ["7.0.4", "7.0.4", "undo", "configuration"],
    // The undo of an undo goes back again.
    ["1.42.0", "1.41.2", "undo", "back"],
  ])("%s to %s, %s: %s", (from, to, choice, course) => {
    expect(planCourse(way(from, to, choice))).toBe(course);
  });

  it("is said by the title, the sentence, the gesture and the report", () => {
    const restore = way("1.41.2", "1.42.0", "specified");
    expect(planTitle("payments", restore, false)).toBe("Restore payments 1.42.0");
    expect(gestureWords(restore).hold).toBe("Hold to restore 1.42.0");
    expect(planReport(restore, "UTC")).toContain("# Plan: restore 1.42.0 of payments in prod-eu");
    const same = way("7.0.4", "7.0.4");
    expect(planTitle("payments", same, false)).toBe("Roll back the pod template of payments");
    expect(gestureWords(same).press).toBe("Roll back to this pod template");
    expect(sentenceText(same)).toMatch(
      /^payments in prod-eu stays at 7\.0\.4 and goes back to an earlier pod template:/,
    );
    expect(planReport(same, "UTC")).toContain(
      "# Plan: roll back the pod template of payments 7.0.4",
    );
    expect(planTitle("payments", undefined, true)).toBe("Undo the rollback of payments");
  });
});

describe("what an operation is", () => {
  const operation = (part: Partial<Operation>) =>
    ({
      service: "payments",
      environment: "prod-eu",
      fromVersion: "1.42.0",
      toVersion: "1.41.2",
      state: "rolling-out",
      verdict: null,
      undoOf: null,
      number: 8,
      account: "lena.m",
      cluster: "eu",
      namespace: "shop",
      kind: "Deployment",
      workload: "payments",
      digest: "7be0",
      reason: null,
      confirmedAt: 0,
      sentAt: null,
      rolledOutAt: null,
      endedAt: null,
      steps: [],
      facts: {},
      ...part,
    }) as unknown as Operation;
  const forward = { fromVersion: "1.41.2", toVersion: "1.42.0", undoOf: 7 };

  it("is told by its title in every phase", () => {
    expect(operationTitle(operation({}))).toBe("Rolling back payments");
    expect(operationTitle(operation({ ...forward, state: "waiting" }))).toBe(
      "About to restore payments 1.42.0",
    );
    expect(operationTitle(operation(forward))).toBe("Restoring payments 1.42.0");
    const good = { state: "verified", verdict: "good" } as const;
    expect(operationTitle(operation({ ...forward, ...good }))).toBe("Restored payments 1.42.0");
    expect(operationTitle(operation({ ...forward, state: "failed" }))).toBe(
      "Restore of payments 1.42.0",
    );
    const same = { toVersion: "1.42.0" };
    expect(operationTitle(operation(same))).toBe("Rolling back the pod template of payments");
    expect(operationReport(operation({ ...forward, ...good }), "UTC")).toContain(
      "# Restore of payments in prod-eu from 1.41.2 to 1.42.0",
    );
  });

  it("is a way back where an undo is undone", () => {
    expect(operationCourse(operation({ undoOf: 8 }))).toBe("back");
  });

  it("sets figures and Latin names apart in Chinese", async () => {
    await applyLocale("zh");
    const said = (migrations: number) =>
      sentenceText({
        ...base,
        stays: [],
        sentence: { ...base.sentence, images: 1, settings: 3, configuration: 1, migrations },
      });
    expect(said(0)).toContain("1 个镜像和 3 项设置变更；");
    expect(said(0)).toContain("1 个已变更的 ConfigMap 不会回退；");
    expect(said(1)).toContain("数据库和 1 个已变更的 ConfigMap 不会回退；");
  });

  it("has its words in Chinese", async () => {
    await applyLocale("zh");
    expect(operationTitle(operation(forward))).toBe("正在恢复 payments 1.42.0");
  });
});
