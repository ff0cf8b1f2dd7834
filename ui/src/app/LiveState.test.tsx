import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";
import { connect } from "@/ipc";
import { createFakeHost } from "@/ipc/fake";
import { createWorld } from "@/ipc/fake/world";
import { App } from "./App";

afterEach(() => window.history.replaceState(null, "", "/"));

it("says of a cluster that is live in part in which namespaces it is not, and of no other", async () => {
  const { app } = createWorld("workspace", Date.now());
  const [first, ...rest] = app.connections;
  if (!first) throw new Error("the world has a cluster");
  const partial: typeof first = {
    ...first,
    state: "partial",
    notLive: ["money", "ops-*"],
    nextTry: Date.now() + 20_000,
    error: {
      code: "forbidden",
      parameters: { cluster: first.cluster, account: "ana" },
      details: "",
      retryable: true,
    },
  };
  window.history.replaceState(null, "", "/?screen=settings");
  connect(
    createFakeHost("workspace", { app_state: () => ({ ...app, connections: [partial, ...rest] }) }),
  );
  render(<App />);
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Partly live" }));
  expect(await screen.findByText("Live, but not in money, ops-*")).toBeTruthy();
  expect(screen.getByText(/^Next try in \d+ s$/)).toBeTruthy();
  expect(screen.queryByText(/offline/), "it answers: no band says that it is away").toBeNull();
});
