import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CommandError, connect, type Operation } from "@/ipc";
import { createFakeHost } from "@/ipc/fake";
import type { Handlers } from "@/ipc/fake/handlers";
import { App } from "./App";

afterEach(() => window.history.replaceState(null, "", "/"));

/** A rollback of payments, taken from the fake's past and set going again. */
async function operation(part: Partial<Operation> = {}): Promise<Operation> {
  const { operations } = await createFakeHost("workspace").call("operation_list", null);
  const [past] = operations;
  if (!past) throw new Error("the fake has no operation");
  const going = { state: "rolling-out", verdict: null, endedAt: null } as const;
  return { ...past, service: "payments", environment: "prod-eu", ...going, ...part };
}

/** The window, with what the program was asked, and a way to send the window an operation. */
async function show(operations: Operation[]) {
  window.history.replaceState(null, "", "/?screen=settings");
  const quit = vi.fn((on: boolean) => {
    if (on || operations.length === 0) return null;
    const wire = {
      code: "operation-running",
      parameters: {},
      details: "",
      retryable: false,
    } as const;
    throw new CommandError("quit", wire);
  });
  const notice = vi.fn((_: { title: string; body: string }) => null);
  const own: Handlers = {
    operation_list: () => ({ operations, older: false, chainIntact: true }),
    quit: ({ on }) => quit(on),
    notice,
  };
  const host = createFakeHost("workspace", own);
  const listeners: ((operation: Operation) => void)[] = [];
  connect({
    ...host,
    listen: async (event, handler) => {
      if (event === "operation") listeners.push(handler as (operation: Operation) => void);
      return host.listen(event, handler);
    },
  });
  render(<App />);
  await screen.findByRole("heading", { name: "Settings" });
  const send = (one: Operation) => {
    for (const listener of listeners) listener(one);
  };
  return { user: userEvent.setup(), quit, notice, send };
}

const press = () =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key: "q", ctrlKey: true });

function hide(hidden: boolean) {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(hidden ? "hidden" : "visible");
  document.dispatchEvent(new Event("visibilitychange"));
}

describe("quitting by key", () => {
  it("ends the app at once where nothing runs", async () => {
    const { quit } = await show([]);
    press();
    await waitFor(() => expect(quit.mock.calls).toEqual([[false]]));
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("asks while an operation runs, with the focus on Cancel, and says what goes on", async () => {
    const { user, quit } = await show([await operation()]);
    press();
    const sheet = await screen.findByRole("dialog", { name: "Quit while a rollback runs" });
    expect(sheet.textContent).toContain("The rollback of payments goes on in the cluster");
    expect(sheet.textContent).toContain("looks again at the next start");
    await waitFor(() => expect(document.activeElement?.textContent).toBe("Cancel"));
    press();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(quit.mock.calls, "Cancel ends nothing, and the key asks once").toEqual([[false]]);
    press();
    await user.click(await screen.findByRole("button", { name: "Quit, stop watching" }));
    expect(quit.mock.lastCall).toEqual([true]);
  });

  it("works over a sheet, and Cancel goes back to it", async () => {
    const { user } = await show([await operation()]);
    fireEvent.keyDown(document.body, { key: "F1" });
    await screen.findByRole("dialog", { name: "Keys" });
    press();
    await screen.findByRole("dialog", { name: "Quit while a rollback runs" });
    await user.keyboard("{Escape}");
    expect(await screen.findByRole("dialog", { name: "Keys" })).toBeTruthy();
  });
});

describe("an operation that nobody looks at", () => {
  it("tells the desktop of its end, once", async () => {
    const { notice, send } = await show([]);
    const ended = await operation({ state: "verified", verdict: "good", endedAt: Date.now() });
    send(ended);
    expect(notice, "somebody looks").not.toHaveBeenCalled();
    hide(true);
    const other = { ...ended, id: "another" };
    send(other);
    send(other);
    await waitFor(() => expect(notice).toHaveBeenCalledTimes(1));
    expect(notice.mock.lastCall?.[0].title).toBe(`Rolled back payments to ${ended.toVersion}`);
  });

  it("says when the window goes away that it goes on, once", async () => {
    const { notice } = await show([await operation()]);
    await screen.findByText(/payments in prod-eu:/);
    hide(true);
    hide(false);
    hide(true);
    await waitFor(() => expect(notice).toHaveBeenCalledTimes(1));
    const { title, body } = notice.mock.lastCall?.[0] ?? { title: "", body: "" };
    expect(title).toBe("The rollback of payments goes on");
    expect(body).toContain("Start Tidemark again to see it");
  });

  it("says nothing when the window goes away and nothing runs", async () => {
    const { notice } = await show([]);
    hide(true);
    await new Promise((done) => setTimeout(done, 50));
    expect(notice).not.toHaveBeenCalled();
  });
});

describe("the badge of what runs", () => {
  it("names the one and what it does, and opens its sheet", async () => {
    const { user } = await show([await operation()]);
    await user.click(await screen.findByRole("button", { name: /payments in prod-eu: / }));
    expect(await screen.findByRole("dialog")).toBeTruthy();
  });

  it("stays with the verdict of one that ended with its sheet closed, until it is looked at", async () => {
    const { user, send } = await show([]);
    const end = { state: "verified", verdict: "good", endedAt: Date.now() } as const;
    const ended = await operation(end);
    act(() => send(ended));
    await user.click(await screen.findByRole("button", { name: /payments in prod-eu: good/i }));
    await screen.findByRole("dialog");
    act(() => send(ended));
    await waitFor(() => expect(screen.queryByText(/payments in prod-eu: good/i)).toBeNull());
  });

  it("counts several, and goes to the list of them", async () => {
    const [one, two] = [await operation(), await operation({ id: "two", service: "cart" })];
    const { user } = await show([one, two]);
    await user.click(await screen.findByRole("button", { name: /^2 / }));
    const link = screen.getByRole("button", { name: "Operations" });
    await waitFor(() => expect(link.getAttribute("aria-current")).toBe("page"));
  });

  it("is not there when nothing runs", async () => {
    await show([await operation({ state: "verified", verdict: "good", endedAt: 1 })]);
    expect(screen.queryByText(/payments in prod-eu/)).toBeNull();
  });
});
