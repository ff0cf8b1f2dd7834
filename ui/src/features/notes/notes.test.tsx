import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { CommandError, type NoteSave } from "@/ipc";
import type { Handlers } from "@/ipc/fake/handlers";
import { stage } from "@/shared/testing/stage";
import Notes from "./screen";

const area = () => screen.findByLabelText<HTMLTextAreaElement>("Text of the note, Markdown");
const CHECKOUT = { name: "notes", service: "checkout", version: "2.4.1" } as const;

function show(own: Handlers = {}, at: Parameters<typeof stage>[1]["at"] = CHECKOUT) {
  return stage(<Notes />, { at, own });
}

/** Keeps what is saved, as the ledger does. */
function recorder(fails: () => boolean = () => false) {
  const saves: NoteSave[] = [];
  const own: Handlers = {
    note_save: (request) => {
      if (fails()) {
        throw new CommandError("note_save", {
          code: "ledger-full",
          parameters: {},
          details: "disk full",
          retryable: true,
        });
      }
      saves.push(request);
      return { updatedAt: Date.now() };
    },
  };
  return { saves, own };
}

const type = (field: HTMLTextAreaElement, value: string) =>
  fireEvent.change(field, { target: { value } });

describe("writing", () => {
  it("saves what is typed as a draft, and says so", async () => {
    const { saves, own } = recorder();
    show(own);
    type(await area(), "# New text");
    expect(screen.getByText("Not saved yet")).toBeTruthy();
    expect(await screen.findByText("Saved")).toBeTruthy();
    expect(saves).toEqual([
      { service: "checkout", version: "2.4.1", markdown: "# New text", state: "draft" },
    ]);
  });

  it("names who edited it last, not who wrote it before", async () => {
    let author = "Mei Ito";
    show({
      note_get: ({ service, version }) => ({
        service,
        version,
        author,
        markdown: "# Old",
        html: "",
        state: "draft",
        updatedAt: Date.now() - 60_000,
        previousVersion: null,
        releasedAt: null,
        commits: [],
        tagMessage: null,
      }),
      note_save: () => {
        author = "lena";
        return { updatedAt: Date.now() };
      },
    });
    type(await area(), "# New text");
    expect(await screen.findByText("Saved")).toBeTruthy();
    expect(await screen.findByText(/lena/)).toBeTruthy();
    expect(screen.queryByText(/edited by Mei Ito/i)).toBeNull();
    expect((await area()).value).toBe("# New text");
  });

  it("saves before another note is shown", async () => {
    const { saves, own } = recorder();
    const { user } = show(own);
    type(await area(), "half a thou");
    await user.click(await screen.findByRole("option", { name: /cart/ }));
    await waitFor(() => expect(saves.at(-1)?.markdown).toBe("half a thou"));
    expect(saves.at(-1)?.version).toBe("2.4.1");
    await waitFor(async () => expect((await area()).value).toContain("Basket keeps a voucher"));
  });

  it("saves when the screen is left", async () => {
    const { saves, own } = recorder();
    const { leave } = show(own);
    type(await area(), "on my way");
    leave();
    await waitFor(() => expect(saves.at(-1)?.markdown).toBe("on my way"));
  });

  it("keeps a text that could not be saved, says why, and has it again after going elsewhere", async () => {
    let full = true;
    const { saves, own } = recorder(() => full);
    const { user, leave, back } = show(own);
    type(await area(), "precious");
    expect(await screen.findByText("Not saved; your text is kept here")).toBeTruthy();
    expect(screen.getByRole("alert").textContent).toContain("disk full");
    leave();
    back();
    expect((await area()).value).toBe("precious");
    expect(screen.getByText(/This text was not saved before/)).toBeTruthy();
    await screen.findByText("Not saved; your text is kept here");
    full = false;
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(saves.at(-1)?.markdown).toBe("precious"));
    expect(await screen.findByText("Saved")).toBeTruthy();
  });

  it("marks as final what was typed last, then only reads, until it is a draft again", async () => {
    const { saves, own } = recorder();
    const { user } = show(own);
    type(await area(), "done");
    await user.click(screen.getByRole("button", { name: "Mark as final" }));
    await user.click(await screen.findByRole("button", { name: "Back to draft" }));
    await screen.findByRole("button", { name: "Mark as final" });
    expect(saves.map(({ markdown, state }) => `${markdown}/${state}`)).toEqual([
      "done/draft",
      "done/final",
      "done/draft",
    ]);
  });

  it("does not let a final note be typed into", async () => {
    const { user } = show();
    await user.click(await screen.findByRole("option", { name: /checkout 2\.4\.0/ }));
    await screen.findByRole("button", { name: "Back to draft" });
    expect((await area()).readOnly).toBe(true);
    expect(screen.getByRole("button", { name: "Bold" }).hasAttribute("disabled")).toBe(true);
  });
});

