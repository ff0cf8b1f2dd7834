/** The border to the program around the window. Nothing else in the window knows Tauri. */
import type { Events } from "./generated/wire";
import {
  asWireError,
  type Command,
  CommandError,
  type EventName,
  type Host,
  type PickRequest,
  type Reply,
  type Request,
  type TimelineRequest,
} from "./host";

export type * from "./generated/wire";
export { ERROR_CODES, FINDING_CODES, STEP_KINDS } from "./generated/wire";
export {
  asWireError,
  type Command,
  CommandError,
  type EventName,
  type Host,
  type PickRequest,
  type Reply,
  type Request,
  type TimelineRequest,
} from "./host";

import { meant, shown } from "./marks";

let connected: Promise<Host> | undefined;

/** Whether the window runs inside the program, and not in a plain browser. */
export function isInsideTauri(scope: object = globalThis): boolean {
  return "__TAURI_INTERNALS__" in scope;
}

/** Tauri's host inside the program; a fake one in a browser and in tests. */
export function chooseHost(scope: object = globalThis): Promise<Host> {
  return isInsideTauri(scope)
    ? import("./tauri").then((module) => module.tauriHost)
    : import("./fake").then((module) => module.createFakeHost());
}

/** Sets the host for everything that follows; without it the first call chooses one. */
export function connect(host: Host): void {
  connected = Promise.resolve(host);
}

function host(): Promise<Host> {
  connected ??= chooseHost();
  return connected;
}

/** Loads the host before the first command needs it. */
export function prepare(): void {
  void host();
}

/** Sends a command; rejects with a `CommandError` whatever goes wrong. */
export async function call<K extends Command>(command: K, request: Request<K>): Promise<Reply<K>> {
  try {
    return shown(await (await host()).call(command, meant(request)));
  } catch (thrown) {
    throw new CommandError(command, shown(asWireError(thrown)));
  }
}

/** The timeline's columns, as `src/timeline/columns.ts` reads them. */
export async function timeline(request: TimelineRequest): Promise<ArrayBuffer> {
  try {
    return await (await host()).timeline(request);
  } catch (thrown) {
    throw new CommandError("timeline", asWireError(thrown));
  }
}

/** Calls `handler` with every event of that name until the returned function is called. */
export function listen<K extends EventName>(
  event: K,
  handler: (payload: Events[K]) => void,
): () => void {
  let stopped = false;
  const started = host().then((one) =>
    one.listen(event, (payload) => {
      if (!stopped) handler(shown(payload));
    }),
  );
  return () => {
    stopped = true;
    void started.then((stop) => stop());
  };
}

export async function pickFolder(request: PickRequest): Promise<string | null> {
  return (await host()).pickFolder(request);
}

export async function pickFile(request: PickRequest): Promise<string | null> {
  return (await host()).pickFile(request);
}

export async function pickSavePath(request: PickRequest): Promise<string | null> {
  return (await host()).pickSavePath(request);
}

export async function setZoom(factor: number): Promise<void> {
  return (await host()).setZoom(factor);
}
