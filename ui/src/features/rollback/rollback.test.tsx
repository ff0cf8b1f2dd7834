import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  CommandError,
  connect,
  type Finding,
  type GestureEnd,
  type Operation,
  type Plan,
  type Pod,
} from "@/ipc";
import { createFakeHost } from "@/ipc/fake";
import { fakePlan } from "@/ipc/fake/plans";
import { applyLocale } from "@/shared/i18n/locale";
import { NavigationProvider, useNavigation } from "@/shared/navigation/navigation";
import type { Overlay } from "@/shared/navigation/route";
import { goesForward } from "@/shared/operation/direction";
import { EMPTY_JOURNAL } from "@/shared/operation/pods";
import { sentenceText } from "@/shared/operation/sentence";
import { stepLines } from "@/shared/operation/steps";
import { comparedRows } from "./compared";
import { Ended } from "./Ended";
import { hunks } from "./ExactChange";
import { movedLines } from "./Moved";
import RollbackOverlay from "./overlay";
import { openItems } from "./StillOpen";
import { gestureOff } from "./usePlan";

beforeAll(() => {
  // jsdom has no layout and no pointer capture.
  Element.prototype.setPointerCapture ??= () => {};
  Element.prototype.scrollIntoView ??= () => {};
});
beforeEach(() => applyLocale("en"));
afterEach(() => {
  vi.useRealTimers();
});

const base = fakePlan(
  { service: "checkout", environment: "prod-eu", target: { kind: "last-known-good" } },
  false,
) as Plan;

const pass: Finding = { code: "paused", result: "pass", subject: null, facts: {}, key: "paused" };
const warn: Finding = {
  code: "zero-replicas",
  result: "warn",
  subject: null,
  facts: {},
  key: "zero-replicas",
};
const unknown: Finding = {
  code: "image",
  result: "unknown",
  subject: "i",
  facts: { images: "i" },
  key: "image/i",
};

/** A plan of each level, as rollback.md says when which applies. */
const LEVELS = {
  0: { ...base, level: 0, tier: "staging", guard: false, findings: [pass] },
  1: { ...base, level: 1, guard: false, findings: [pass] },
  2: { ...base, level: 2, guard: false, findings: [pass, warn, unknown] },
  3: { ...base, level: 3, guard: true, findings: [pass, warn] },
} satisfies Record<number, Plan>;

function running(plan: Plan, part: Partial<Operation> = {}): Operation {
  return {
    id: "o1",
    number: 0,
    service: plan.service,
    environment: plan.environment,
    tier: plan.tier,
    guard: plan.guard,
    cluster: plan.cluster,
    context: plan.context,
    namespace: plan.namespace,
    kind: plan.kind,
    workload: plan.workload,
    account: plan.account,
    fromVersion: plan.from.version,
    toVersion: plan.to.version,
    state: "waiting",
    verdict: null,
    code: null,
    facts: {},
    reason: null,
    confirmedAt: Date.now(),
    cancelUntil: Date.now() + 3000,
    sentAt: null,
    rolledOutAt: null,
    verifyUntil: null,
    endedAt: null,
    steps: [],
    pods: [],
    desired: 9,
    ready: 0,
    revision: null,
    usual: null,
    undoable: false,
    undoOf: null,
    digest: plan.digest,
    ...part,
  };
}

type Said = {
  begun: number;
  confirmed: GestureEnd[];
  cancelled: number;
  planned: unknown[];
  overlay: Overlay | null;
};

function Place({ overlay, said }: { overlay: Overlay; said: Said }) {
  const navigation = useNavigation();
  said.overlay = navigation.overlay;
  return (
    <>
      <button type="button" onClick={() => navigation.open(overlay)}>
        begin
      </button>
      <RollbackOverlay />
    </>
  );
}

