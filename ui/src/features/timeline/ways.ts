/** From rows of the columns to the names and ids by which other screens know them. */

import { call } from "@/ipc";
import type { Lane, Overlay } from "@/shared/navigation/route";
import type { TimelineData } from "@/timeline/columns";
import { isOneOfSeveral } from "@/timeline/lanes";
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
 * Opens the sheet of a rollback. Of several workloads the target says which one is meant; where that one has no
 * way back nothing opens, and the inspector says why.
 */
export async function rollBack(
  data: TimelineData,
  row: number,
  open: (overlay: Overlay) => void,
): Promise<void> {
  const lane = laneOf(data, row);
  if (!isOneOfSeveral(data, data.lane[row] as number)) {
    open({ name: "rollback", lane });
    return;
  }
  // The sheet says what is wrong with a backend that does not answer.
  const details = await call("deployment_details", { id: idOf(data, row) }).catch(() => null);
  if (details?.rollback.deployment === null) return;
  const target = details && { target: { deployment: details.rollback.deployment } };
  open({ name: "rollback", lane, ...target });
}
