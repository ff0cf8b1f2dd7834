import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { applyLocale } from "@/shared/i18n/locale";
import { drawOnPaper } from "@/shared/testing/paper";
import { ZoneProvider } from "@/shared/time/zone";
import type { TimelineData } from "@/timeline/columns";
import { TimelineEngine } from "@/timeline/engine";
import { at, healthy, NOON, oneLane, twoWorkloads } from "@/timeline/fixture";
import { NEVER } from "@/timeline/lanes";
import { largeTimeline, SAMPLE_NOW, SAMPLE_ZONE, sampleTimeline } from "@/timeline/sample";
import { toX } from "@/timeline/scale";
import { NEWEST } from "./commands";
import { FIRST_MEMORY, type TimelineMemory } from "./memory";
import { Timeline } from "./Timeline";
import { idOf } from "./ways";
import { versionLabel } from "./words";

const size = drawOnPaper();

afterEach(() => applyLocale("en"));

const SAMPLE_OPEN: TimelineMemory = {
  ...FIRST_MEMORY,
  open: ["payments", "checkout", "cart", "identity"],
};

async function show(
  data: TimelineData = sampleTimeline(),
  remembered: TimelineMemory = SAMPLE_OPEN,
  letterKeys = true,
  now = () => SAMPLE_NOW,
) {
  const calls = {
    onSelect: vi.fn(),
    onOpenDetails: vi.fn(),
    onCompare: vi.fn(),
    onCompareWithNow: vi.fn(),
    onCompareWithBefore: vi.fn(),
    onRollback: vi.fn(),
    onNote: vi.fn(),
    onPair: vi.fn(),
    onExport: vi.fn(),
    onPeriod: vi.fn(),
  };
  const page = (shown: TimelineData) => (
    <ZoneProvider value={SAMPLE_ZONE}>
      <Timeline
        data={shown}
        period="three-days"
        now={now}
        remembered={remembered}
        letterKeys={letterKeys}
        {...calls}
      />
    </ZoneProvider>
  );
  const { rerender, container } = render(page(data));
  await settle();
  return { calls, container, update: (next: TimelineData) => rerender(page(next)) };
}

/** Cells follow the view once it rests. */
const settle = () => act(() => new Promise((done) => setTimeout(done, 200)));
const grid = () => screen.getByRole("treegrid");
/** By attribute: computing the role of every cell is slow, and here the attribute is the point. */
const cell = (role: string, name: string): HTMLElement => {
  const found = grid().querySelectorAll<HTMLElement>(`[role="${role}"][aria-label="${name}"]`);
  expect(found, `${role} ${name}`).toHaveLength(1);
  return found[0] as HTMLElement;
};
const heads = () =>
  [...grid().querySelectorAll('[role="rowheader"]')].map((head) => head.getAttribute("aria-label"));
const focusedName = () => document.activeElement?.getAttribute("aria-label");

describe("the grid beside the canvas", () => {
  it("reads events in full", async () => {
    await show();
    expect(cell("gridcell", "1.42.0, deployment failed, prod-eu, 13:02")).toBeTruthy();
    expect(cell("gridcell", "configuration change, prod-us, 10:25")).toBeTruthy();
    cell("gridcell", "2.3.7, rollback, prod-us, 10:43");
  });

  it("names its rows with how they fare, and says which are open", async () => {
    await show();
    const payments = cell("rowheader", "payments, failed");
    expect(payments.closest('[role="row"]')?.getAttribute("aria-expanded")).toBe("true");
    const gateway = cell("rowheader", "gateway, healthy");
    expect(gateway.closest('[role="row"]')?.getAttribute("aria-expanded")).toBe("false");
    expect(grid().getAttribute("aria-rowcount")).toBe(String(16 + 12 + 1));
  });

  it("is one tab stop", async () => {
    await show();
    expect(grid().querySelectorAll('[tabindex="0"]')).toHaveLength(1);
    await userEvent.keyboard("]");
    expect(grid().querySelectorAll('[tabindex="0"]')).toHaveLength(1);
  });

  it("stays under 1,500 nodes with a hundred thousand deployments", async () => {
    size.height = 1200;
    const data = largeTimeline(500, 100_000);
    const open = Array.from({ length: 500 }, (_, i) => `service-${String(i).padStart(3, "0")}`);
    const { container } = await show(data, { ...FIRST_MEMORY, open, span: 90 * 86_400_000 });
    size.height = 640;
    expect(grid().querySelectorAll('[role="row"]').length).toBeGreaterThan(35);
    expect(container.querySelectorAll('[role="treegrid"] *').length).toBeLessThanOrEqual(1500);
  });

  it("hides the canvases from assistive technology", async () => {
    const { container } = await show();
    const canvases = [...container.querySelectorAll("canvas")];
    expect(canvases).toHaveLength(4);
    expect(canvases.every((canvas) => canvas.getAttribute("aria-hidden") === "true")).toBe(true);
  });
});

