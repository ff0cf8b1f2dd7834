import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CommandError, type Comparison } from "@/ipc";
import { sampleComparison } from "@/ipc/fake/compare";
import type { Handlers } from "@/ipc/fake/handlers";
import { createWorld } from "@/ipc/fake/world";
import { setLocale } from "@/paraglide/runtime";
import { stage } from "@/shared/testing/stage";
import Compare from "./screen";

afterEach(() => void setLocale("en", { reload: false }));

const PAIR = {
  name: "compare",
  service: "checkout",
  left: { kind: "deployment", deployment: 1009 },
  right: { kind: "deployment", deployment: 1010 },
} as const;

const sample = (part: Partial<Comparison> = {}): Comparison => ({
  ...sampleComparison(createWorld("workspace", Date.now())),
  ...part,
});

async function show(part: Partial<Comparison> = {}, own: Handlers = {}) {
  const shown = stage(<Compare />, { at: PAIR, own: { compare: () => sample(part), ...own } });
  await screen.findByRole("tablist");
  return shown;
}
const open = async (user: Awaited<ReturnType<typeof show>>["user"], name: RegExp) =>
  user.click(screen.getByRole("tab", { name }));

describe("what differs", () => {
  it("is summed up, with counts on the tabs", async () => {
    await show();
    expect(screen.getByText("A to B in 9 days:")).toBeTruthy();
    const tabs = screen.getAllByRole("tab").map((tab) => tab.textContent);
    expect(tabs).toEqual([
      "Summary",
      "Commits28",
      "Files6",
      "Manifests5",
      "Configuration3",
      "Notes2",
    ]);
  });

  it("stands in words first, as YAML on demand", async () => {
    const { user } = await show();
    await open(user, /Manifests/);
    expect(screen.getByText("memory limit").closest("li")?.textContent).toContain("512 MiB");
    expect(screen.queryByText(/containerPort/)).toBeNull();
    await user.click(screen.getByRole("button", { name: "Show as YAML" }));
    const of = (mark: string) =>
      [...document.querySelectorAll(mark)].map((line) => line.textContent?.trim());
    await waitFor(() => expect(of("del")).toContain("image: registry.example/shop/checkout:2.3.7"));
    expect(of("ins")).toContain("image: registry.example/shop/checkout:2.4.1");
    expect(screen.getByText(/lines the same/)).toBeTruthy();
    await user.click(screen.getByText("Only what changed"));
    await waitFor(() => expect(screen.queryByText(/lines the same/)).toBeNull());
    await user.click(screen.getByText("Side by side"));
    expect(await screen.findByLabelText("Pod template of A as YAML")).toBeTruthy();
    expect(screen.getByLabelText("Pod template of B as YAML")).toBeTruthy();
  });

  it("hides what is the same until all is asked for; what is unknown is never the same", async () => {
    const { user } = await show({ notes: [], configuration: [], configurationUnknown: ["legacy"] });
    expect(screen.getByText("Nothing differs in: Notes")).toBeTruthy();
    expect(screen.queryByText("No release between has a note")).toBeNull();
    expect(screen.getByText(/Never read, so not compared: legacy/)).toBeTruthy();
    await user.click(screen.getByText("Only what changed"));
    expect(await screen.findByText("No release between has a note")).toBeTruthy();
  });

  it("shows both directions", async () => {
    const whole = sample();
    const { user } = await show({
      commits: { ...whole.commits, removed: whole.commits.added.slice(0, 1) },
    });
    await open(user, /Commits/);
    expect(screen.getByRole("heading", { name: "What B adds" })).toBeTruthy();
    const lacks = screen.getByRole("heading", { name: "What A has and B lacks" });
    const section = lacks.closest("section");
    if (!section) throw new Error("no section");
    expect(within(section).getByText("Gift wrap as an option of the basket")).toBeTruthy();
    expect(within(section).getByText("Jonas Kern")).toBeTruthy();
  });

  it("never shows a file that is not counted as 0", async () => {
    await show();
    const row = (path: string) => screen.getByText(path).closest("li")?.textContent;
    expect(row("assets/gift.webp")).toBe("assets/gift.webpbinary");
    expect(row("vendor/tax-tables.csv")).toBe("vendor/tax-tables.csvnot available here");
    expect(row("migrations/0058_gift_note.sql")).toBe("migrations/0058_gift_note.sql+40");
    expect(screen.queryByText("−0"), "none has no sign").toBeNull();
  });

  it("shows no value of a Secret", async () => {
    await show({
      configuration: [
        { kind: "Secret", name: "pay", keys: [{ key: "api", old: "hunter2", new: "hunter3" }] },
      ],
    });
    expect(screen.getByText("differs; its value is never shown")).toBeTruthy();
    expect(document.body.textContent).not.toContain("hunter");
  });
});

