import type { Comparison } from "@/ipc";
import { m } from "@/paraglide/messages";
import { getLocale } from "@/paraglide/runtime";
import { formatCount } from "@/shared/time/format";
import { authorsOf, groupCommits } from "./groups";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The sentence in parts, so that its beginning can stand out. */
export type Sentence = { lead: string; rest: string };

const counted = (
  message: (input: { count: number; number: string }) => string,
  count: number,
): string => message({ count, number: formatCount(count) });

/** "4 features and 7 fixes", as the language joins things. */
export function list(things: readonly string[]): string {
  if (getLocale() === "en")
    return new Intl.ListFormat("en-GB", { type: "conjunction" }).format(things);
  // Chinese sets a space between a word and a figure, which Intl does not.
  return new Intl.ListFormat("zh-CN", { type: "conjunction" })
    .format(things)
    .replace(/和(?=\d)/g, "和 ");
}

/** "9 days": the largest unit, whole and never rounded up. */
export function durationWords(milliseconds: number): string {
  if (milliseconds >= DAY) return counted(m.compare_n_days, Math.floor(milliseconds / DAY));
  if (milliseconds >= HOUR) return counted(m.compare_n_hours, Math.floor(milliseconds / HOUR));
  return counted(m.compare_n_minutes, Math.max(1, Math.floor(milliseconds / MINUTE)));
}

/**
 * What changes from A to B: "A to B in 9 days: 28 commits by 6 people bring 4 features and 7 fixes;
 * 1 image and 3 settings change; 1 migration."
 */
export function sentence(comparison: Comparison): Sentence {
  const clauses = [
    ...commitClauses(comparison),
    ...changeClauses(comparison),
    ...migrationClauses(comparison),
  ];
  const said = clauses.length > 0 ? clauses : [m.compare_nothing()];
  return { lead: lead(comparison), rest: said.join(m.compare_join()) + m.compare_end() };
}

function lead({ a, b }: Comparison): string {
  if (a.service === b.service && a.version === b.version) return m.compare_lead_same();
  if (a.from === null || b.from === null || a.from === b.from) return m.compare_lead();
  const apart = b.from - a.from;
  if (Math.abs(apart) < MINUTE) return m.compare_lead();
  return apart > 0
    ? m.compare_lead_later({ duration: durationWords(apart) })
    : m.compare_lead_earlier({ duration: durationWords(-apart) });
}

function commitClauses({ commits }: Comparison): string[] {
  if (commits.unavailable !== null) return [m.compare_commits_unknown()];
  const clauses: string[] = [];
  const amount = (count: number) =>
    counted(commits.truncated ? m.compare_n_commits_least : m.compare_n_commits, count);
  if (commits.added.length > 0) {
    const { feature, fix } = groupCommits(commits.added);
    const things = [
      ...(feature.length > 0 ? [counted(m.compare_n_features, feature.length)] : []),
      ...(fix.length > 0 ? [counted(m.compare_n_fixes, fix.length)] : []),
    ];
    const many = amount(commits.added.length);
    const who = commits.removed.length > 0 ? authorsOf(commits.added) : commits.authors;
    const people = counted(m.compare_n_people, who);
    clauses.push(
      things.length > 0
        ? m.compare_bring({
            count: commits.added.length,
            commits: many,
            people,
            things: list(things),
          })
        : m.compare_by({ commits: many, people }),
    );
  }
  if (commits.removed.length > 0) {
    const count = commits.removed.length;
    clauses.push(m.compare_lacks({ count, commits: amount(count) }));
  }
  return clauses;
}

function changeClauses({ template, configuration }: Comparison): string[] {
  const keys = configuration.reduce((sum, one) => sum + one.keys.length, 0);
  const amounts: [number, (input: { count: number; number: string }) => string][] = [
    [template?.images ?? 0, m.compare_n_images],
    [template?.settings ?? 0, m.compare_n_settings],
    [keys, m.compare_n_keys],
  ];
  const some = amounts.filter(([count]) => count > 0);
  const clauses: string[] = [];
  if (some.length > 0) {
    const count = some.reduce((sum, [one]) => sum + one, 0);
    const things = list(some.map(([one, message]) => counted(message, one)));
    clauses.push(m.compare_changes({ count, things }));
  }
  if (template === null) clauses.push(m.compare_template_unknown());
  return clauses;
}

function migrationClauses({ migrations }: Comparison): string[] {
  return migrations.length > 0 ? [counted(m.compare_n_migrations, migrations.length)] : [];
}