async function show(
  plans: Plan[],
  own: {
    /** The sheet opens on it; without it, on a plan. */
    operation?: Operation;
    /** What a confirmed plan becomes. */
    result?: Operation;
    list?: Operation[];
    refuse?: CommandError;
  } = {},
) {
  const said: Said = { begun: 0, confirmed: [], cancelled: 0, planned: [], overlay: null };
  const queue = [...plans];
  const operation = own.operation ?? own.result ?? running(plans[0] ?? base);
  connect(
    createFakeHost("workspace", {
      rollback_plan: (request) => {
        said.planned.push(request);
        return (queue.length > 1 ? queue.shift() : queue[0]) as Plan;
      },
      rollback_begin: () => {
        said.begun += 1;
        return { id: `c${said.begun}` };
      },
      rollback_confirm: (request) => {
        said.confirmed.push(request);
        if (own.refuse) throw own.refuse;
        return operation;
      },
      operation_cancel: () => {
        said.cancelled += 1;
        return { ...operation, state: "cancelled" };
      },
      operation_get: () => operation,
      operation_list: () => ({
        operations: own.list ?? [operation],
        older: false,
        chainIntact: true,
      }),
    }),
  );
  const client = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  const lane = { service: "checkout", environment: "prod-eu" };
  const overlay: Overlay = own.operation
    ? { name: "operation", operation: own.operation.id }
    : { name: "rollback", lane };
  render(
    <QueryClientProvider client={client}>
      <NavigationProvider start={{ name: "timeline" }}>
        <Place overlay={overlay} said={said} />
      </NavigationProvider>
    </QueryClientProvider>,
  );
  fireEvent.click(screen.getByText("begin"));
  await screen.findByRole("dialog");
  if (!own.operation)
    await screen.findByText(plans[0]?.level === null ? "What to do next" : "Checks");
  return said;
}

const gesture = () =>
  screen.getByRole("button", { name: /^(Hold to|Keep holding|Press again to)/ });
const wait = (milliseconds: number) =>
  act(() => new Promise((resolve) => setTimeout(resolve, milliseconds)));

describe("the gesture", () => {
  it("level 0 is a button", async () => {
    const said = await show([LEVELS[0]]);
    await userEvent.click(screen.getByRole("button", { name: "Roll back to 2.3.7" }));
    await waitFor(() => expect(said.confirmed).toHaveLength(1));
    expect(said.confirmed[0]).toMatchObject({ confirmation: "c1", digest: base.digest });
    expect(said.overlay).toEqual({ name: "operation", operation: "o1" });
  });

  it("level 1 is held for 1.2 s", async () => {
    const said = await show([LEVELS[1]]);
    fireEvent.pointerDown(gesture(), { button: 0, pointerId: 1 });
    expect(screen.getByText("Keep holding")).toBeTruthy();
    await wait(1000);
    expect(said.confirmed).toHaveLength(0);
    await waitFor(() => expect(said.confirmed).toHaveLength(1), { timeout: 1500 });
    expect(said.begun).toBe(1);
  });

  it("letting go early confirms nothing", async () => {
    const said = await show([LEVELS[1]]);
    fireEvent.pointerDown(gesture(), { button: 0, pointerId: 1 });
    await wait(600);
    fireEvent.pointerUp(gesture(), { pointerId: 1 });
    await wait(1000);
    expect(said.confirmed).toHaveLength(0);
    expect(screen.getByText("Hold to roll back to 2.3.7")).toBeTruthy();
  });

  it("by keyboard it is two separate presses, and a held key counts once", async () => {
    const said = await show([LEVELS[1]]);
    const button = gesture();
    button.focus();
    fireEvent.keyDown(button, { key: "Enter" });
    for (let at = 0; at < 5; at += 1) fireEvent.keyDown(button, { key: "Enter", repeat: true });
    await wait(400);
    expect(said.confirmed).toHaveLength(0);
    expect(screen.getAllByText("Press again to roll back to 2.3.7").length).toBeGreaterThan(0);
    fireEvent.keyDown(button, { key: "Enter" });
    // The backend wants 1.2 s between them: the window waits rather than being refused.
    await waitFor(() => expect(said.confirmed).toHaveLength(1), { timeout: 2000 });
  });

  it("a sheet that is closed before its end confirms nothing", async () => {
    const said = await show([LEVELS[1]]);
    const button = gesture();
    fireEvent.keyDown(button, { key: "Enter" });
    await wait(300);
    fireEvent.keyDown(button, { key: "Enter" });
    await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
    await wait(1300);
    expect(said.confirmed).toHaveLength(0);
  });

  it("level 2 wants each warning and unknown acknowledged", async () => {
    const said = await show([LEVELS[2]]);
    expect(gesture().getAttribute("aria-disabled")).toBe("true");
    expect(screen.getByText("2 checks to acknowledge first")).toBeTruthy();
    const boxes = screen.getAllByRole("checkbox", { name: /^Understood:/ });
    expect(boxes).toHaveLength(2);
    await userEvent.click(boxes[0] as HTMLElement);
    expect(gesture().getAttribute("aria-disabled")).toBe("true");
    await userEvent.click(boxes[1] as HTMLElement);
    expect(gesture().getAttribute("aria-disabled")).toBeNull();
    fireEvent.pointerDown(gesture(), { button: 0, pointerId: 1 });
    await waitFor(() => expect(said.confirmed).toHaveLength(1), { timeout: 2500 });
    expect(said.confirmed[0]?.acknowledged.sort()).toEqual(["image/i", "zero-replicas"]);
  });

  it("level 3 also wants the reason and the name", async () => {
    const said = await show([LEVELS[3]]);
    await userEvent.click(screen.getByRole("checkbox", { name: /^Understood:/ }));
    expect(screen.getByText("Write a reason first")).toBeTruthy();
    await userEvent.type(screen.getByRole("textbox", { name: /^Why/ }), "incident 318");
    expect(screen.getByText("Type checkout first")).toBeTruthy();
    await userEvent.type(screen.getByRole("textbox", { name: /^Type/ }), "checkout");
    expect(gesture().getAttribute("aria-disabled")).toBeNull();
    fireEvent.pointerDown(gesture(), { button: 0, pointerId: 1 });
    await waitFor(() => expect(said.confirmed).toHaveLength(1), { timeout: 2500 });
    expect(said.confirmed[0]).toMatchObject({ reason: "incident 318", typedName: "checkout" });
  });

  it.each([
    ["less than a minute", 59_000, "Running now in prod-eu"],
    ["a minute", 61_000, "Running now in prod-eu, for 1 min"],
  ])("says for how long it runs from the first minute on: %s", async (_, age, words) => {
    const from = { ...base.from, since: Date.now() - age };
    await show([{ ...LEVELS[1], from, before: null }]);
    expect(await screen.findByText(words)).toBeTruthy();
  });

  it("Cancel has the focus", async () => {
    await show([LEVELS[3]]);
    expect(document.activeElement?.textContent).toBe("Cancel");
  });
});

