import type { DeploymentDetails } from "@/ipc";
import type { CompareSide, Screen } from "@/shared/navigation/route";

/**
 * What the comparison of a deployment shows, for its button and for its key: with its partner of a pair, else with the
 * one before it in its lane. Of the first in its lane the left side is yet to be chosen.
 */
export function comparison(details: DeploymentDetails, partner?: number): Screen {
  const side = (id: number): CompareSide => ({ kind: "deployment", deployment: id });
  const left = partner ?? details.changed?.previousDeployment ?? null;
  return {
    name: "compare",
    service: details.service,
    ...(left !== null && { left: side(left) }),
    right: side(details.id),
  };
}
