import { Check, Hash, Sparkles } from "lucide-react";
import type { Commit, Comparison } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { Tag } from "@/shared/display/Tag";
import { formatCount } from "@/shared/time/format";
import { Time } from "@/shared/time/Time";
import css from "./Compare.module.css";
import { type CommitGroups, groupCommits, initials } from "./groups";
import { Unavailable } from "./Unavailable";

const GROUPS: readonly {
  kind: keyof CommitGroups;
  icon: typeof Check;
  colour: string;
  title: () => string;
}[] = [
  { kind: "feature", icon: Sparkles, colour: "c-live", title: m.compare_features },
  { kind: "fix", icon: Check, colour: "c-ok", title: m.compare_fixes },
  { kind: "other", icon: Hash, colour: "muted", title: m.compare_other },
];

/** How the commits divide: features, fixes, the rest. Its words stand in the groups below. */
export function Shares({ commits }: { commits: readonly Commit[] }) {
  const groups = groupCommits(commits);
  return (
    <div className={css.shares} aria-hidden="true">
      {GROUPS.filter(({ kind }) => groups[kind].length > 0).map(({ kind }) => (
        <span key={kind} data-kind={kind} style={{ flexGrow: groups[kind].length }} />
      ))}
    </div>
  );
}

/** Commits below their headings. `limit` of each group in the summary; the rest is said as a number. */
export function Groups({ commits, limits }: { commits: readonly Commit[]; limits?: Limits }) {
  const groups = groupCommits(commits);
  return GROUPS.filter(({ kind }) => groups[kind].length > 0).map(
    ({ kind, icon, colour, title }) => {
      const all = groups[kind];
      const shown = limits ? all.slice(0, limits[kind]) : all;
      const rest = all.length - shown.length;
      return (
        <section key={kind}>
          <h4 className={css.group}>
            <Icon of={icon} size="s" className={colour} />
            {title()}
            <span className="muted b5">{formatCount(all.length)}</span>
          </h4>
          <ul>
            {shown.map((commit) => (
              <CommitLine key={commit.id} commit={commit} whole={limits === undefined} />
            ))}
          </ul>
          {rest > 0 && (
            <p className={`small muted b5 ${css.rest}`}>
              {m.compare_more({ count: rest, number: formatCount(rest) })}
            </p>
          )}
        </section>
      );
    },
  );
}

export type Limits = Record<keyof CommitGroups, number>;

function CommitLine({ commit, whole }: { commit: Commit; whole: boolean }) {
  return (
    <li className={css.commit} data-whole={whole || undefined}>
      <span className={css.avatar} title={commit.author} aria-hidden="true">
        {initials(commit.author)}
      </span>
      <span className="row g6 selectable">
        <span className="ell t1" title={commit.subject}>
          {commit.scope && <span className="muted">{commit.scope}: </span>}
          {commit.subject}
        </span>
        {commit.breaking && <Tag meaning="warn">{m.compare_breaking()}</Tag>}
      </span>
      {whole ? (
        <>
          <span className="mono small muted ell">{commit.release}</span>
          <span className="small t2 ell">{commit.author}</span>
          <span className="small muted nowrap">
            <Time at={commit.at} />
          </span>
        </>
      ) : (
        <span className="visually-hidden">{commit.author}</span>
      )}
      <span className="mono micro muted selectable">{commit.id.slice(0, 7)}</span>
    </li>
  );
}

/** Both directions: what B adds, and what A has and B lacks. */
export function CommitsTab({ comparison }: { comparison: Comparison }) {
  const { commits, a } = comparison;
  if (commits.unavailable !== null) {
    return (
      <div className={css.page}>
        <Unavailable reason={commits.unavailable} service={a.service} />
      </div>
    );
  }
  return (
    <div className={css.page}>
      {commits.truncated && <p className="small c-warn">{m.compare_truncated()}</p>}
      <Direction title={m.compare_added()} none={m.compare_added_none()} commits={commits.added} />
      <Direction
        title={m.compare_removed()}
        none={m.compare_removed_none()}
        commits={commits.removed}
      />
    </div>
  );
}

function Direction({
  title,
  none,
  commits,
}: {
  title: string;
  none: string;
  commits: readonly Commit[];
}) {
  return (
    <section className={css.block}>
      <header className="row g8">
        <h3>{title}</h3>
        <span className="small muted">{formatCount(commits.length)}</span>
      </header>
      {commits.length === 0 ? (
        <p className="small muted">{none}</p>
      ) : (
        <>
          <Shares commits={commits} />
          <Groups commits={commits} />
        </>
      )}
    </section>
  );
}
