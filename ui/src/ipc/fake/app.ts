import type { SearchHit } from "../generated/wire";
import { type Handlers, pause } from "./handlers";
import { connections, harborDraft, harborWorkspace, services } from "./world";

const MINUTE = 60_000;

/** The app itself: settings, recent workspaces, tasks, search. */
export const appHandlers: Handlers = {
  app_state: (_, world) => world.app,
  settings_set: (settings, world, emit) => {
    world.app = { ...world.app, settings };
    emit("app_changed", world.app);
    return null;
  },
  view_get: ({ name }, world) => ({ name, value: world.views.get(name) ?? null }),
  view_set: ({ name, value }, world) => {
    if (value === null) world.views.delete(name);
    else world.views.set(name, value);
    return null;
  },
  read_only_set: ({ on }, world, emit) => {
    if (world.app.workspace) {
      world.app = { ...world.app, workspace: { ...world.app.workspace, readOnly: on } };
      emit("app_changed", world.app);
    }
    return null;
  },
  support_file: async ({ path }) => {
    await pause(400);
    return { path, size: 184_000 };
  },
  log_folder_open: () => null,
  link_open: () => null,
  task_list: (_, world) => ({ sequence: world.sequence, tasks: world.tasks }),
  demo_open: async (_, world, emit) => {
    await pause(600);
    const workspace = harborWorkspace(true);
    const now = Date.now();
    world.draft = harborDraft();
    world.app = { ...world.app, demo: true, workspace, connections: connections(now, false) };
    emit("app_changed", world.app);
    emit("timeline_changed", { revision: 1, deployments: 1284 });
    return workspace;
  },
  workspace_open: async ({ path }, world, emit) => {
    await pause(300);
    const workspace = { ...harborWorkspace(false), path };
    world.draft = harborDraft();
    world.app = {
      ...world.app,
      demo: false,
      workspace,
      connections: connections(Date.now(), false),
    };
    emit("app_changed", world.app);
    return workspace;
  },
  workspace_close: (_, world, emit) => {
    world.app = { ...world.app, demo: false, workspace: null, connections: [] };
    emit("app_changed", world.app);
    return null;
  },
  cluster_retry: async ({ cluster }, world, emit) => {
    await pause(800);
    const now = Date.now();
    world.app = {
      ...world.app,
      connections: world.app.connections.map((connection) =>
        connection.cluster === cluster ? { ...connection, nextTry: now + 15_000 } : connection,
      ),
    };
    emit("connections", { connections: world.app.connections });
    return null;
  },
  search: async ({ text, limit }) => {
    await pause(30);
    return {
      hits: hits()
        .filter((hit) => fits(hit, text))
        .slice(0, limit),
    };
  },
};

function fits(hit: SearchHit, text: string): boolean {
  const place = `${hit.title} ${hit.subtitle}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .some((word) => word !== "" && place.includes(word));
}

function lanesOf(service: string): SearchHit["lanes"] {
  if (service !== "payments") {
    return ["prod-eu", "prod-us", "staging"].map((environment) => ({
      environment,
      version: "2.11.0",
      status: "healthy",
      backTo: null,
    }));
  }
  return [
    { environment: "prod-us", version: "1.41.2", status: "healthy", backTo: "1.41.1" },
    { environment: "prod-eu", version: "1.42.0", status: "failed", backTo: "1.41.2" },
    { environment: "staging", version: "1.43.0-rc.1", status: "healthy", backTo: "1.42.0" },
  ];
}

function hits(): SearchHit[] {
  const now = Date.now();
  const nowhere = {
    service: null,
    environment: null,
    version: null,
    deployment: null,
    at: null,
    lanes: [],
  };
  return [
    ...services.map(
      (service): SearchHit => ({
        ...nowhere,
        kind: "service",
        title: service.name,
        subtitle: service.team ?? "",
        lanes: lanesOf(service.name),
        service: service.name,
      }),
    ),
    {
      ...nowhere,
      kind: "rolled-back",
      title: "payments 1.40.3",
      subtitle: "prod-us",
      service: "payments",
      environment: "prod-us",
      version: "1.40.3",
      deployment: 11,
      at: now - 17 * 24 * 60 * MINUTE,
    },
    {
      ...nowhere,
      kind: "note",
      title: "Refund to voucher for partial orders",
      subtitle: "payments 1.41.2",
      service: "payments",
      version: "1.41.2",
    },
    {
      ...nowhere,
      kind: "rollback",
      title: "payments 1.40.2",
      subtitle: "prod-us",
      service: "payments",
      environment: "prod-us",
      version: "1.40.2",
      deployment: 12,
      at: now - 17 * 24 * 60 * MINUTE,
    },
  ];
}
