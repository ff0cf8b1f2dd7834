import type { Commit, Comparison, DiffLine, FileChange } from "@/ipc";

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

/** Lines of a diff with what is the same folded away beyond `around` lines of each change. */
export type Folded =
  | { kind: "line"; line: DiffLine; at: number }
  | { kind: "fold"; lines: number; at: number };

export function foldLines(lines: readonly DiffLine[], around: number | null): Folded[] {
  const whole = (line: DiffLine, at: number): Folded => ({ kind: "line", line, at });
  if (around === null) return lines.map(whole);
  const near = lines.map(() => false);
  lines.forEach((line, at) => {
    if (line.kind === "context") return;
    const last = Math.min(lines.length - 1, at + around);
    for (let i = Math.max(0, at - around); i <= last; i += 1) near[i] = true;
  });
  const folded: Folded[] = [];
  lines.forEach((line, at) => {
    const last = folded.at(-1);
    if (near[at]) folded.push(whole(line, at));
    else if (last?.kind === "fold") last.lines += 1;
    else folded.push({ kind: "fold", lines: 1, at });
  });
  return folded;
}

/** A row of the diff side by side; `null` where that side has no line. */
export type SplitRow =
  | { kind: "row"; left: DiffLine | null; right: DiffLine | null; at: number }
  | { kind: "fold"; lines: number; at: number };

/** Removed lines stand left of the added ones that follow them. */
export function splitRows(folded: readonly Folded[]): SplitRow[] {
  const rows: SplitRow[] = [];
  let waiting: Extract<SplitRow, { kind: "row" }>[] = [];
  for (const part of folded) {
    if (part.kind === "fold") {
      waiting = [];
      rows.push(part);
      continue;
    }
    const { line, at } = part;
    if (line.kind === "context") {
      waiting = [];
      rows.push({ kind: "row", left: line, right: line, at });
    } else if (line.kind === "removed") {
      const row = { kind: "row" as const, left: line, right: null, at };
      waiting.push(row);
      rows.push(row);
    } else {
      const beside = waiting.shift();
      if (beside) beside.right = line;
      else rows.push({ kind: "row", left: null, right: line, at });
    }
  }
  return rows;
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
