import type { Before, Operation } from "@/ipc";
import { m } from "@/paraglide/messages";
import type { PodJournal } from "@/shared/operation/pods";
import { formatDuration } from "@/shared/time/format";

export type ComparedRow = {
  name: string;
  before: string | null;
  after: string;
  verdict: "better" | "same" | "worse" | "faster" | "slower" | "unknown";
};

const number = (text: string | undefined): number | null => {
  const value = Number(text);
  return text === undefined || text === "" || Number.isNaN(value) ? null : value;
};

/** More is better; what was not seen before is not judged. */
function judged(before: number | null, after: number, wanted: "more" | "fewer") {
  if (before === null) return "unknown" as const;
  if (before === after) return "same" as const;
  return after > before === (wanted === "more") ? ("better" as const) : ("worse" as const);
}

/**
 * Only what was really seen: ready pods, restarts, endpoints, the time of the rollout. Before is how the plan found it,
 * else how the window did when the pods were first seen.
 */
export function comparedRows(
  operation: Operation,
  journal: PodJournal,
  planned: Before | null,
): ComparedRow[] {
  const { facts, verdict, sentAt, rolledOutAt, usual, toVersion } = operation;
  const rows: ComparedRow[] = [];
  const before = planned ?? journal.before;
  const own = (operation.pods.length > 0 ? operation.pods : journal.pods).filter(
    (pod) => pod.version === toVersion,
  );
  const ready = number(facts.ready) ?? (own.length > 0 ? operation.ready : null);
  const wanted = number(facts.wanted) ?? operation.desired;
  if (ready !== null) {
    rows.push({
      name: m.rollback_compared_pods(),
      before: before && m.rollback_compared_of({ ready: before.ready, wanted }),
      after: m.rollback_compared_of({ ready, wanted }),
      verdict: judged(before?.ready ?? null, ready, "more"),
    });
  }
  const restarts = restartsOf(operation, own);
  if (restarts !== null) {
    rows.push({
      name: m.rollback_compared_restarts(),
      before: before && String(before.restarts),
      after: String(restarts),
      verdict: judged(before?.restarts ?? null, restarts, "fewer"),
    });
  }
  const endpoints = number(facts.endpoints);
  const had = planned?.endpoints ?? null;
  if (verdict === "good" && endpoints !== null) {
    rows.push({
      name: m.rollback_compared_endpoints(),
      before: had === null ? null : String(had),
      after: String(endpoints),
      verdict: judged(had, endpoints, "more"),
    });
  }
  if (sentAt !== null && rolledOutAt !== null) {
    const took = rolledOutAt - sentAt;
    rows.push({
      name: m.rollback_compared_rollout(),
      before:
        usual === null ? null : m.rollback_compared_usual({ duration: formatDuration(usual) }),
      after: formatDuration(took),
      verdict: usual === null ? "unknown" : took <= usual ? "faster" : "slower",
    });
  }
  return rows;
}

/** A good verdict says that none restarted; else what the pods themselves tell. */
function restartsOf({ verdict }: Operation, own: readonly { restarts: number }[]): number | null {
  if (own.length > 0) return own.reduce((sum, pod) => sum + pod.restarts, 0);
  return verdict === "good" ? 0 : null;
}
