import { ArrowLeft } from "lucide-react";
import type { Finding, Plan } from "@/ipc";
import { m } from "@/paraglide/messages";
import { CopyButton } from "@/shared/controls/CopyButton";
import { Breaks } from "@/shared/display/Breaks";
import { Icon } from "@/shared/display/Icon";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { findingWords } from "@/shared/operation/findings";
import { ownerName } from "@/shared/operation/owner";
import { planReport } from "@/shared/operation/report";
import { useZone } from "@/shared/time/zone";
import { CheckCounts, CheckList } from "./Checks";
import { ExactChange } from "./ExactChange";
import css from "./Plan.module.css";

/** Nothing overrides a block: why, what to do next, and a handover for somebody who may. */
export function Blocked({ plan }: { plan: Plan }) {
  const blocks = plan.findings.filter((finding) => finding.result === "block");
  return (
    <>
      {blocks.map((finding) => (
        <BlockBand key={finding.key} finding={finding} plan={plan} />
      ))}
      <div className={css.blockedColumns}>
        <div className={css.left}>
          <WaysOn plan={plan} blocks={blocks} />
          {blocks
            .filter((finding) => finding.code === "owner")
            .slice(0, 1)
            .map((finding) => (
              <Without key={finding.key} plan={plan} facts={finding.facts} />
            ))}
          <ExactChange plan={plan} />
        </div>
        <div className={css.right}>
          <div className={css.sectionHead}>
            <h3 className="grow">{m.rollback_checks()}</h3>
            <CheckCounts plan={plan} short />
          </div>
          <CheckList plan={plan} />
        </div>
      </div>
    </>
  );
}

function BlockBand({ finding, plan }: { finding: Finding; plan: Plan }) {
  const { title, text } = findingWords(finding, plan);
  return (
    <section className={css.block} role="alert">
      <StatusGlyph kind="block" size={20} />
      <div className="grow selectable">
        <div className={css.blockTitle}>{title}</div>
        {text && (
          <div className="t2">
            <Breaks text={text} />
          </div>
        )}
      </div>
    </section>
  );
}

function WaysOn({ plan, blocks }: { plan: Plan; blocks: readonly Finding[] }) {
  const zone = useZone();
  const nexts = blocks.map((finding) => findingWords(finding, plan).next);
  return (
    <section>
      <h3>{m.rollback_next()}</h3>
      <ul className={css.nexts}>
        {[...new Set(nexts.filter((next) => next !== null))].map((next) => (
          <li key={next} className="t2">
            {next}
          </li>
        ))}
      </ul>
      <div className={css.way}>
        <div className="grow">
          <div className="b6">{m.rollback_handover()}</div>
          <div className="t2">{m.rollback_handover_text()}</div>
        </div>
        <CopyButton
          variant="secondary"
          size="normal"
          text={() => planReport(plan, zone)}
          label={m.rollback_handover_copy()}
        />
      </div>
    </section>
  );
}

/** What would happen if it were changed behind the owner's back. */
function Without({ plan, facts }: { plan: Plan; facts: Finding["facts"] }) {
  const owner = ownerName(facts.owner ?? "", facts.name ?? "");
  const { from, to } = plan;
  return (
    <figure className={css.without}>
      <figcaption className="small muted">{m.rollback_without()}</figcaption>
      <div className={`mono small ${css.strip}`}>
        <span className={css.stripNow}>{from.version}</span>
        <span className={css.stripBack}>
          <Icon of={ArrowLeft} size="xs" className="c-rollback" />
          {to.version}
        </span>
        <span className={css.stripAgain}>
          {m.rollback_without_again({ version: from.version })}
        </span>
      </div>
      <div className={`micro muted ${css.strip} ${css.stripWords}`}>
        <span />
        <span>{m.rollback_without_now()}</span>
        <span>{m.rollback_without_syncs({ owner })}</span>
      </div>
    </figure>
  );
}
