import type { Operation, Plan, Pod } from "@/ipc";
import { m } from "@/paraglide/messages";
import type { PodJournal } from "@/shared/operation/pods";
import { formatDuration } from "@/shared/time/format";

export type ComparedRow = {
  name: string;
  /** `null`: it was not seen; absent: there is nothing of the version before to set beside it. */
  before?: string | null;
  after: string;
  verdict: "better" | "same" | "worse" | "faster" | "slower" | "unknown";
};

const number = (text: string | undefined): number | null => {
  const value = Number(text);
  return text === undefined || text === "" || Number.isNaN(value) ? null : value;
};

/** Fewer is better; what was not seen before is not judged. */
function judged(before: number | null, after: number) {
  if (before === null) return "unknown" as const;
  if (before === after) return "same" as const;
  return after < before ? ("better" as const) : ("worse" as const);
}

/** How many are there, and how many were wanted then: an autoscaler may want others on each side. */
type Count = { there: number; wanted: number };

/** What is lacking is compared: fewer of what is wanted no longer is not worse. */
const judgedCounts = (before: Count | null, after: Count) =>
  judged(before && before.wanted - before.there, after.wanted - after.there);

/**
 * Only what was really seen: ready pods, restarts, endpoints, the time of the rollout. Before is how the plan found it,
 * else how the window did when the pods were first seen.
 */
export function comparedRows(
  operation: Operation,
  journal: PodJournal,
  plan: Pick<Plan, "before" | "sentence"> | null,
): ComparedRow[] {
  const { facts, verdict, sentAt, rolledOutAt, usual, toVersion } = operation;
  const rows: ComparedRow[] = [];
  const planned = plan?.before ?? null;
  const before = planned ?? journal.before;
  const wanted = number(facts.wanted) ?? operation.desired;
  const wantedBefore = planned && plan ? plan.sentence.replicas : wanted;
  const seen = podsOf(operation, journal);
  const own = seen.filter(isOf(toVersion));
  const pods = readyRow(
    operation,
    wanted,
    before && { there: before.ready, wanted: wantedBefore },
    seen,
  );
  if (pods) rows.push(pods);
  const restarts = restartsOf(operation, own);
  if (restarts !== null) {
    rows.push({
      name: m.rollback_compared_restarts(),
      before: before && String(before.restarts),
      after: String(restarts),
      verdict: judged(before?.restarts ?? null, restarts),
    });
  }
  const endpoints = number(facts.endpoints);
  const had = planned?.endpoints ?? null;
  if (verdict === "good" && endpoints !== null) {
    rows.push({
      name: m.rollback_compared_endpoints(),
      before: had === null ? null : String(had),
      after: String(endpoints),
      verdict: judgedCounts(had === null ? null : { there: had, wanted: wantedBefore }, {
        there: endpoints,
        wanted,
      }),
    });
  }
  if (sentAt !== null && rolledOutAt !== null) {
    const took = rolledOutAt - sentAt;
    rows.push({
      name:
        usual === null
          ? m.rollback_compared_rollout()
          : m.rollback_compared_usual({ duration: formatDuration(usual) }),
      after: formatDuration(took),
      verdict: usual === null ? "unknown" : took <= usual ? "faster" : "slower",
    });
  }
  return rows;
}

const podsOf = ({ pods }: Operation, journal: PodJournal) =>
  pods.length > 0 ? pods : journal.pods;

/** Each side counts the pods of its own version: before those of what was left, after those of what came back. */
function readyRow(
  operation: Operation,
  wanted: number,
  before: Count | null,
  pods: readonly Pod[],
): ComparedRow | null {
  const { facts, toVersion } = operation;
  const after = number(facts.ready) ?? (pods.some(isOf(toVersion)) ? operation.ready : null);
  if (after === null) return null;
  return {
    name: m.rollback_compared_pods(),
    before: before && m.rollback_compared_of({ ready: before.there, wanted: before.wanted }),
    after: m.rollback_compared_of({ ready: after, wanted }),
    verdict: judgedCounts(before, { there: after, wanted }),
  };
}

const isOf = (version: string) => (pod: Pod) => pod.version === version;

/** A good verdict says that none restarted; else what the pods themselves tell. */
function restartsOf({ verdict }: Operation, own: readonly { restarts: number }[]): number | null {
  if (own.length > 0) return own.reduce((sum, pod) => sum + pod.restarts, 0);
  return verdict === "good" ? 0 : null;
}
