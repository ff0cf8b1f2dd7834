import type { Commit } from "@/ipc";

/** A text with what is selected in it. */
export type Edited = { text: string; start: number; end: number };

export type Tool = "heading" | "bold" | "list" | "code" | "link";

/** What a button of the toolbar makes of the selection; a second press takes it back. */
export function applyTool(tool: Tool, edited: Edited): Edited {
  switch (tool) {
    case "heading":
      return prefixLines(edited, "## ");
    case "list":
      return prefixLines(edited, "- ");
    case "bold":
      return wrap(edited, "**");
    case "code":
      return edited.text.slice(edited.start, edited.end).includes("\n")
        ? fence(edited)
        : wrap(edited, "`");
    case "link":
      return link(edited);
  }
}

function wrap({ text, start, end }: Edited, mark: string): Edited {
  const size = mark.length;
  const around = text.slice(start - size, start) === mark && text.slice(end, end + size) === mark;
  if (around) {
    return {
      text: text.slice(0, start - size) + text.slice(start, end) + text.slice(end + size),
      start: start - size,
      end: end - size,
    };
  }
  return {
    text: text.slice(0, start) + mark + text.slice(start, end) + mark + text.slice(end),
    start: start + size,
    end: end + size,
  };
}

function fence({ text, start, end }: Edited): Edited {
  const open = start > 0 && text[start - 1] !== "\n" ? "\n```\n" : "```\n";
  const inner = text.slice(start, end).replace(/\n?$/, "\n");
  return {
    text: `${text.slice(0, start)}${open}${inner}\`\`\`\n${text.slice(end).replace(/^\n/, "")}`,
    start: start + open.length,
    end: start + open.length + inner.length,
  };
}

function link({ text, start, end }: Edited): Edited {
  const words = text.slice(start, end);
  const isAddress = /^https?:\/\/\S+$/.test(words);
  const written = isAddress ? `[](${words})` : `[${words}](https://)`;
  const caret = isAddress ? start + 1 : start + written.length - 1;
  return { text: text.slice(0, start) + written + text.slice(end), start: caret, end: caret };
}

function prefixLines({ text, start, end }: Edited, mark: string): Edited {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const after = text.indexOf("\n", Math.max(end, from));
  const to = after === -1 ? text.length : after;
  const lines = text.slice(from, to).split("\n");
  const marked = lines.every((line) => line.startsWith(mark));
  const bare = (line: string) => line.replace(/^(#{1,6} |[-*+] )/, "");
  const changed = lines.map((line) => (marked ? line.slice(mark.length) : mark + bare(line)));
  const written = changed.join("\n");
  const first = (changed[0]?.length ?? 0) - (lines[0]?.length ?? 0);
  return {
    text: text.slice(0, from) + written + text.slice(to),
    start: Math.max(from, start + first),
    end: Math.max(from, end + written.length - (to - from)),
  };
}

/** The shortest piece in which two texts differ: what an editor has to replace. */
export function replacement(
  before: string,
  after: string,
): { start: number; end: number; text: string } {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let tail = 0;
  while (
    tail < shorter - start &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1;
  }
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}

/** As much of a commit's identity as people write. */
export const shortId = (id: string): string => id.slice(0, 7);

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[\\`*_~[\]()]/g, "")
    .replace(/\s+/g, " ")
    .trim();

/** A note as its readers have it: the ids that tell which entries are written of which commits are left out. */
export function withoutIds(markdown: string, commits: readonly Commit[]): string {
  const ids = new Set(commits.map((commit) => shortId(commit.id)));
  return markdown.replace(/[ \t]+\(?([0-9a-f]{7})\)?[ \t]*$/gm, (found, id: string) =>
    ids.has(id) ? "" : found,
  );
}

/** Commits that a note mentions neither by identity nor by subject, in their order. */
export function notMentioned(commits: readonly Commit[], markdown: string): Commit[] {
  const text = plain(markdown);
  return commits.filter(
    (commit) =>
      !text.includes(shortId(commit.id).toLowerCase()) && !text.includes(plain(commit.subject)),
  );
}

/** A commit as an entry of a note: plain text, so that Markdown reads nothing into it. */
export function entryOf(commit: Commit): string {
  const subject = commit.subject.replace(/([\\*_[\]<>~])/g, "\\$1");
  return `- ${subject} ${shortId(commit.id)}`;
}

/** The headings of a note, in the words of its readers. */
export type Headings = { breaking: string; features: string; fixes: string; other: string };

const headingOf = (commit: Commit, headings: Headings): string => {
  if (commit.breaking) return headings.breaking;
  if (commit.kind === "feature") return headings.features;
  return commit.kind === "fix" ? headings.fixes : headings.other;
};

/** Adds commits to a note, each below its heading; a heading that is not there yet is made at the end. */
export function addCommits(
  markdown: string,
  commits: readonly Commit[],
  headings: Headings,
): string {
  return commits.reduce(
    (text, commit) => addEntry(text, headingOf(commit, headings), entryOf(commit)),
    markdown,
  );
}

function addEntry(markdown: string, heading: string, entry: string): string {
  const lines = markdown.split("\n");
  const level = (line: string) => /^(#{1,6}) /.exec(line)?.[1]?.length ?? 0;
  const at = lines.findIndex(
    (line) => level(line) > 0 && line.replace(/^#+ /, "").trim() === heading,
  );
  if (at === -1) {
    const body = markdown.trimEnd();
    return `${body}${body === "" ? "" : "\n\n"}## ${heading}\n\n${entry}\n`;
  }
  const own = level(lines[at] ?? "");
  const next = lines.findIndex((line, i) => i > at && level(line) > 0 && level(line) <= own);
  let last = next === -1 ? lines.length : next;
  while (last > at + 1 && lines[last - 1]?.trim() === "") last -= 1;
  const gap = last === at + 1 ? ["", entry] : [entry];
  return [...lines.slice(0, last), ...gap, ...lines.slice(last)].join("\n");
}
