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
