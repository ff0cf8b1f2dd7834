import type { Plan } from "@/ipc";
import { m } from "@/paraglide/messages";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { findingWords } from "@/shared/operation/findings";
import css from "./Plan.module.css";

/** What a new plan says that the one before did not, in words. */
export function movedLines(before: Plan, now: Plan): string[] {
  const lines: string[] = [];
  if (before.from.version !== now.from.version) {
    lines.push(m.rollback_moved_version({ now: now.from.version, before: before.from.version }));
  } else if (before.from.template !== now.from.template) lines.push(m.rollback_moved_live());
  if (before.to.template !== now.to.template) lines.push(m.rollback_moved_target());
  const mark = (plan: Plan) => plan.findings.map((finding) => `${finding.result} ${finding.key}`);
  const [old, fresh] = [mark(before), mark(now)];
  for (const finding of now.findings) {
    if (finding.result === "pass" || old.includes(`${finding.result} ${finding.key}`)) continue;
    lines.push(m.rollback_moved_new({ finding: findingWords(finding, now).title }));
  }
  for (const finding of before.findings) {
    if (finding.result === "pass" || fresh.includes(`${finding.result} ${finding.key}`)) continue;
    lines.push(m.rollback_moved_gone({ finding: findingWords(finding, before).title }));
  }
  return lines.length > 0 ? lines : [m.rollback_moved_nothing()];
}

export function Moved({ before, now }: { before: Plan; now: Plan }) {
  return (
    <section className={css.moved} role="alert">
      <StatusGlyph kind="warn" size={16} />
      <div className="grow">
        <h3>{m.rollback_moved()}</h3>
        <ul className="t2">
          {movedLines(before, now).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
    </section>
  );
}
