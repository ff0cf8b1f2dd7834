import { afterEach, describe, expect, it } from "vitest";
import { FINDING_CODES, type Finding, type Operation, type Plan, STEP_KINDS } from "@/ipc";
import { applyLocale } from "@/shared/i18n/locale";
import { FINDING_WORDS, findingWords } from "./findings";
import {
  hasEnded,
  isRunning,
  OUTCOME_CODES,
  outcomeWords,
  stateGlyph,
  stateWord,
} from "./outcomes";
import { EMPTY_JOURNAL, followPods } from "./pods";
import { operationReport, planReport } from "./report";
import { sentenceText } from "./sentence";
import { STEP_WORDS, stepLines, stepWords } from "./steps";

const LOCALES = ["en", "zh"] as const;
afterEach(() => applyLocale("en"));

/** The results that the preflight can answer, check by check (rollback.md, "Preflight"). */
const RESULTS: Record<(typeof FINDING_CODES)[number], Finding["result"][]> = {
  "read-only": ["pass", "block"],
  connection: ["pass", "block"],
  ledger: ["pass", "block"],
  paused: ["pass", "block"],
  deleting: ["block"],
  "same-template": ["block"],
  target: ["pass"],
  failed: ["warn"],
  owner: ["pass", "block", "unknown"],
  "in-flight": ["pass", "block"],
  permission: ["pass", "warn", "block", "unknown"],
  references: ["pass", "block", "unknown"],
  "dry-run": ["pass", "block", "unknown"],
  "pod-admission": ["pass", "block", "unknown"],
  configuration: ["pass", "warn", "unknown"],
  migrations: ["pass", "warn", "unknown"],
  "zero-replicas": ["warn"],
  recreate: ["warn"],
  autoscaler: ["pass", "warn", "unknown"],
  quota: ["pass", "warn", "unknown"],
  "disruption-budget": ["pass", "warn", "unknown"],
  "apply-manager": ["warn"],
  image: ["pass", "unknown"],
  "event-trace": ["pass"],
};

const side = (version: string) => ({
  version,
  deployment: null,
  revision: null,
  since: null,
  ran: null,
  template: version,
});
const sides = { kind: "Deployment", from: side("2.4.1"), to: side("2.3.7"), madeAt: 3_600_000 };

function finding(code: string, result: Finding["result"]): Finding {
  const facts = { reason: "why", keys: "a, b", count: "2", replicas: "3", min: "1", max: "5" };
  return {
    code,
    result,
    subject: "ConfigMap x",
    facts: { ...facts, name: "x", owner: "Argo CD Application" },
    key: code,
  };
}

const operation: Operation = {
  id: "o",
  number: 1207,
  service: "checkout",
  environment: "prod-eu",
  tier: "production",
  guard: true,
  cluster: "eu-west-1-prod",
  context: "eu-prod",
  namespace: "shop",
  kind: "Deployment",
  workload: "checkout",
  account: "lena.m",
  fromVersion: "2.4.1",
  toVersion: "2.3.7",
  state: "verified",
  verdict: "good",
  code: "steady",
  facts: {},
  reason: "incident 318",
  confirmedAt: 1,
  cancelUntil: null,
  sentAt: 1000,
  rolledOutAt: 85_000,
  verifyUntil: null,
  endedAt: 400_000,
  steps: [],
  pods: [],
  desired: 9,
  ready: 9,
  revision: 64,
  usual: null,
  undoable: true,
  undoOf: null,
  digest: "7be0",
};

describe("a target that failed here", () => {
  const failed = (facts: Record<string, string>) =>
    findingWords({ ...finding("failed", "warn"), facts }, sides);

  it("says that it never settled, when, and why", () => {
    const facts = { at: "3000000", reason: "ImagePullBackOff", message: "not found" };
    expect(failed(facts)).toEqual({
      title: "2.3.7 failed here and never settled",
      text: "It failed 10 min before this plan. ImagePullBackOff: not found",
      next: null,
    });
  });

  it("says for how long it ran before it crashed", () => {
    const { title, text } = failed({ ran: "720000", reason: "CrashLoopBackOff" });
    expect(title).toBe("2.3.7 crashed when it ran here");
    expect(text).toBe("It had run 12 min. CrashLoopBackOff");
    expect(failed({ at: "0" }).text, "nothing told why").toContain("Why is not known.");
  });
});

