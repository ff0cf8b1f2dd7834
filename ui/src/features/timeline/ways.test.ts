import { describe, expect, it, vi } from "vitest";
import { connect, type DeploymentDetails } from "@/ipc";
import { createFakeHost } from "@/ipc/fake";
import { currentRow, detailsHandlers, tell } from "@/ipc/fake/details";
import { createWorld } from "@/ipc/fake/world";
import { at, healthy, oneLane, twoWorkloads } from "@/timeline/fixture";
import { compareWithBefore, idOf, rollBack, since } from "./ways";

const lane = { service: "payments", environment: "prod-eu" };
const id = tell(currentRow(lane.service, lane.environment) as number).id;
const running = (await detailsHandlers.deployment_details?.(
  { id },
  createWorld("workspace", Date.now()),
  () => undefined,
)) as DeploymentDetails;
const offer = (part: Partial<DeploymentDetails["rollback"]>) => ({ ...running.rollback, ...part });

/** Which deployment was asked for, and what the sheet was opened with. */
async function opened(row: number, details: DeploymentDetails | Error): Promise<unknown[]> {
  const asked: number[] = [];
  connect(
    createFakeHost("workspace", {
      deployment_details: (request) => {
        asked.push(request.id);
        if (details instanceof Error) throw details;
        return details;
      },
    }),
  );
  const open = vi.fn();
  await rollBack(idOf(twoWorkloads(), row), open);
  return [asked, ...open.mock.calls.flat()];
}

describe("a rollback from the timeline", () => {
  it("of what runs names the lane alone where one workload runs the service", async () => {
    expect(await opened(4, running)).toEqual([[5], { name: "rollback", lane }]);
  });

  it("of an earlier deployment goes to that very version, as its button says", async () => {
    const earlier: DeploymentDetails = {
      ...running,
      current: false,
      running: { deployment: id, version: running.version, since: null },
      rollback: offer({ version: "7.0.4", deployment: 41, off: null }),
    };
    const target = { deployment: 41 };
    expect(await opened(3, earlier)).toEqual([[4], { name: "rollback", lane, target }]);
  });

  it("names the way back of the very workload where there are several", async () => {
    const own = {
      kind: "Deployment",
      namespace: "n",
      status: "healthy",
      version: "1",
      deployment: id,
    } as const;
    const several: DeploymentDetails = {
      ...running,
      workloads: [
        { ...own, name: "a" },
        { ...own, name: "b" },
      ],
      rollback: offer({ deployment: 3 }),
    };
    const target = { deployment: 3 };
    expect(await opened(3, several)).toEqual([[4], { name: "rollback", lane, target }]);
  });

  it("opens nothing where the button is off, or is not known", async () => {
    expect(await opened(3, { ...running, rollback: offer({ off: "read-only" }) })).toEqual([[4]]);
    expect(await opened(3, { ...running, rollback: offer({ version: null }) })).toEqual([[4]]);
    expect(await opened(3, new Error("gone"))).toEqual([[4]]);
  });
});

describe("the deployment of a bar that goes on over its marks", () => {
  const data = oneLane([healthy(2, "1.0.0"), healthy(6, "1.1.0")], {
    marks: [{ time: at(4) }, { time: at(8) }, { time: at(9) }],
  });

  it("is the newest by the moment, else the selected one there, else the newest", () => {
    expect([3, 5].map((hours) => idOf(data, 0, at(hours)))).toEqual([1, 3]);
    expect([7, 8, 8.5, 11].map((hours) => idOf(data, 1, at(hours)))).toEqual([2, 4, 4, 5]);
    expect([idOf(data, 0), idOf(data, 1)]).toEqual([3, 5]);
    expect(idOf(data, 1, undefined, 4), "selected there").toBe(4);
    expect(idOf(data, 1, undefined, 3), "selected on another bar").toBe(5);
    expect(idOf(data, 1, Number.POSITIVE_INFINITY, 4), "what runs now").toBe(5);
  });
});

it("compares a deployment with the one before it in its lane", async () => {
  const changed = { ...running.changed, previousDeployment: 41 } as DeploymentDetails["changed"];
  connect(createFakeHost("workspace", { deployment_details: () => ({ ...running, changed }) }));
  const go = vi.fn();
  await compareWithBefore(id, go);
  expect(go).toHaveBeenCalledWith({
    name: "compare",
    service: "payments",
    left: { kind: "deployment", deployment: 41 },
    right: { kind: "deployment", deployment: id },
  });
});

describe("what changed since a moment", () => {
  const data = twoWorkloads();
  const lanes = Array.from(data.laneService, (_, lane) => lane);

  it("names each lane that ran another version, and of several workloads the very deployment", () => {
    const at = data.from + 3.5 * 3_600_000;
    const shop = { service: "shop", place: "prod, shop" };
    const run = (version: string, deployment: number) => ({
      version,
      side: { kind: "deployment", deployment } as const,
    });
    expect(since(data, at, lanes)).toEqual({
      at,
      lanes: 3,
      changed: [
        { ...shop, before: run("1.0.0", 1), now: run("1.1.0", 2) },
        { ...shop, place: "prod, shop-worker", before: run("1.0.0", 3), now: run("1.2.0", 4) },
      ],
    });
  });

  it("names an environment at the moment where one workload runs the service", () => {
    expect(since(data, data.from, lanes).changed[2]).toEqual({
      service: "shop",
      place: "staging",
      before: null,
      now: { version: "1.1.0", side: { kind: "environment", environment: "staging" } },
    });
  });
});
