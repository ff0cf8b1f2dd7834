import { fireEvent, render, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { type Action, ActionRegistry, ActionsProvider, useActions } from "./actions";
import { isTyping, keyLabel } from "./platform";
import { moveRegion, Region, useRegionMemory } from "./regions";
import { actionFor, matches, useKeys } from "./useKeys";

function key(name: string, modifiers: Partial<KeyboardEventInit> = {}, target?: Element) {
  const event = new KeyboardEvent("keydown", { key: name, bubbles: true, ...modifiers });
  (target ?? document.body).dispatchEvent(event);
  return event;
}

const rollback: Action = {
  id: "rollback",
  title: "Roll back",
  group: "selection",
  keys: ["r"],
  run: () => undefined,
};

describe("a chord", () => {
  it.each([
    [["Mod", "k"], key("k", { ctrlKey: true }), false, true],
    [["Mod", "k"], key("k", { metaKey: true }), true, true],
    [["Mod", "k"], key("k", { metaKey: true }), false, false],
    [["Mod", "k"], key("k"), false, false],
    [["r"], key("r"), false, true],
    [["r"], key("R", { shiftKey: true }), false, true],
    [["r"], key("r", { ctrlKey: true }), false, false],
    [["r"], key("r", { altKey: true }), false, false],
    [["?"], key("?", { shiftKey: true }), false, true],
    [["F6"], key("F6"), false, true],
    [["F6"], key("F6", { shiftKey: true }), false, false],
    [["Shift", "F6"], key("F6", { shiftKey: true }), false, true],
  ])("%j", (keys, event, mac, expected) => {
    expect(matches(event, keys, mac)).toBe(expected);
  });

  it("is labelled Ctrl off macOS, and ⌘ on it", () => {
    expect(keyLabel("Mod", false)).toBe("Ctrl");
    expect(keyLabel("Mod", true)).toBe("⌘");
  });
});

describe("single letters", () => {
  it("rest where they are turned off, and chords do not", () => {
    const palette = { ...rollback, id: "palette", keys: ["Mod", "k"] };
    expect(actionFor(key("r"), [rollback], true)).toBe(rollback);
    expect(actionFor(key("r"), [rollback], false)).toBeUndefined();
    expect(actionFor(key("k", { ctrlKey: true }), [palette], false)).toBe(palette);
  });

  it("rest while text is typed", () => {
    render(
      <>
        <input aria-label="text" />
        <input type="checkbox" aria-label="box" />
      </>,
    );
    const [text, box] = [screen.getByLabelText("text"), screen.getByLabelText("box")];
    expect(isTyping(text)).toBe(true);
    expect(isTyping(box)).toBe(false);
    expect(actionFor(key("r", {}, text), [rollback], true)).toBeUndefined();
    expect(actionFor(key("r", {}, box), [rollback], true)).toBe(rollback);
  });

  it("do nothing for an action that is off", () => {
    const off = { ...rollback, off: "the workspace is read-only" };
    expect(actionFor(key("r"), [off], true)).toBeUndefined();
  });
});

function Screen({ run, rest }: { run: () => void; rest: boolean }) {
  useActions([{ ...rollback, run }]);
  useKeys({ singleLetters: true, rest });
  return null;
}

describe("actions", () => {
  it("run the newest closure while they are offered, and rest under a sheet", () => {
    const registry = new ActionRegistry();
    const [first, second] = [vi.fn(), vi.fn()];
    const show = (run: () => void, rest = false) => (
      <ActionsProvider registry={registry}>
        <Screen run={run} rest={rest} />
      </ActionsProvider>
    );
    const { rerender, unmount } = render(show(first));
    rerender(show(second));
    fireEvent.keyDown(document.body, { key: "r" });
    expect(first).not.toHaveBeenCalled();
    expect(second).toHaveBeenCalledOnce();
    rerender(show(second, true));
    fireEvent.keyDown(document.body, { key: "r" });
    expect(second).toHaveBeenCalledOnce();
    unmount();
    expect(registry.all()).toEqual([]);
  });
});

function Regions() {
  useRegionMemory();
  return (
    <>
      <Region label="one">
        <button type="button">a</button>
        <button type="button">b</button>
      </Region>
      <Region label="empty">words</Region>
      <Region label="two">
        <button type="button">c</button>
      </Region>
    </>
  );
}

describe("F6", () => {
  const focused = () => document.activeElement?.textContent;

  it("goes round the regions, passes the empty one, and comes back to where it was", () => {
    render(<Regions />);
    moveRegion(1);
    expect(focused()).toBe("a");
    screen.getByText("b").focus();
    moveRegion(1);
    expect(focused()).toBe("c");
    moveRegion(1);
    expect(focused(), "where it was before").toBe("b");
    moveRegion(-1);
    expect(focused()).toBe("c");
  });
});
