import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { connect } from "@/ipc";
import { createFakeHost } from "@/ipc/fake";
import type { Handlers } from "@/ipc/fake/handlers";
import { createWorld, type Start } from "@/ipc/fake/world";
import { setLocale } from "@/paraglide/runtime";
import { App } from "./App";
import { zoneOf } from "./Appearance";
import { syncedAt } from "./connections";
import { startScreen } from "./start";

afterEach(() => {
  window.history.replaceState(null, "", "/");
  void setLocale("en", { reload: false });
});

/** The settings screen stands for every screen here: it is small and draws without a canvas. */
async function show(start: Start, own: Handlers = {}) {
  window.history.replaceState(null, "", "/?screen=settings");
  connect(createFakeHost(start, own));
  render(<App />);
  await screen.findByRole("heading", { name: "Settings" });
  return userEvent.setup();
}

describe("the switch to read-only", () => {
  it("acts in the window before it is kept", async () => {
    const { app } = createWorld("workspace", Date.now());
    let keep = () => {};
    const kept = new Promise<null>((resolve) => {
      keep = () => resolve(null);
    });
    const user = await show("workspace", { app_state: () => app, read_only_set: () => kept });
    await user.click(screen.getByRole("switch", { name: /^Read-only:/ }));
    expect(screen.getByRole("switch", { name: /^Read-only:/ })).toHaveProperty("checked", true);
    expect(screen.getByText(/^This workspace is read-only/)).toBeTruthy();
    keep();
    await waitFor(() =>
      expect(
        screen.getByRole("switch", { name: /^Read-only:/ }),
        "what the program says counts in the end",
      ).toHaveProperty("checked", false),
    );
  });
});

describe("a screen that is shown for the first time", () => {
  it("says that it is read, until it is there", async () => {
    window.history.replaceState(null, "", "/?screen=operations");
    connect(createFakeHost("workspace"));
    render(<App />);
    const main = await screen.findByRole("main");
    expect(within(main).getByRole("status").textContent).toContain("Reading");
    expect(await within(main).findByRole("searchbox")).toBeTruthy();
  });
});

describe("the ledger in the settings", () => {
  it("is as large as it is when it is looked at, not as it was at the start", async () => {
    const { app } = createWorld("workspace", Date.now());
    let size = 0;
    await show("workspace", {
      app_state: () => {
        size += 1_000_000;
        return { ...app, ledger: { ...app.ledger, size } };
      },
    });
    expect(await screen.findByText("2 MB")).toBeTruthy();
  });
});

