import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { stage } from "@/shared/testing/stage";
import Environments from "./screen";

const show = async () => {
  const shown = stage(<Environments />, { at: { name: "environments" } });
  await screen.findByRole("grid");
  return shown;
};
const services = () => screen.getAllByRole("rowheader").map((one) => one.textContent);
const focused = () => document.activeElement?.getAttribute("aria-label");

describe("the matrix", () => {
  it("is one tab stop, moved in by arrows", async () => {
    const { user } = await show();
    const grid = screen.getByRole("grid");
    expect(grid.querySelectorAll('[tabindex="0"]')).toHaveLength(1);
    grid.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    expect(focused()).toBe("payments in prod-eu: 1.42.0, failed");
    await user.keyboard("{ArrowRight}");
    expect(focused()).toBe("payments in prod-us: 1.41.2, behind, 14 commits");
    await user.keyboard("{Control>}{End}{/Control}");
    expect(focused()).toBe("tax in staging: not deployed");
    expect(grid.querySelectorAll('[tabindex="0"]')).toHaveLength(1);
  });

  it("selects for the inspector by Enter, pairs by Space, and compares by C", async () => {
    const { user, selection, navigation } = await show();
    screen.getByRole("grid").querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    await user.keyboard("{Enter}");
    expect(selection().selected?.lane).toEqual({ service: "payments", environment: "prod-eu" });
    await user.keyboard("{ArrowRight} ");
    expect(selection().partner?.lane.environment).toBe("prod-us");
    expect(focused()).toContain("chosen");
    await user.keyboard("c");
    expect(navigation().screen).toMatchObject({
      name: "compare",
      service: "payments",
      left: { kind: "deployment", deployment: selection().selected?.deployment },
      right: { kind: "deployment", deployment: selection().partner?.deployment },
    });
  });

  it("lets go of both by Esc", async () => {
    const { user, selection } = await show();
    screen.getByRole("grid").querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    await user.keyboard("{Enter}{ArrowRight} {Escape}");
    expect([selection().selected, selection().partner]).toEqual([null, null]);
  });

  it("selects nothing where nothing is deployed", async () => {
    const { user, selection } = await show();
    await user.click(screen.getByRole("gridcell", { name: "tax in staging: not deployed" }));
    expect(selection().selected).toBeNull();
  });

  it("keeps what drifts, and what the text fits", async () => {
    const { user } = await show();
    expect(services()).toContain("gateway");
    await user.click(screen.getByRole("radio", { name: /Drift only/ }));
    await waitFor(() => expect(services()).not.toContain("gateway"));
    expect(services()).toContain("payments");
    await user.type(screen.getByLabelText("Filter services"), "nothing like it");
    await user.click(await screen.findByRole("button", { name: "Clear the filters" }));
    await waitFor(() => expect(services()).toContain("gateway"));
  });

  it("says how each environment is guarded and answers", async () => {
    await show();
    const head = screen.getByRole("columnheader", { name: /prod-eu/ });
    expect(within(head).getByText("production, guarded")).toBeTruthy();
    expect(within(head).getByText("eu-west-1-prod, live")).toBeTruthy();
  });
});
