import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import {
  connect,
  type FileProblem,
  type SaveRequest,
  type TextRequest,
  type WorkspaceText,
} from "@/ipc";
import { createFakeHost } from "@/ipc/fake";
import type { Handlers } from "@/ipc/fake/handlers";
import { createWorld, harborDraft } from "@/ipc/fake/world";
import { AppStateProvider } from "@/shared/appState";
import { NavigationProvider } from "@/shared/navigation/navigation";
import type { Screen } from "@/shared/navigation/route";
import { problemWords } from "@/shared/workspace/problems";
import { offsetOf } from "./offset";
import WorkspaceScreen from "./screen";

function show(start: Screen, own: Handlers = {}) {
  connect(createFakeHost("workspace", own));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const shown = (
    <QueryClientProvider client={client}>
      <AppStateProvider state={createWorld("workspace", Date.now()).app}>
        <NavigationProvider start={start}>
          <WorkspaceScreen />
        </NavigationProvider>
      </AppStateProvider>
    </QueryClientProvider>
  );
  const { unmount } = render(shown);
  return { user: userEvent.setup(), unmount, again: () => render(shown) };
}

const area = () => screen.getByLabelText<HTMLTextAreaElement>("Contents of tidemark.toml");
const isOff = (name: string) => screen.getByRole("button", { name }).hasAttribute("disabled");

const wrong: FileProblem = {
  kind: "error",
  code: "wrong-value",
  line: 7,
  column: 8,
  subject: "tier",
  expected: "production, staging, development",
};

describe("the form", () => {
  it("saves what was changed, and the personal bindings with it", async () => {
    const saved: SaveRequest[] = [];
    const { user } = show(
      { name: "workspace" },
      {
        workspace_save: (request, world) => {
          saved.push(request);
          if (!world.app.workspace) throw new Error("no workspace");
          return world.app.workspace;
        },
      },
    );
    await user.click(await screen.findByRole("row", { name: /staging/ }));
    await user.click(screen.getByText(/^Guarded:/));
    const namespaces = screen.getByLabelText("Namespaces");
    await user.clear(namespaces);
    await user.type(namespaces, "shop, money-*  tools");
    await expect.poll(() => isOff("Save")).toBe(false);
    await user.click(screen.getByRole("button", { name: "Save" }));
    await expect.poll(() => saved.length).toBe(1);
    expect(saved[0]?.path).toBe("/home/lena/harbor/deploy/tidemark.toml");
    expect(saved[0]?.draft.environments[2]).toMatchObject({
      name: "staging",
      guard: true,
      namespaces: ["shop", "money-*", "tools"],
      context: "stage",
    });
    expect(saved[0]?.draft.environments[0], "the others stay").toEqual(
      harborDraft().environments[0],
    );
  });

  it("keeps what is not saved while another screen is shown", async () => {
    const { user, unmount, again } = show({ name: "workspace" });
    await user.type(await screen.findByLabelText("Name"), " two");
    unmount();
    again();
    expect((await screen.findByLabelText<HTMLInputElement>("Name")).value).toBe(
      "Harbor retail two",
    );
    await user.click(screen.getByText("Discard changes"));
    expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Harbor retail");
  });

  it("asks at the field for a name that is empty", async () => {
    const { user } = show({ name: "workspace" });
    const name = await screen.findByLabelText("Name");
    expect(name.getAttribute("aria-invalid")).toBeNull();
    await user.clear(name);
    expect(await screen.findByText("Give the workspace a name")).toBeTruthy();
    expect(name.getAttribute("aria-invalid")).toBe("true");
  });

  it("shows a suggested workspace as unsaved, and asks where to save it", async () => {
    const saved: SaveRequest[] = [];
    const { user } = show(
      { name: "workspace", draft: harborDraft() },
      {
        workspace_save: (request, world) => {
          saved.push(request);
          if (!world.app.workspace) throw new Error("no workspace");
          return world.app.workspace;
        },
      },
    );
    expect(screen.getByText("Not saved yet")).toBeTruthy();
    await expect.poll(() => isOff("Save as…")).toBe(false);
    await user.click(screen.getByRole("button", { name: "Save as…" }));
    await expect.poll(() => saved[0]?.path).toBe("/home/lena/tidemark.toml");
  });
});

