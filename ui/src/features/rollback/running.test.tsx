import { act, screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { call, type Operation, type Plan, type Pod } from "@/ipc";
import { fakePlan } from "@/ipc/fake/plans";
import { stage } from "@/shared/testing/stage";
import RollbackOverlay from "./overlay";

const plan = fakePlan(
  { service: "checkout", environment: "prod-eu", target: { kind: "last-known-good" } },
  false,
) as Plan;
const { from, to } = plan;

const pod = (name: string, version: string, state: Pod["state"]): Pod => ({
  name: `checkout-6c4d9f8b77-${name}`,
  version,
  state,
  reason: null,
  message: null,
  node: null,
  restarts: 0,
  startedAt: null,
});

/** The sheet of an operation, opened when it runs already. */
async function show(part: Partial<Operation>, kept: Plan | null = plan) {
  let operation: Operation | null = null;
  const { navigation } = stage(<RollbackOverlay />, {
    at: { name: "timeline" },
    own: {
      operation_get: () => operation as Operation,
      operation_plan: () => kept,
    },
  });
  const { operations } = await call("operation_list", null);
  operation = {
    ...(operations[0] as Operation),
    fromVersion: from.version,
    toVersion: to.version,
    account: plan.account,
    state: "rolling-out",
    verdict: null,
    endedAt: null,
    desired: 3,
    ready: 0,
    ...part,
  };
  const { id } = operation;
  act(() => navigation().open({ name: "operation", operation: id }));
}

const widths = (bar: HTMLElement) =>
  [...bar.children].map((part) => (part as HTMLElement).style.width);

describe("the bar of a running operation", () => {
  it("stripes what starts", async () => {
    const pods = [pod("a", to.version, "ready"), pod("b", to.version, "starting")];
    await show({ ready: 1, desired: 4, pods });
    const bar = await screen.findByRole("progressbar", { name: "1 of 4 pods ready on 2.3.7" });
    expect(widths(bar)).toEqual(["25%", "0%", "25%"]);
  });

  it("does not show as starting what hangs, and counts it", async () => {
    const pods = [pod("a", to.version, "waiting"), pod("b", to.version, "failed")];
    await show({ pods });
    const name = "0 of 3 pods ready on 2.3.7; 2 hang";
    expect(widths(await screen.findByRole("progressbar", { name }))).toEqual([
      "0%",
      `${(2 / 3) * 100}%`,
      "0%",
    ]);
  });
});

describe("the sheet of a running operation", () => {
  it("marks the pods of the version before that are ready as well", async () => {
    await show({ pods: [pod("a", from.version, "ready"), pod("b", from.version, "ending")] });
    const tiles = within(await screen.findByRole("region", { name: "Pods" })).getAllByRole(
      "listitem",
    );
    expect(tiles.map((tile) => tile.querySelector("svg") !== null)).toEqual([true, false]);
  });

  it.each([
    ["waits", { state: "waiting", cancelUntil: Date.now() + 3000 }],
    ["runs", { state: "rolling-out" }],
    ["has ended", { state: "verified", verdict: "good", endedAt: Date.now() }],
  ] as const)(
    "is as high as the plan's, and names the account's group, while it %s",
    async (_, part) => {
      await show(part);
      expect(await screen.findByText("(release-managers)")).toBeTruthy();
      expect(screen.getByRole("dialog").parentElement?.style.height).toBe("848px");
    },
  );

  it("offers its undo at the end only: while it runs nothing else is planned", async () => {
    await show({ undoable: true });
    await screen.findByRole("button", { name: "Close, keep running" });
    expect(screen.queryByRole("button", { name: /^(Undo|Restore)/ })).toBeNull();
  });
});

describe("the comparison at the end", () => {
  it("names the usual time beside the rollout's, not below the version before", async () => {
    const sentAt = Date.now() - 60_000;
    const part = { sentAt, rolledOutAt: sentAt + 48_000, endedAt: Date.now(), usual: 80_000 };
    await show({ ...part, state: "verified", verdict: "good" });
    const name = await screen.findByRole("rowheader", { name: "Rollout time, usually 1 min 20 s" });
    const cells = within(name.closest("tr") as HTMLElement).getAllByRole("cell");
    expect(cells.map((cell) => cell.textContent)).toEqual(["", "48 s", "Faster"]);
  });
});

describe("the sheet of one that a start found unfinished", () => {
  const looking = {
    state: "looking",
    sentAt: 0,
    steps: [{ kind: "sent", at: 0, facts: {} }],
  } as const;

  it("has no clock and nothing still to send, and says that it is looked at", async () => {
    await show({ ...looking, steps: [...looking.steps] });
    expect(
      await screen.findByText("Found unfinished: how it stands is not known yet"),
    ).toBeTruthy();
    expect(screen.queryByText("Running for")).toBeNull();
    expect(screen.queryByRole("progressbar")).toBeNull();
    const steps = within(screen.getByRole("list", { name: "Steps" })).getAllByRole("listitem");
    expect(steps.at(-1)?.textContent).toBe("Waiting for the cluster, to see how it stands");
    expect(steps).toHaveLength(2);
  });

  it("names the kube context also where the plan was not kept", async () => {
    await show(
      { ...looking, steps: [...looking.steps], cluster: "eu-west-1-prod", context: "eu-prod" },
      null,
    );
    expect(await screen.findByText("(eu-prod)")).toBeTruthy();
  });
});
