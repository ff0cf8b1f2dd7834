import type { Connection } from "@/ipc";
import { m } from "@/paraglide/messages";
import { errorWords } from "@/shared/errors/words";
import { formatMoment } from "@/shared/time/format";

/** It does not answer, or it refuses us: what is shown of it is old. */
export function isAway(connection: Connection): boolean {
  const { state } = connection;
  return state === "stale" || state === "unreached" || state === "refused";
}

/** Something of it is not live: why, and when it is tried again, is worth saying. */
export function isTroubled(connection: Connection): boolean {
  return isAway(connection) || connection.state === "partial";
}

/** Of when what is shown of it is; `null`: it was never reached. */
export function lastHeard(connection: Connection): number | null {
  return connection.state === "unreached" ? null : (connection.since ?? connection.lastAnswer);
}

/** The oldest last answer of the clusters that are live: how far behind the window can be at most. */
export function syncedAt(connections: readonly Connection[]): number | null {
  const answers = connections
    .filter(({ state }) => state === "live" || state === "partial")
    .map((connection) => connection.lastAnswer)
    .filter((at) => at !== null);
  return answers.length > 0 ? Math.min(...answers) : null;
}

/** "Never reached since 14:02: eu-west-1 does not answer" */
export function unreachedWords(connection: Connection, now: number, zone: string): string {
  return m.shell_connection_unreached({
    moment: formatMoment(connection.since ?? now, zone, now),
    reason: connection.error ? errorWords(connection.error).title : m.shell_connection_no_answer(),
  });
}
