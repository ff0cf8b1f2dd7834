import type { Operation, OperationStep, STEP_KINDS } from "@/ipc";
import { m } from "@/paraglide/messages";
import { formatDuration } from "@/shared/time/format";
import { hasEnded, outcomeWords, verdictWord } from "./outcomes";

export type StepKind = (typeof STEP_KINDS)[number];

/** A step in words: what, and one line more. */
export type StepWords = { title: string; text: string | null };

type Say = (fact: (name: string) => string, operation: Operation) => StepWords;

const only = (title: string): StepWords => ({ title, text: null });

/** One entry for each kind: a kind without words does not compile. */
export const STEP_WORDS: Record<StepKind, Say> = {
  intent: (_, { number }) => ({
    title: m.step_intent(),
    text: number > 0 ? m.step_intent_text({ number }) : null,
  }),
  replanned: () => ({ title: m.step_replanned(), text: m.step_replanned_text() }),
  "dry-run": (fact) =>
    fact("unknown")
      ? { title: m.step_dry_run_unknown(), text: fact("unknown") }
      : only(m.step_dry_run()),
  sent: (_, { kind, workload }) => only(m.step_sent({ kind, workload })),
  accepted: (fact) => ({
    title: m.step_accepted(),
    text: fact("generation") ? m.step_accepted_text({ generation: fact("generation") }) : null,
  }),
  progress: (fact) => ({
    title: m.step_progress(),
    text: fact("message") || fact("reason") || null,
  }),
  "rolled-out": () => only(m.step_rolled_out()),
  "manager-dropped": (fact) =>
    fact("dropped") === "no"
      ? { title: m.step_manager_kept(), text: fact("reason") || fact("appliers") || null }
      : { title: m.step_manager_dropped(), text: m.step_manager_dropped_text() },
  traced: (fact) =>
    fact("written") === "no"
      ? { title: m.step_not_traced(), text: fact("reason") || null }
      : only(m.step_traced()),
  verified: (fact, operation) => ({
    title: m.step_verified({ verdict: verdictOf(fact("verdict")) }),
    text: outcomeWords(operation)?.text ?? null,
  }),
  failed: (_, operation) => ({
    title: outcomeWords(operation)?.title ?? m.step_failed(),
    text: outcomeWords(operation)?.text ?? null,
  }),
  cancelled: () => only(m.step_cancelled()),
  superseded: (fact) => ({
    title: m.step_superseded(),
    text: fact("by") ? m.step_superseded_text({ by: fact("by") }) : null,
  }),
  "never-arrived": () => only(m.step_never_arrived()),
  recovered: (fact) => ({
    title: m.step_recovered(),
    text: fact("generation") ? m.step_accepted_text({ generation: fact("generation") }) : null,
  }),
};

function verdictOf(word: string): string {
  return word === "good" || word === "bad" ? verdictWord(word) : verdictWord("inconclusive");
}

export function stepWords(step: OperationStep, operation: Operation): StepWords {
  const say = STEP_WORDS[step.kind as StepKind];
  return say
    ? say((name) => step.facts[name] ?? "", operation)
    : only(m.step_unknown({ kind: step.kind }));
}

/** A line of the list of steps: one that was done, one that goes on, or one that will come. */
export type StepLine = StepWords & {
  key: string;
  phase: "done" | "bad" | "running" | "pending";
  at: number | null;
  /** "5 of 9", where there is something to count. */
  count: string | null;
};

const BAD: readonly string[] = ["failed", "superseded", "never-arrived"];

function isBad(step: OperationStep): boolean {
  if (step.kind === "verified") return step.facts.verdict !== "good";
  if (step.kind === "manager-dropped") return step.facts.dropped === "no";
  if (step.kind === "traced") return step.facts.written === "no";
  return BAD.includes(step.kind);
}

/** Everything that was done, then what goes on and what is still to come. */
export function stepLines(operation: Operation, now: number): StepLine[] {
  const done = operation.steps.map(
    (step, at): StepLine => ({
      ...stepWords(step, operation),
      key: `${step.kind}/${at}`,
      phase: isBad(step) ? "bad" : "done",
      at: step.at,
      count: null,
    }),
  );
  return hasEnded(operation) ? done : [...done, ...coming(operation, now)];
}

function coming(operation: Operation, now: number): StepLine[] {
  const line = (
    key: string,
    phase: "running" | "pending",
    title: string,
    more: Partial<StepLine> = {},
  ): StepLine => ({ key, phase, title, text: null, at: null, count: null, ...more });
  const sent = line("send", "pending", m.step_pending_send());
  const rollout = line("rollout", "pending", m.step_pending_rollout());
  const verify = line("verify", "pending", m.step_pending_verify());
  switch (operation.state) {
    case "waiting":
      return [line("prepare", "pending", m.step_pending_prepare()), sent, rollout, verify];
    case "preparing":
      return [line("prepare", "running", m.step_running_prepare()), sent, rollout, verify];
    case "sent":
      return [line("send", "running", m.step_running_send()), rollout, verify];
    case "rolling-out": {
      const { ready, desired, facts, pods } = operation;
      const text = [facts.reason, facts.message].filter(Boolean).join(": ");
      // Before the first look there is nothing to count.
      const count = pods.length > 0 || ready > 0 ? m.step_count({ ready, desired }) : null;
      const more = { text: text || null, count };
      return [line("rollout", "running", m.step_running_rollout(), more), verify];
    }
    case "verifying": {
      const left = (operation.verifyUntil ?? now) - now;
      const text = m.step_running_left({ duration: formatDuration(left) });
      return [line("verify", "running", m.step_running_verify(), { text })];
    }
    case "looking":
      return [line("look", "running", m.step_running_look())];
    default:
      return [];
  }
}
