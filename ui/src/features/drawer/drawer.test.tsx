import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useEffect } from "react";
import { beforeAll, describe, expect, it } from "vitest";
import { type ClusterObject, CommandError, connect } from "@/ipc";
import { createFakeHost } from "@/ipc/fake";
import type { Handlers } from "@/ipc/fake/handlers";
import { objectHandlers } from "@/ipc/fake/object";
import { createWorld } from "@/ipc/fake/world";
import { NavigationProvider, useNavigation } from "@/shared/navigation/navigation";
import Drawer from "./overlay";
import { marked } from "./Yaml";

beforeAll(() => {
  Element.prototype.scrollIntoView ??= () => {};
});

function Place({ environment }: { environment: string }) {
  const { open } = useNavigation();
  useEffect(
    () => open({ name: "cluster", lane: { service: "payments", environment } }),
    [open, environment],
  );
  return <Drawer />;
}

async function show(environment: string, own: Handlers = {}) {
  connect(createFakeHost("workspace", own));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <NavigationProvider start={{ name: "timeline" }}>
        <Place environment={environment} />
      </NavigationProvider>
    </QueryClientProvider>,
  );
  await screen.findByRole("dialog");
  return userEvent.setup();
}

describe("open in cluster", () => {
  it("shows the pods that hang first, each with the cluster's reason", async () => {
    await show("prod-eu");
    const rows = await screen.findAllByRole("row");
    expect(rows[1]?.textContent).toMatch(/CrashLoopBackOff/);
    expect(rows[2]?.textContent).toMatch(/ImagePullBackOffBack-off pulling image/);
  });

  it("shows the log of the container before its last restart", async () => {
    const user = await show("prod-eu");
    await user.click(await screen.findByRole("tab", { name: /Logs/ }));
    expect(await screen.findByText(/PAYMENT_LEDGER_URL is not set/)).toBeTruthy();
    expect(screen.getByText(/before its last restart, last 4 lines/)).toBeTruthy();
  });

  it("says what the account may not read", async () => {
    await show("prod-us");
    expect(await screen.findByText("Your account may not read: events")).toBeTruthy();
  });

  it("tells what failed from what is forbidden, and never calls an unread list empty", async () => {
    const error = {
      code: "cluster-timeout" as const,
      parameters: { cluster: "eu-west-1-prod", seconds: "15" },
      details: "",
      retryable: true,
    };
    const whole = (await objectHandlers.cluster_object?.(
      { service: "payments", environment: "prod-eu", deployment: null },
      createWorld("workspace", Date.now()),
      () => undefined,
    )) as ClusterObject;
    await show("prod-eu", {
      cluster_object: () => ({ ...whole, pods: [], logs: [], unread: [{ part: "pods", error }] }),
    });
    expect((await screen.findAllByText("Could not be read: pods")).length).toBe(2);
    expect(screen.queryByText("No pods")).toBeNull();
    expect(screen.queryByText(/may not read/)).toBeNull();
  });

  it("searches the YAML", async () => {
    const user = await show("prod-eu");
    await user.click(await screen.findByRole("tab", { name: "YAML" }));
    await user.type(await screen.findByRole("searchbox"), "payments");
    expect(await screen.findByText("5 lines")).toBeTruthy();
  });

  it("offers to try again when the cluster does not answer", async () => {
    const wire = {
      code: "cluster-unreachable",
      parameters: { cluster: "eu-west-1-prod" },
      details: "timed out",
      retryable: true,
    } as const;
    await show("prod-eu", {
      cluster_object: () => Promise.reject(new CommandError("cluster_object", wire)),
    });
    expect((await screen.findByRole("alert")).textContent).toContain(
      "eu-west-1-prod does not answer",
    );
    expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
  });

  it("marks what fits, whatever its case", () => {
    expect(marked("Name: name", "NAME")).toEqual([
      { text: "Name", hit: true },
      { text: ": ", hit: false },
      { text: "name", hit: true },
    ]);
    expect(marked("", "x")).toEqual([{ text: "", hit: false }]);
  });
});