describe("the text", () => {
  const answer = (text: string): WorkspaceText => ({
    text,
    problems: text.includes("nonsense") ? [wrong] : [],
    draft: text.includes("nonsense") ? null : { ...harborDraft(), name: "From the text" },
  });

  it("cannot be saved while it is wrong, names the place, and puts the caret there", async () => {
    const { user } = show({ name: "workspace" }, { workspace_check: ({ text }) => answer(text) });
    await user.click(await screen.findByText("Text"));
    const lines = Array.from({ length: 9 }, (_, at) => `line-${at + 1} = "value"`);
    lines[6] = 'tier = "nonsense"';
    await user.clear(area());
    await user.paste(lines.join("\n"));
    const problem = await screen.findByText("tier has a value that is not allowed");
    expect(screen.getByText("line 7, column 8")).toBeTruthy();
    expect(screen.getByText("Right would be: production, staging, development")).toBeTruthy();
    expect(isOff("Save")).toBe(true);
    await user.click(problem);
    expect(document.activeElement).toBe(area());
    expect(area().value.slice(area().selectionStart)).toMatch(/^"nonsense"/);
  });

  it("lists what is wrong with it now, and nothing that was wrong before", async () => {
    const missing = (subject: string): FileProblem => ({
      ...wrong,
      code: "missing",
      line: 1,
      column: 1,
      subject,
    });
    const problems = (text: string) =>
      text === ""
        ? [missing("format"), missing("name")]
        : [{ ...wrong, code: "syntax", subject: "expected a key" }];
    const { user } = show(
      { name: "workspace" },
      { workspace_check: ({ text }) => ({ text, problems: problems(text), draft: null }) },
    );
    await user.click(await screen.findByText("Text"));
    await user.clear(area());
    expect(await screen.findByText("format is missing")).toBeTruthy();
    await user.paste("[[service");
    expect(await screen.findByText(/^This cannot be read as TOML/)).toBeTruthy();
    expect(screen.getByText("1 problem")).toBeTruthy();
    expect(screen.queryByText(/is missing$/)).toBeNull();
  });

  it("becomes the form when it is right", async () => {
    const { user } = show({ name: "workspace" }, { workspace_check: ({ text }) => answer(text) });
    await user.click(await screen.findByText("Text"));
    await user.clear(area());
    await user.paste("format = 1");
    await expect.poll(() => isOff("Save")).toBe(false);
    await user.click(screen.getByText("Form"));
    expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("From the text");
  });

  it("is what the form goes on with, and what is saved", async () => {
    const saved: SaveRequest[] = [];
    const typed = "format = 1\n# kept";
    const { user } = show(
      { name: "workspace" },
      {
        workspace_check: ({ text }) => answer(text),
        workspace_preview: ({ text }) => ({ ...answer(text ?? "the file's"), problems: [] }),
        workspace_save: (request, world) => {
          saved.push(request);
          if (!world.app.workspace) throw new Error("no workspace");
          return world.app.workspace;
        },
      },
    );
    await user.click(await screen.findByText("Text"));
    await user.clear(area());
    await user.paste(typed);
    await expect.poll(() => isOff("Save")).toBe(false);
    await user.click(screen.getByText("Form"));
    await expect.poll(() => area().value).toBe(typed);
    await user.type(screen.getByLabelText("Name"), " two");
    await expect.poll(() => isOff("Save")).toBe(false);
    await user.click(screen.getByRole("button", { name: "Save" }));
    await expect.poll(() => saved.length).toBe(1);
    expect(saved[0]).toMatchObject({ text: typed, draft: { name: "From the text two" } });
  });

  it("is what is shown first when the file is too wrong for a form", async () => {
    show(
      { name: "workspace" },
      {
        workspace_draft: () => answer("nonsense"),
        workspace_check: ({ text }) => answer(text),
      },
    );
    await expect.poll(() => area().value).toBe("nonsense");
    expect(area().readOnly).toBe(false);
  });
});

describe("a file that cannot be opened", () => {
  it("is shown at the place that is wrong, and is saved where it lies and opened", async () => {
    const path = "/srv/shop/tidemark.toml";
    const saved: TextRequest[] = [];
    const text = 'format = 1\nname = "a\n';
    const answer = (of: string): WorkspaceText => ({
      text: of,
      problems: of === text ? [{ ...wrong, code: "syntax", subject: "invalid basic string" }] : [],
      draft: null,
    });
    const { user } = show(
      { name: "workspace", file: { path, line: 2, column: 8 } },
      {
        workspace_file: (request) => {
          expect(request).toEqual({ path });
          return answer(text);
        },
        workspace_check: (request) => answer(request.text),
        workspace_save_text: (request, world) => {
          saved.push(request);
          if (!world.app.workspace) throw new Error("no workspace");
          return world.app.workspace;
        },
      },
    );
    await screen.findByLabelText("Contents of tidemark.toml");
    expect(document.activeElement).toBe(area());
    expect(area().value.slice(area().selectionStart)).toBe('"a\n');
    expect(screen.getByText(path)).toBeTruthy();
    expect(await screen.findByText(/^This cannot be read as TOML/)).toBeTruthy();
    expect(screen.getByText("invalid basic string"), "the parser's own words").toBeTruthy();
    await user.clear(area());
    await user.paste("format = 1");
    await expect.poll(() => isOff("Save")).toBe(false);
    await user.click(screen.getByRole("button", { name: "Save" }));
    await expect.poll(() => saved).toEqual([{ text: "format = 1", path }]);
  });
});

describe("problems", () => {
  it("has words for every code of the file's remarks", () => {
    const codes = ["syntax", "unknown-key", "wrong-type", "wrong-value", "missing", "duplicate"];
    for (const code of [...codes, "empty", "unknown-reference", "format"]) {
      expect(problemWords({ ...wrong, code })).not.toBe(`tier: ${code}`);
    }
  });

  it.each([
    ["a\nbc", 2, 2, 3],
    ["a\nbc", 9, 9, 4],
    ["名称 = x", 1, 4, 3],
    ["😀 = x", 1, 2, 2],
  ])("finds %j line %d column %d at %d", (text, line, column, offset) => {
    expect(offsetOf(text, line, column)).toBe(offset);
  });
});
