import type { FINDING_CODES, Finding } from "@/ipc";
import { m } from "@/paraglide/messages";
import { formatDuration } from "@/shared/time/format";
import { objectName } from "./object";
import { ownerEvidence, ownerName } from "./owner";

/** What a check found: the fact, why it matters, and for a block what to do next. */
export type FindingWords = { title: string; text: string | null; next: string | null };

export type FindingCode = (typeof FINDING_CODES)[number];

type Facts = {
  finding: Finding;
  fact: (name: string) => string;
  subject: string;
  /** What the object is called in a sentence. */
  object: string;
  from: string;
  to: string;
  madeAt: number;
};
type Say = (facts: Facts) => FindingWords;
/** The results that a check can have; a result that is missing here can't occur. */
type Results = Partial<Record<Finding["result"], Say>>;

const only = (title: string): FindingWords => ({ title, text: null, next: null });
const because = (title: string, text: string): FindingWords => ({ title, text, next: null });
const block = (title: string, text: string, next: string): FindingWords => ({ title, text, next });

/** The cluster's own words, or that it had none. */
const reason = ({ fact, object }: Facts) =>
  fact("problem") === "changed-meanwhile"
    ? m.finding_changed_meanwhile({ object })
    : fact("reason") || m.finding_reason_missing();

