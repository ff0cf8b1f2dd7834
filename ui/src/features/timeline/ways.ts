/** From rows of the columns to the names and ids by which other screens know them. */

import { call } from "@/ipc";
import type { ChangedLane, CompareSide, Lane, Overlay, Since } from "@/shared/navigation/route";
import { offeredRollback } from "@/shared/operation/offered";
import type { TimelineData } from "@/timeline/columns";
import { differences, isOneOfSeveral } from "@/timeline/lanes";
import { placeLabel, serviceLabel, versionLabel, whereLabel } from "./words";

export const idOf = (data: TimelineData, row: number): number => data.ledgerId[row] as number;

export const versionOf = versionLabel;

export const laneOf = (data: TimelineData, row: number): Lane =>
  placeAt(data, data.lane[row] as number);

const placeAt = (data: TimelineData, lane: number): Lane => ({
  service: serviceLabel(data, lane),
  environment: whereLabel(data, lane),
});

/** Each of those lanes that ran another version at a moment than runs now. */
export function since(data: TimelineData, at: number, lanes: ArrayLike<number>): Since {
  const changed = differences(data, lanes, at).map(({ lane, before, now }): ChangedLane => {
    const { service, environment } = placeAt(data, lane);
    // Of several workloads the deployment says which one is meant.
    const ran = (row: number, when: CompareSide): ChangedLane["before"] =>
      row < 0
        ? null
        : {
            version: versionLabel(data, row),
            side: isOneOfSeveral(data, lane)
              ? { kind: "deployment", deployment: idOf(data, row) }
              : when,
          };
    return {
      service,
      place: placeLabel(data, lane),
      before: ran(before, { kind: "environment", environment, at }),
      now: ran(now, { kind: "environment", environment }),
    };
  });
  return { at, lanes: lanes.length, changed };
}

/**
 * Opens what the inspector's button opens for that deployment. Where the button is off, or the backend does not
 * answer, nothing opens, and the inspector says why.
 */
export async function rollBack(
  data: TimelineData,
  row: number,
  open: (overlay: Overlay) => void,
): Promise<void> {
  const details = await call("deployment_details", { id: idOf(data, row) }).catch(() => null);
  const offered = details && offeredRollback(details);
  if (offered) open(offered);
}
