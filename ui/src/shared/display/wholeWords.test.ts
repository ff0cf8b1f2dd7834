import { describe, expect, it } from "vitest";
import { wholeWords } from "./wholeWords";

const shown = (a: string, b: string) =>
  wholeWords(a, b).map(({ fromA, toA, fromB, toB }) => [a.slice(fromA, toA), b.slice(fromB, toB)]);

describe("what differs in two manifests", () => {
  it.each([
    ["numbers", 'value: "2000"', 'value: "800"', [["2000", "800"]]],
    ["a version", "image: shop/checkout:2.3.7", "image: shop/checkout:2.4.1", [["2.3.7", "2.4.1"]]],
    ["a quantity", "memory: 256Mi", "memory: 512Mi", [["256Mi", "512Mi"]]],
    ["nothing", "a: 1", "a: 1", []],
  ])("is never less than a word: %s", (_, a, b, expected) => {
    expect(shown(a, b)).toEqual(expected);
  });

  it("is a line alone where a line was added: its neighbours stay as they are", () => {
    const a = "env:\n- name: LOG_LEVEL\nports:";
    const b = "env:\n- name: LOG_LEVEL\n- name: GIFT_WRAP\nports:";
    const [change, ...rest] = shown(a, b);
    expect(rest).toEqual([]);
    expect(change?.[0]).toBe("");
    expect(change?.[1]?.trim()).toBe("- name: GIFT_WRAP");
  });

  it("makes the one text of the other", () => {
    const a = "image: a:1.41.2\nenv:\n- name: A\n  value: '1'\n";
    const b = "image: a:1.42.0\nenv:\n- name: B\n  value: '10'\n- name: C\n";
    let made = "";
    let at = 0;
    for (const { fromA, toA, fromB, toB } of wholeWords(a, b)) {
      made += a.slice(at, fromA) + b.slice(fromB, toB);
      at = toA;
    }
    expect(made + a.slice(at)).toBe(b);
  });
});
