import type {
  Context,
  ContextTest,
  FoundRepository,
  Suggestion,
  Task,
  WorkspaceDraft,
  WorkspaceText,
} from "../generated/wire";
import { CommandError } from "../host";
import { type Emit, type Handlers, pause } from "./handlers";
import { draftText } from "./toml";
import { FOLDERS, harborDraft, harborWorkspace, services, type World } from "./world";

const DAY = 86_400_000;

const CONTEXTS: Context[] = [
  context("eu-prod", "eu-west-1-prod", "https://10.20.4.10:6443", true),
  {
    ...context("stage", "stage", "https://stage.k8s.harbor.example", false),
    exec: {
      context: "stage",
      command: "kubelogin",
      path: "/usr/local/bin/kubelogin",
      arguments: ["get-token", "--oidc-issuer-url=https://login.example"],
      environment: [],
      key: "stage",
      consented: false,
      changed: false,
    },
  },
  context("us-prod", "us-east-2-prod", "https://10.20.4.11:6443", false),
];

function context(name: string, cluster: string, server: string, current: boolean): Context {
  const file = "/home/lena/.kube/config";
  return {
    name,
    cluster,
    server,
    namespace: "shop",
    user: "lena",
    current,
    file,
    exec: null,
    execProblem: null,
    insecure: false,
  };
}

function answer(name: string, workloads: number): ContextTest {
  return {
    context: name,
    version: "v1.34.2",
    account: "lena.m",
    workloads,
    mayRollBack: true,
    namespaces: ["shop", "money-eu"],
    milliseconds: 182,
  };
}

const CERTIFICATE = {
  code: "certificate-refused",
  parameters: { cluster: "us-east-2-prod" },
  details: "https://10.20.4.11:6443: x509: certificate signed by unknown authority",
  retryable: true,
} as const;

function repository(folder: string, name: string, versions: number): FoundRepository {
  return {
    path: `${folder}/${name}`,
    name,
    remote: `https://git.example/harbor/${name}.git`,
    tags: versions,
    versions,
    pattern: "v{version}",
    newest: "v1.42.0",
    newestAt: Date.now() - DAY,
    warnings: 0,
    error: null,
  };
}

/** Folders answered as in the picture: services first, then manifests, then one without versions. */
function repositoriesIn(path: string): FoundRepository[] {
  if (path.endsWith("legacy-tax")) {
    const name = "legacy-tax";
    return [{ ...repository("/home/lena/harbor", name, 0), tags: 38, pattern: null, newest: null }];
  }
  if (path.endsWith("deploy")) return [repository("/home/lena/harbor", "deploy", 412)];
  return services.slice(0, 11).map(({ name }, at) => repository(path, name, at === 0 ? 124 : 108));
}

let picked = 0;

/** The next folder of the picture, each time a picker opens. */
export function nextFolder(): string {
  const folder = FOLDERS[picked % FOLDERS.length] ?? "/home/lena";
  picked += 1;
  return folder;
}

const checked = (text: string, draft: WorkspaceDraft): WorkspaceText => {
  const lines = text.split("\n");
  const wrong = lines.findIndex((line) =>
    /^tier *= *"(?!(production|staging|development)")/.test(line),
  );
  const line = lines[wrong];
  return {
    text,
    draft: line === undefined ? draft : null,
    problems:
      line === undefined
        ? []
        : [
            {
              kind: "error",
              code: "wrong-value",
              line: wrong + 1,
              column: line.indexOf('"') + 1,
              subject: "tier",
              expected: "production, staging, development",
            },
          ],
  };
};

