/** Which key means what on the timeline. Pure: a key in, a command out. */

export type Command =
  | "row-up"
  | "row-down"
  | "left"
  | "right"
  | "first"
  | "last"
  | "page-up"
  | "page-down"
  | "pan-left"
  | "pan-right"
  | "zoom-in"
  | "zoom-out"
  | "fit"
  | "now"
  | "details"
  | "pair"
  | "compare"
  | "rollback"
  | "note"
  | "next-failure"
  | "previous-failure"
  | "filter"
  | "back";

export interface Key {
  readonly key: string;
  readonly shift: boolean;
  /** Ctrl, Alt or Meta: those belong to the shell and to the platform. */
  readonly modified: boolean;
}

/** Keys that work while focus is in the grid. */
const GRID: Record<string, Command> = {
  ArrowUp: "row-up",
  ArrowDown: "row-down",
  ArrowLeft: "left",
  ArrowRight: "right",
  Home: "first",
  End: "last",
  PageUp: "page-up",
  PageDown: "page-down",
  Enter: "details",
  " ": "pair",
};

/** Keys of one character: they work anywhere on the screen, and can be turned off. */
const LETTERS: Record<string, Command> = {
  "+": "zoom-in",
  "=": "zoom-in",
  "-": "zoom-out",
  "0": "fit",
  t: "now",
  c: "compare",
  r: "rollback",
  n: "note",
  "]": "next-failure",
  "[": "previous-failure",
  "/": "filter",
};

/** Command of a key pressed in the grid, null when it means nothing there. */
export function gridCommand(key: Key): Command | null {
  if (key.modified) return null;
  if (key.shift && key.key === "ArrowLeft") return "pan-left";
  if (key.shift && key.key === "ArrowRight") return "pan-right";
  if (key.shift) return null;
  return GRID[key.key] ?? null;
}

/** Command of a single character. `+` needs Shift on many keyboards, so Shift is not looked at. */
export function letterCommand(key: Key): Command | null {
  if (key.modified || key.key.length !== 1) return null;
  return LETTERS[key.key.toLowerCase()] ?? null;
}
