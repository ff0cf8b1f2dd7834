import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RunningTime } from "@/shared/time/Time";
import { Live } from "./Live";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("says the newest at most once in two seconds", () => {
  const { rerender } = render(<Live words="40 results" />);
  act(() => vi.advanceTimersByTime(10));
  const said: string[] = [];
  const region = screen.getByRole("status");
  for (let count = 39; count > 30; count -= 1) {
    rerender(<Live words={`${count} results`} />);
    act(() => vi.advanceTimersByTime(300));
    if (said.at(-1) !== region.textContent) said.push(region.textContent ?? "");
  }
  expect(said, "2.7 seconds: one more message").toEqual(["40 results", "33 results"]);
  act(() => vi.advanceTimersByTime(2000));
  expect(region.textContent, "the last is not lost").toBe("31 results");
});

it("keeps a clock quiet wherever it stands", () => {
  render(
    <p role="status">
      Reading <RunningTime since={Date.now()} />
    </p>,
  );
  expect(screen.getByRole("timer").getAttribute("aria-live")).toBe("off");
});
