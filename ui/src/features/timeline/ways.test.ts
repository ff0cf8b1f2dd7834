import { describe, expect, it, vi } from "vitest";
import { connect, type DeploymentDetails } from "@/ipc";
import { createFakeHost } from "@/ipc/fake";
import { detailsHandlers } from "@/ipc/fake/details";
import { createWorld } from "@/ipc/fake/world";
import { twoWorkloads } from "@/timeline/fixture";
import { rollBack } from "./ways";

/** What the sheet was opened with, where the deployment's way back is this one. */
async function opened(row: number, back: number | null): Promise<unknown[]> {
  const world = createWorld("workspace", Date.now());
  const asked: number[] = [];
  connect(
    createFakeHost("workspace", {
      deployment_details: async (request) => {
        asked.push(request.id);
        const details = (await detailsHandlers.deployment_details?.(
          { id: 1 },
          world,
          () => undefined,
        )) as DeploymentDetails;
        return { ...details, rollback: { ...details.rollback, deployment: back } };
      },
    }),
  );
  const open = vi.fn();
  await rollBack(twoWorkloads(), row, open);
  return [asked, ...open.mock.calls.flat()];
}

describe("a rollback from the timeline", () => {
  it("names the lane alone where one workload runs the service", async () => {
    const lane = { service: "shop", environment: "staging" };
    expect(await opened(4, 9)).toEqual([[], { name: "rollback", lane }]);
  });

  it("asks for the way back of the very workload where there are several", async () => {
    const lane = { service: "shop", environment: "prod" };
    expect(await opened(3, 3)).toEqual([
      [4],
      { name: "rollback", lane, target: { deployment: 3 } },
    ]);
  });

  it("opens nothing for one that has no way back", async () => {
    expect(await opened(3, null)).toEqual([[4]]);
  });
});
