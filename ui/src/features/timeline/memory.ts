/** What a person chose to see, in a form that outlives the data: names, not rows. */

import type { TimelineData } from "@/timeline/columns";
import { text } from "@/timeline/columns";
import type { Filter, Grouping } from "@/timeline/rows";

export type View = "timeline" | "table";

export interface TimelineMemory {
  readonly view: View;
  readonly grouping: Grouping;
  /** Names of environments to show, null for all. */
  readonly environments: readonly string[] | null;
  /** Names of teams to show, '' for services without one; null for all. */
  readonly teams: readonly string[] | null;
  readonly text: string;
  /** Open services; null lets those open that need a look. */
  readonly open: readonly string[] | null;
  /** Ms that the view spans. */
  readonly span: number;
}

export const FIRST_MEMORY: TimelineMemory = {
  view: "timeline",
  grouping: "service",
  environments: null,
  teams: null,
  text: "",
  open: null,
  span: 6 * 3_600_000,
};

export const environmentNames = (data: TimelineData): string[] =>
  Array.from(data.environmentName, (name) => data.strings[name] as string);

/** Teams in the order of the alphabet; '' last, where services have none. */
export function teamNames(data: TimelineData): string[] {
  const names = new Set(Array.from(data.serviceTeam, (team) => text(data, team) ?? ""));
  return [...names].sort((a, b) => (a === "" ? 1 : b === "" ? -1 : a.localeCompare(b)));
}

/** The filter that a memory means for these columns. Names that are gone filter nothing. */
export function filterOf(data: TimelineData, memory: TimelineMemory): Filter {
  const environments = memory.environments
    ? environmentNames(data).flatMap((name, i) => (memory.environments?.includes(name) ? [i] : []))
    : null;
  const teams = memory.teams
    ? teamNames(data).filter((name) => memory.teams?.includes(name))
    : null;
  return {
    text: memory.text,
    environments: environments && environments.length > 0 ? new Set(environments) : null,
    teams: teams && teams.length > 0 ? new Set(teams) : null,
  };
}
