import { Boxes, Database, type LucideIcon, Settings2 } from "lucide-react";
import { useState } from "react";
import type { LostCommit, Plan, Stays as Stay } from "@/ipc";
import { m } from "@/paraglide/messages";
import { LinkButton } from "@/shared/controls/Button";
import { Breaks } from "@/shared/display/Breaks";
import { Icon } from "@/shared/display/Icon";
import { useNavigation } from "@/shared/navigation/navigation";
import { goesForward } from "@/shared/operation/direction";
import css from "./Plan.module.css";

/** What does not come back, what is lost on the way, and the notes between. */
export function Stays({ plan }: { plan: Plan }) {
  return (
    <>
      <section>
        <h3>{m.rollback_stays()}</h3>
        {plan.stays.length === 0 && <p className="small muted">{m.rollback_stays_nothing()}</p>}
        <ul className={css.stays}>
          {plan.stays.map((stay) => (
            <StayLine
              key={`${stay.kind}/${stay.subject}`}
              stay={stay}
              forward={goesForward(plan)}
            />
          ))}
        </ul>
      </section>
      <Lost plan={plan} />
      <Notes plan={plan} />
    </>
  );
}

type StayWords = { icon: LucideIcon; title: string; text: string };

function stayWords({ kind, subject, facts }: Stay, forward: boolean): StayWords {
  switch (kind) {
    case "database":
      return {
        icon: Database,
        title: m.rollback_stays_database(),
        text: (forward ? m.rollback_stays_database_forward : m.rollback_stays_database_text)({
          count: Number(subject) || 1,
          files: facts.files ?? "",
        }),
      };
    case "unknown-database":
      return {
        icon: Database,
        title: m.rollback_stays_database(),
        text: m.rollback_stays_database_unknown(),
      };
    case "replicas":
      return {
        icon: Boxes,
        title: m.rollback_stays_replicas(),
        text: m.rollback_stays_replicas_text({ count: subject }),
      };
    default:
      return {
        icon: Settings2,
        title: subject,
        text: facts.keys
          ? m.rollback_stays_configuration_keys({ keys: facts.keys })
          : m.rollback_stays_configuration_text(),
      };
  }
}

function StayLine({ stay, forward }: { stay: Stay; forward: boolean }) {
  const { icon, title, text } = stayWords(stay, forward);
  return (
    <li>
      <span className={`muted ${css.stayIcon}`}>
        <Icon of={icon} size="s" />
      </span>
      <div className="selectable">
        <div className="b5">{title}</div>
        <div className="small muted">
          <Breaks text={text} />
        </div>
      </div>
    </li>
  );
}

function Lost({ plan }: { plan: Plan }) {
  const [all, setAll] = useState(false);
  const { fixes, features } = plan;
  if (fixes.length === 0 && features.length === 0) return null;
  const head = fixes.length > 0 ? fixes : features;
  const count = { count: head.length, version: plan.to.version };
  return (
    <section className={css.rightSection}>
      <div className={css.sectionHead}>
        <h3 className="grow">{fixes.length > 0 ? m.rollback_fixes() : m.rollback_features()}</h3>
        <span className="small muted">
          {plan.sentence.atLeast ? m.rollback_lost_least(count) : m.rollback_lost_since(count)}
        </span>
      </div>
      <LostList commits={head} />
      {fixes.length > 0 && features.length > 0 && (
        <div className={css.more}>
          <LinkButton aria-expanded={all} onPress={() => setAll(!all)}>
            {m.rollback_features_more({ count: features.length })}
          </LinkButton>
        </div>
      )}
      {all && <LostList commits={features} />}
    </section>
  );
}

/** Each with the release that brought it, where that is known. */
function LostList({ commits }: { commits: readonly LostCommit[] }) {
  return (
    <ul className={css.lost}>
      {commits.map(({ subject, release }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two commits may have one subject.
        <li key={at} className="small selectable">
          {release !== null && <span className="mono muted">{release}</span>}
          <span className="t2">{subject}</span>
        </li>
      ))}
    </ul>
  );
}

function Notes({ plan }: { plan: Plan }) {
  const { go } = useNavigation();
  if (plan.notes.length === 0) return null;
  return (
    <section className={css.rightSection}>
      <h3>{m.rollback_notes()}</h3>
      <ul className={css.lost}>
        {plan.notes.map((note) => (
          <li key={note.version} className="small">
            <span className="mono muted">{note.version}</span>
            <LinkButton
              onPress={() => go({ name: "notes", service: note.service, version: note.version })}
            >
              {note.title || note.version}
            </LinkButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
