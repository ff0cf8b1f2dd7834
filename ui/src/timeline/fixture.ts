/** A small world for tests: hours from a fixed midnight in UTC, NOW at 12:00. */

import { buildTimeline, type DeploymentSpec, type LaneSpec } from "./build";
import { Flag, Status, Tier, type TimelineData } from "./columns";
import { HOUR } from "./scale";

export const MIDNIGHT = Date.UTC(2026, 10, 19);
export const NOON = MIDNIGHT + 12 * HOUR;
export const at = (hours: number): number => MIDNIGHT + hours * HOUR;

type Part = Partial<DeploymentSpec>;

/** A deployment that settled two minutes after its start, unless told otherwise. */
export const healthy = (hours: number, version: string, part: Part = {}): DeploymentSpec => ({
  version,
  started: at(hours),
  settled: at(hours) + 120_000,
  status: Status.Healthy,
  ...part,
});

export const failing = (hours: number, version: string, part: Part = {}): DeploymentSpec => ({
  version,
  started: at(hours),
  failedAt: at(hours) + 420_000,
  status: Status.Failed,
  ...part,
});

export const rollingOut = (hours: number, version: string): DeploymentSpec => ({
  version,
  started: at(hours),
  status: Status.InProgress,
});

export const rollback = (hours: number, version: string, target: number): DeploymentSpec =>
  healthy(hours, version, { flags: Flag.Rollback, target });

export const undone = (hours: number, version: string): DeploymentSpec =>
  healthy(hours, version, { flags: Flag.Undone, status: Status.RolledBack });

/** One service `shop` of the team Money with one lane in production. */
export const oneLane = (
  deployments: readonly DeploymentSpec[],
  lane: Partial<LaneSpec> = {},
): TimelineData =>
  buildTimeline({
    now: NOON,
    from: at(0),
    to: NOON,
    environments: [{ name: "prod", tier: Tier.Production }],
    services: [{ name: "shop", team: "Money", lanes: [{ environment: 0, deployments, ...lane }] }],
  });

/**
 * The service `shop` with two workloads in production and one in staging: lanes 0 and 1 are one place, lane 2 is
 * another. Rows 0 and 1 are of the workload `shop`, 2 and 3 of `shop-worker`, 4 of staging.
 */
export const twoWorkloads = (newest: DeploymentSpec = healthy(6, "1.2.0")): TimelineData =>
  buildTimeline({
    now: NOON,
    from: at(0),
    to: NOON,
    environments: [
      { name: "prod", tier: Tier.Production },
      { name: "staging", tier: Tier.Staging },
    ],
    services: [
      {
        name: "shop",
        lanes: [
          {
            environment: 0,
            workload: "shop",
            deployments: [healthy(1, "1.0.0", { ended: at(4) }), healthy(4, "1.1.0")],
          },
          {
            environment: 0,
            workload: "shop-worker",
            deployments: [healthy(2, "1.0.0", { ended: at(6) }), newest],
          },
          { environment: 1, workload: "shop", deployments: [healthy(3, "1.1.0")] },
        ],
      },
    ],
  });