describe("by keyboard alone", () => {
  it("reaches a failure, opens its details, its rollback and its note", async () => {
    const { calls } = await show();
    // From three days ago on: the newest failure is the last one, so one step back finds it.
    await userEvent.keyboard("[[");
    expect(focusedName()).toBe("1.42.0, deployment failed, prod-eu, 13:02");
    const row = calls.onSelect.mock.lastCall?.[0];
    await userEvent.keyboard("{Enter}");
    expect(calls.onOpenDetails).toHaveBeenCalledWith(row, undefined);
    await userEvent.keyboard("r");
    expect(calls.onRollback).toHaveBeenCalledWith(row, undefined);
    await userEvent.keyboard("n");
    expect(calls.onNote).toHaveBeenCalledWith(row);
  });

  it("walks from event to event and from lane to lane with real focus", async () => {
    await show();
    await userEvent.keyboard("[[");
    await userEvent.keyboard("{ArrowLeft}");
    expect(focusedName()).toMatch(/^1\.41\.2, deployment healthy, prod-eu/);
    await userEvent.keyboard("{ArrowDown}");
    expect(focusedName()).toMatch(/^1\.41\.2, deployment healthy, prod-us/);
    await userEvent.keyboard("{ArrowUp}{ArrowUp}");
    expect(focusedName()).toBe("payments, failed");
  });

  it("closes a service with ← and opens it with → on its head", async () => {
    await show();
    await userEvent.keyboard("[[{ArrowUp}");
    const row = () => document.activeElement?.closest('[role="row"]');
    await userEvent.keyboard("{ArrowLeft}");
    expect(row()?.getAttribute("aria-expanded")).toBe("false");
    await userEvent.keyboard("{ArrowRight}");
    expect(row()?.getAttribute("aria-expanded")).toBe("true");
    expect(focusedName()).toBe("payments, failed");
  });

  it("makes a pair with Space and compares it with C", async () => {
    const { calls } = await show();
    await userEvent.keyboard("[[");
    await userEvent.keyboard("{ArrowLeft} ");
    expect(screen.getByText("Two deployments selected")).toBeTruthy();
    const first = calls.onPair.mock.lastCall?.[0];
    await userEvent.keyboard("c");
    const [a, b] = calls.onCompare.mock.lastCall ?? [];
    expect(first, "who else shows the pair hears of it").toBe(a);
    expect(a - b, "the failed one, and the one before it").toBe(1);
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByText("Two deployments selected")).toBeNull();
    expect(calls.onSelect).toHaveBeenLastCalledWith(null);
    expect(calls.onPair).toHaveBeenLastCalledWith(null);
  });

  it("takes the lanes' keys where nothing has the focus, as after a closed inspector", async () => {
    await show();
    (document.activeElement as HTMLElement | null)?.blur();
    expect(document.activeElement).toBe(document.body);
    await userEvent.keyboard("{ArrowDown}");
    expect(document.activeElement?.getAttribute("data-row")).not.toBeNull();
  });

  it("rests while text is typed: letters go into the filter", async () => {
    const { calls } = await show();
    await userEvent.keyboard("[[");
    await userEvent.keyboard("/");
    await userEvent.keyboard("rn");
    expect((document.activeElement as HTMLInputElement).value).toBe("rn");
    expect(calls.onRollback).not.toHaveBeenCalled();
    expect(calls.onNote).not.toHaveBeenCalled();
  });

  it("has single letters off where the person turned them off, the others stay", async () => {
    const { calls } = await show(sampleTimeline(), SAMPLE_OPEN, false);
    await userEvent.keyboard("[[");
    expect(calls.onSelect).not.toHaveBeenCalled();
    const head = cell("rowheader", "payments, failed");
    act(() => head.focus());
    await userEvent.keyboard("{ArrowDown}");
    expect(focusedName()).toBe("prod-eu, failed");
  });
});

