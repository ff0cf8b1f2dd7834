import { describe, expect, it } from "vitest";
import type { Commit } from "@/ipc";
import { pieces } from "./marked";
import { addCommits, applyTool, notMentioned, replacement } from "./text";
import { tokens } from "./tokens";

const HEADINGS = { breaking: "Breaking", features: "New", fixes: "Fixed", other: "Other" };

function commit(id: string, subject: string, part: Partial<Commit> = {}): Commit {
  const base = {
    author: "A",
    at: 0,
    kind: "fix",
    scope: null,
    breaking: false,
    release: null,
  } as const;
  return { id: id.padEnd(40, "0"), subject, ...base, ...part };
}

/** `|` stands at the ends of the selection. */
function edit(tool: Parameters<typeof applyTool>[0], marked: string): string {
  const [start, last] = [marked.indexOf("|"), marked.lastIndexOf("|")];
  const end = last === start ? start : last - 1;
  const after = applyTool(tool, { text: marked.replaceAll("|", ""), start, end });
  const { text } = after;
  const middle = after.start === after.end ? "|" : `|${text.slice(after.start, after.end)}|`;
  return text.slice(0, after.start) + middle + text.slice(after.end);
}

describe("the toolbar", () => {
  it.each([
    ["bold", "a |b| c", "a **|b|** c"],
    ["bold", "a **|b|** c", "a |b| c"],
    ["bold", "|", "**|**"],
    ["code", "run |x|", "run `|x|`"],
    ["code", "a\n|b\nc|\n", "a\n```\n|b\nc\n|```\n"],
    ["heading", "on|e\ntwo", "## on|e\ntwo"],
    ["heading", "## on|e", "on|e"],
    ["heading", "# on|e", "## on|e"],
    ["list", "|one\ntwo|\nthree", "- |one\n- two|\nthree"],
    ["list", "- |one\n- two|", "|one\ntwo|"],
    ["link", "see |docs|", "see [docs](https://|)"],
    ["link", "|https://x.test/a|", "[|](https://x.test/a)"],
  ] as const)("%s: %j becomes %j", (tool, before, after) => {
    expect(edit(tool, before)).toBe(after);
  });
});

describe("commits that the text does not mention", () => {
  const commits = [
    commit("8a90d3b", "Double click placed two orders"),
    commit("e5510b3", "Show *loyalty* points", { kind: "feature" }),
  ];
  it("are found by identity or subject, whatever the case or the marks", () => {
    expect(notMentioned(commits, "")).toHaveLength(2);
    expect(notMentioned(commits, "- fixed in 8A90D3B")).toEqual([commits[1]]);
    expect(notMentioned(commits, "- show \\*loyalty\\*  points")).toEqual([commits[0]]);
  });

  it("are added below their headings, and are mentioned then", () => {
    const text = "# T\n\n## Fixed\n- one 1111111\n\n## For operators\n- two\n";
    const added = addCommits(text, commits, HEADINGS);
    expect(added).toBe(
      "# T\n\n## Fixed\n- one 1111111\n- Double click placed two orders 8a90d3b\n\n" +
        "## For operators\n- two\n\n## New\n\n- Show \\*loyalty\\* points e5510b3\n",
    );
    expect(notMentioned(commits, added)).toEqual([]);
  });

  it("can't become markup by what they are called", () => {
    const hostile = [commit("1234567", "<script> [x](javascript:1) **a**")];
    expect(addCommits("", hostile, HEADINGS)).toContain(
      "\\<script\\> \\[x\\](javascript:1) \\*\\*a\\*\\*",
    );
  });

  it("that break something stand under their own heading", () => {
    const breaking = [commit("1234567", "Drop v1", { kind: "feature", breaking: true })];
    expect(addCommits("", breaking, HEADINGS)).toBe("## Breaking\n\n- Drop v1 1234567\n");
  });
});

describe("what an editor replaces", () => {
  it.each([
    ["abc", "abXc", { start: 2, end: 2, text: "X" }],
    ["aaa", "aa", { start: 2, end: 3, text: "" }],
    ["", "new", { start: 0, end: 0, text: "new" }],
  ])("%j to %j", (before, after, expected) => {
    const change = replacement(before, after);
    expect(change).toEqual(expected);
    expect(before.slice(0, change.start) + change.text + before.slice(change.end)).toBe(after);
  });
});

describe("colouring", () => {
  it.each([
    "## Heading **b**",
    "- item with `code` and [a](https://x.test) 9f3ad77",
    "plain",
    "**open",
    "```rust",
    "> quoted",
  ])("changes no letter of %j", (line) => {
    expect(
      tokens(line)
        .map((part) => part.text)
        .join(""),
    ).toBe(line);
  });
  it("sees code, links and commits, and no word that only looks like one", () => {
    const kinds = (line: string) =>
      tokens(line)
        .filter((part) => part.kind !== "text")
        .map((part) => `${part.kind}:${part.text}`);
    expect(kinds("- a `b` 9f3ad77 c")).toEqual(["mark:- ", "code:`b`", "link:9f3ad77"]);
    expect(kinds("defaced effaced")).toEqual([]);
    expect(kinds("2026-11-19")).toEqual([]);
  });
});

describe("an excerpt", () => {
  it("is read between U+0002 and U+0003", () => {
    expect(pieces("a \u0002voucher\u0003s b")).toEqual([
      { text: "a ", found: false },
      { text: "voucher", found: true },
      { text: "s b", found: false },
    ]);
    expect(pieces("")).toEqual([]);
  });
});
