import { ERROR_CODES, type ErrorCode, type Operation } from "@/ipc";
import { m } from "@/paraglide/messages";
import type { StatusKind } from "@/shared/display/StatusGlyph";
import { errorWords } from "@/shared/errors/words";
import { formatDuration } from "@/shared/time/format";
import { movedWords } from "./moved";
import { objectName } from "./object";

/** How an operation ended: what, on what it rests, and what to do next. */
export type OutcomeWords = { title: string; text: string; next: string | null };

/** Every code that the backend ends an operation with, by the state it ends in. */
export const OUTCOME_CODES = {
  good: ["steady"],
  bad: ["rollout-failed", "restarted", "not-ready", "no-endpoints"],
  inconclusive: ["no-pods", "watch-broken", "endpoints-unknown", "still-scaling"],
  failed: [
    "plan-moved",
    "dry-run-refused",
    "refused",
    "gone",
    "ledger",
    "interrupted",
    "environment-gone",
  ],
} as const;

/** Whether it goes on. */
export function isRunning(operation: Operation): boolean {
  return ["waiting", "preparing", "sent", "rolling-out", "verifying"].includes(operation.state);
}

/** Whether it is over. One that a start found unfinished neither goes on nor has ended, until its cluster answers. */
export function hasEnded(operation: Operation): boolean {
  return !isRunning(operation) && operation.state !== "looking";
}

const joined = (...parts: string[]) =>
  parts
    .map((part) => part.trim())
    .filter((part) => part !== "")
    // What a kubelet or a server says has no full stop, and ours begins after it.
    .map((part) => (/[.。!！?？…]$/.test(part) ? part : part + m.rollback_sentence_end()))
    .join(" ")
    // Chinese sentences follow each other without a space.
    .replace(/([。！？]) /g, "$1");

function facts(operation: Operation): (name: string) => string {
  return (name) => operation.facts[name] ?? "";
}

const names = (operation: Operation) => ({
  service: operation.service,
  environment: operation.environment,
  version: operation.toVersion,
  from: operation.fromVersion,
});

/** The words of an operation that has ended; `null` while it runs. */
export function outcomeWords(operation: Operation): OutcomeWords | null {
  switch (operation.state) {
    case "waiting":
    case "preparing":
    case "sent":
    case "rolling-out":
    case "verifying":
    case "looking":
      return null;
    case "verified":
      return verifiedWords(operation);
    case "failed":
      return failedWords(operation);
    case "cancelled":
      return {
        title: m.verdict_cancelled_title(),
        text: m.verdict_cancelled_text(names(operation)),
        next: m.verdict_cancelled_next(),
      };
    case "superseded": {
      const by = facts(operation)("by");
      return {
        title: m.verdict_superseded_title(names(operation)),
        text: by ? m.verdict_superseded_text({ by }) : m.verdict_superseded_unknown(),
        next: m.verdict_superseded_next(),
      };
    }
    case "never-arrived":
      return {
        title: m.verdict_never_arrived_title(),
        text: m.verdict_never_arrived_text(names(operation)),
        next: m.verdict_never_arrived_next(),
      };
  }
}

function verifiedWords(operation: Operation): OutcomeWords {
  const traffic = m.verdict_traffic();
  switch (operation.verdict) {
    case "good":
      return {
        title: m.verdict_good_title(names(operation)),
        text: joined(goodText(operation), traffic),
        next: null,
      };
    case "bad":
      return {
        title: m.verdict_bad_title(names(operation)),
        text: joined(badText(operation), traffic),
        next: m.verdict_bad_next(names(operation)),
      };
    case "inconclusive":
    case null:
      return {
        title: m.verdict_inconclusive_title(names(operation)),
        text: joined(inconclusiveText(operation), traffic),
        next: m.verdict_inconclusive_next(),
      };
  }
}

function goodText(operation: Operation): string {
  const fact = facts(operation);
  const common = {
    duration: formatDuration((Number(fact("seconds")) || 0) * 1000),
    ready: fact("ready"),
    wanted: fact("wanted"),
  };
  if (fact("services") === "0") return m.verdict_good_no_services(common);
  return m.verdict_good_text({ ...common, count: Number(fact("endpoints")) || 0 });
}

function badText(operation: Operation): string {
  const fact = facts(operation);
  switch (operation.code) {
    case "restarted":
      return m.verdict_restarted({ pod: fact("pod"), count: Number(fact("restarts")) || 1 });
    case "not-ready":
      return m.verdict_not_ready({
        ready: fact("ready"),
        wanted: fact("wanted"),
        reason: fact("reason"),
      });
    case "no-endpoints":
      return m.verdict_no_endpoints({ services: fact("services") });
    default:
      return m.verdict_rollout_failed({
        count: Number(fact("pods")) || 0,
        reason: fact("reason"),
        message: fact("message"),
      });
  }
}

