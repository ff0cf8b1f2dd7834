import type { Commands, Events, WireError } from "./generated/wire";

export type Command = keyof Commands;
export type Request<K extends Command> = Commands[K][0];
export type Reply<K extends Command> = Commands[K][1];
export type EventName = keyof Events;

/** Which part of the history the timeline asks for; epoch ms, `null` for "from the first" and "until now". */
export type TimelineRequest = { from: number | null; to: number | null };

/** What is asked of a file or folder picker. */
export type PickRequest = {
  title: string;
  /** Offered as the file's name when saving. */
  name?: string;
  /** Without the dot: "toml". */
  extension?: string;
};

/**
 * Everything that the window asks of the program around it. Two exist: Tauri's, and a fake one. What it
 * rejects with is turned into a `CommandError` by whoever calls it.
 */
export interface Host {
  call<K extends Command>(command: K, request: Request<K>): Promise<Reply<K>>;
  timeline(request: TimelineRequest): Promise<ArrayBuffer>;
  /** Calls `handler` with every event of that name until the returned function is called. */
  listen<K extends EventName>(event: K, handler: (payload: Events[K]) => void): Promise<() => void>;
  /** An absolute path, or `null` when nothing was chosen. */
  pickFolder(request: PickRequest): Promise<string | null>;
  pickFile(request: PickRequest): Promise<string | null>;
  pickSavePath(request: PickRequest): Promise<string | null>;
  /** 1 is 100 %. */
  setZoom(factor: number): Promise<void>;
}

/** A command that failed, with the code, the facts and the details that the backend gave. */
export class CommandError extends Error {
  readonly wire: WireError;
  readonly command: Command | "timeline";

  constructor(command: Command | "timeline", wire: WireError) {
    super(`${command}: ${wire.code}`);
    this.name = "CommandError";
    this.command = command;
    this.wire = wire;
  }
}

/** Whatever was thrown, as an error of the wire; what has another shape is a defect of ours. */
export function asWireError(thrown: unknown): WireError {
  if (thrown instanceof CommandError) return thrown.wire;
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "parameters" in thrown) {
    return thrown as WireError;
  }
  const details = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return { code: "internal", parameters: {}, details, retryable: false };
}
