import { act, screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { CommandError } from "@/ipc";
import { currentRow, tell } from "@/ipc/fake/details";
import { type Action, useAllActions } from "@/shared/keys/actions";
import { drawOnPaper } from "@/shared/testing/paper";
import { stage } from "@/shared/testing/stage";
import { TimelineEngine } from "@/timeline/engine";
import TimelineScreen from "./screen";

drawOnPaper();

const lane = { service: "payments", environment: "prod-eu" };
const { id } = tell(currentRow(lane.service, lane.environment) as number);

it("opens the deployment that a search found: it is selected, so the inspector shows it", async () => {
  const { selection } = stage(<TimelineScreen />, {
    at: { name: "timeline", deployment: id, lane },
  });
  await screen.findByRole("treegrid");
  await waitFor(() => expect(selection().selected).toEqual({ deployment: id, lane }));
});

it("opens what runs in a lane that was chosen by its service", async () => {
  const { selection } = stage(<TimelineScreen />, { at: { name: "timeline", lane } });
  await screen.findByRole("treegrid");
  await waitFor(() => expect(selection().selected?.deployment).toBe(id));
});

it("lifts a filter that hides it", async () => {
  const memory = { name: "timeline.memory", value: JSON.stringify(FILTERED) };
  const view_set = vi.fn(() => null);
  const { selection } = stage(<TimelineScreen />, {
    at: { name: "timeline", lane },
    own: {
      view_get: ({ name }) => (name === memory.name ? memory : { name, value: null }),
      view_set,
    },
  });
  await screen.findByRole("treegrid");
  await waitFor(() => expect(selection().selected?.deployment).toBe(id));
  await screen.findByRole("rowheader", { name: /^payments,/ });
  expect(screen.getByRole<HTMLInputElement>("searchbox").value).toBe("");
});

let actions: readonly Action[] = [];
function Actions() {
  actions = useAllActions();
  return null;
}

it("offers the way to what is failing among the actions", async () => {
  const { selection } = stage(
    <>
      <TimelineScreen />
      <Actions />
    </>,
    { at: { name: "timeline" } },
  );
  await screen.findByText(/failing now$/);
  const offered = () => actions.find(({ id }) => id === "timeline.failing");
  await waitFor(() => expect(offered()?.off).toBeUndefined());
  expect(offered()?.title).toBe("Go to what is failing");
  act(() => offered()?.run());
  expect(selection().selected).not.toBeNull();
});

it("says why a table could not be written as CSV", async () => {
  const wire = {
    code: "file-failed",
    parameters: { path: "/home/lena/timeline.csv" },
    details: "Permission denied (os error 13)",
    retryable: true,
  } as const;
  const { user } = stage(<TimelineScreen />, {
    at: { name: "timeline" },
    own: { csv_save: () => Promise.reject(new CommandError("csv_save", wire)) },
  });
  await user.click(await screen.findByText("Table"));
  await user.click(screen.getByText("Export CSV"));
  expect(await screen.findByText("Permission denied (os error 13)")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Close" }));
  expect(screen.queryByText("Permission denied (os error 13)")).toBeNull();
});

it("has NOW go on while another screen is shown, though the cluster says nothing new", async () => {
  const engines = vi.spyOn(TimelineEngine.prototype, "setData").mock.contexts;
  const shownNow = () => (engines.at(-1) as TimelineEngine).snapshot().now;
  const { leave, back } = stage(<TimelineScreen />, { at: { name: "timeline" } });
  await screen.findByRole("treegrid");
  const before = shownNow();
  leave();
  const later = Date.now() + 3_600_000;
  const clock = vi.spyOn(Date, "now").mockImplementation(() => later);
  back();
  await screen.findByRole("treegrid");
  expect(shownNow() - before).toBeGreaterThan(3_500_000);
  clock.mockRestore();
});

const FILTERED = {
  view: "timeline",
  grouping: "service",
  environments: null,
  teams: null,
  text: "catalog",
  open: null,
  span: 6 * 3_600_000,
};