describe("a block", () => {
  const blocked: Plan = {
    ...base,
    level: null,
    findings: [
      {
        code: "owner",
        result: "block",
        subject: "Argo CD Application shop",
        facts: { owner: "Argo CD Application", name: "shop", evidence: "annotation" },
        key: "owner",
      },
    ],
  };

  it("leaves no gesture, and only Hand over as a way on", async () => {
    await show([blocked]);
    expect(screen.getAllByText("Argo CD would put 2.4.1 back")).toHaveLength(2);
    expect(screen.queryByRole("button", { name: /Hold to/ })).toBeNull();
    const off = screen.getByRole("button", { name: "Roll back" });
    expect(off.hasAttribute("disabled")).toBe(true);
    const names = within(screen.getByRole("dialog"))
      .getAllByRole("button")
      .map((button) => button.textContent);
    expect(names).toContain("Hand over");
    expect(names.join()).not.toMatch(/Hold Argo|Revert/);
  });

  it("hands over a report on the clipboard", async () => {
    const user = userEvent.setup();
    await show([blocked]);
    await user.click(screen.getByRole("button", { name: "Hand over" }));
    expect(await navigator.clipboard.readText()).toContain("Argo CD would put 2.4.1 back");
  });
});

describe("after the gesture", () => {
  /** A rollback that was carried out and verified. */
  const rolledBack = running(base, {
    state: "verified",
    verdict: "good",
    code: "steady",
    undoable: true,
    sentAt: 1,
    facts: { ready: "9", wanted: "9", seconds: "300", services: "1", endpoints: "9" },
  });

  it("a refusal is shown with its next step, and planning again tells what moved", async () => {
    const moved: Plan = { ...LEVELS[0], digest: "other", from: { ...base.from, version: "2.4.2" } };
    const wire = { code: "plan-moved" as const, parameters: {}, details: "", retryable: false };
    await show([LEVELS[0], moved], { refuse: new CommandError("rollback_confirm", wire) });
    await userEvent.click(screen.getByRole("button", { name: "Roll back to 2.3.7" }));
    expect(await screen.findByText("The cluster has moved since the plan was made")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Plan again" }));
    expect(await screen.findByText("2.4.2 runs now, it was 2.4.1")).toBeTruthy();
  });

  it("can be stopped for three seconds, by the button that has the focus or by Esc", async () => {
    const said = await show([base], { operation: running(base) });
    const stop = await screen.findByRole("button", { name: "Stop" });
    expect(document.activeElement).toBe(stop);
    await userEvent.click(stop);
    await waitFor(() => expect(said.cancelled).toBe(1));
    expect(await screen.findByText("Stopped: nothing was sent")).toBeTruthy();
  });

  it("Esc stops it rather than hiding it", async () => {
    const said = await show([base], { operation: running(base) });
    await screen.findByRole("button", { name: "Stop" });
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(said.cancelled).toBe(1));
    expect(screen.getByRole("dialog")).toBeTruthy();
  });

  it("Undo is a plan of its own", async () => {
    const said = await show([LEVELS[1]], { operation: rolledBack });
    await userEvent.click(await screen.findByRole("button", { name: "Restore 2.4.1" }));
    await waitFor(() =>
      expect(said.planned).toEqual([
        {
          service: "checkout",
          environment: "prod-eu",
          target: { kind: "undo-of", operation: "o1" },
        },
      ]),
    );
  });

  it("the opposite of what was just done is another change: nothing is new since the plan before", async () => {
    const other = { ...LEVELS[1], digest: "another" };
    await show([LEVELS[0], other], { result: rolledBack });
    await userEvent.click(await screen.findByRole("button", { name: "Roll back to 2.3.7" }));
    await userEvent.click(await screen.findByRole("button", { name: "Restore 2.4.1" }));
    await screen.findByRole("button", { name: /^Hold to/ });
    expect(screen.queryByText("What is new since the plan before")).toBeNull();
  });

  it("an undo that was stopped is asked for again as the undo of the same operation", async () => {
    const stopped = running(base, { number: 8, state: "cancelled", undoOf: 7 });
    const undone = running(base, { id: "o7", number: 7, state: "verified", verdict: "bad" });
    const said = await show([LEVELS[1]], { operation: stopped, list: [stopped, undone] });
    const again = await screen.findByRole("button", { name: "Plan again" });
    await waitFor(() => expect(again.hasAttribute("disabled")).toBe(false));
    await userEvent.click(again);
    await waitFor(() =>
      expect(said.planned).toMatchObject([{ target: { kind: "undo-of", operation: "o7" } }]),
    );
  });

  it("a bad end is told at once to who listens", async () => {
    const bad = running(base, {
      state: "verified",
      verdict: "bad",
      code: "restarted",
      facts: { pod: "checkout-1", restarts: "2" },
      sentAt: 1,
    });
    await show([base], { operation: bad });
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("Pod checkout-1 restarted 2 times while it was watched.");
  });

  it("after a bad end the way out is the first button and has the focus", async () => {
    const end = { state: "verified", verdict: "bad", code: "restarted", sentAt: 1 } as const;
    await show([base], { operation: running(base, { ...end, undoable: true }) });
    const restore = await screen.findByRole("button", { name: "Restore 2.4.1" });
    await waitFor(() => expect(document.activeElement).toBe(restore));
    expect(screen.getByRole("button", { name: "Write note" })).toBeTruthy();
  });
});

