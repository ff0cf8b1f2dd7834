/** From rows of the columns to the names and ids by which other screens know them. */

import { call } from "@/ipc";
import type { Lane, Overlay } from "@/shared/navigation/route";
import { offeredRollback } from "@/shared/operation/offered";
import type { TimelineData } from "@/timeline/columns";
import { serviceLabel, versionLabel, whereLabel } from "./words";

export const idOf = (data: TimelineData, row: number): number => data.ledgerId[row] as number;

export const versionOf = versionLabel;

export const laneOf = (data: TimelineData, row: number): Lane =>
  placeAt(data, data.lane[row] as number);

export const firstLane = (data: TimelineData): Lane | null =>
  data.laneService.length > 0 ? placeAt(data, 0) : null;

const placeAt = (data: TimelineData, lane: number): Lane => ({
  service: serviceLabel(data, lane),
  environment: whereLabel(data, lane),
});

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