describe("a service that several workloads run in one environment", () => {
  const open = () =>
    show(
      twoWorkloads(),
      { ...FIRST_MEMORY, open: ["shop"], span: 12 * 3_600_000 },
      true,
      () => NOON,
    );
  const rowOf = (name: string) => cell("rowheader", name).closest('[role="row"]') as HTMLElement;
  const told = (name: string) =>
    ["aria-level", "aria-expanded"].map((attribute) => rowOf(name).getAttribute(attribute));

  it("is one row that says mixed, and opens by a click into a row each", async () => {
    await open();
    expect(told("prod, degraded")).toEqual(["2", "false"]);
    expect(rowOf("prod, degraded").textContent).toContain("mixed");
    expect(told("staging, healthy"), "one alone opens into nothing").toEqual(["2", null]);
    fireEvent.click(cell("rowheader", "prod, degraded"));
    await settle();
    expect(heads()).toEqual([
      "shop, degraded",
      "prod, degraded",
      "shop, healthy",
      "shop-worker, healthy",
      "staging, healthy",
    ]);
    expect(told("prod, degraded")).toEqual(["2", "true"]);
    expect(told("shop-worker, healthy")).toEqual(["3", null]);
    expect(rowOf("shop, healthy").textContent).toContain("1.1.0");
    expect(rowOf("shop-worker, healthy").textContent).toContain("1.2.0");
    const own = cell("gridcell", "1.2.0, deployment healthy, prod, shop-worker, 07:00");
    expect(own.closest('[role="row"]')).toBe(rowOf("shop-worker, healthy"));
  });

  it("opens with →, and ← goes up and closes it", async () => {
    await open();
    act(() => cell("rowheader", "prod, degraded").focus());
    await userEvent.keyboard("{ArrowRight}{ArrowDown}{ArrowDown}");
    expect(focusedName()).toBe("shop-worker, healthy");
    await userEvent.keyboard("{ArrowLeft}");
    expect(focusedName()).toBe("prod, degraded");
    await userEvent.keyboard("{ArrowLeft}");
    expect(told("prod, degraded")).toEqual(["2", "false"]);
    expect(focusedName()).toBe("prod, degraded");
  });

  it("rolls back the workload whose row has the focus, and compares it with its own version before", async () => {
    const { calls } = await open();
    act(() => cell("rowheader", "prod, degraded").focus());
    await userEvent.keyboard("{ArrowRight}{ArrowDown}r");
    expect(calls.onRollback).toHaveBeenCalledWith(1, NEWEST);
    await userEvent.keyboard("c");
    expect(calls.onCompareWithBefore).toHaveBeenCalledWith(1, NEWEST);
  });

  it("asks which one is meant when R is pressed on their closed row", async () => {
    const { calls } = await open();
    act(() => cell("rowheader", "prod, degraded").focus());
    await userEvent.keyboard("r");
    expect(calls.onRollback).not.toHaveBeenCalled();
    const asked = "2 workloads run shop in prod. Choose the one to roll back.";
    expect(screen.getByText(asked)).toBeTruthy();
    expect(focusedName()).toBe("shop, healthy");
    await userEvent.keyboard("{ArrowDown}r");
    expect(calls.onRollback).toHaveBeenCalledWith(3, NEWEST);
    expect(screen.queryByText(asked)).toBeNull();
  });

  it("asks for a closed service as well, and walks its merged events in their order", async () => {
    const { calls } = await show(
      twoWorkloads(),
      { ...FIRST_MEMORY, open: ["nothing"] },
      true,
      () => NOON,
    );
    act(() => cell("rowheader", "shop, degraded").focus());
    await userEvent.keyboard("{ArrowRight}{ArrowLeft}");
    await userEvent.keyboard("{End}{ArrowLeft}");
    expect(focusedName()).toBe("1.1.0, deployment healthy, prod, shop, 05:00");
    act(() => cell("rowheader", "shop, degraded").focus());
    await userEvent.keyboard("r");
    expect(focusedName()).toBe("shop, healthy");
    expect(calls.onRollback).not.toHaveBeenCalled();
  });
});