/** One entry for each code: a code without words does not compile. */
export const FINDING_WORDS: Record<FindingCode, Results> = {
  "read-only": {
    pass: () => only(m.finding_read_only_pass()),
    block: () =>
      block(
        m.finding_read_only_block(),
        m.finding_read_only_block_text(),
        m.finding_read_only_block_next(),
      ),
  },
  connection: {
    pass: ({ subject }) => only(m.finding_connection_pass({ cluster: subject })),
    block: ({ subject }) =>
      block(
        m.finding_connection_block({ cluster: subject }),
        m.finding_connection_block_text(),
        m.finding_connection_block_next(),
      ),
  },
  ledger: {
    pass: () => only(m.finding_ledger_pass()),
    block: (facts) =>
      block(
        m.finding_ledger_block(),
        m.finding_ledger_block_text({ reason: facts.fact("reason") }),
        m.finding_ledger_block_next(),
      ),
  },
  paused: {
    pass: () => only(m.finding_paused_pass()),
    block: ({ fact }) =>
      block(
        m.finding_paused_block({ name: fact("name") }),
        m.finding_paused_block_text(),
        m.finding_paused_block_next(),
      ),
  },
  deleting: {
    block: ({ fact, object }) =>
      block(
        m.finding_deleting_block({ name: fact("name") }),
        m.finding_deleting_block_text({ object }),
        m.finding_deleting_block_next(),
      ),
  },
  "same-template": {
    block: () =>
      block(
        m.finding_same_template_block(),
        m.finding_same_template_block_text(),
        m.finding_same_template_block_next(),
      ),
  },
  target: {
    pass: ({ fact, to }) => {
      const version = fact("version") || to;
      return only(
        fact("origin") === "ledger"
          ? m.finding_target_pass_ledger({ version })
          : m.finding_target_pass_cluster({ kind: fact("kind") || "ReplicaSet", version }),
      );
    },
  },
  failed: {
    warn: (facts) => {
      const version = facts.to;
      return because(
        facts.fact("ran")
          ? m.finding_failed_warn_ran({ version })
          : m.finding_failed_warn_never({ version }),
        howItFailed(facts),
      );
    },
  },
  owner: {
    pass: () => only(m.finding_owner_pass()),
    block: ({ fact, object, subject, from }) => {
      const owner = ownerName(fact("owner"), fact("name"));
      const told = { evidence: fact("evidence"), key: fact("key"), value: fact("value") };
      return block(
        m.finding_owner_block({ owner, version: from }),
        m.finding_owner_block_text({ name: subject, object, evidence: ownerEvidence(told) }),
        m.finding_owner_block_next({ owner }),
      );
    },
    unknown: (facts) => because(m.finding_owner_unknown(), reason(facts)),
  },
  "in-flight": {
    pass: () => only(m.finding_in_flight_pass()),
    block: ({ fact }) =>
      block(
        m.finding_in_flight_block({ number: fact("number") }),
        m.finding_in_flight_block_text(),
        m.finding_in_flight_block_next(),
      ),
  },
  permission: {
    pass: () => only(m.finding_permission_pass()),
    block: ({ fact }) =>
      block(
        m.finding_permission_block({ verb: fact("verb"), resource: fact("resource") }),
        m.finding_permission_block_text({ namespace: fact("namespace") }),
        m.finding_permission_block_next(),
      ),
    warn: ({ fact }) =>
      because(
        m.finding_permission_block({ verb: fact("verb"), resource: fact("resource") }),
        m.finding_permission_warn_text({ namespace: fact("namespace") }),
      ),
    unknown: ({ fact }) =>
      because(
        m.finding_permission_unknown({ verb: fact("verb"), resource: fact("resource") }),
        m.finding_permission_unknown_text({ namespace: fact("namespace") }),
      ),
  },
  references: {
    pass: () => only(m.finding_references_pass()),
    block: ({ fact, subject, to }) =>
      block(
        fact("problem") === "keys"
          ? m.finding_references_block_keys({ subject, keys: fact("keys") })
          : m.finding_references_block_gone({ subject }),
        m.finding_references_block_gone_text({ version: to }),
        m.finding_references_block_next(),
      ),
    unknown: (facts) =>
      because(m.finding_references_unknown({ subject: facts.subject }), reason(facts)),
  },
  "dry-run": {
    pass: () => only(m.finding_dry_run_pass()),
    block: (facts) =>
      block(m.finding_dry_run_block(), reason(facts), m.finding_dry_run_block_next()),
    unknown: (facts) => because(m.finding_dry_run_unknown(), reason(facts)),
  },
  "pod-admission": {
    pass: ({ to }) => only(m.finding_pod_admission_pass({ version: to })),
    block: (facts) =>
      block(
        m.finding_pod_admission_block({ version: facts.to }),
        reason(facts),
        m.finding_dry_run_block_next(),
      ),
    unknown: (facts) =>
      because(m.finding_pod_admission_unknown({ version: facts.to }), reason(facts)),
  },
  configuration: {
    pass: ({ to }) => only(m.finding_configuration_pass({ version: to })),
    warn: ({ fact, subject, to }) =>
      fact("problem") === "gone"
        ? because(
            m.finding_configuration_gone({ subject, version: to }),
            m.finding_configuration_gone_text(),
          )
        : because(
            m.finding_configuration_warn({ subject, version: to }),
            fact("keys")
              ? m.finding_configuration_warn_keys({ keys: fact("keys") })
              : m.finding_configuration_warn_text(),
          ),
    unknown: ({ fact, subject, to }) =>
      because(
        subject
          ? m.finding_configuration_unknown({ subject, version: to })
          : m.finding_configuration_unknown_all({ version: to }),
        fact("reason") || m.finding_configuration_unknown_text(),
      ),
  },
  migrations: {
    pass: () => only(m.finding_migrations_pass()),
    warn: ({ fact, to }) =>
      because(
        m.finding_migrations_warn({ count: Number(fact("count")) || 1 }),
        m.finding_migrations_warn_text({ version: to, files: fact("files") }),
      ),
    unknown: ({ fact }) =>
      because(m.finding_migrations_unknown(), migrationsUnknown(fact("reason"))),
  },
  "zero-replicas": {
    warn: () => because(m.finding_zero_replicas_warn(), m.finding_zero_replicas_warn_text()),
  },
  recreate: {
    warn: ({ fact }) =>
      because(
        m.finding_recreate_warn(),
        m.finding_recreate_warn_text({ count: Number(fact("replicas")) || 0 }),
      ),
  },
  autoscaler: {
    pass: () => only(m.finding_autoscaler_pass()),
    warn: ({ fact, subject }) =>
      because(
        m.finding_autoscaler_warn(),
        m.finding_autoscaler_warn_text({
          count: Number(fact("replicas")) || 0,
          name: subject,
          min: fact("min"),
          max: fact("max"),
        }),
      ),
    unknown: (facts) => because(m.finding_autoscaler_unknown(), reason(facts)),
  },
  quota: {
    pass: () => only(m.finding_quota_pass()),
    warn: ({ fact, subject }) =>
      because(
        m.finding_quota_warn(),
        fact("resource")
          ? m.finding_quota_warn_short({
              name: subject,
              resource: fact("resource"),
              used: fact("used"),
              hard: fact("hard"),
              count: fact("surge"),
            })
          : m.finding_quota_warn_text({ reason: fact("reason") }),
      ),
    unknown: (facts) => because(m.finding_quota_unknown(), reason(facts)),
  },
  "disruption-budget": {
    pass: () => only(m.finding_disruption_budget_pass()),
    warn: ({ subject }) =>
      because(
        m.finding_disruption_budget_warn({ name: subject }),
        m.finding_disruption_budget_warn_text(),
      ),
    unknown: (facts) => because(m.finding_disruption_budget_unknown(), reason(facts)),
  },
  "apply-manager": {
    warn: ({ fact }) =>
      because(
        m.finding_apply_manager_warn({ manager: fact("manager") }),
        m.finding_apply_manager_warn_text(),
      ),
  },
  image: {
    pass: ({ fact, to }) => {
      const count = Number(fact("nodes")) || 0;
      return only(
        count > 0
          ? m.finding_image_pass_nodes({ version: to, count })
          : m.finding_image_pass({ version: to }),
      );
    },
    unknown: ({ fact, to }) =>
      because(
        m.finding_image_unknown({ version: to }),
        fact("reason")
          ? m.finding_image_unknown_unread({ images: fact("images"), reason: fact("reason") })
          : m.finding_image_unknown_text({ images: fact("images") }),
      ),
  },
  "event-trace": {
    pass: ({ fact }) =>
      only(
        fact("allowed") === "no" ? m.finding_event_trace_skipped() : m.finding_event_trace_pass(),
      ),
  },
};

