import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

// Every message exists in both languages, with the same placeholders.

const ROOT = join(import.meta.dirname, "../../messages");

type Pattern = string | { match: Record<string, string> }[];
type Catalogue = Record<string, Pattern>;

function catalogues(locale: string): Map<string, Catalogue> {
  const folders = readdirSync(ROOT).filter((name) => statSync(join(ROOT, name)).isDirectory());
  return new Map(
    ["", ...folders].map((folder) => {
      const text = readFileSync(join(ROOT, folder, `${locale}.json`), "utf8");
      const { $schema: _, ...messages } = JSON.parse(text) as Catalogue;
      return [folder, messages];
    }),
  );
}

function texts(pattern: Pattern): string[] {
  return typeof pattern === "string"
    ? [pattern]
    : pattern.flatMap((one) => Object.values(one.match));
}

function placeholders(pattern: Pattern): string[] {
  const names = texts(pattern).flatMap((text) => text.match(/\{\w+\}/g) ?? []);
  return [...new Set(names)].sort();
}

/** Names of things and symbols of units are the same in every language. */
const SAME =
  /^[\s\d\p{P}\p{S}]*$|^(Tidemark|kubeconfig|YAML|CSV|UTC|Git|Esc|Ctrl|SHA|ID|h|min|d)$/u;

const english = catalogues("en");
const chinese = catalogues("zh");

describe.each([...english.keys()])("messages/%s", (area) => {
  const en = english.get(area) ?? {};
  const zh = chinese.get(area) ?? {};

  it("has every key in both languages", () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
  });

  it("fills the same placeholders in both languages", () => {
    const differing = Object.keys(en).filter((key) => {
      const [a, b] = [en[key], zh[key]];
      return a && b && placeholders(a).join() !== placeholders(b).join();
    });
    expect(differing).toEqual([]);
  });

  it("is translated: no Chinese text is the English one", () => {
    const same = Object.entries(en).filter(([key, pattern]) => {
      const words = texts(pattern).map((text) => text.replace(/\{\w+\}/g, "").trim());
      const other = new Set(
        texts(zh[key] ?? "").map((text) => text.replace(/\{\w+\}/g, "").trim()),
      );
      return words.some((text) => !SAME.test(text) && other.has(text));
    });
    expect(same.map(([key]) => key)).toEqual([]);
  });
});

it("uses each key in one area only", () => {
  const keys = [...english.values()].flatMap((catalogue) => Object.keys(catalogue));
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});