describe("a cluster that was never reached", () => {
  it("is not known, never nothing", async () => {
    const lane = (staleSince?: number) =>
      oneLane([], staleSince === undefined ? {} : { staleSince });
    await show(lane(NEVER), { ...FIRST_MEMORY, open: ["shop"] });
    const head = cell("rowheader", "prod, unknown").closest('[role="row"]');
    expect(head?.textContent).toContain("not known");
    cleanup();
    await show(lane(), { ...FIRST_MEMORY, open: ["shop"] });
    const answered = cell("rowheader", "prod, nothing runs").closest('[role="row"]');
    expect(answered?.textContent).toContain("nothing");
  });
});

describe("a bar that goes on over a configuration change", () => {
  const changed = () => oneLane([healthy(8, "1.0.0")], { marks: [{ time: at(10) }] });
  const open = async () => {
    Element.prototype.setPointerCapture ??= () => {};
    const engines = vi.spyOn(TimelineEngine.prototype, "setData").mock.contexts;
    const shown = await show(changed(), { ...FIRST_MEMORY, open: ["shop"] }, true, () => NOON);
    const { scale, rows } = (engines.at(-1) as TimelineEngine).snapshot();
    const canvas = shown.container.querySelectorAll("canvas")[3] as HTMLCanvasElement;
    const click = (time: number) => {
      for (const name of ["pointerdown", "pointerup"]) {
        const event = new MouseEvent(name, { button: 0 });
        const offsetX = { value: toX(scale, time) };
        Object.defineProperties(event, {
          offsetX,
          offsetY: { value: (rows.top[1] as number) + 16 },
        });
        act(() => void canvas.dispatchEvent(event));
      }
      return idOf(changed(), ...(shown.calls.onSelect.mock.lastCall as [number, number]));
    };
    return { ...shown, click };
  };

  it("is selected as what ran at the moment under the pointer", async () => {
    const { click } = await open();
    expect(click(at(11)), "what the change made").toBe(2);
    expect(click(at(9)), "what ran before it").toBe(1);
    expect(click(at(10)), "the mark itself").toBe(2);
  });

  it("is what runs now where its lane's head is meant", async () => {
    const { calls, click } = await open();
    click(at(9));
    act(() => cell("rowheader", "prod, healthy").focus());
    await userEvent.keyboard("{Enter}");
    expect(calls.onOpenDetails).toHaveBeenLastCalledWith(0, NEWEST);
    expect(calls.onSelect).toHaveBeenLastCalledWith(0, NEWEST);
    await userEvent.keyboard("r");
    expect(calls.onRollback).toHaveBeenLastCalledWith(0, NEWEST);
    await userEvent.click(cell("rowheader", "prod, healthy"));
    expect(calls.onSelect).toHaveBeenLastCalledWith(0, NEWEST);
  });
});

describe("what ran at a moment", () => {
  it("stands beside now, counts what differs, and is compared with now", async () => {
    const { calls } = await show();
    await userEvent.click(screen.getByRole("button", { name: /^Show a range/ }));
    const at = screen.getByRole("textbox", { name: "What ran at" });
    fireEvent.change(at, { target: { value: "2026-11-19 11:20" } });
    await userEvent.click(screen.getByRole("button", { name: "Show this moment" }));
    await userEvent.keyboard("{Escape}");
    expect(screen.getByText("What ran at 11:20")).toBeTruthy();
    const lane = cell("rowheader", "prod-eu, failed").closest('[role="row"]');
    expect(lane?.textContent).toContain("1.41.2");
    await userEvent.click(screen.getByRole("button", { name: "Compare with now" }));
    expect(new Date(calls.onCompareWithNow.mock.lastCall?.[0]).toISOString()).toBe(
      "2026-11-19T10:20:00.000Z",
    );
    await userEvent.click(screen.getByRole("button", { name: "Unpin this moment" }));
    expect(screen.queryByText("What ran at 11:20")).toBeNull();
  });
});