describe("what stands in the sheet", () => {
  it("level by level, the gesture is off for the right reason", () => {
    const answers = { missing: [], reason: "", typed: "" };
    expect(gestureOff(LEVELS[1], answers)).toBeNull();
    expect(gestureOff(LEVELS[3], answers)).toEqual({ why: "reason" });
    expect(gestureOff(LEVELS[3], { ...answers, reason: "x" })).toEqual({ why: "name" });
    expect(gestureOff({ ...base, level: null }, answers)).toEqual({ why: "blocked" });
  });

  it("shows only what changes, with lines around it", () => {
    const line = (kind: "context" | "added", text: string) => ({ kind, text });
    const lines = ["a", "b", "c", "d"].map((text) => line("context", text));
    const shown = hunks([...lines, line("added", "e"), ...lines], 1).map((one) => one.text);
    expect(shown).toEqual(["...", "d", "e", "a", "..."]);
  });

  it("tells new and vanished findings of a plan that moved", () => {
    const before = { ...base, findings: [warn] };
    const now = { ...base, findings: [unknown] };
    expect(movedLines(before, now)).toEqual([
      "New: Whether the image of 2.3.7 can be pulled is not known",
      "No longer: Replicas is 0",
    ]);
  });

  it("compares only what was seen", () => {
    const done = running(base, {
      state: "verified",
      verdict: "good",
      sentAt: 0,
      rolledOutAt: 84_000,
      facts: { ready: "9", wanted: "9" },
    });
    const rows = comparedRows(done, EMPTY_JOURNAL, null);
    expect(rows.map((row) => [row.before, row.after, row.verdict])).toEqual([
      [null, "9 of 9", "unknown"],
      [null, "0", "unknown"],
      [undefined, "1 min 24 s", "unknown"],
    ]);
  });

  it("compares with how the plan found it", () => {
    const done = running(base, {
      state: "verified",
      verdict: "good",
      facts: { ready: "9", wanted: "9", endpoints: "9" },
    });
    const before = { ready: 6, restarts: 3, endpoints: 6 };
    const planned = { ...base, before };
    const rows = comparedRows(done, EMPTY_JOURNAL, planned);
    expect(rows.map((row) => [row.before, row.after, row.verdict])).toEqual([
      ["6 of 9", "9 of 9", "better"],
      ["3", "0", "better"],
      ["6", "9", "better"],
    ]);
  });

  it("calls it no loss that an autoscaler wants fewer pods by then", () => {
    const facts = { ready: "8", wanted: "8", endpoints: "8" };
    const done = running(base, { state: "verified", verdict: "good", facts });
    const planned = { ...base, before: { ready: 9, restarts: 0, endpoints: 9 } };
    const rows = comparedRows(done, EMPTY_JOURNAL, planned);
    expect(rows.map((row) => [row.before, row.after, row.verdict])).toEqual([
      ["9 of 9", "8 of 8", "same"],
      ["0", "0", "same"],
      ["9", "8", "same"],
    ]);
  });

  it("counts on each side the pods of its own version", () => {
    const pod = (name: string, version: string, state: Pod["state"]): Pod => ({
      name,
      version,
      state,
      reason: null,
      message: null,
      node: null,
      restarts: 0,
      startedAt: null,
    });
    const { from, to } = base;
    const pods = [
      pod("a", from.version, "ready"),
      pod("b", from.version, "ready"),
      pod("c", to.version, "waiting"),
    ];
    const facts = { ready: "0", wanted: "3" };
    const bad = running(base, { state: "verified", verdict: "bad", facts, pods });
    const planned = {
      before: { ready: 2, restarts: 0, endpoints: null },
      sentence: { ...base.sentence, replicas: 3 },
    };
    const told = (one: Operation) => {
      const [row] = comparedRows(one, EMPTY_JOURNAL, planned);
      return [row?.name, row?.before, row?.after, row?.verdict];
    };
    expect(told(bad)).toEqual(["Ready pods", "2 of 3", "0 of 3", "worse"]);
    // An operation of the ledger has no pods any more.
    expect(told({ ...bad, pods: [] })).toEqual(["Ready pods", "2 of 3", "0 of 3", "worse"]);
  });

  it("says that it looks until the first look at the pods", async () => {
    await show([base], { operation: running(base, { state: "rolling-out", sentAt: 1 }) });
    expect(await screen.findByRole("progressbar", { name: "Looking at the pods" })).toBeTruthy();
    expect(screen.queryByText(/0 of 9|No pod has been seen/)).toBeNull();
  });

  it("a sheet that is opened later tells what was confirmed, from the ledger", async () => {
    const done = running(base, { state: "verified", verdict: "good", sentAt: 0, endedAt: 1 });
    connect(
      createFakeHost("workspace", {
        operation_get: () => done,
        operation_plan: () => base,
      }),
    );
    render(
      <QueryClientProvider client={new QueryClient()}>
        <NavigationProvider start={{ name: "operations" }}>
          <Place overlay={{ name: "operation", operation: "o1" }} said={{} as Said} />
        </NavigationProvider>
      </QueryClientProvider>,
    );
    fireEvent.click(screen.getByRole("button", { name: "begin" }));
    expect(await screen.findByRole("heading", { name: "As it was confirmed" })).toBeTruthy();
    expect(screen.getByText(/goes from 2.4.1 back to 2.3.7/)).toBeTruthy();
    expect(screen.getByRole("heading", { name: "Does not come back" })).toBeTruthy();
    expect(screen.getAllByText("ConfigMap checkout-features").length).toBeGreaterThan(0);
  });

  it("says nothing of what stays after a stop before anything was sent", () => {
    const steps = [{ kind: "cancelled", at: 0, facts: {} }];
    const stopped = running(base, { state: "cancelled", steps });
    expect(stepLines(stopped, 0).map((line) => line.phase)).toEqual(["done"]);
    const client = new QueryClient();
    render(
      <QueryClientProvider client={client}>
        <NavigationProvider start={{ name: "operations" }}>
          <Ended operation={stopped} plan={base} />
        </NavigationProvider>
      </QueryClientProvider>,
    );
    expect(screen.getByText("Stopped: nothing was sent")).toBeTruthy();
    expect(screen.queryByRole("heading", { name: "Does not come back" })).toBeNull();
  });

  it("names an undo to a higher version as what it is", async () => {
    const forward: Plan = { ...LEVELS[1], choice: "undo", from: base.to, to: base.from };
    expect(sentenceText(forward)).toContain("goes from 2.3.7 to 2.4.1 again:");
    expect(sentenceText(forward)).not.toContain("database");
    expect(sentenceText(forward)).toContain("migrations of 2.4.1 may have been applied already");
    await show([forward]);
    expect(gesture().textContent).toContain("Hold to restore 2.4.1");
  });

  it.each([
    ["1.41.2", "1.42.0", true],
    ["v1.9.0", "v1.10.0", true],
    ["1.42.0", "1.41.2", false],
    ["1.42.0", "1.42.0", false],
    ["a1b2c3", "d4e5f6", false],
  ])("from %s to %s goes forward: %s", (from, to, forward) => {
    const side = (version: string) => ({ ...base.to, version });
    expect(goesForward({ from: side(from), to: side(to) })).toBe(forward);
  });

  it("says what a start found undone, and names no manager where none applies", () => {
    const steps = [
      { kind: "manager-dropped", at: 0, facts: { dropped: "no", appliers: "" } },
      { kind: "traced", at: 0, facts: { written: "no" } },
    ];
    const done = running(base, { state: "verified", verdict: "good", sentAt: 0, steps });
    const texts = openItems(done, null, () => {}).map((item) => item.text.trim());
    expect(texts).toContain("A server-side apply of the template would report a conflict.");
    expect(texts.join()).not.toMatch(/undefined| {2}/);
  });

  it.each([
    [
      "a rollback that went well",
      { state: "verified", verdict: "good" },
      "1.42.0",
      "1.41.2",
      "1.42.0",
    ],
    [
      "a restore that went bad",
      { state: "verified", verdict: "bad", undoOf: 7 },
      "1.41.2",
      "1.42.0",
      "1.42.0",
    ],
    [
      "a restore that failed",
      { state: "failed", code: "gone", undoOf: 7 },
      "1.41.2",
      "1.42.0",
      "1.42.0",
    ],
    [
      "one whose end is unknown",
      { state: "failed", code: "environment-gone" },
      "1.42.0",
      "1.41.2",
      "1.42.0",
    ],
  ] as const)(
    "what happened by %s stands in the note of the version that was bad",
    (_, end, from, to, noted) => {
      const ended = running(base, { ...end, sentAt: 0, fromVersion: from, toVersion: to });
      const gone: unknown[] = [];
      const note = openItems(ended, null, (screen) => gone.push(screen)).find(
        ({ key }) => key === "note",
      );
      expect(note?.text).toContain(`the note of ${noted},`);
      note?.link?.run();
      expect(gone).toEqual([{ name: "notes", service: ended.service, version: noted }]);
    },
  );

  it("says nothing of what deploys it where the version stays", () => {
    const part = { state: "verified", verdict: "good", sentAt: 0, steps: [] } as const;
    const same = running(base, { ...part, steps: [], toVersion: base.from.version });
    expect(openItems(same, null, () => {}).map((item) => item.key)).toEqual(["note"]);
  });

  it("keeps open what the rollback did not mend", () => {
    const steps = [
      { kind: "manager-dropped", at: 0, facts: { dropped: "no", appliers: "helm" } },
      { kind: "traced", at: 0, facts: { written: "no", reason: "forbidden" } },
    ];
    const done = running(base, { state: "verified", verdict: "good", sentAt: 0, steps });
    const keys = openItems(done, base, () => {}).map((item) => item.key);
    expect(keys).toEqual([
      "source",
      "database",
      "configuration/ConfigMap checkout-features",
      "manager",
      "event",
      "note",
    ]);
  });
});
