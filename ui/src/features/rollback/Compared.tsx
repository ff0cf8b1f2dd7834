import { ArrowRight } from "lucide-react";
import type { Operation, Plan } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { StatusGlyph, type StatusKind } from "@/shared/display/StatusGlyph";
import { operationCourse } from "@/shared/operation/course";
import type { PodJournal } from "@/shared/operation/pods";
import { formatDuration } from "@/shared/time/format";
import { type ComparedRow, comparedRows } from "./compared";
import css from "./Operation.module.css";

const GLYPH: Record<ComparedRow["verdict"], StatusKind> = {
  better: "ok",
  same: "ok",
  faster: "ok",
  worse: "failed",
  slower: "warn",
  unknown: "unknown",
};

function verdictWords(verdict: ComparedRow["verdict"]): string {
  switch (verdict) {
    case "better":
      return m.rollback_compared_better();
    case "same":
      return m.rollback_compared_same();
    case "worse":
      return m.rollback_compared_worse();
    case "faster":
      return m.rollback_compared_faster();
    case "slower":
      return m.rollback_compared_slower();
    case "unknown":
      return m.rollback_compared_unknown();
  }
}

function toneOf(verdict: ComparedRow["verdict"]): string {
  const kind = GLYPH[verdict];
  return kind === "ok"
    ? "c-ok"
    : kind === "failed"
      ? "c-failed"
      : kind === "warn"
        ? "c-warn"
        : "c-unknown";
}

export function Compared({
  operation,
  journal,
  plan,
}: {
  operation: Operation;
  journal: PodJournal;
  plan: Plan | null;
}) {
  const rows = comparedRows(operation, journal, plan);
  if (rows.length === 0) return null;
  const [before, after] =
    operationCourse(operation) === "configuration"
      ? [m.rollback_compared_before(), m.rollback_compared_after()]
      : [operation.fromVersion, operation.toVersion];
  const seconds = Number(operation.facts.seconds);
  const head = seconds
    ? m.rollback_compared_over({ duration: formatDuration(seconds * 1000) })
    : m.rollback_compared();
  return (
    <section>
      <table className={css.compared}>
        <thead className="label">
          <tr>
            <th scope="col">{head}</th>
            <th scope="col" className={css.numberCell}>
              {before}
            </th>
            <td />
            <th scope="col">{after}</th>
            <th scope="col" className={css.numberCell}>
              {m.rollback_compared_verdict()}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row" className="t2">
                {row.name}
              </th>
              <td className={`muted ${css.numberCell}`}>
                {row.before === null ? m.rollback_compared_unseen() : row.before}
              </td>
              <td className="muted" aria-hidden="true">
                {row.before !== undefined && <Icon of={ArrowRight} size="xs" />}
              </td>
              <td className="b6">{row.after}</td>
              <td className={`small ${css.numberCell}`}>
                <span className={`b5 ${css.judged} ${toneOf(row.verdict)}`}>
                  <StatusGlyph kind={GLYPH[row.verdict]} />
                  {verdictWords(row.verdict)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={`small muted ${css.comparedText}`}>{m.rollback_compared_text()}</p>
    </section>
  );
}