describe("what the repository does not say", () => {
  it.each([
    ["no-repository", /No clone of this service's repository/, "Bind a clone"],
    ["no-tag", /One side is no tag/, "Look at the tag pattern"],
    ["not-available-here", /shallow or partial/, "Fetch the repository"],
    ["unreadable", /can't be read/, "Look at the workspace"],
  ])("%s: why, and what to do", async (reason, why, next) => {
    const whole = sample();
    const { user } = await show({
      commits: { ...whole.commits, added: [], unavailable: reason },
      files: { ...whole.files, files: [], unavailable: reason },
    });
    expect(screen.getByRole("tab", { name: "Commits" }).textContent).toBe("Commits");
    await open(user, /Commits/);
    expect(screen.getByText(why)).toBeTruthy();
    expect(screen.getByRole("button", { name: next })).toBeTruthy();
  });

  it("other-repository: says that there is nothing to share", async () => {
    const whole = sample();
    const { user } = await show({ commits: { ...whole.commits, unavailable: "other-repository" } });
    await open(user, /Commits/);
    expect(screen.getByText(/come from different repositories/)).toBeTruthy();
  });

  it("a template that was never seen is not the same", async () => {
    const { user } = await show({ template: null });
    await open(user, /Manifests/);
    expect(screen.getByText(/The pod template of one side was never seen/)).toBeTruthy();
  });
});

describe("what can be done", () => {
  it("goes back to A by the rollback sheet", async () => {
    const { user, navigation } = await show();
    await user.click(screen.getByRole("button", { name: "Roll back to A" }));
    expect(navigation().overlay).toEqual({
      name: "rollback",
      lane: { service: "checkout", environment: "prod-eu" },
      target: { deployment: 1009 },
    });
  });

  it("offers no way back across environments", async () => {
    const whole = sample();
    await show({ b: { ...whole.b, environment: "prod-us" } });
    expect(screen.queryByRole("button", { name: "Roll back to A" })).toBeNull();
  });

  it("swaps the sides, and takes a neighbour of the strip", async () => {
    const { user, navigation } = await show();
    await user.click(screen.getByRole("button", { name: "Swap A and B" }));
    expect(navigation().screen).toMatchObject({ left: PAIR.right, right: PAIR.left });
    const neighbour = screen.getAllByRole("button", { name: /^2\.3\.6,/ })[0];
    if (!neighbour) throw new Error("no neighbour");
    await user.click(neighbour);
    expect(navigation().screen).toMatchObject({
      left: { kind: "deployment", deployment: 1008 },
    });
  });

  it("stays on the tab that was chosen while the sides are swapped", async () => {
    const { user } = await show();
    await user.click(screen.getByRole("tab", { name: /^Configuration/ }));
    await user.click(screen.getByRole("button", { name: "Swap A and B" }));
    const tab = await screen.findByRole("tab", { name: /^Configuration/ });
    expect(tab.getAttribute("aria-selected")).toBe("true");
  });

  it("says that a note is being read", async () => {
    const { user } = await show({}, { note_get: () => new Promise(() => undefined) });
    await user.click(screen.getByRole("tab", { name: /^Notes/ }));
    expect((await screen.findAllByText("Reading")).length).toBeGreaterThan(0);
  });

  it("copies the report", async () => {
    const { user } = await show();
    const write = vi.spyOn(navigator.clipboard, "writeText");
    await user.click(screen.getByRole("button", { name: "Copy report" }));
    expect(write.mock.calls[0]?.[0]).toContain("compared with");
  });
});

const at = Date.parse("2026-11-19T10:20:00Z");

describe("what changed since a moment", () => {
  const changed = [
    {
      service: "payments",
      place: "prod-eu",
      before: { version: "1.41.2", side: { kind: "environment", environment: "prod-eu", at } },
      now: { version: "1.42.0", side: { kind: "environment", environment: "prod-eu" } },
    },
    {
      service: "cart",
      place: "staging",
      before: null,
      now: { version: "3.8.1", side: { kind: "environment", environment: "staging" } },
    },
  ] as const;

  it("lists every lane that differs, and compares the one that is chosen", async () => {
    const since = { at, lanes: 24, changed };
    const { user, navigation } = stage(<Compare />, { at: { name: "compare", since } });
    expect(screen.getByText("2 of 24 lanes run another version now. Choose one to compare."));
    expect(screen.getByRole("button", { name: "cart, staging: nothing then, 3.8.1 now" }));
    await user.click(screen.getByRole("button", { name: /^payments, prod-eu: 1\.41\.2 then/ }));
    expect(navigation().screen).toEqual({
      name: "compare",
      service: "payments",
      left: changed[0].before.side,
      right: changed[0].now.side,
    });
  });

  it("says that nothing differs", () => {
    stage(<Compare />, { at: { name: "compare", since: { at, lanes: 24, changed: [] } } });
    expect(screen.getByText(/^Nothing differs between .*11:20 and now$/)).toBeTruthy();
  });
});

describe("choosing", () => {
  it("takes the moment that was typed by Return", async () => {
    const { user, navigation } = await show();
    await user.click(screen.getByRole("button", { name: /^Choose what side A is/ }));
    const form = within(await screen.findByRole("dialog"));
    await user.click(form.getByRole("radio", { name: "What runs in an environment" }));
    await user.click(form.getByRole("radio", { name: "At a time" }));
    const moment = form.getByRole("textbox", { name: "Moment" });
    await user.clear(moment);
    await user.type(moment, "2026-11-19 11:20{Enter}");
    expect(navigation().screen).toMatchObject({
      left: { kind: "environment", environment: "prod-eu", at },
    });
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("takes no moment that is still to come", async () => {
    const { user } = await show();
    await user.click(screen.getByRole("button", { name: /^Choose what side A is/ }));
    const form = within(await screen.findByRole("dialog"));
    await user.click(form.getByRole("radio", { name: "What runs in an environment" }));
    await user.click(form.getByRole("radio", { name: "At a time" }));
    const moment = form.getByRole("textbox", { name: "Moment" });
    await user.clear(moment);
    await user.type(moment, "2131-01-01 00:00");
    expect(
      form.getByText("This moment is still to come. Choose one that has passed."),
    ).toBeTruthy();
    expect(form.getByRole("button", { name: "Compare with this" }).hasAttribute("disabled")).toBe(
      true,
    );
  });

  const before = Date.parse("1998-12-31T23:00:00Z");
  const ofBefore = {
    name: "compare",
    service: "payments",
    left: { kind: "environment", environment: "prod-eu", at: before },
    right: { kind: "environment", environment: "prod-eu" },
  } as const;
  const nothing = () => {
    throw new CommandError("compare", {
      code: "no-such-deployment",
      parameters: { service: "payments", environment: "prod-eu" },
      details: "nothing of payments ran in prod-eu",
      retryable: false,
    });
  };

  it.each([
    ["en", "Nothing is known of payments in prod-eu at 1 Jan 1999 00:00", "another moment"],
    ["zh", "1999年1月1日 00:00 时 prod-eu 中的 payments 没有任何记录", "其他时刻"],
  ] as const)(
    "says in %s that nothing is known of a moment before the history",
    async (locale, title, next) => {
      setLocale(locale, { reload: false });
      stage(<Compare />, { at: ofBefore, own: { compare: nothing } });
      const said = (await screen.findByRole("alert")).textContent;
      expect(said).toContain(title);
      expect(said).toContain(next);
      expect(said).not.toContain("nothing of payments ran");
    },
  );

  it("keeps the moment that was chosen on the side", async () => {
    stage(<Compare />, { at: ofBefore, own: { compare: nothing } });
    expect(await screen.findByText("payments prod-eu, 1 Jan 1999 00:00")).toBeTruthy();
    expect(screen.getByText("payments prod-eu")).toBeTruthy();
  });

  it("shows on the card at which moment a side is looked at", async () => {
    stage(<Compare />, { at: { ...ofBefore, service: "checkout" } });
    expect(await screen.findByText("prod-eu, 1 Jan 1999 00:00")).toBeTruthy();
  });

  it("suggests what runs in two versions now", async () => {
    const { user, navigation } = stage(<Compare />, { at: { name: "compare" } });
    const list = within(await screen.findByRole("region", { name: "What differs now" }));
    expect(list.queryByText("identity")).toBeNull();
    await user.click(
      list.getByRole("button", { name: "cart: 3.7.9 in prod-eu, 3.8.1 in staging" }),
    );
    expect(navigation().screen).toMatchObject({
      service: "cart",
      left: { kind: "environment", environment: "prod-eu" },
      right: { kind: "environment", environment: "staging" },
    });
  });

  it("takes two environments of one service by keyboard alone", async () => {
    const { user, navigation } = stage(<Compare />, { at: { name: "compare" } });
    await screen.findByText("Choose two sides to compare");
    const choose = async (letter: "A" | "B", downs: number) => {
      const form = screen.getByRole("region", { name: `Choose what side ${letter} is` });
      within(form)
        .getByRole("button", { name: /Environment/ })
        .focus();
      await user.keyboard("{Enter}");
      await screen.findByRole("listbox");
      await user.keyboard(`${"{ArrowDown}".repeat(downs)}{Enter}`);
    };
    await choose("A", 0);
    await choose("B", 1);
    expect(navigation().screen).toMatchObject({
      service: "payments",
      left: { kind: "environment", environment: "prod-eu" },
      right: { kind: "environment", environment: "prod-us" },
    });
    expect(await screen.findByRole("tablist")).toBeTruthy();
  });

  it("says why two sides can't be compared, and lets others be chosen", async () => {
    stage(<Compare />, {
      at: PAIR,
      own: {
        compare: () => {
          throw new CommandError("compare", {
            code: "no-such-deployment",
            parameters: {},
            details: "no deployment 1009",
            retryable: false,
          });
        },
      },
    });
    expect((await screen.findByRole("alert")).textContent).toContain("no deployment 1009");
    expect(screen.getByRole("region", { name: "Choose what side A is" })).toBeTruthy();
  });
});
