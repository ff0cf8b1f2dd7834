import type { Finding, Plan } from "@/ipc";
import { m } from "@/paraglide/messages";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { movedFindings } from "@/shared/operation/moved";
import css from "./Plan.module.css";

/** What a new plan says that the one before did not, in words. */
export function movedLines(before: Plan, now: Plan): string[] {
  const lines: string[] = [];
  if (before.from.version !== now.from.version) {
    lines.push(m.rollback_moved_version({ now: now.from.version, before: before.from.version }));
  } else if (before.from.template !== now.from.template) lines.push(m.rollback_moved_live());
  if (before.to.template !== now.to.template) lines.push(m.rollback_moved_target());
  const appeared = without(now.findings, before.findings);
  lines.push(...movedFindings({ appeared, gone: [] }, now));
  const gone = without(before.findings, now.findings);
  lines.push(...movedFindings({ appeared: [], gone }, before));
  return lines.length > 0 ? lines : [m.rollback_moved_nothing()];
}

/** What one plan found and the other did not, but for what passed. */
function without(side: readonly Finding[], other: readonly Finding[]): Finding[] {
  const known = other.map((finding) => `${finding.result} ${finding.key}`);
  return side.filter(
    (finding) => finding.result !== "pass" && !known.includes(`${finding.result} ${finding.key}`),
  );
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