describe.each(LOCALES)("in %s", (locale) => {
  it.each(FINDING_CODES)("finding %s has words for every result that can occur", (code) => {
    applyLocale(locale);
    for (const result of RESULTS[code]) {
      expect(FINDING_WORDS[code][result], `${code} ${result}`).toBeDefined();
      const words = findingWords(finding(code, result), sides);
      expect(words.title).not.toMatch(/undefined|\{|finding_/);
      expect(words.title).not.toBe(code);
      // A warning says why, and a block says what to do next.
      if (result !== "pass") expect(words.text, `${code} ${result}`).toBeTruthy();
      if (result === "block") expect(words.next, `${code} ${result}`).toBeTruthy();
    }
  });

  it.each(STEP_KINDS)("step %s has words", (kind) => {
    applyLocale(locale);
    expect(STEP_WORDS[kind]).toBeDefined();
    const words = stepWords({ kind, at: 0, facts: {} }, operation);
    expect(words.title).not.toMatch(/undefined|\{|step_/);
  });

  it.each(
    Object.entries(OUTCOME_CODES).flatMap(([kind, codes]) =>
      codes.map((code) => [kind, code] as const),
    ),
  )("outcome %s %s has a title, a text, and a next step where it is not good", (kind, code) => {
    applyLocale(locale);
    const failed = kind === "failed";
    const ended: Operation = {
      ...operation,
      code,
      state: failed ? "failed" : "verified",
      verdict: failed ? null : (kind as NonNullable<Operation["verdict"]>),
      facts: { error: "forbidden", details: "no", reason: "r", message: "m", moved: "live" },
    };
    const words = outcomeWords(ended);
    expect(words?.title).toBeTruthy();
    expect(words?.text).not.toMatch(/undefined|\{/);
    if (kind !== "good") expect(words?.next).toBeTruthy();
  });

  it.each(["cancelled", "superseded", "never-arrived"] as const)(
    "state %s says what next",
    (state) => {
      applyLocale(locale);
      const words = outcomeWords({ ...operation, state, verdict: null, code: null });
      expect(words?.title).toBeTruthy();
      expect(words?.next).toBeTruthy();
    },
  );
});

it("one that was found unfinished has no outcome yet, and nothing still to come", () => {
  applyLocale("en");
  const found: Operation = { ...operation, state: "looking", verdict: null, code: null };
  expect(outcomeWords(found)).toBeNull();
  expect([isRunning(found), hasEnded(found)]).toEqual([false, false]);
  const steps = stepLines({ ...found, steps: [{ kind: "sent", at: 0, facts: {} }] }, 0);
  expect(steps.map((line) => line.title)).toEqual([
    "Patch sent to Deployment checkout",
    "Waiting for the cluster, to see how it stands",
  ]);
});

it("does not say of one whose end nobody knows that it was not done", () => {
  applyLocale("en");
  const gone: Operation = {
    ...operation,
    state: "failed",
    verdict: null,
    code: "environment-gone",
  };
  expect([stateWord(gone), stateGlyph(gone)]).toEqual(["Not known", "unknown"]);
  expect(stateWord({ ...gone, code: "gone" })).toBe("Not done");
});

it.each(["cancelled", "never-arrived"] as const)(
  "%s does not say that what no pod may ever have run still runs",
  (state) => {
    applyLocale("en");
    const { text } = outcomeWords({ ...operation, state, verdict: null, code: null }) ?? {};
    expect(text).toContain("prod-eu");
    expect(text).not.toContain(operation.fromVersion);
  },
);

it("no two outcome codes share their words", () => {
  const all = Object.entries(OUTCOME_CODES).flatMap(([kind, codes]) =>
    codes.map((code) => {
      const failed = kind === "failed";
      const verdict = failed ? null : (kind as NonNullable<Operation["verdict"]>);
      const words = outcomeWords({
        ...operation,
        code,
        verdict,
        state: failed ? "failed" : "verified",
      });
      return `${words?.title} ${words?.text}`;
    }),
  );
  expect(new Set(all).size).toBe(all.length);
});

it("a good verdict says that traffic was not looked at", () => {
  const facts = { ready: "9", wanted: "9", seconds: "300", services: "1", endpoints: "9" };
  expect(outcomeWords({ ...operation, facts })?.text).toBe(
    "Verified for 5 min: 9 of 9 pods ready, no restarts, 9 endpoints ready. Traffic was not looked at.",
  );
});

it("a refusal tells the words of its own error code", () => {
  const refused: Operation = {
    ...operation,
    state: "failed",
    verdict: null,
    code: "refused",
    facts: { error: "forbidden", details: "403" },
  };
  expect(outcomeWords(refused)?.text).toContain("may not patch deployments in eu-west-1-prod");
});

const plan: Plan = {
  ...sides,
  digest: "7be0",
  service: "checkout",
  environment: "prod-eu",
  tier: "production",
  guard: true,
  cluster: "eu-west-1-prod",
  context: "eu-prod",
  namespace: "shop",
  account: "lena.m",
  groups: [],
  accountConfirmed: true,
  kind: "Deployment",
  workload: "checkout",
  origin: "cluster",
  choice: "last-known-good",
  sentence: {
    images: 1,
    settings: 3,
    replicas: 9,
    migrations: 1,
    configuration: 1,
    fixes: 7,
    features: 0,
    atLeast: false,
  },
  differences: [],
  lines: [
    { kind: "removed", text: "image: shop/checkout:2.4.1" },
    { kind: "added", text: "image: shop/checkout:2.3.7" },
  ],
  findings: [finding("paused", "block"), finding("owner", "pass")],
  level: null,
  stays: [{ kind: "configuration", subject: "ConfigMap checkout-features", facts: {} }],
  fixes: [],
  features: [],
  notes: [],
  verifyWindow: 300_000,
  madeAt: 0,
  before: { ready: 5, restarts: 3, endpoints: 5 },
};

it.each([
  ["annotation", "annotation k: v"],
  ["label", "label k: v"],
  ["label-of-application", "label k: v, and an Application of that name is there"],
  ["reference", "ownerReferences: k v"],
])("says by what an owner was recognised: %s", (evidence, words) => {
  applyLocale("en");
  const facts = { owner: "controller", name: "Operator x", evidence, key: "k", value: "v" };
  const told = findingWords({ ...finding("owner", "block"), subject: "Operator x", facts }, sides);
  expect(told.title).toBe("Operator x would put 2.4.1 back");
  expect(told.text).toContain(`Recognised by: ${words}`);
});

it("names the object by its kind, which is no deployment", () => {
  applyLocale("en");
  const told = (kind: string) =>
    findingWords(finding("deleting", "block"), { ...sides, kind }).text;
  expect(told("Deployment")).toContain("removes the Deployment object and its pods");
  expect(told("StatefulSet")).toContain("removes the StatefulSet and its pods");
  const sent = STEP_WORDS.sent(() => "", { ...operation, kind: "StatefulSet" });
  expect(sent.title).toBe("Patch sent to StatefulSet checkout");
});

it("tells a quota that is short from the words of one that is full", () => {
  const of = (facts: Record<string, string>) =>
    findingWords({ ...finding("quota", "warn"), subject: "team", facts }, sides).text;
  const short = { resource: "pods", used: "9", hard: "10", surge: "2" };
  expect(of(short)).toContain("ResourceQuota team has 9 of 10 pods used");
  expect(of({ reason: "exceeded quota" })).toContain("exceeded quota");
});

it("tells a configuration that is gone from one that changed", () => {
  const of = (facts: Record<string, string>) =>
    findingWords({ ...finding("configuration", "warn"), subject: "ConfigMap x", facts }, sides);
  expect(of({ problem: "gone" }).title).toBe("ConfigMap x is gone since 2.3.7 ran");
  expect(of({ keys: "a" }).title).toBe("ConfigMap x changed since 2.3.7 ran");
});

it("says the sentence of rollback.md", () => {
  expect(sentenceText(plan)).toBe(
    "checkout in prod-eu goes from 2.4.1 back to 2.3.7: 1 image and 3 settings change; replicas stay; " +
      "the database and 1 changed ConfigMap do not go back; removes 7 fixes.",
  );
});

it.each([
  [{ fixes: null, features: null }, "which fixes it removes is not known."],
  [{ fixes: 250, atLeast: true }, "removes at least 250 fixes."],
  [{ fixes: 0, features: 3, atLeast: true }, "removes at least 3 features."],
  [{ fixes: 0, features: 1 }, "removes 1 feature."],
  [{ fixes: 0, features: 0 }, "the database and 1 changed ConfigMap do not go back."],
])("says as much of what goes away as the repository does: %o", (known, end) => {
  const sentence = { ...plan.sentence, ...known };
  expect(sentenceText({ ...plan, sentence })).toMatch(new RegExp(`${end.replaceAll(".", "\\.")}$`));
});

it("says that it does not know whether the database changed", () => {
  const unknown = { ...plan, sentence: { ...plan.sentence, migrations: null, configuration: 0 } };
  expect(sentenceText(unknown)).toContain("whether the database changed is not known");
});

it("hands over the plan, the diff and the finding", () => {
  const report = planReport(plan, "UTC");
  expect(report).toContain("- block: **Deployment x is paused**");
  expect(report).toContain(
    "```diff\n-image: shop/checkout:2.4.1\n+image: shop/checkout:2.3.7\n```",
  );
});

it("a text of others cannot break out of the report's fence", () => {
  const hostile = { ...plan, lines: [{ kind: "added" as const, text: "```\n# nothing" }] };
  expect(planReport(hostile, "UTC")).toContain("````diff");
});

it("reports an operation without a number it never got", () => {
  const never = operationReport(
    { ...operation, state: "cancelled", verdict: null, number: 0 },
    "UTC",
  );
  expect(never).not.toContain("**Operation:**");
  expect(never).toContain("Stopped: nothing was sent");
});

it("tells a hanging rollout's reason in the step that goes on", () => {
  const hanging: Operation = {
    ...operation,
    state: "rolling-out",
    verdict: null,
    ready: 3,
    facts: { reason: "ImagePullBackOff", message: "back-off" },
  };
  const [line] = stepLines(hanging, 0);
  expect(line).toMatchObject({
    phase: "running",
    text: "ImagePullBackOff: back-off",
    count: "3 of 9",
  });
});

it("does not count the age of a pod that a failed rollout had left", () => {
  const old = { restarts: 0, reason: null, message: null, node: null, startedAt: 1_000 };
  const pod = { ...old, name: "old-a", version: "2.3.7", state: "ready" as const };
  const sent = { ...operation, sentAt: 600_000_000 };
  const first = followPods(EMPTY_JOURNAL, { ...sent, pods: [pod] }, 600_001_000);
  expect(first.notes).toMatchObject([{ kind: "stayed", pod: "old-a", state: "ready" }]);
  const shaken = followPods(first, { ...sent, pods: [{ ...pod, state: "starting" }] }, 600_002_000);
  const again = followPods(shaken, { ...sent, pods: [pod] }, 600_003_000);
  expect(again.notes.at(-1)).toMatchObject({ kind: "ready", after: null });
});

it("ends what a kubelet said before its own next sentence begins", () => {
  const facts = { pods: "3", reason: "ImagePullBackOff", message: "image x: not found" };
  const bad: Operation = { ...operation, verdict: "bad", code: "rollout-failed", facts };
  expect(outcomeWords(bad)?.text).toBe(
    "3 pods never became ready: ImagePullBackOff. image x: not found. Traffic was not looked at.",
  );
});

it("keeps what happened to the pods, and what the old ones were like", () => {
  const pod = { restarts: 0, reason: null, message: null, node: null, startedAt: 1000 };
  const old = { ...pod, name: "old-a", version: "2.4.1", state: "ready" as const, restarts: 3 };
  const fresh = { ...pod, name: "new-b", version: "2.3.7", state: "starting" as const };
  const first = followPods(EMPTY_JOURNAL, { ...operation, pods: [old, fresh] }, 2000);
  expect(first.before).toEqual({ ready: 1, restarts: 3, pods: 1 });
  const next = followPods(first, { ...operation, pods: [{ ...fresh, state: "ready" }] }, 7000);
  expect(next.notes.map((note) => note.kind)).toEqual(["seen", "ready", "gone"]);
  expect(next.notes[1]).toMatchObject({ pod: "new-b", after: 6000 });
});

it("what moved is said by what the checks found, whichever way they changed", () => {
  applyLocale("en");
  const listed = (code: string, result: string) =>
    JSON.stringify([{ code, result, subject: null, facts: { name: "checkout" }, key: code }]);
  const moved = (facts: Operation["facts"]) =>
    outcomeWords({ ...operation, state: "failed", verdict: null, code: "plan-moved", facts })?.text;
  expect(moved({ moved: "checks", appeared: listed("paused", "block"), gone: "[]" })).toBe(
    "Nothing was sent. What moved: New: Deployment checkout is paused",
  );
  expect(moved({ moved: "checks", appeared: "[]", gone: listed("paused", "block") })).toBe(
    "Nothing was sent. What moved: No longer: Deployment checkout is paused",
  );
  expect(moved({ moved: "checks", appeared: "[]", gone: "[]" })).toContain(
    "nothing that a check shows",
  );
});
