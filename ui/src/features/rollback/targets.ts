import type { Plan, RollbackCandidate, TargetRequest } from "@/ipc";
import { useRead } from "@/ipc/query";
import type { Lane, RollbackTarget } from "@/shared/navigation/route";

export type AskedTarget = RollbackTarget | undefined;

/** What the backend is asked for; a version is looked up among what ran there. */
export function targetRequest(
  asked: AskedTarget,
  candidates: readonly RollbackCandidate[],
): TargetRequest | null {
  if (!asked) return { kind: "last-known-good" };
  if ("deployment" in asked) return { kind: "deployment", id: asked.deployment };
  if ("undo" in asked) return { kind: "undo-of", operation: asked.undo };
  if ("previous" in asked) return { kind: "previous" };
  const found = candidates.find((one) => one.version === asked.version);
  return found ? { kind: "deployment", id: found.deployment } : null;
}

/** The deployment that runs in a lane, as the matrix of environments says. */
function useCurrent(lane: Lane, wanted: boolean): { id: number | null; settled: boolean } {
  const matrix = useRead("matrix", { reference: null }, { enabled: wanted });
  const cell = matrix.data?.rows
    .find((row) => row.service === lane.service)
    ?.cells.find((one) => one.environment === lane.environment);
  return { id: cell?.deployment ?? null, settled: !wanted || !matrix.isPending };
}

/** Every version that a lane can go back to, newest first; empty while it is not known. */
export function useCandidates(lane: Lane, asked: AskedTarget, plan: Plan | undefined) {
  const byVersion = asked !== undefined && "version" in asked;
  const current = useCurrent(lane, byVersion);
  const id = plan?.from.deployment ?? current.id;
  const details = useRead("deployment_details", { id: id ?? -1 }, { enabled: id !== null });
  return {
    candidates: details.data?.rollback.targets ?? [],
    settled: !byVersion || (current.settled && (id === null || !details.isPending)),
  };
}
