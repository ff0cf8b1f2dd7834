/** Lanes of clusters that have not answered since the window opened: nobody knows what runs there. */

import type { Connection } from "@/ipc";
import type { TimelineData } from "@/timeline/columns";
import { NEVER } from "@/timeline/lanes";

/** Environments whose cluster is not live; one text, so that it can be compared. */
export const silentEnvironments = (connections: readonly Connection[]): string =>
  JSON.stringify(
    connections.filter((one) => one.state !== "live").flatMap((one) => one.environments),
  );

/**
 * The columns, with `NEVER` as the last answer where the cluster is silent and the columns do not say since
 * when: it has not answered yet, or no context is bound to it.
 */
export function withReach(data: TimelineData, silent: string): TimelineData {
  const names = new Set<string>(JSON.parse(silent));
  if (names.size === 0) return data;
  const laneStaleSince = data.laneStaleSince.map((since, lane) => {
    const environment = data.environmentName[data.laneEnvironment[lane] as number] as number;
    return Number.isNaN(since) && names.has(data.strings[environment] as string) ? NEVER : since;
  });
  return { ...data, laneStaleSince };
}
