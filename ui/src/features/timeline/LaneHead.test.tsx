import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { at, healthy, oneLane } from "@/timeline/fixture";
import { AtCell } from "./LaneHead";

const data = oneLane([
  healthy(2, "5.12.2"),
  healthy(8, "5.12.3", { startedEarliest: at(5) }),
  healthy(12, "5.12.4"),
]);

function words(hours: number): string | null {
  const place = { from: 0, end: 1 };
  const { container } = render(<AtCell data={data} lanes={place} time={at(hours)} />);
  return container.textContent;
}

describe("what ran at a moment, beside now", () => {
  it("is one version where that is known, and either where a start is a range", () => {
    expect(words(4)).toBe("5.12.2");
    expect(words(6)).toBe("5.12.2 or 5.12.3");
    expect(words(9)).toBe("5.12.3");
  });
});
