import { describe, expect, it } from "vitest";
import { meant, shown } from "./marks";

// "v1" RIGHT-TO-LEFT OVERRIDE "0.2": reads as "v12.0".
const TAG = "v1\u202e0.2";

describe("marks of direction", () => {
  it("are shown by their number, wherever in a value they are", () => {
    expect(shown({ tags: [{ name: TAG, n: 1 }], facts: { "a\u2066b": null } })).toEqual({
      tags: [{ name: "v1‹U+202E›0.2", n: 1 }],
      facts: { "a‹U+2066›b": null },
    });
    expect(shown("\u061c\u200e\u200f\u202a\u2069")).toBe(
      "‹U+061C›‹U+200E›‹U+200F›‹U+202A›‹U+2069›",
    );
  });

  it("are what they were on the way back", () => {
    const value = { service: "shop", version: TAG, list: ["\u2067x\u2069"] };
    expect(meant(shown(value))).toEqual(value);
  });

  it("leave alone what has none, and every other sign", () => {
    const value = { text: "✅ <b>שלום</b> 简体 e\u0301", list: [1, null, true] };
    expect(shown(value)).toBe(value);
    expect(meant("‹U+0041›")).toBe("‹U+0041›");
  });
});
