import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Autosave, SAVE_WITHIN, type SaveState } from "./autosave";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function saver(save: (text: string) => Promise<number>) {
  const states: SaveState<string>[] = [];
  const autosave = new Autosave<string>({
    save,
    asFailure: (thrown) => String(thrown),
    onState: (state) => void states.push(state),
  });
  return { autosave, states, last: () => states.at(-1)?.kind };
}

describe("autosave", () => {
  it("saves within half a second of the first letter, even of somebody who never pauses", async () => {
    expect(SAVE_WITHIN).toBeLessThanOrEqual(500);
    const save = vi.fn(async (_: string) => 1);
    const { autosave } = saver(save);
    for (let typed = 0; typed < 10; typed += 1) {
      autosave.change("x".repeat(typed + 1));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(save.mock.calls.length).toBeGreaterThanOrEqual(2);
    expect(save.mock.calls[0]?.[0]).toHaveLength(SAVE_WITHIN / 100);
  });

  it("saves at once when asked to, and not again later", async () => {
    const save = vi.fn(async (_: string) => 1);
    const { autosave, last } = saver(save);
    autosave.change("a");
    expect(await autosave.flush()).toBe(true);
    await vi.advanceTimersByTimeAsync(2 * SAVE_WITHIN);
    expect(save.mock.calls).toEqual([["a"]]);
    expect(last()).toBe("saved");
  });

  it("saves what was typed while a save was under way, one at a time and in order", async () => {
    const ends: (() => void)[] = [];
    const save = vi.fn((_: string) => new Promise<number>((end) => ends.push(() => end(1))));
    const { autosave, last } = saver(save);
    autosave.change("a");
    await vi.advanceTimersByTimeAsync(SAVE_WITHIN);
    autosave.change("ab");
    await vi.advanceTimersByTimeAsync(SAVE_WITHIN);
    expect(save).toHaveBeenCalledTimes(1);
    ends[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(autosave.unsaved).toBe("ab");
    expect(save.mock.calls).toEqual([["a"], ["ab"]]);
    ends[1]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(last()).toBe("saved");
  });

  it("keeps the text of a save that failed, says why, and tries again with the next change", async () => {
    const save = vi.fn(async (_: string) => 1).mockRejectedValueOnce("disk full");
    const { autosave, states, last } = saver(save);
    autosave.change("a");
    await vi.advanceTimersByTimeAsync(SAVE_WITHIN);
    expect(states.at(-1)).toEqual({ kind: "failed", error: "disk full" });
    expect(autosave.unsaved).toBe("a");
    autosave.change("ab");
    await vi.advanceTimersByTimeAsync(SAVE_WITHIN);
    expect(save).toHaveBeenLastCalledWith("ab");
    expect(last()).toBe("saved");
    expect(autosave.unsaved).toBeNull();
  });
});
