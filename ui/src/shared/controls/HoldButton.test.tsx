import { act, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { HOLD_MILLISECONDS, HoldButton } from "./HoldButton";

function show(isDisabled = false) {
  const begun = vi.fn();
  const confirmed = vi.fn();
  render(
    <HoldButton
      label="Hold to roll back"
      holdingLabel="Keep holding"
      armedLabel="Press again"
      onBegin={begun}
      onConfirm={confirmed}
      isDisabled={isDisabled}
    />,
  );
  return { button: screen.getByRole("button"), begun, confirmed };
}

const pass = (milliseconds: number) => act(() => vi.advanceTimersByTime(milliseconds));

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

describe("by pointer", () => {
  it("asks 1.2 seconds, as the design says", () => {
    expect(HOLD_MILLISECONDS).toBe(1200);
  });

  it("confirms once it was held to the end, and not a moment before", () => {
    const { button, begun, confirmed } = show();
    fireEvent.pointerDown(button, { button: 0 });
    expect(begun).toHaveBeenCalledOnce();
    expect(button.textContent).toBe("Keep holding");
    pass(1199);
    expect(confirmed).not.toHaveBeenCalled();
    pass(1);
    expect(confirmed).toHaveBeenCalledOnce();
    pass(5000);
    expect(confirmed).toHaveBeenCalledOnce();
  });

  it("empties when it is let go, and begins anew", () => {
    const { button, confirmed } = show();
    fireEvent.pointerDown(button, { button: 0 });
    pass(1100);
    fireEvent.pointerUp(button);
    expect(button.textContent).toBe("Hold to roll back");
    fireEvent.pointerDown(button, { button: 0 });
    pass(1100);
    expect(confirmed, "two short holds are no long one").not.toHaveBeenCalled();
  });

  it("lets go when the pointer leaves it", () => {
    const { button, confirmed } = show();
    fireEvent.pointerDown(button, { button: 0 });
    fireEvent.pointerMove(button, { clientX: 500, clientY: 500 });
    pass(2000);
    expect(confirmed).not.toHaveBeenCalled();
  });

  it("does nothing on a click, a second button, or while it is off", () => {
    const { button, confirmed } = show();
    fireEvent.click(button, { detail: 1 });
    fireEvent.click(button, { detail: 2 });
    fireEvent.pointerDown(button, { button: 2 });
    pass(2000);
    expect(confirmed).not.toHaveBeenCalled();
  });

  it("does nothing while it is off", () => {
    const { button, begun, confirmed } = show(true);
    fireEvent.pointerDown(button, { button: 0 });
    fireEvent.keyDown(button, { key: "Enter" });
    fireEvent.click(button, { detail: 0 });
    pass(2000);
    expect(begun).not.toHaveBeenCalled();
    expect(confirmed).not.toHaveBeenCalled();
    expect(button.getAttribute("aria-disabled")).toBe("true");
  });
});

describe("by keyboard", () => {
  it("takes two presses, and says that it waits for the second", () => {
    const { button, confirmed } = show();
    fireEvent.keyDown(button, { key: "Enter" });
    expect(button.textContent).toBe("Press again");
    expect(screen.getByRole("status").textContent).toBe("Press again");
    pass(400);
    expect(confirmed).not.toHaveBeenCalled();
    fireEvent.keyDown(button, { key: "Enter" });
    expect(confirmed).toHaveBeenCalledOnce();
  });

  it("counts a key that is held down, and one that bounces, once", () => {
    const { button, confirmed } = show();
    fireEvent.keyDown(button, { key: " " });
    for (let time = 0; time < 2000; time += 30) {
      pass(30);
      fireEvent.keyDown(button, { key: " ", repeat: true });
    }
    expect(confirmed, "held down").not.toHaveBeenCalled();
    fireEvent.keyDown(button, { key: "Escape" });
    fireEvent.keyDown(button, { key: " " });
    pass(40);
    fireEvent.keyDown(button, { key: " " });
    expect(confirmed, "bounced within 40 ms").not.toHaveBeenCalled();
  });

  it.each([
    ["Esc", (button: HTMLElement) => void fireEvent.keyDown(button, { key: "Escape" })],
    ["leaving it", (button: HTMLElement) => void fireEvent.blur(button)],
    ["waiting", () => void pass(6000)],
  ])("is disarmed by %s", (_, disarm) => {
    const { button, confirmed } = show();
    fireEvent.keyDown(button, { key: "Enter" });
    pass(400);
    disarm(button);
    fireEvent.keyDown(button, { key: "Enter" });
    expect(confirmed).not.toHaveBeenCalled();
    expect(button.textContent).toBe("Press again");
  });

  it("takes two presses of assistive technology, which are clicks without a pointer", () => {
    const { button, confirmed } = show();
    fireEvent.click(button, { detail: 0 });
    pass(400);
    fireEvent.click(button, { detail: 0 });
    expect(confirmed).toHaveBeenCalledOnce();
  });
});