describe("the log folder in the settings", () => {
  it("is named, and where no program opens it that is said with its path", async () => {
    const folder = "/home/lena/.local/share/tidemark/logs";
    const user = await show("workspace", {
      log_folder_open: () => {
        throw {
          code: "not-opened",
          parameters: { what: folder },
          details: "exit status: 3",
          retryable: false,
        };
      },
    });
    expect(screen.getByText(folder)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Copy path" }));
    expect(await navigator.clipboard.readText()).toBe(folder);
    await user.click(screen.getByRole("button", { name: "Open log folder" }));
    const said = await screen.findByRole("alert");
    expect(said.textContent).toContain(`No program on this machine opened ${folder}`);
    expect(said.textContent).toContain("exit status: 3");
  });
});

describe("bands", () => {
  it("always say that this is the demo", async () => {
    await show("demo");
    expect(screen.getByText(/Nothing real can be reached/)).toBeTruthy();
  });

  it("say why a workspace that was asked for is not the one that is open, until a person has seen it", async () => {
    const { app } = createWorld("workspace", Date.now());
    const startProblem = {
      code: "workspace-unreadable" as const,
      parameters: { path: "/srv/other/tidemark.toml" },
      details: "No such file or directory",
      retryable: false,
    };
    const user = await show("workspace", { app_state: () => ({ ...app, startProblem }) });
    const band = await screen.findByRole("alert");
    expect(band.textContent).toContain("/srv/other/tidemark.toml");
    await user.click(within(band).getByRole("button", { name: "Close" }));
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("say since when a cluster is away, what is shown of it, and when it is tried again", async () => {
    await show("offline");
    expect(screen.getByText("eu-west-1-prod has not answered for 47 minutes.")).toBeTruthy();
    expect(
      screen.getByText(/prod-eu is shown as it was at .*; rollbacks there are off/),
    ).toBeTruthy();
    expect(screen.getByText(/The other 2 clusters are live/)).toBeTruthy();
    expect(screen.getByText("1 of 3 offline")).toBeTruthy();
    expect(screen.getByText(/^Next try in \d+ s$/)).toBeTruthy();
  });

  it("say of a cluster that never answered since when, why, what to do and when it is tried again", async () => {
    const { app } = createWorld("workspace", Date.now());
    const [first, ...rest] = app.connections;
    if (!first) throw new Error("the world has a cluster");
    const unreached = {
      ...first,
      state: "unreached",
      since: Date.now() - 60_000,
      lastAnswer: null,
      nextTry: Date.now() + 20_000,
      error: {
        code: "cluster-timeout",
        parameters: { cluster: first.cluster },
        details: "",
        retryable: true,
      },
    } as const;
    await show("workspace", { app_state: () => ({ ...app, connections: [unreached, ...rest] }) });
    const band = screen.getByText(/: Never reached since/).textContent;
    expect(band).toContain(`: ${first.cluster} gave no answer in time.`);
    expect(screen.getByText(/Rollbacks in .* are off\. Test again; it may be busy\./)).toBeTruthy();
    expect(screen.getByText(/^Next try in \d+ s$/)).toBeTruthy();
    expect(screen.queryByText(/refuses us/), "it is no refusal").toBeNull();
  });

  it("say which environments have no kube context, and lead to where one is chosen", async () => {
    const { app } = createWorld("workspace", Date.now());
    const [first, ...rest] = app.connections;
    if (!first) throw new Error("the world has a cluster");
    const unbound: typeof first = { ...first, state: "unbound", environments: ["prod-eu"] };
    const user = await show("workspace", {
      app_state: () => ({ ...app, connections: [unbound, ...rest] }),
    });
    expect(screen.getByText("No kube context is chosen for prod-eu.")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Choose contexts" }));
    expect(await screen.findByRole("heading", { name: "Workspace" })).toBeTruthy();
  });

  it("tell of a silent cluster once, below the toolbar of a screen that has one", async () => {
    window.history.replaceState(null, "", "/?screen=environments");
    connect(createFakeHost("offline"));
    render(<App />);
    const toolbar = await screen.findByRole("region", { name: "Matrix of environments" });
    const said = screen.getByText("eu-west-1-prod has not answered for 47 minutes.");
    expect(toolbar.compareDocumentPosition(said)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  });

  it("tell of a tag that was moved until a person says that they know", async () => {
    const move = {
      service: "checkout",
      tag: "v1.1.0",
      version: "1.1.0",
      from: "7b73c4dcfabe3acbf78ec139730d94b117599532",
      to: "c77d6653e83371684f2be66f89f00ff471cf7942",
      at: Date.UTC(2026, 4, 4, 5),
    };
    const user = await show("workspace", { moved_tags: () => ({ tags: [move] }) });
    expect(
      await screen.findByText(/Tag v1\.1\.0 was moved from 7b73c4d to c77d665 on .*keeps both/),
    ).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "I know" }));
    expect(screen.queryByText(/was moved from/)).toBeNull();
  });

  it("follow the read-only switch, which the program holds", async () => {
    const user = await show("workspace");
    await user.click(screen.getByText(/^Read-only: change nothing/));
    expect(await screen.findByText(/nothing can be changed in any cluster/)).toBeTruthy();
  });

  it("say how a hurt ledger is", async () => {
    const { app } = createWorld("workspace", Date.now());
    const ledger = {
      ...app.ledger,
      state: "recovered",
      setAside: "/data/ledger.damaged-1.db",
      chainIntact: false,
    } as const;
    await show("workspace", { app_state: () => ({ ...app, ledger }) });
    const said = screen.getByRole("alert").textContent;
    expect(said).toContain("the backup of");
    expect(said).toContain("/data/ledger.damaged-1.db");
    expect(said).toContain("altered outside Tidemark");
  });

  it.each([
    ["begun-anew", false, "no whole backup; a new one was begun"],
    ["read-only", true, "What was written last cannot be read here"],
  ] as const)("say how a ledger is that is %s", async (state, newestUnread, words) => {
    const { app } = createWorld("workspace", Date.now());
    const ledger = { ...app.ledger, state, newestUnread };
    await show("workspace", { app_state: () => ({ ...app, ledger }) });
    expect(screen.getByRole("alert").textContent).toContain(words);
  });
});

describe("keys", () => {
  it("open the palette, which finds and runs what is typed", async () => {
    const user = await show("workspace");
    fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
    const field = await screen.findByRole("combobox");
    expect(document.activeElement).toBe(field);
    await user.type(field, "light");
    const chosen = await screen.findByRole("option", { selected: true });
    expect(chosen.textContent).toContain("Light theme");
    expect(field.getAttribute("aria-activedescendant")).toBe(chosen.id);
    await user.keyboard("{Enter}");
    await expect.poll(() => document.documentElement.dataset.theme).toBe("light");
    expect(screen.queryByRole("combobox"), "it closes").toBeNull();
  });

  it.each(["roll pay", "pay roll"])(
    "find what fits every word, in any order: %s",
    async (typed) => {
      const user = await show("workspace");
      fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
      await user.type(await screen.findByRole("combobox"), typed);
      expect(await screen.findByText("Money, 1.42.0 failed in prod-eu")).toBeTruthy();
      const said = screen.getAllByRole("option").map((option) => option.textContent);
      expect(said[0], "where it fails first").toContain("Roll back payments to 1.41.2");
      expect(said[0]).toContain("prod-eu, opens the sheet");
      expect(said[1]).toContain("Roll back payments to another version");
      expect(
        said.filter((one) => one?.includes("to 1.41.2")),
        "nothing twice",
      ).toHaveLength(1);
      expect(said.some((one) => one?.startsWith("payments 1.40.3"))).toBe(true);
      expect(said.some((one) => one?.startsWith("Last rollback of payments"))).toBe(true);
      expect(said.some((one) => one?.includes("Roll back cart"))).toBe(false);
    },
  );

  it("are listed on ?, and rest where single letters are off", async () => {
    const user = await show("workspace");
    fireEvent.keyDown(document.body, { key: "?", shiftKey: true });
    expect(await screen.findByRole("dialog", { name: "Keys" })).toBeTruthy();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await user.click(screen.getByText(/^Single-letter keys act/));
    await expect.poll(() => screen.getByRole("switch", { name: /^Single-letter/ })).toBeTruthy();
    await screen.findByText("F1");
    fireEvent.keyDown(document.body, { key: "?", shiftKey: true });
    expect(screen.queryByRole("dialog")).toBeNull();
    fireEvent.keyDown(document.body, { key: "F1" });
    expect(await screen.findByRole("dialog", { name: "Keys" })).toBeTruthy();
  });
});

describe("the window", () => {
  it("speaks Chinese as soon as it is chosen", async () => {
    const user = await show("workspace");
    await user.click(screen.getByRole("radio", { name: "简体中文" }));
    const nav = await screen.findByRole("navigation", { name: "页面" });
    expect(within(nav).getByText("时间线")).toBeTruthy();
    expect(document.documentElement.lang).toBe("zh-CN");
  });

  it("says why it cannot start", async () => {
    connect(
      createFakeHost("demo", { app_state: () => Promise.reject(new Error("no ledger at all")) }),
    );
    render(<App />);
    expect((await screen.findByRole("alert")).textContent).toContain("no ledger at all");
    expect(screen.getByText("Tidemark could not start")).toBeTruthy();
  });
});

describe("where it begins", () => {
  const { app } = createWorld("workspace", 0);

  it("is the timeline with a workspace and the welcome screen without", () => {
    expect(startScreen(app, "").name).toBe("timeline");
    expect(startScreen({ ...app, workspace: null }, "?screen=notes").name).toBe("welcome");
    expect(startScreen(app, "?screen=notes").name).toBe("notes");
  });

  it.each([
    ["utc", "Asia/Tokyo", "Europe/Berlin", "UTC"],
    ["local", "Asia/Tokyo", "Europe/Berlin", "Asia/Tokyo"],
    ["workspace", "Asia/Tokyo", "Europe/Berlin", "Europe/Berlin"],
    ["workspace", "Asia/Tokyo", "Mars/Base", "Asia/Tokyo"],
    ["workspace", "Asia/Tokyo", null, "Asia/Tokyo"],
  ] as const)("shows times of %s, local %s, workspace %s, in %s", (choice, local, own, zone) => {
    expect(zoneOf(choice, local, own)).toBe(zone);
  });

  it("is as fresh as the live cluster that answered longest ago", () => {
    const [first, second, third] = app.connections;
    if (!first || !second || !third) throw new Error("three connections");
    const at = syncedAt([
      { ...first, lastAnswer: 100 },
      { ...second, lastAnswer: 50 },
      { ...third, state: "stale", lastAnswer: 1 },
    ]);
    expect(at).toBe(50);
    expect(syncedAt([{ ...third, state: "stale" }])).toBeNull();
  });
});
