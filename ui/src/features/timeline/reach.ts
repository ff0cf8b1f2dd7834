/** Lanes of clusters that do not answer: what is shown of them is of their last answer, or not known at all. */

import type { Connection } from "@/ipc";
import type { TimelineData } from "@/timeline/columns";
import { NEVER } from "@/timeline/lanes";

/**
 * Last answers of the clusters that are silent, by environment; one text, so that it can be compared. Where a cluster
 * is live in part, the columns say themselves of which lanes nothing new is known.
 */
export const silentEnvironments = (connections: readonly Connection[]): string =>
  JSON.stringify(
    connections
      .filter((one) => one.state !== "live" && one.state !== "partial")
      .flatMap((one) => one.environments.map((name) => [name, lastAnswer(one)])),
  );

/** `since` of a cluster that was never reached is when that began, not an answer. */
const lastAnswer = ({ state, since, lastAnswer: at }: Connection): number | null =>
  state === "stale" ? (since ?? at) : at;

/**
 * The columns, with the last answer where they do not say it: they are older than the silence, or the cluster has
 * not answered since the window opened.
 */
export function withReach(data: TimelineData, silent: string): TimelineData {
  const answers = new Map<string, number | null>(JSON.parse(silent));
  if (answers.size === 0) return data;
  const laneStaleSince = data.laneStaleSince.map((since, lane) => {
    const environment = data.environmentName[data.laneEnvironment[lane] as number] as number;
    const name = data.strings[environment] as string;
    return Number.isNaN(since) && answers.has(name) ? (answers.get(name) ?? NEVER) : since;
  });
  return { ...data, laneStaleSince };
}
