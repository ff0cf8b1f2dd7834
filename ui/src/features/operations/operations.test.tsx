import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, describe, expect, it } from "vitest";
import { call, connect } from "@/ipc";
import { createFakeHost } from "@/ipc/fake";
import type { Handlers } from "@/ipc/fake/handlers";
import { createWorld } from "@/ipc/fake/world";
import { AppStateProvider } from "@/shared/appState";
import { NavigationProvider, useNavigation } from "@/shared/navigation/navigation";
import OperationsScreen from "./screen";

beforeAll(() => {
  Element.prototype.scrollIntoView ??= () => {};
});

function Where() {
  const { overlay } = useNavigation();
  return <output>{JSON.stringify(overlay)}</output>;
}

const where = () => JSON.parse(document.querySelector("output")?.textContent ?? "null");

async function show(own: Handlers = {}, readOnly = false) {
  connect(createFakeHost("workspace", own));
  const { app } = createWorld("workspace", Date.now());
  const workspace = app.workspace && { ...app.workspace, readOnly };
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <AppStateProvider state={{ ...app, workspace }}>
        <NavigationProvider start={{ name: "operations" }}>
          <OperationsScreen />
          <Where />
        </NavigationProvider>
      </AppStateProvider>
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

describe("operations", () => {
  it("lists them newest first, each read in full", async () => {
    await show();
    const rows = await screen.findAllByRole("row");
    expect(rows).toHaveLength(6);
    expect(rows[0]?.getAttribute("aria-label")).toMatch(
      /^Operation 1196, checkout prod-us, 2\.4\.0 to 2\.3\.7, Good, /,
    );
  });

  it("says of a version that stays that its pod template alone went back", async () => {
    connect(createFakeHost("workspace"));
    const listed = await call("operation_list", null);
    const [first] = listed.operations;
    if (!first) throw new Error("the sample has operations");
    const same = { ...first, toVersion: first.fromVersion };
    await show({ operation_list: () => ({ ...listed, operations: [same] }) });
    const row = await screen.findByRole("row");
    expect(row.getAttribute("aria-label")).toContain("2.4.0, its pod template only, Good");
    expect(row.textContent).not.toContain("2.4.02.4.0");
    expect(screen.getAllByText("2.4.0, its pod template only")).toHaveLength(2);
  });

  it("says what the chain proves, and what it does not", async () => {
    await show();
    expect(await screen.findByText(/no edit, gap or lost tail\.$/)).toBeTruthy();
    expect(screen.getByText(/no proof against the owner of the file/)).toBeTruthy();
  });

  it("warns at once when the chain is broken", async () => {
    connect(createFakeHost("workspace"));
    const { operations } = await call("operation_list", null);
    await show({ operation_list: () => ({ operations, older: false, chainIntact: false }) });
    expect((await screen.findByRole("alert")).textContent).toContain("Hash chain broken");
  });

  it("filters by words, and shows the steps of the one that is chosen", async () => {
    const user = await show();
    await user.type(await screen.findByRole("searchbox"), "cart superseded-not");
    expect(await screen.findByText("No operation fits the filter")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Clear the filter" }));
    await user.click(await screen.findByRole("row", { name: /cart/ }));
    const detail = screen.getByRole("complementary");
    expect(within(detail).getByText(/Superseded: somebody else changed cart/)).toBeTruthy();
    expect(within(detail).getByText("Written by kubectl-client-side-apply")).toBeTruthy();
  });

  it("opens the sheet of one, and undoes it as a plan of its own", async () => {
    const user = await show();
    const detail = await screen.findByRole("complementary");
    await user.click(within(detail).getByRole("button", { name: "Undo" }));
    expect(where()).toMatchObject({ name: "rollback", target: { undo: "operation-1196" } });
    await user.click(within(detail).getByRole("button", { name: "Open the sheet" }));
    expect(where()).toEqual({ name: "operation", operation: "operation-1196" });
  });

  it("offers no undo of one that runs: nothing else is planned there", async () => {
    connect(createFakeHost("workspace"));
    const listed = await call("operation_list", null);
    const runs = listed.operations
      .slice(0, 1)
      .map((one) => ({ ...one, state: "rolling-out" as const, verdict: null, undoable: true }));
    await show({ operation_list: () => ({ ...listed, operations: runs }) });
    const detail = await screen.findByRole("complementary");
    expect(within(detail).queryByRole("button", { name: "Undo" })).toBeNull();
  });

  it("undoes nothing while the workspace is read-only, and says why", async () => {
    await show({}, true);
    const detail = await screen.findByRole("complementary");
    expect(within(detail).getByRole("button", { name: "Undo" }).hasAttribute("disabled")).toBe(
      true,
    );
    expect(within(detail).getByText(/^Off: the workspace is read-only/)).toBeTruthy();
  });

  it("brings the older ones when they are asked for, each once", async () => {
    connect(createFakeHost("workspace"));
    const { operations } = await call("operation_list", null);
    const asked: number[] = [];
    const user = await show({
      operation_list: () => ({
        operations: operations.slice(0, 3),
        older: true,
        chainIntact: true,
      }),
      operation_list_before: ({ number }) => {
        asked.push(number);
        return { operations: operations.slice(2), older: false, chainIntact: true };
      },
    });
    expect(await screen.findByText("The newest 3 operations")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Show older ones" }));
    expect(await screen.findByText(`${operations.length} operations`)).toBeTruthy();
    expect(asked).toEqual([operations[2]?.number]);
    expect(screen.getAllByRole("row")).toHaveLength(operations.length);
    expect(screen.queryByRole("button", { name: "Show older ones" })).toBeNull();
  });

  it("says why there are none", async () => {
    await show({ operation_list: () => ({ operations: [], older: false, chainIntact: true }) });
    expect(await screen.findByText("No operation yet")).toBeTruthy();
  });
});
