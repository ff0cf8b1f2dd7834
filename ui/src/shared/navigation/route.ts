import type { WorkspaceDraft } from "@/ipc";

/** Where one can be in the window. Features name places here, so that none has to import another. */

/** A service in an environment. */
export type Lane = { service: string; environment: string };

/** One side of a comparison: a version of a service, or whatever runs in an environment. */
export type CompareSide =
  | { kind: "version"; version: string }
  /** `at` in epoch ms; without it, what runs now. */
  | { kind: "environment"; environment: string; at?: number }
  | { kind: "deployment"; deployment: number };

/** What ran in a lane at a moment, or runs there now; `null`: nothing, or nothing known. */
type Ran = { version: string; side: CompareSide } | null;

/** A lane that ran another version then than runs now. `place`: the environment, and of several workloads which one. */
export type ChangedLane = { service: string; place: string; before: Ran; now: Ran };

/** What changed since a moment, in epoch ms, in so many lanes. */
export type Since = { at: number; lanes: number; changed: readonly ChangedLane[] };

/** A place in a workspace file, open or not; line and column from 1. */
export type FilePlace = { path: string; line: number; column: number };

export type Screen =
  | { name: "welcome" }
  | { name: "timeline"; lane?: Lane; deployment?: number; at?: number }
  | { name: "environments" }
  /** With `since`: the lanes of which one is to be chosen. */
  | {
      name: "compare";
      service?: string;
      left?: CompareSide;
      right?: CompareSide;
      since?: Since;
    }
  | { name: "notes"; service?: string; version?: string; text?: string }
  | { name: "operations"; operation?: string }
  /** With a draft: one that was suggested, to be looked over and saved. With a file: at a place in it. */
  | { name: "workspace"; draft?: WorkspaceDraft; file?: FilePlace }
  | { name: "settings" };

export type ScreenName = Screen["name"];

/** What a rollback is to go back to. */
export type RollbackTarget =
  | { deployment: number }
  | { version: string }
  | { undo: string }
  | { previous: true };

/** What lies over a screen, at most one at a time. */
export type Overlay =
  /** Without a target: the last known good one. `choosing` opens the sheet with the list of the others open. */
  | { name: "rollback"; lane: Lane; target?: RollbackTarget; choosing?: boolean }
  | { name: "operation"; operation: string }
  /** `deployment` says which is meant where several workloads run the service. */
  | { name: "cluster"; lane: Lane; deployment?: number }
  | { name: "palette"; text?: string }
  | { name: "keys" }
  /** Asks before the app ends while an operation runs; `under` is what it lies over. */
  | { name: "quit"; under?: Overlay };

export type OverlayName = Overlay["name"];

/** The screens of the title bar, in its order. */
export const MAIN_SCREENS = ["timeline", "environments", "compare", "notes", "operations"] as const;
