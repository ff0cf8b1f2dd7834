import { describe, expect, it } from "vitest";
import { breaks } from "./Breaks";

describe("a long name", () => {
  it.each([
    ["ImagePullBackOff", ["Image", "Pull", "Back", "Off"]],
    [
      "migrations/20261120_refunds_of_50.sql",
      ["migrations/", "20261120_", "refunds_", "of_", "50.", "sql"],
    ],
    ["shop-gateway:apps/Deployment", ["shop-gateway:", "apps/", "Deployment"]],
  ])("may break between its parts: %s", (text, pieces) => {
    expect(breaks(text)).toEqual(pieces);
  });

  it.each(["1.43.0-rc.1", "prod-eu", "镜像无法拉取", "It is not rolled back."])(
    "stays whole: %s",
    (text) => {
      expect(breaks(text).filter((piece) => piece.trim() !== "")).toEqual(text.split(" "));
    },
  );

  it("keeps its text", () => {
    const text = "Applied: a/very_long.name/of/some.sql, b";
    expect(breaks(text).join("")).toBe(text);
  });
});