function inconclusiveText(operation: Operation): string {
  const fact = facts(operation);
  switch (operation.code) {
    case "no-pods":
      return m.verdict_no_pods();
    case "endpoints-unknown":
      return m.verdict_endpoints_unknown({ reason: fact("reason") });
    case "still-scaling":
      return m.verdict_still_scaling({ ready: fact("ready"), wanted: fact("wanted") });
    default:
      return m.verdict_watch_broken({ reason: fact("reason") });
  }
}

function failedWords(operation: Operation): OutcomeWords {
  const fact = facts(operation);
  switch (operation.code) {
    case "plan-moved":
      return {
        title: m.verdict_plan_moved_title(),
        text: m.verdict_plan_moved_text({ moved: movedWords(operation) }),
        next: m.verdict_plan_moved_next(),
      };
    case "dry-run-refused":
      return {
        title: m.verdict_dry_run_refused_title(),
        text: m.verdict_dry_run_refused_text({ reason: fact("reason"), causes: fact("causes") }),
        next: m.verdict_dry_run_refused_next(),
      };
    case "refused":
      return refusedWords(operation);
    case "gone":
      return {
        title: m.verdict_gone_title({ object: objectName(operation.kind) }),
        text: m.verdict_gone_text(names(operation)),
        next: m.verdict_gone_next(),
      };
    case "ledger":
      return {
        title: m.verdict_ledger_title(),
        text: m.verdict_ledger_text({ details: fact("details") }),
        next: m.verdict_ledger_next(),
      };
    case "interrupted":
      return {
        title: m.verdict_interrupted_title(),
        text: m.verdict_interrupted_text(),
        next: m.verdict_interrupted_next(),
      };
    case "environment-gone":
      return {
        title: m.verdict_environment_gone_title(),
        text: m.verdict_environment_gone_text(names(operation)),
        next: m.verdict_environment_gone_next({ cluster: operation.cluster }),
      };
    default:
      return {
        title: m.verdict_failed_title(),
        text: m.verdict_failed_text({ code: operation.code ?? "?" }),
        next: m.verdict_failed_next(),
      };
  }
}

/** A refusal carries the code of the error that the same command would have answered. */
function refusedWords(operation: Operation): OutcomeWords {
  const fact = facts(operation);
  const code = ERROR_CODES.find((known): known is ErrorCode => known === fact("error"));
  const words = errorWords({
    code: code ?? "rejected",
    parameters: {
      cluster: operation.cluster,
      service: operation.service,
      environment: operation.environment,
      object: `Deployment ${operation.workload}`,
      verb: "patch",
      resource: "deployments",
      ...operation.facts,
    },
    details: fact("details"),
    retryable: false,
  });
  return {
    title: m.verdict_refused_title(),
    text: joined(m.verdict_refused_text({ what: words.title }), fact("details")),
    next: words.next,
  };
}

export function verdictWord(verdict: NonNullable<Operation["verdict"]>): string {
  switch (verdict) {
    case "good":
      return m.verdict_good();
    case "bad":
      return m.verdict_bad();
    case "inconclusive":
      return m.verdict_inconclusive();
  }
}

/** Whether nobody can say any more how it ended. */
export function endUnknown({ state, code }: Operation): boolean {
  return state === "failed" && code === "environment-gone";
}

/** Where an operation is, in one or two words. */
export function stateWord(operation: Operation): string {
  switch (operation.state) {
    case "waiting":
      return m.operation_state_waiting();
    case "preparing":
      return m.operation_state_preparing();
    case "sent":
      return m.operation_state_sent();
    case "rolling-out":
      return m.operation_state_rolling_out();
    case "verifying":
      return m.operation_state_verifying();
    case "verified":
      return operation.verdict === "good"
        ? m.operation_state_good()
        : operation.verdict === "bad"
          ? m.operation_state_bad()
          : m.operation_state_inconclusive();
    case "failed":
      if (endUnknown(operation)) return m.operation_state_unknown();
      return operation.code === "plan-moved"
        ? m.operation_state_moved()
        : m.operation_state_failed();
    case "cancelled":
      return m.operation_state_cancelled();
    case "superseded":
      return m.operation_state_superseded();
    case "never-arrived":
      return m.operation_state_never_arrived();
    case "looking":
      return m.operation_state_looking();
  }
}

/** Whether it ended before anything was sent to the cluster. */
export function nothingSent(operation: Operation): boolean {
  return hasEnded(operation) && operation.sentAt === null;
}

/** The shape beside that word. */
export function stateGlyph(operation: Operation): StatusKind {
  if (isRunning(operation)) return "progress";
  switch (operation.state) {
    case "verified":
      return operation.verdict === "good"
        ? "ok"
        : operation.verdict === "bad"
          ? "failed"
          : "unknown";
    case "failed":
      return endUnknown(operation) ? "unknown" : "block";
    case "superseded":
      return "warn";
    default:
      return "unknown";
  }
}
