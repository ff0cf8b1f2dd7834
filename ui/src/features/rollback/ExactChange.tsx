import { ChevronDown, ChevronRight } from "lucide-react";
import { useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import type { DiffLine, Plan } from "@/ipc";
import { m } from "@/paraglide/messages";
import { LinkButton } from "@/shared/controls/Button";
import { Diff } from "@/shared/display/Diff";
import { Icon } from "@/shared/display/Icon";
import { ManifestDiff } from "@/shared/display/ManifestDiff";
import { changeCounts } from "@/shared/operation/sentence";
import css from "./Plan.module.css";

const AROUND = 2;
const KIND = { added: "add", removed: "delete", context: "context" } as const;

/** Only what changes, with two lines around it; where lines are left out stands a line of dots. */
export function hunks(lines: readonly DiffLine[], around = AROUND): DiffLine[] {
  const keep = lines.map((_, at) =>
    lines.slice(Math.max(0, at - around), at + around + 1).some((line) => line.kind !== "context"),
  );
  return lines.flatMap((line, at): DiffLine[] => {
    if (keep[at]) return [line];
    const first = at === 0 || keep[at - 1];
    return first && keep.includes(true) ? [{ kind: "context", text: "..." }] : [];
  });
}

export function ExactChange({ plan, startsOpen = true }: { plan: Plan; startsOpen?: boolean }) {
  const [open, setOpen] = useState(startsOpen);
  const [whole, setWhole] = useState(false);
  const section = useRef<HTMLElement>(null);
  const bringIntoSight = () => section.current?.scrollIntoView({ block: "start" });
  return (
    <section className={css.exact} ref={section}>
      <div className={css.sectionHead}>
        <AriaButton
          className={css.disclose ?? ""}
          aria-expanded={open}
          onPress={() => setOpen(!open)}
        >
          <Icon of={open ? ChevronDown : ChevronRight} size="s" className="muted" />
          <h3>{m.rollback_exact()}</h3>
        </AriaButton>
        <span className="small muted grow">
          {m.rollback_exact_summary({
            kind: plan.kind,
            name: plan.workload,
            changes: changeCounts(plan.sentence),
          })}
        </span>
        {open && (
          <LinkButton onPress={() => setWhole(!whole)}>
            {whole ? m.rollback_whole_less() : m.rollback_whole()}
          </LinkButton>
        )}
      </div>
      {open && (whole ? <Whole plan={plan} onDrawn={bringIntoSight} /> : <Short plan={plan} />)}
    </section>
  );
}

function Short({ plan }: { plan: Plan }) {
  return <Diff lines={hunks(plan.lines).map(({ kind, text }) => ({ kind: KIND[kind], text }))} />;
}

function Whole({ plan, onDrawn }: { plan: Plan; onDrawn: () => void }) {
  const { a, b } = sides(plan.lines);
  const name = (version: string) => m.rollback_manifest_of({ name: plan.workload, version });
  const labels = { a: name(plan.from.version), b: name(plan.to.version) };
  return <ManifestDiff a={a} b={b} labels={labels} onDrawn={onDrawn} />;
}

/** The whole manifest before and after, of which the lines are the difference. */
export function sides(lines: readonly DiffLine[]): { a: string; b: string } {
  const without = (kind: DiffLine["kind"]) =>
    lines
      .filter((line) => line.kind !== kind)
      .map((line) => line.text)
      .join("\n");
  return { a: without("added"), b: without("removed") };
}