/** What is found in folders and in the kubeconfig, and the workspace made of it. */
export const foundHandlers: Handlers = {
  repositories_find: async ({ path }) => {
    await pause(250);
    return repositoriesIn(path);
  },
  pattern_try: async ({ pattern, service }) => {
    await pause(80);
    if (!pattern.includes("{version}")) {
      return {
        problem: "{version} is missing",
        versions: 0,
        unversioned: 0,
        foreign: 0,
        examples: [],
      };
    }
    const tag = (version: string) =>
      pattern.replace("{version}", version).replace("{service}", service);
    const fits = pattern === "v{version}" || pattern === "release-{version}";
    return {
      problem: null,
      versions: fits ? 34 : 0,
      unversioned: fits ? 4 : 38,
      foreign: 0,
      examples: fits
        ? ["4.2.0", "4.1.1", "4.1.0"].map((one): [string, string] => [tag(one), one])
        : [],
    };
  },
  repository_clone: ({ url }, world, emit) => {
    const id = `clone-${world.sequence + 1}`;
    void runClone({ id, url }, world, emit);
    return { id };
  },
  repository_bind: () => null,
  cluster_bind: () => null,
  task_cancel: ({ id }, world, emit) => {
    world.tasks = world.tasks.map((task) =>
      task.id === id && task.state === "running" ? { ...task, state: "cancelled" } : task,
    );
    tell(world, emit);
    return null;
  },
  contexts_list: (_, world) => ({
    contexts: CONTEXTS.map((one) =>
      one.exec
        ? {
            ...one,
            exec: {
              ...one.exec,
              consented: world.consents.some((consent) => consent.context === one.name),
            },
          }
        : one,
    ),
    errors: [],
  }),
  context_test: async ({ context: name }) => {
    await pause(name === "stage" ? 60_000 : 350);
    if (name === "us-prod") throw new CommandError("context_test", CERTIFICATE);
    return answer(name, 212);
  },
  exec_consent: (consent, world) => {
    world.consents = world.consents.filter((one) => one.context !== consent.context);
    if (consent.allow) world.consents.push(consent);
    return null;
  },
  exec_consents: (_, world) => world.consents,
  workspace_suggest: async ({ repositories, contexts }): Promise<Suggestion> => {
    await pause(300);
    const draft = harborDraft();
    const some = draft.environments.filter((one) => contexts.includes(one.context ?? ""));
    const known = draft.services.filter((one) => repositories.includes(one.clone ?? ""));
    return {
      draft: { ...draft, environments: some, services: known },
      matchedServices: some.length > 0 ? known.length : 0,
      matchedEnvironments: known.length > 0 ? some.length : 0,
    };
  },
  workspace_draft: (_, world) => ({
    text: draftText(world.draft),
    problems: [],
    draft: world.draft,
  }),
  workspace_file: (_, world) => ({
    text: draftText(world.draft),
    problems: [],
    draft: world.draft,
  }),
  workspace_preview: ({ draft }) => checked(draftText(draft), draft),
  workspace_check: async ({ text }, world) => {
    await pause(60);
    return checked(text, world.draft);
  },
  workspace_save: ({ draft, path }, world, emit) => saved(draft.name, path, world, emit),
  workspace_save_text: ({ path }, world, emit) => saved("Harbor retail", path, world, emit),
};

function saved(name: string, path: string | null, world: World, emit: Emit) {
  const workspace = { ...harborWorkspace(false), name, path };
  world.app = { ...world.app, workspace, demo: false };
  emit("app_changed", world.app);
  return workspace;
}

function tell(world: World, emit: Emit) {
  world.sequence += 1;
  emit("tasks", { sequence: world.sequence, tasks: world.tasks });
}

async function runClone(clone: { id: string; url: string }, world: World, emit: Emit) {
  const total = 4210;
  const change = (part: Partial<Task>) => {
    world.tasks = world.tasks.map((task) => (task.id === clone.id ? { ...task, ...part } : task));
    tell(world, emit);
  };
  world.tasks = [
    ...world.tasks,
    {
      id: clone.id,
      kind: "clone",
      state: "running",
      subject: clone.url,
      phase: "Receiving objects",
      done: 0,
      total,
      error: null,
      remark: null,
    },
  ];
  tell(world, emit);
  for (let done = 0; done < total; done += 421) {
    await pause(200);
    if (world.tasks.find((task) => task.id === clone.id)?.state !== "running") return;
    change({ done });
  }
  change({ state: "succeeded", done: total });
}
