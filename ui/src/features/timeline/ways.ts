/** From rows of the columns to the names and ids by which other screens know them. */

import { call } from "@/ipc";
import type {
  ChangedLane,
  CompareSide,
  Lane,
  Overlay,
  Screen,
  Since,
} from "@/shared/navigation/route";
import { comparison } from "@/shared/operation/comparison";
import { offeredRollback } from "@/shared/operation/offered";
import type { TimelineData } from "@/timeline/columns";
import { differences, isOneOfSeveral, ledgerIdAt, rowOfLedgerId } from "@/timeline/lanes";
import { placeLabel, serviceLabel, versionLabel, whereLabel } from "./words";

/** The deployment of a bar at a moment; without one the selected one (an id) where it lies on that bar, else the newest. */
export function idOf(data: TimelineData, row: number, at?: number, selected?: number): number {
  const isSelected = selected !== undefined && rowOfLedgerId(data, selected) === row;
  return at === undefined && isSelected ? selected : ledgerIdAt(data, row, at);
}

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
    const ran = (
      row: number,
      when: Extract<CompareSide, { kind: "environment" }>,
    ): ChangedLane["before"] =>
      row < 0
        ? null
        : {
            version: versionLabel(data, row),
            side: isOneOfSeveral(data, lane)
              ? { kind: "deployment", deployment: idOf(data, row, when.at) }
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
 * Opens what the inspector's button opens for that deployment of the ledger. Where the button is off, or the backend does not
 * answer, nothing opens, and the inspector says why.
 */
export async function rollBack(
  deployment: number,
  open: (overlay: Overlay) => void,
): Promise<void> {
  const details = await detailsOf(deployment);
  const offered = details && offeredRollback(details);
  if (offered) open(offered);
}

/** Goes where the inspector's button goes for that deployment; nowhere where the backend does not answer. */
export async function compareWithBefore(
  deployment: number,
  go: (screen: Screen) => void,
): Promise<void> {
  const details = await detailsOf(deployment);
  if (details) go(comparison(details));
}

const detailsOf = (id: number) => call("deployment_details", { id }).catch(() => null);
