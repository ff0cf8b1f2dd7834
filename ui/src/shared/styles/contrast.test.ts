import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

// WCAG 2.2 AA over the tokens: text 4.5:1, meaningful graphics and edges of controls 3:1. The pairs are
// those of the design; a soft colour is laid over the surface named after the @.

type Colour = readonly [red: number, green: number, blue: number, alpha: number];
type Pair = readonly [front: string, back: string, least: number];

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");

function tokens(block: RegExp): Map<string, string> {
  const body = block.exec(css)?.[1] ?? "";
  return new Map(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((one) => [one[1] ?? "", one[2] ?? ""]),
  );
}

const THEMES = {
  dark: tokens(/:root, \[data-theme="dark"\] \{([\s\S]*?)\n\}/),
  light: tokens(/\[data-theme="light"\] \{([\s\S]*?)\n\}/),
};

function colour(text: string): Colour {
  const hex = /^#(..)(..)(..)$/.exec(text);
  const parts = hex
    ? hex.slice(1).map((two) => Number.parseInt(two, 16))
    : (text.match(/[\d.]+/g) ?? []).map(Number);
  const [red = 0, green = 0, blue = 0, alpha = 1] = parts;
  return [red, green, blue, alpha];
}

function over(front: Colour, back: Colour): Colour {
  const mix = (at: 0 | 1 | 2) => front[at] * front[3] + back[at] * (1 - front[3]);
  return [mix(0), mix(1), mix(2), 1];
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance([red, green, blue]: Colour): number {
  const linear = [red, green, blue].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
}

function ratio(theme: Map<string, string>, front: string, back: string): number {
  const [name = "", below] = back.split("@");
  const of = (token: string) => {
    const text = theme.get(token);
    if (text === undefined) throw new Error(`tokens.css has no --${token}`);
    return colour(text);
  };
  const ground = below ? over(of(name), of(below)) : of(name);
  const light = luminance(over(of(front), ground));
  const dark = luminance(ground);
  return (Math.max(light, dark) + 0.05) / (Math.min(light, dark) + 0.05);
}

const SURFACES = ["surface-0", "surface-1", "surface-2", "surface-overlay"];
const text = (front: string, backs: readonly string[]): Pair[] =>
  backs.map((back) => [front, back, 4.5]);
const graphic = (front: string, backs: readonly string[]): Pair[] =>
  backs.map((back) => [front, back, 3]);

const PAIRS: readonly Pair[] = [
  ...["text-1", "text-2", "text-muted"].flatMap((ink) => text(ink, [...SURFACES, "surface-3"])),
  ...text("accent", SURFACES),
  ...text("span-text", [
    "span-live-fill",
    "span-past-fill",
    "span-rollback-fill",
    "span-progress-fill",
  ]),
  ...text("span-text-past", ["span-past-fill", "surface-0"]),
  ...text("text-2", [
    "span-unknown-fill",
    "status-failed-soft",
    "status-ok-soft",
    "status-warn-soft",
    "status-unknown-soft",
    "status-rollback-soft",
    "accent-soft@surface-0",
  ]),
  ...text("text-muted", ["accent-soft@surface-0", "accent-soft@surface-1", "status-rollback-soft"]),
  ...text("status-failed-on", ["status-failed-fill"]),
  ...text("now-on", ["now"]),
  ...text("primary-text", ["primary-bg", "primary-hover"]),
  ...["failed", "ok", "warn", "unknown"].flatMap((status) =>
    text(`status-${status}`, ["surface-1", "surface-overlay", `status-${status}-soft`]),
  ),
  ...text("span-rollback", ["surface-1", "surface-overlay", "status-rollback-soft"]),
  ...text("span-live", ["surface-1", "accent-soft@surface-1"]),
  ...text("span-config", ["surface-1", "status-config-soft"]),
  ...text("now", ["surface-1"]),
  ...text("diff-add-text", ["diff-add-bg"]),
  ...text("diff-del-text", ["diff-del-bg"]),
  // The demo band, and what stands on it.
  ...text("accent", ["accent-soft@surface-0"]),
  ...["live", "rollback", "progress", "unknown"].flatMap((span) =>
    graphic(`span-${span}-stroke`, ["surface-0"]),
  ),
  ...graphic("span-past-stroke", ["surface-0", "surface-1"]),
  ...graphic("status-failed-fill", ["surface-0", "accent-soft@surface-0"]),
  ...graphic("status-ok", ["surface-0", "span-live-fill", "span-rollback-fill"]),
  ...graphic("span-rollback", ["surface-0", "span-rollback-fill"]),
  ...graphic("span-config", ["surface-0", "span-live-fill", "span-past-fill"]),
  ...graphic("now", ["surface-0", "surface-future"]),
  ...graphic("focus-ring", ["surface-0", "surface-1", "surface-overlay"]),
  ...graphic("line-control", ["surface-0", "surface-1", "surface-overlay"]),
  ...graphic("accent", ["surface-0", "surface-1"]),
  ...graphic("span-past-ok", ["surface-0"]),
  ...graphic("span-progress", ["surface-1", "surface-overlay"]),
];

const base = readFileSync(join(import.meta.dirname, "base.css"), "utf8");
const inMedia = (query: string): string =>
  new RegExp(`@media \\(${query}\\) \\{([\\s\\S]*?)\\n\\}`).exec(base)?.[1] ?? "";

/** The theme as it is where the desktop asks for more contrast: tokens stand for stronger ones. */
function withMore(theme: Map<string, string>): Map<string, string> {
  const stands = [...inMedia("prefers-contrast: more").matchAll(/--([\w-]+): var\(--([\w-]+)\)/g)];
  const more = new Map(theme);
  // From the strongest on, since one may stand for another that is replaced as well.
  for (const [, name = "", by = ""] of stands.reverse()) more.set(name, more.get(by) ?? "");
  return more;
}

describe.each(Object.entries(THEMES))("the %s theme", (_, theme) => {
  it("is whole", () => expect(theme.size).toBeGreaterThan(60));

  it("keeps every pair of the design at WCAG AA", () => {
    const low = PAIRS.map(([front, back, least]) => ({
      pair: `${front} on ${back}`,
      least,
      ratio: ratio(theme, front, back),
    })).filter((one) => one.ratio < one.least - 0.005);
    expect(low).toEqual([]);
  });
});

describe.each(Object.entries(THEMES))("the %s theme with more contrast", (_, theme) => {
  const more = withMore(theme);
  it.each(["surface-0", "surface-1", "surface-2"])(
    "reads at 7:1 and parts at 3:1 on %s",
    (back) => {
      expect(ratio(more, "text-muted", back)).toBeGreaterThanOrEqual(7);
      expect(ratio(more, "line-hair", back)).toBeGreaterThanOrEqual(3);
      expect(ratio(more, "line-strong", back)).toBeGreaterThanOrEqual(3);
    },
  );
});

describe("forced colours", () => {
  it("outline what is chosen or has a menu's focus: backgrounds are not painted", () => {
    const rules = inMedia("forced-colors: active");
    for (const part of ["option", "row", "gridcell", "tab"])
      expect(rules).toContain(`[role="${part}"]`);
    expect(rules).toMatch(
      /\[role\^="menuitem"\]\)\[data-focused\] \{\s+outline: 2px solid Highlight/,
    );
  });
});

describe("reduced motion", () => {
  it("leaves fades alone: nothing moves, turns or slides, whatever a component says", () => {
    const rules = inMedia("prefers-reduced-motion: reduce");
    expect(rules).toMatch(/animation-duration: 0\.01ms !important/);
    expect(rules).toMatch(/transition-property: opacity, color, background-color !important/);
  });
});

it("measures as WCAG does", () => {
  // Known values: black on white is 21, #767676 on white 4.54.
  const known = new Map([
    ["white", "#FFFFFF"],
    ["black", "#000000"],
    ["grey", "#767676"],
  ]);
  expect(ratio(known, "black", "white")).toBeCloseTo(21, 5);
  expect(ratio(known, "grey", "white")).toBeCloseTo(4.54, 2);
});