/** For how long it ran, when it failed, and why, as far as the ledger knows. */
function howItFailed({ fact, madeAt }: Facts): string {
  const at = Number(fact("at"));
  const ran = fact("ran");
  const why = [fact("reason"), fact("message")].filter(Boolean).join(": ");
  return [
    ran && m.finding_failed_ran({ duration: formatDuration(Number(ran)) }),
    at && m.finding_failed_at({ duration: formatDuration(madeAt - at) }),
    why || m.finding_failed_why_unknown(),
  ]
    .filter(Boolean)
    .join(" ")
    .replace(/([。！？]) /g, "$1");
}

function migrationsUnknown(why: string): string {
  switch (why) {
    case "no-tag":
      return m.finding_migrations_unknown_tag();
    case "not-available-here":
      return m.finding_migrations_unknown_clone();
    case "other-repository":
      return m.finding_migrations_unknown_other();
    default:
      return m.finding_migrations_unknown_repository();
  }
}

/** What the words of a finding need of its plan. */
export type FindingPlan = {
  /** The kind of its object. */
  kind: string;
  from: { version: string };
  to: { version: string };
  madeAt: number;
};

/** The words of a finding; a code that this window does not know stands for itself. */
export function findingWords(finding: Finding, plan: FindingPlan): FindingWords {
  const words = FINDING_WORDS[finding.code as FindingCode]?.[finding.result];
  if (!words)
    return { title: finding.key, text: Object.values(finding.facts).join(" "), next: null };
  return words({
    finding,
    fact: (name) => finding.facts[name] ?? "",
    subject: finding.subject ?? "",
    object: objectName(plan.kind),
    from: plan.from.version,
    to: plan.to.version,
    madeAt: plan.madeAt,
  });
}

/** Whether a person must say that it was understood. */
export function needsAcknowledgement(finding: Finding): boolean {
  return finding.result === "warn" || finding.result === "unknown";
}
