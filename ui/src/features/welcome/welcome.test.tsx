import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { CommandError, connect, type ExecConsent, type Task, type WireError } from "@/ipc";
import { createFakeHost } from "@/ipc/fake";
import { foundHandlers } from "@/ipc/fake/found";
import type { Emit, Handlers } from "@/ipc/fake/handlers";
import { createWorld, type Start } from "@/ipc/fake/world";
import { keyOf } from "@/ipc/query";
import { AppStateProvider } from "@/shared/appState";
import { NavigationProvider, useNavigation } from "@/shared/navigation/navigation";
import WelcomeScreen from "./screen";

function Where() {
  const { screen: shown } = useNavigation();
  return <output>{JSON.stringify(shown)}</output>;
}

function show(start: Start, own: Handlers = {}, startProblem: WireError | null = null) {
  connect(createFakeHost(start, own));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <AppStateProvider state={{ ...createWorld(start, Date.now()).app, startProblem }}>
        <NavigationProvider start={{ name: "welcome" }}>
          <WelcomeScreen />
          <Where />
        </NavigationProvider>
      </AppStateProvider>
    </QueryClientProvider>,
  );
  return { user: userEvent.setup(), client };
}

const where = () => JSON.parse(document.querySelector("output")?.textContent ?? "{}");

