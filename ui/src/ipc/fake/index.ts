/** A program that is not there: for tests, and for looking at the window in a plain browser. */
import { encode } from "@/timeline/columns";
import { sampleTimeline } from "@/timeline/sample";
import type { Events } from "../generated/wire";
import {
  type Command,
  CommandError,
  type EventName,
  type Host,
  type Reply,
  type Request,
} from "../host";
import { appHandlers } from "./app";
import { compareHandlers } from "./compare";
import { detailsHandlers } from "./details";
import { foundHandlers, nextFolder } from "./found";
import type { Emit, Handlers } from "./handlers";
import { matrixHandlers } from "./matrix";
import { noteHandlers } from "./notes";
import { objectHandlers } from "./object";
import { operationHandlers } from "./operations";
import { createWorld, type Start } from "./world";

const HANDLERS: Handlers = {
  ...appHandlers,
  ...foundHandlers,
  ...matrixHandlers,
  ...compareHandlers,
  ...noteHandlers,
  ...detailsHandlers,
  ...operationHandlers,
  ...objectHandlers,
};

type Listeners = { [K in EventName]: Set<(payload: Events[K]) => void> };

const STARTS: readonly Start[] = ["welcome", "found", "demo", "workspace", "offline"];

/** How a plain browser begins: `?start=welcome|found|demo|workspace|offline`. */
export function startOf(search: string): Start {
  const asked = new URLSearchParams(search).get("start");
  return STARTS.find((start) => start === asked) ?? "welcome";
}

/** Makes a fake host; `own` handlers answer before the ones here, which is how a test says what happens. */
export function createFakeHost(
  start: Start = startOf(globalThis.location?.search ?? ""),
  own: Handlers = {},
): Host {
  const world = createWorld(start, Date.now());
  const listeners: Listeners = {
    tasks: new Set(),
    timeline_changed: new Set(),
    connections: new Set(),
    tags_moved: new Set(),
    operation: new Set(),
    app_changed: new Set(),
  };
  const emit: Emit = (event, payload) => {
    for (const listener of listeners[event]) listener(payload);
  };
  const handlers: Handlers = { ...HANDLERS, ...own };
  return {
    async call<K extends Command>(command: K, request: Request<K>): Promise<Reply<K>> {
      const handle = handlers[command];
      if (!handle) throw new CommandError(command, absent(command));
      return handle(request, world, emit);
    },
    async timeline() {
      return encode(sampleTimeline());
    },
    async listen(event, handler) {
      listeners[event].add(handler);
      if (event === "timeline_changed" && world.app.workspace) {
        emit("timeline_changed", { revision: 1, deployments: 1284 });
      }
      return () => listeners[event].delete(handler);
    },
    pickFolder: async () => nextFolder(),
    pickFile: async () => "/home/lena/harbor/deploy/tidemark.toml",
    pickSavePath: async ({ name }) => `/home/lena/${name ?? "file"}`,
    setZoom: async (factor) => {
      document.documentElement.style.setProperty("zoom", String(factor));
    },
  };
}

function absent(command: string) {
  const details = `the fake program has no handler for ${command}`;
  return { code: "internal", parameters: {}, details, retryable: false } as const;
}
