import type { DeploymentDetails } from "@/ipc";
import type { Overlay } from "@/shared/navigation/route";

/** It runs, or nothing does: the way is back from it. Else the way is to it. */
export const leadsBack = (details: DeploymentDetails): boolean =>
  details.current || !details.running;

/** What the switch of the workspace says counts at once; the details were read before it. */
export const underSwitch = (details: DeploymentDetails, readOnly: boolean): DeploymentDetails =>
  readOnly ? { ...details, rollback: { ...details.rollback, off: "read-only" } } : details;

/**
 * The sheet of the one rollback that is offered for a deployment, for its button and for its key;
 * `null` where that is off. Which one it is the backend has said.
 */
export function offeredRollback(details: DeploymentDetails): Overlay | null {
  const { service, environment, rollback, workloads } = details;
  if (rollback.off !== null) return null;
  const lane = { service, environment };
  if (!leadsBack(details)) {
    return rollback.deployment === null
      ? null
      : { name: "rollback", lane, target: { deployment: rollback.deployment } };
  }
  if (rollback.version === null) return null;
  // Of several workloads the target says which one is meant.
  return workloads.length > 0 && rollback.deployment !== null
    ? { name: "rollback", lane, target: { deployment: rollback.deployment } }
    : { name: "rollback", lane };
}
