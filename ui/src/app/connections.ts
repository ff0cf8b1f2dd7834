import type { Connection } from "@/ipc";

/** It answered before and does not now, or it refuses us: what is shown of it is old. */
export function isAway(connection: Connection): boolean {
  return connection.state === "stale" || connection.state === "refused";
}

/** The oldest last answer of the clusters that are live: how far behind the window can be at most. */
export function syncedAt(connections: readonly Connection[]): number | null {
  const answers = connections
    .filter((connection) => connection.state === "live")
    .map((connection) => connection.lastAnswer)
    .filter((at) => at !== null);
  return answers.length > 0 ? Math.min(...answers) : null;
}
