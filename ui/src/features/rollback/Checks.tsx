import { ChevronRight } from "lucide-react";
import type { Finding, Plan } from "@/ipc";
import { m } from "@/paraglide/messages";
import { LinkButton } from "@/shared/controls/Button";
import { Checkbox } from "@/shared/controls/Choice";
import { Breaks } from "@/shared/display/Breaks";
import { Icon } from "@/shared/display/Icon";
import { StatusGlyph, type StatusKind } from "@/shared/display/StatusGlyph";
import { findingWords, needsAcknowledgement } from "@/shared/operation/findings";
import css from "./Plan.module.css";
import type { Answers } from "./usePlan";

const GLYPH: Record<Finding["result"], StatusKind> = {
  pass: "ok",
  warn: "warn",
  unknown: "unknown",
  block: "block",
};

/** How many of each, at the right of the heading. Short where the space is. */
export function CheckCounts({ plan, short = false }: { plan: Plan; short?: boolean }) {
  const count = (result: Finding["result"]) =>
    plan.findings.filter((finding) => finding.result === result).length;
  const words: Record<Finding["result"], (of: { count: number }) => string> = {
    block: m.rollback_checks_block,
    warn: m.rollback_checks_ack,
    unknown: m.rollback_checks_unknown,
    pass: m.rollback_checks_pass,
  };
  return (["block", "warn", "unknown", "pass"] as const)
    .filter((result) => count(result) > 0)
    .map((result) => (
      <span key={result} className={`small t2 ${css.count}`}>
        <StatusGlyph
          kind={GLYPH[result]}
          {...(short && { label: words[result]({ count: count(result) }) })}
        />
        {short ? (
          <span aria-hidden="true">{count(result)}</span>
        ) : (
          words[result]({ count: count(result) })
        )}
      </span>
    ));
}

/** Warnings and unknowns with their own box, then everything that passes. */
export function Checks({
  plan,
  answers,
  onAgain,
}: {
  plan: Plan;
  answers: Answers;
  onAgain: () => void;
}) {
  const open = plan.findings.filter(needsAcknowledgement);
  const order = { warn: 0, unknown: 1, block: 2, pass: 3 } as const;
  open.sort((a, b) => order[a.result] - order[b.result]);
  return (
    <section>
      <div className={css.sectionHead}>
        <h3 className="grow">{m.rollback_checks()}</h3>
        <CheckCounts plan={plan} />
      </div>
      <ul>
        {open.map((finding) => (
          <OpenFinding
            key={finding.key}
            finding={finding}
            plan={plan}
            answers={answers}
            onAgain={onAgain}
          />
        ))}
      </ul>
      <Passes plan={plan} />
    </section>
  );
}

function OpenFinding({
  finding,
  plan,
  answers,
  onAgain,
}: {
  finding: Finding;
  plan: Plan;
  answers: Answers;
  onAgain: () => void;
}) {
  const { title, text } = findingWords(finding, plan);
  return (
    <li className={css.finding}>
      <span className={css.findingGlyph}>
        <StatusGlyph kind={GLYPH[finding.result]} />
      </span>
      <div className="grow selectable">
        <div className="b5">{title}</div>
        {text && (
          <div className={`small muted ${css.findingText}`}>
            <Breaks text={text} />
          </div>
        )}
        {finding.result === "unknown" && (
          <LinkButton onPress={onAgain}>{m.shared_try_again()}</LinkButton>
        )}
      </div>
      <span className={`small t2 ${css.understood}`}>
        <Checkbox
          aria-label={m.rollback_understood_name({ finding: title })}
          isSelected={answers.acknowledged.has(finding.key)}
          onChange={(on) => answers.acknowledge(finding, on)}
        >
          {m.rollback_understood()}
        </Checkbox>
      </span>
    </li>
  );
}

function Passes({ plan }: { plan: Plan }) {
  const passes = plan.findings.filter((finding) => finding.result === "pass");
  if (passes.length === 0) return null;
  return (
    <ul className={css.passes}>
      {passes.map((finding) => (
        <li key={finding.key} className="small t2">
          <StatusGlyph kind="ok" />
          <span>{findingWords(finding, plan).title}</span>
        </li>
      ))}
    </ul>
  );
}

/** The same checks for a narrow column: no boxes, since nothing can be confirmed. */
export function CheckList({ plan }: { plan: Plan }) {
  const shown = plan.findings.filter((finding) => finding.result !== "pass");
  const order = { block: 0, warn: 1, unknown: 2, pass: 3 } as const;
  shown.sort((a, b) => order[a.result] - order[b.result]);
  return (
    <>
      <ul className={css.checkList}>
        {shown.map((finding) => {
          const { title, text } = findingWords(finding, plan);
          return (
            <li key={finding.key}>
              <span className={css.findingGlyph}>
                <StatusGlyph kind={GLYPH[finding.result]} />
              </span>
              <div className="selectable">
                <div className="b5">{title}</div>
                {/* A block's reason stands in its band already. */}
                {text && finding.result !== "block" && (
                  <div className="small muted">
                    <Breaks text={text} />
                  </div>
                )}
              </div>
            </li>
          );
        })}
      </ul>
      <Passing plan={plan} />
    </>
  );
}

function Passing({ plan }: { plan: Plan }) {
  const passes = plan.findings.filter((finding) => finding.result === "pass");
  if (passes.length === 0) return null;
  return (
    <details className={css.passing}>
      <summary className="t2">
        <Icon of={ChevronRight} size="s" className="muted" />
        {m.rollback_passes_show({ count: passes.length })}
      </summary>
      <ul>
        {passes.map((finding) => (
          <li key={finding.key} className="small t2">
            <StatusGlyph kind="ok" />
            {findingWords(finding, plan).title}
          </li>
        ))}
      </ul>
    </details>
  );
}