describe("the toolbar", () => {
  it("says how many fail now, and goes there", async () => {
    const { calls } = await show();
    await userEvent.click(screen.getByRole("button", { name: "1 failing now" }));
    expect(calls.onSelect).toHaveBeenCalledTimes(1);
    expect(focusedName()).toBe("1.42.0, deployment failed, prod-eu, 13:02");
  });

  it("filters, and offers the way back when nothing is left", async () => {
    await show();
    const filter = screen.getByRole("searchbox");
    await userEvent.type(filter, "gateway");
    expect(heads()).toEqual([
      "gateway, healthy",
      "prod-eu, healthy",
      "prod-us, healthy",
      "staging, healthy",
    ]);
    await userEvent.type(filter, "nothing");
    await userEvent.click(screen.getByRole("button", { name: "Clear the filter" }));
    expect(heads().length).toBeGreaterThan(10);
  });

  it("gives the focus back to the lanes: Esc empties the filter, Return keeps it", async () => {
    await show();
    const filter = screen.getByRole<HTMLInputElement>("searchbox");
    await userEvent.type(filter, "gateway{Enter}");
    await settle();
    expect(focusedName()).toBe("gateway, healthy");
    expect(filter.value).toBe("gateway");
    await userEvent.type(filter, "{Escape}");
    await settle();
    expect(filter.value).toBe("");
    expect(focusedName(), "the lane stays, among all of them").toBe("gateway, healthy");
    expect(heads().length).toBeGreaterThan(10);
    await userEvent.click(filter);
    await userEvent.keyboard("{Escape}");
    await settle();
    expect(focusedName(), "an empty field is left as well").toBe("gateway, healthy");
  });

  it("gives the focus back to the table", async () => {
    await show();
    fireEvent.click(screen.getByText("Table"));
    await userEvent.type(screen.getByRole("searchbox"), "gateway{Enter}");
    await settle();
    expect(document.activeElement?.getAttribute("aria-rowindex")).toBe("2");
  });

  it("groups by environment", async () => {
    await show();
    await userEvent.click(screen.getByRole("radio", { name: "By environment" }));
    expect(cell("rowheader", "prod-eu, failed")).toBeTruthy();
    expect(cell("rowheader", "payments, failed")).toBeTruthy();
  });

  it("shows the same as a table, and gives it as CSV", async () => {
    const { calls, container } = await show();
    fireEvent.click(screen.getByText("Table"));
    const table = container.querySelector('[role="grid"]');
    expect(table?.getAttribute("aria-label")).toBe("Timeline");
    expect(table?.textContent).toContain("1.42.0");
    fireEvent.click(screen.getByText("Export CSV"));
    const [rows] = calls.onExport.mock.lastCall as [Int32Array];
    const shown = sampleTimeline();
    expect(rows).toHaveLength(shown.ledgerId.length);
    expect(versionLabel(shown, rows[1] as number)).toBe("1.42.0");
  });

  it("remembers what was chosen", async () => {
    const onRemember = vi.fn();
    const nothing = () => undefined;
    render(
      <ZoneProvider value={SAMPLE_ZONE}>
        <Timeline
          data={sampleTimeline()}
          period="day"
          now={() => SAMPLE_NOW}
          onRemember={onRemember}
          onSelect={nothing}
          onOpenDetails={nothing}
          onCompare={nothing}
          onCompareWithNow={nothing}
          onCompareWithBefore={nothing}
          onRollback={nothing}
          onNote={nothing}
          onPair={nothing}
          onExport={nothing}
          onPeriod={nothing}
        />
      </ZoneProvider>,
    );
    await userEvent.click(screen.getByRole("radio", { name: "By environment" }));
    await act(() => new Promise((done) => setTimeout(done, 700)));
    expect(onRemember).toHaveBeenLastCalledWith(
      expect.objectContaining({ grouping: "environment" }),
    );
  });
});

describe("new data", () => {
  it("says a new failure at once, and an old one not again", async () => {
    const calm = sampleTimeline();
    const failing = calm.laneCurrent[0] as number;
    calm.status[failing] = 1;
    calm.failedAt[failing] = Number.NaN;
    const { update } = await show(calm);
    expect(screen.getByRole("alert").textContent).toBe("");
    act(() => update(sampleTimeline()));
    expect(screen.getByRole("alert").textContent).toBe("payments 1.42.0 failed in prod-eu");
  });
});

describe("in Chinese", () => {
  it("speaks Chinese in the toolbar, the heads and the grid", async () => {
    applyLocale("zh");
    await show();
    expect(screen.getByRole("button", { name: "1 个失败" })).toBeTruthy();
    expect(cell("gridcell", "1.42.0，部署失败，prod-eu，13:02")).toBeTruthy();
  });
});
