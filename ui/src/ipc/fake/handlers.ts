import type { Events } from "../generated/wire";
import type { Command, EventName, Reply, Request } from "../host";
import type { World } from "./world";

/** What the fake program answers. A command without a handler fails with a code, as a real one would. */
export type Handlers = {
  [K in Command]?: (request: Request<K>, world: World, emit: Emit) => Reply<K> | Promise<Reply<K>>;
};

export type Emit = <K extends EventName>(event: K, payload: Events[K]) => void;

/** A pause, as a network makes one. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
