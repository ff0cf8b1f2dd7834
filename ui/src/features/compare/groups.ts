import type { Commit, Comparison, FileChange } from "@/ipc";

export type CommitGroups = { feature: Commit[]; fix: Commit[]; other: Commit[] };

/** Features, fixes and the rest, each in the order given: newest first. */
export function groupCommits(commits: readonly Commit[]): CommitGroups {
  const groups: CommitGroups = { feature: [], fix: [], other: [] };
  for (const commit of commits) groups[commit.kind].push(commit);
  return groups;
}

/** How many people wrote the commits. */
export function authorsOf(commits: readonly Commit[]): number {
  return new Set(commits.map((commit) => commit.author)).size;
}

/** "JK" of "Jonas Kern"; the first two letters of a single name; one character of a Chinese name. */
export function initials(name: string): string {
  const words = name
    .replace(/[^\p{L}\p{N}\s]/gu, " ")
    .split(/\s+/)
    .filter(Boolean);
  const [first = "?", ...rest] = words;
  if (/^\p{Script=Han}/u.test(first)) return [...first][0] ?? "?";
  const last = rest.at(-1);
  const letters = last
    ? [...first].slice(0, 1).concat([...last].slice(0, 1))
    : [...first].slice(0, 2);
  return letters.join("").toUpperCase();
}

/** What can be said of a file's lines. */
export type FileLines =
  | { kind: "counted"; added: number; removed: number }
  | { kind: "binary" }
  | { kind: "not-here" };

/** Lines that are not known are not 0: the file is binary, or its content is not in this clone. */
export function fileLines(file: FileChange): FileLines {
  if (file.notHere) return { kind: "not-here" };
  if (file.added === null || file.removed === null) return { kind: "binary" };
  return { kind: "counted", added: file.added, removed: file.removed };
}

/** How many things each tab has to show; `null`: not known. */
export type Counts = {
  commits: number | null;
  files: number | null;
  manifests: number | null;
  configuration: number;
  notes: number;
};

export function countsOf(comparison: Comparison): Counts {
  const { commits, files, template, configuration, notes } = comparison;
  return {
    commits: commits.unavailable === null ? commits.added.length + commits.removed.length : null,
    files: files.unavailable === null ? files.files.length : null,
    manifests: template?.differences.length ?? null,
    configuration: configuration.reduce((sum, one) => sum + one.keys.length, 0),
    notes: notes.length,
  };
}

/** Whether A is a deployment of B's lane that came before it: then one can go back to it. */
export function canRollBack({ a, b }: Pick<Comparison, "a" | "b">): boolean {
  return (
    a.deployment !== null &&
    b.deployment !== null &&
    a.deployment !== b.deployment &&
    a.environment !== null &&
    a.environment === b.environment &&
    a.service === b.service &&
    a.from !== null &&
    b.from !== null &&
    a.from < b.from
  );
}
