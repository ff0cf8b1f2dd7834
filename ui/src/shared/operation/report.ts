import type { Finding, Operation, Plan } from "@/ipc";
import { m } from "@/paraglide/messages";
import { formatDuration, formatExact, formatSeconds } from "@/shared/time/format";
import type { Zone } from "@/shared/time/zone";
import { type Course, operationCourse, planCourse } from "./course";
import { findingWords } from "./findings";
import { outcomeWords, stateWord } from "./outcomes";
import { sentenceText } from "./sentence";
import { stepWords } from "./steps";

/** Reports are Markdown, made of the same messages as the window. Texts of others can't break out of a line. */

type Fact = readonly [name: string, value: string];

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();
const list = (facts: readonly Fact[]) =>
  facts.map(([name, value]) => `- **${name}:** ${oneLine(value)}`);

/** A fence longer than any run of backticks inside. */
function fenced(language: string, lines: readonly string[]): string[] {
  const longest = Math.max(
    2,
    ...lines.flatMap((line) => line.match(/`+/g) ?? []).map((s) => String(s).length),
  );
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence];
}

function places(of: Plan | Operation): Fact[] {
  return [
    [m.rollback_environment(), of.environment],
    [m.rollback_cluster(), of.cluster],
    [m.rollback_namespace(), of.namespace],
    [m.rollback_report_workload(), `Deployment ${of.workload}`],
    [m.rollback_account(), of.account || m.rollback_account_unknown()],
  ];
}

function resultWord(result: Finding["result"]): string {
  switch (result) {
    case "pass":
      return m.rollback_report_pass();
    case "warn":
      return m.rollback_report_warn();
    case "unknown":
      return m.rollback_report_unknown();
    case "block":
      return m.rollback_report_block();
  }
}

const ORDER: Record<Finding["result"], number> = { block: 0, warn: 1, unknown: 2, pass: 3 };

function findingLines(plan: Plan): string[] {
  return [...plan.findings]
    .sort((a, b) => ORDER[a.result] - ORDER[b.result])
    .map((finding) => {
      const { title, text } = findingWords(finding, plan);
      return `- ${resultWord(finding.result)}: **${oneLine(title)}**${text ? ` ${oneLine(text)}` : ""}`;
    });
}

const SIGN = { added: "+", removed: "-", context: " " } as const;

type Titles = Record<
  Course,
  (names: { service: string; environment: string; from: string; to: string }) => string
>;

const PLAN_TITLES: Titles = {
  back: (names) => m.rollback_report_plan(names),
  restore: (names) => m.rollback_report_plan_restore(names),
  configuration: (names) => m.rollback_report_plan_configuration(names),
};

const OPERATION_TITLES: Titles = {
  back: (names) => m.rollback_report_operation(names),
  restore: (names) => m.rollback_report_restore(names),
  configuration: (names) => m.rollback_report_configuration(names),
};

/** The plan, its checks and the exact change: for somebody who may do what this account may not. */
export function planReport(plan: Plan, zone: Zone): string {
  const title = PLAN_TITLES[planCourse(plan)]({
    service: plan.service,
    environment: plan.environment,
    from: plan.from.version,
    to: plan.to.version,
  });
  return [
    `# ${title}`,
    "",
    sentenceText(plan),
    "",
    ...list([
      ...places(plan),
      [m.rollback_report_made(), formatExact(plan.madeAt, zone)],
      [m.rollback_report_digest(), plan.digest],
    ]),
    "",
    `## ${m.rollback_checks()}`,
    "",
    ...findingLines(plan),
    "",
    `## ${m.rollback_exact()}`,
    "",
    ...fenced(
      "diff",
      plan.lines.map((line) => `${SIGN[line.kind]}${line.text}`),
    ),
    "",
  ].join("\n");
}

/** What was done, by whom, why, step by step, and how it came out. */
export function operationReport(operation: Operation, zone: Zone): string {
  const title = OPERATION_TITLES[operationCourse(operation)]({
    service: operation.service,
    environment: operation.environment,
    from: operation.fromVersion,
    to: operation.toVersion,
  });
  const outcome = outcomeWords(operation);
  const { sentAt, rolledOutAt, endedAt } = operation;
  const facts: (Fact | null)[] = [
    operation.number > 0 ? [m.rollback_report_number(), String(operation.number)] : null,
    ...places(operation),
    [m.rollback_report_reason(), operation.reason ?? m.rollback_report_none()],
    [m.rollback_report_confirmed(), formatExact(operation.confirmedAt, zone)],
    endedAt === null ? null : [m.rollback_report_ended(), formatExact(endedAt, zone)],
    sentAt === null || rolledOutAt === null
      ? null
      : [m.verdict_live_after(), formatDuration(rolledOutAt - sentAt)],
    [m.rollback_report_digest(), operation.digest],
  ];
  return [
    `# ${title}`,
    "",
    `**${outcome?.title ?? stateWord(operation)}**`,
    ...(outcome ? ["", oneLine(outcome.text)] : []),
    ...(outcome?.next ? ["", oneLine(outcome.next)] : []),
    "",
    ...list(facts.filter((fact) => fact !== null)),
    "",
    `## ${m.rollback_steps()}`,
    "",
    ...operation.steps.map((step) => {
      const words = stepWords(step, operation);
      const text = words.text ? ` ${oneLine(words.text)}` : "";
      return `- ${formatSeconds(step.at, zone)} **${oneLine(words.title)}**${text}`;
    }),
    "",
  ].join("\n");
}
