import type { Operation } from "@/ipc";
import { hasEnded } from "@/shared/operation/outcomes";

export type StateFilter = "all" | "running" | "good" | "not-good";

/** What of the list is shown; kept for this person. */
export type Filter = { text: string; state: StateFilter; environments: string[] };

export const WITHOUT_FILTER: Filter = { text: "", state: "all", environments: [] };

function fitsState(operation: Operation, state: StateFilter): boolean {
  const good = operation.state === "verified" && operation.verdict === "good";
  switch (state) {
    case "all":
      return true;
    case "running":
      return !hasEnded(operation);
    case "good":
      return good;
    case "not-good":
      return !good && hasEnded(operation);
  }
}

/** Every word that was typed must stand somewhere in what the row says. */
export function fits(operation: Operation, filter: Filter): boolean {
  if (!fitsState(operation, filter.state)) return false;
  if (filter.environments.length > 0 && !filter.environments.includes(operation.environment)) {
    return false;
  }
  const { service, environment, account, fromVersion, toVersion, reason, number } = operation;
  const said = [service, environment, account, fromVersion, toVersion, reason ?? "", number]
    .join(" ")
    .toLowerCase();
  return filter.text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}