describe("local repositories", () => {
  it("counts what a folder holds, and warns of tags that are no versions", async () => {
    show("found");
    expect(await screen.findByText("11 repositories, 1,204 version tags")).toBeTruthy();
    expect(await screen.findByText(/38 tags, none a SemVer version/)).toBeTruthy();
  });

  it("shows why a folder cannot be read, in the exact words", async () => {
    const wire = {
      code: "repository-foreign-owner",
      parameters: { path: "/srv/repo" },
      details: "repository path '/srv/repo' is not owned by current user",
      retryable: false,
    } as const;
    show("found", {
      repositories_find: () => Promise.reject(new CommandError("repositories_find", wire)),
    });
    const [band] = await screen.findAllByRole("alert");
    expect(band?.textContent).toContain("The repository /srv/repo belongs to somebody else");
    expect(band?.textContent).toContain("is not owned by current user");
    expect(within(band as HTMLElement).getByText("Copy details")).toBeTruthy();
  });

  it("says once what is wrong with a repository, though its line stands above", async () => {
    const { repositories_find: find } = foundHandlers;
    const error = {
      code: "repository-unreadable",
      parameters: { path: "/srv/repo" },
      details: "",
      retryable: false,
    } as const;
    show("found", {
      repositories_find: async (request, world, emit) => {
        const found = (await find?.(request, world, emit)) ?? [];
        return found.slice(0, 1).map((one) => ({ ...one, error }));
      },
    });
    const [said] = await screen.findAllByText("The repository /srv/repo could not be read");
    expect(said?.closest('[role="alert"]')).toBeTruthy();
    const card = said?.closest("section") as HTMLElement;
    const times = (card.textContent ?? "").split("/srv/repo could not be read").length - 1;
    expect(times).toBe(within(card).getAllByRole("alert").length);
  });

  it("takes a folder without a repository from the list again", async () => {
    const { user } = show("found", { repositories_find: () => [] });
    const [first, ...others] = await screen.findAllByRole("button", { name: /^Remove harbor\// });
    if (!first) throw new Error("no folder");
    await user.click(first);
    expect(screen.getAllByRole("button", { name: /^Remove harbor\// })).toHaveLength(others.length);
  });

  it("carries a chosen pattern into the suggested workspace", async () => {
    const { user } = show("found");
    await user.click((await screen.findAllByText("Show"))[0] as HTMLElement);
    const table = await screen.findByRole("dialog");
    await user.click((await within(table).findAllByText("v{version}"))[0] as HTMLElement);
    const field = await screen.findByLabelText("Pattern");
    await user.clear(field);
    await user.type(field, "release-{{version}");
    await user.click(screen.getByText("Use this pattern"));
    await screen.findByText("11 services match in 1 environment so far", {}, { timeout: 4000 });
    await user.click(screen.getByText("Continue with these"));
    const [payments, checkout] = where().draft.services;
    expect(payments).toMatchObject({ name: "payments", tags: "release-{version}" });
    expect(checkout).toMatchObject({ name: "checkout", tags: null });
  });
});

describe("cloning", () => {
  it("shows progress, can be stopped, and leaves its words", async () => {
    let tell: Emit = () => undefined;
    const task: Task = {
      id: "c1",
      kind: "clone",
      state: "running",
      subject: "payments",
      phase: "Receiving objects",
      done: 120,
      total: 4210,
      error: null,
      remark: null,
    };
    const asked = vi.fn();
    const stopped = vi.fn();
    const { user, client } = show("welcome", {
      repository_clone: (request, _, emit) => {
        asked(request);
        tell = emit;
        return { id: "c1" };
      },
      task_list: () => ({ sequence: 1, tasks: [task] }),
      task_cancel: (request) => {
        stopped(request);
        return null;
      },
    });
    await user.click(await screen.findByText("Clone…"));
    await user.type(screen.getByLabelText("Address"), "ext::sh -c true");
    expect(screen.getByText(/no address that git can clone/)).toBeTruthy();
    await user.clear(screen.getByLabelText("Address"));
    await user.type(screen.getByLabelText("Address"), "git@git.example:harbor/payments.git");
    await user.type(screen.getByLabelText("Into folder"), "/home/lena/harbor");
    expect(screen.getByText("Becomes /home/lena/harbor/payments")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Clone" }));
    expect(asked).toHaveBeenCalledWith({
      url: "git@git.example:harbor/payments.git",
      into: "/home/lena/harbor/payments",
    });
    expect(await screen.findByText("Receiving objects, 120 of 4,210")).toBeTruthy();
    await user.click(screen.getByText("Stop cloning"));
    expect(stopped).toHaveBeenCalledWith({ id: "c1" });
    tell("tasks", { sequence: 2, tasks: [{ ...task, state: "cancelled" }] });
    client.setQueryData(keyOf("task_list", null), {
      sequence: 2,
      tasks: [{ ...task, state: "cancelled" }],
    });
    expect(await screen.findByText("Stopped. What was begun is removed.")).toBeTruthy();
  });
});

describe("clusters", () => {
  it("tests each context on the spot and says what came of it", async () => {
    show("found");
    expect(
      await screen.findByText("eu-west-1-prod, 212 workloads, you may roll back"),
    ).toBeTruthy();
    const band = await screen.findByRole("alert");
    expect(band.textContent).toContain("The server's certificate is not trusted");
    expect(band.textContent).toContain(
      "https://10.20.4.11:6443: x509: certificate signed by unknown authority",
    );
  });

  it("runs no program before it was looked at, and then exactly that one", async () => {
    const tested = vi.fn();
    const consents: ExecConsent[] = [];
    const plugin = {
      context: "stage",
      command: "kubelogin",
      path: "/usr/local/bin/kubelogin",
      arguments: ["get-token", "--oidc-issuer-url=https://login.example"],
      environment: ["AWS_PROFILE", "LD_PRELOAD"],
      key: "of-this-one",
      changed: true,
    };
    const { user } = show("welcome", {
      contexts_list: () => ({
        errors: [],
        contexts: [
          {
            name: "stage",
            cluster: "stage",
            server: null,
            namespace: null,
            user: null,
            current: true,
            file: "/k",
            insecure: true,
            exec: { ...plugin, consented: consents.length > 0 },
            execProblem: null,
          },
        ],
      }),
      context_test: ({ context }) => {
        tested(context);
        return Promise.reject(new Error("stop here"));
      },
      exec_consent: (consent) => {
        consents.push(consent);
        return null;
      },
    });
    await user.click(await screen.findByText("Look and allow"));
    expect(tested, "nothing ran yet").not.toHaveBeenCalled();
    expect(screen.getByText("The server's certificate is not checked")).toBeTruthy();
    const sheet = screen.getByRole("dialog");
    expect(within(sheet).getByText(plugin.path)).toBeTruthy();
    for (const argument of plugin.arguments) expect(within(sheet).getByText(argument)).toBeTruthy();
    expect(within(sheet).getByText("AWS_PROFILE, LD_PRELOAD")).toBeTruthy();
    expect(within(sheet).getByText(/^You allowed a program for this context before/)).toBeTruthy();
    expect(document.activeElement?.textContent, "the refusal has the focus").toBe("Do not run it");
    await user.click(within(sheet).getByText("Allow and test"));
    expect(consents).toEqual([
      {
        context: "stage",
        path: plugin.path,
        arguments: plugin.arguments,
        environment: plugin.environment,
        key: "of-this-one",
        allow: true,
      },
    ]);
    await expect.poll(() => tested.mock.calls).toEqual([["stage"]]);
  });
});

describe("a sign-in program that is not installed", () => {
  it("is named with the folders searched, and is looked for again", async () => {
    let looks = 0;
    const { user } = show("welcome", {
      contexts_list: () => {
        looks += 1;
        return {
          errors: [],
          contexts: [
            {
              name: "stage",
              cluster: "stage",
              server: null,
              namespace: null,
              user: null,
              current: true,
              file: "/k",
              insecure: false,
              exec: null,
              execProblem: {
                code: "exec-missing",
                parameters: { context: "stage", command: "kubelogin", searched: "/usr/bin" },
                details: "",
                retryable: false,
              },
            },
          ],
        };
      },
      context_test: () => Promise.reject(new Error("it can't sign in")),
    });
    expect(await screen.findByText("The sign-in program kubelogin is not installed")).toBeTruthy();
    expect(screen.getByText(/folders searched: \/usr\/bin/)).toBeTruthy();
    const before = looks;
    await user.click(screen.getByText("Test again"));
    await expect.poll(() => looks).toBeGreaterThan(before);
  });
});

describe("going on", () => {
  it("says how much fits together, and takes the suggestion to the editor", async () => {
    const { user } = show("found");
    expect(
      await screen.findByText("11 services match in 1 environment so far", {}, { timeout: 4000 }),
    ).toBeTruthy();
    await user.click(screen.getByText("Continue with these"));
    expect(where().name).toBe("workspace");
    expect(where().draft.environments.map((one: { name: string }) => one.name)).toEqual([
      "prod-eu",
    ]);
  });

  it("says why what was asked for at the start is not open", async () => {
    show(
      "welcome",
      {},
      {
        code: "workspace-unreadable",
        parameters: { path: "/home/lena/gone.toml" },
        details: "No such file or directory (os error 2)",
        retryable: true,
      },
    );
    const band = await screen.findByRole("alert");
    expect(band.textContent).toContain("No such file or directory");
  });

  it("says in a sentence what is wrong in the file, and leads to the place in the editor", async () => {
    const path = "/srv/shop/tidemark.toml";
    const parameters = {
      path,
      line: "5",
      column: "8",
      problem: "wrong-value",
      subject: "tier",
      expected: '"production", "staging", "development"',
    };
    const problem = {
      code: "workspace-invalid",
      parameters,
      details: "",
      retryable: false,
    } as const;
    const { user } = show("welcome", {}, problem);
    const band = within(await screen.findByRole("alert"));
    expect(band.getByText(`${path} is wrong in line 5, column 8`)).toBeTruthy();
    expect(
      band.getByText(
        'tier has a value that is not allowed. Right would be: "production", "staging", "development". ' +
          "Correct it in the workspace editor; the file was not touched.",
      ),
    ).toBeTruthy();
    await user.click(band.getByRole("button", { name: "Correct it in the editor" }));
    expect(where()).toEqual({ name: "workspace", file: { path, line: 5, column: 8 } });
  });

  it("offers nothing while there is nothing", async () => {
    show("welcome", { contexts_list: () => ({ contexts: [], errors: [] }) });
    expect(await screen.findByText("Add a folder or test a cluster to begin")).toBeTruthy();
    expect(
      screen.getByRole("button", { name: "Continue with these" }).hasAttribute("disabled"),
    ).toBe(true);
  });
});