describe("what the repository offers", () => {
  it("lists the commits that the text does not mention, and adds them", async () => {
    const { user } = show();
    const field = await area();
    const panel = await screen.findByRole("region", { name: "Draft has 2 commits more" });
    expect(within(panel).getByText("Double click placed two orders")).toBeTruthy();
    await user.click(within(panel).getByRole("button", { name: "Add both" }));
    await waitFor(() => expect(field.value).toContain("- Show loyalty points at payment e5510b3"));
    expect(screen.queryByRole("region", { name: /commits? more/ })).toBeNull();
  });

  it("drafts from the commits into an empty note, under headings of the language", async () => {
    const { user } = show({}, { name: "notes", service: "search", version: "2.31.0" });
    const field = await area();
    const begin = await screen.findByRole("region", { name: "Begin this note" });
    await user.click(within(begin).getByRole("button", { name: "Draft from commits" }));
    await waitFor(() => expect(field.value).toMatch(/^## New\n\n- Gift wrap/));
  });

  it("offers the tag's message", async () => {
    const { user } = show({}, { name: "notes", service: "search", version: "2.31.0" });
    const field = await area();
    await user.click(await screen.findByRole("button", { name: "Use the tag's message" }));
    expect(field.value).toBe("Release 2.31.0\n\nWhat the tag says of it.");
  });

  it("says why there is no draft", async () => {
    const { user } = show(
      {
        note_draft: () => ({
          markdown: "",
          commits: 0,
          unavailable: "no-repository",
          templateMissing: false,
        }),
      },
      { name: "notes", service: "search", version: "2.31.0" },
    );
    const begin = await screen.findByRole("region", { name: "Begin this note" });
    await user.click(within(begin).getByRole("button", { name: "Draft from commits" }));
    expect(await screen.findByText(/no clone of the repository is bound/)).toBeTruthy();
  });

  it("says that the template is not there, and drafts without it", async () => {
    const markdown = "## New\n\n- Gift wrap\n";
    const { user } = show(
      { note_draft: () => ({ markdown, commits: 1, unavailable: null, templateMissing: true }) },
      { name: "notes", service: "search", version: "2.31.0" },
    );
    const field = await area();
    const begin = await screen.findByRole("region", { name: "Begin this note" });
    await user.click(within(begin).getByRole("button", { name: "Draft from commits" }));
    await waitFor(() => expect(field.value).toBe(markdown));
    expect(screen.getByText(/^The template that the workspace file names/)).toBeTruthy();
  });
});

describe("coming here", () => {
  const title = () => screen.findByRole("heading", { level: 2 });

  it("shows the newest note at first, and the one opened last after that", async () => {
    const { user, leave, back } = show({}, { name: "notes" });
    expect((await title()).textContent).toBe("checkout 2.4.1");
    await user.click(await screen.findByRole("option", { name: /loyalty 1\.17\.0/ }));
    await waitFor(async () => expect((await title()).textContent).toBe("loyalty 1.17.0"));
    leave();
    back();
    expect((await title()).textContent).toBe("loyalty 1.17.0");
  });

  it("shows the newest note of the service that was asked for", async () => {
    show({}, { name: "notes", service: "payments" });
    expect((await title()).textContent).toBe("payments 1.41.2");
  });

  it("offers to write one where there is none", async () => {
    show({ note_list: () => ({ notes: [] }) }, { name: "notes" });
    expect(await screen.findByText("Write the first note")).toBeTruthy();
    expect(screen.queryByText(/Choose one in the list/)).toBeNull();
  });
});

describe("the preview", () => {
  it("has an icon before the headings that every note has, and none before others", async () => {
    const html = "<h2>New</h2><h2>修复</h2><h3>For operators</h3><h2>Thanks</h2>";
    show({ markdown_render: () => ({ html }) });
    await screen.findByText("Thanks");
    const marks = [...document.querySelectorAll<HTMLElement>("h2, h3")]
      .filter((heading) => heading.closest("[aria-label=Preview]"))
      .map((heading) => heading.dataset.mark);
    expect(marks).toEqual(["feature", "fix", "operators", undefined]);
  });

  it("leaves the commits' ids to those who write", async () => {
    const rendered: string[] = [];
    show({
      markdown_render: ({ markdown }) => {
        rendered.push(markdown);
        return { html: "" };
      },
    });
    expect((await area()).value).toContain("Gift wrap as an option of the basket b81f20c");
    await waitFor(() =>
      expect(rendered.at(-1)).toContain("Gift wrap as an option of the basket\n"),
    );
  });
});

describe("reading and finding", () => {
  it("opens links outside: the window goes nowhere", async () => {
    const opened: string[] = [];
    const html = '<p><a href="https://x.test/a">docs</a> <a href="/etc">bad</a></p>';
    const { user } = show({
      markdown_render: () => ({ html }),
      link_open: ({ path }) => {
        opened.push(path);
        return null;
      },
    });
    const link = await screen.findByText("docs");
    await user.click(link);
    await user.click(screen.getByText("bad"));
    expect(opened).toEqual(["https://x.test/a"]);
    expect(fireEvent.click(link), "the click is not followed by the window").toBe(false);
  });

  it("marks what was searched for", async () => {
    const { user } = show({}, { name: "notes" });
    await user.type(screen.getByLabelText("Search notes"), "voucher");
    // What was typed half-way is searched for too, and its marks go again.
    await waitFor(() => {
      const marks = [...document.querySelectorAll("mark")].map((one) => one.textContent ?? "");
      expect(marks.length).toBeGreaterThan(3);
      expect(marks.filter((mark) => !/voucher/i.test(mark))).toEqual([]);
    });
  });

  it("filters drafts, and says when none fits", async () => {
    const { user } = show({}, { name: "notes" });
    expect(await screen.findAllByRole("option")).toHaveLength(9);
    await user.click(screen.getByRole("radio", { name: /Drafts/ }));
    await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(3));
    await user.type(screen.getByLabelText("Search notes"), "zzz");
    expect(await screen.findByText("No note fits")).toBeTruthy();
  });
});

describe("while the notes are read", () => {
  it("says so, in the list and beside it", async () => {
    show({ note_list: () => new Promise(() => undefined) }, { name: "notes" });
    expect(await screen.findByText("Reading")).toBeTruthy();
    expect(screen.getByText(/^Reading the note/)).toBeTruthy();
  });
});
