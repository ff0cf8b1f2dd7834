/** What each key does: commands of the engine, and calls to the outside. */

import type { TimelineEngine } from "@/timeline/engine";
import type { Command, Key } from "@/timeline/keys";
import { newestCurrent } from "@/timeline/lanes";
import { edgeEvent, type Focus, stepEvent, stepRow } from "@/timeline/navigate";
import { lanesOf } from "@/timeline/rows";
import type { TimelineState } from "@/timeline/state";

/** What of a bar is meant that stands for all that shows what runs: what ran there last. */
export const NEWEST = Number.POSITIVE_INFINITY;

/**
 * Calls to the outside. Rows are rows of the data that the timeline shows. A bar goes on over its marks: `at` is the
 * moment (epoch ms) on it whose deployment is meant; without one it is the one selected there, else the newest.
 */
export interface TimelineCalls {
  onSelect(row: number | null, at?: number): void;
  onOpenDetails(row: number, at?: number): void;
  /** Two deployments: the first is the older choice. */
  onCompare(rowA: number, rowB: number): void;
  /** What ran at a moment, and what runs now, in the lanes that the filter shows. */
  onCompareWithNow(time: number, lanes: ArrayLike<number>): void;
  /** A deployment, and the one before it in its lane. */
  onCompareWithBefore(row: number, at?: number): void;
  onRollback(row: number, at?: number): void;
  /** Several workloads run the service of that lane: which one is meant must be said first. */
  onChoose(lane: number): void;
  onNote(row: number): void;
}

/** The deployment that a letter means: the focused one, else the last selected, else none. */
export function targetOf(state: TimelineState, focusInGrid: boolean): number | null {
  if (focusInGrid && state.focus && state.focus.row >= 0) return state.focus.row;
  if (focusInGrid && state.focus) {
    const lanes = lanesOf(state.rows, state.focus.visibleRow);
    const current = lanes ? newestCurrent(state.data, lanes) : -1;
    if (current >= 0) return current;
  }
  return state.selected[state.selected.length - 1] ?? null;
}

/** The moment on that bar that is meant: a row's head stands for what runs now. */
const momentOf = ({ focus }: TimelineState, focusInGrid: boolean): number | undefined =>
  focusInGrid && focus && focus.row < 0 ? NEWEST : undefined;

export interface CommandContext {
  readonly engine: TimelineEngine;
  readonly calls: TimelineCalls;
  readonly focusInGrid: boolean;
  /** Moves the DOM's focus to the engine's once it is drawn. */
  focusGrid(): void;
  focusFilter(): void;
}

/** Runs a command; false when it had nothing to do, so that the key may mean something elsewhere. */
export function runCommand(command: Command, context: CommandContext): boolean {
  const { engine } = context;
  const state = engine.snapshot();
  switch (command) {
    case "row-up":
      return move(context, stepBy(state, -1));
    case "row-down":
      return move(context, stepBy(state, 1));
    case "page-up":
      return move(context, stepBy(state, -pageOf(state)));
    case "page-down":
      return move(context, stepBy(state, pageOf(state)));
    case "left":
      return goLeft(context, state);
    case "right":
      return goRight(context, state);
    case "first":
      return move(context, edgeEvent(state.data, state.rows, focusOrTop(state), "first"));
    case "last":
      return move(context, edgeEvent(state.data, state.rows, focusOrTop(state), "last"));
    case "pan-left":
      engine.panBy(-state.scale.width / 8);
      return true;
    case "pan-right":
      engine.panBy(state.scale.width / 8);
      return true;
    case "zoom-in":
      engine.zoomBy("in");
      return true;
    case "zoom-out":
      engine.zoomBy("out");
      return true;
    case "fit":
      engine.fit();
      return true;
    case "now":
      engine.goToNow();
      return true;
    case "next-failure":
      return goToFailure(context, 1);
    case "previous-failure":
      return goToFailure(context, -1);
    case "filter":
      context.focusFilter();
      return true;
    case "back":
      return goBack(context, state);
    case "details":
      return openDetails(context, state);
    case "pair":
      return pair(context, state);
    case "compare":
      return compare(context, state);
    case "rollback":
    case "note":
      return act(context, state, command);
  }
}

const focusOrTop = (state: TimelineState): Focus => state.focus ?? { visibleRow: 0, row: -1 };

const stepBy = (state: TimelineState, by: number): Focus =>
  stepRow(state.data, state.rows, focusOrTop(state), by, state.now);

const pageOf = (state: TimelineState): number => Math.max(1, Math.floor(state.height / 32) - 1);

function move(context: CommandContext, focus: Focus): boolean {
  if (context.engine.snapshot().rows.count === 0) return false;
  context.engine.setFocus(focus);
  context.focusGrid();
  return true;
}

/** On the head of a row that opens → opens it; else it goes to the next event. */
function goRight(context: CommandContext, state: TimelineState): boolean {
  const focus = focusOrTop(state);
  const { rows } = state;
  if (focus.row < 0 && rows.canOpen[focus.visibleRow] && !rows.isOpen[focus.visibleRow]) {
    context.engine.setOpen(focus.visibleRow, true);
    return true;
  }
  return move(context, stepEvent(state.data, rows, focus, 1, state.scale.from));
}

/** On the head of an open row ← closes it; on another's it goes up to what the row lies under. */
function goLeft(context: CommandContext, state: TimelineState): boolean {
  const focus = focusOrTop(state);
  const { rows } = state;
  if (focus.row >= 0)
    return move(context, stepEvent(state.data, rows, focus, -1, state.scale.from));
  if (rows.isOpen[focus.visibleRow]) {
    context.engine.setOpen(focus.visibleRow, false);
    return true;
  }
  const level = rows.level[focus.visibleRow] as number;
  let above = focus.visibleRow;
  while (above > 0 && (rows.level[above] as number) >= level) above--;
  return level === 1 || move(context, { visibleRow: above, row: -1 });
}

function goToFailure(context: CommandContext, direction: 1 | -1): boolean {
  const row = context.engine.failureFrom(direction);
  if (row < 0) return false;
  context.engine.goTo(row);
  context.calls.onSelect(row, context.engine.snapshot().data.started[row]);
  context.focusGrid();
  return true;
}

/** The innermost thing first: the pinned moment, then the pair, then the selection. */
function goBack(context: CommandContext, state: TimelineState): boolean {
  const { engine, calls } = context;
  if (state.cursor?.pinned) {
    engine.pin(null);
    return true;
  }
  if (state.selected.length === 0) return false;
  engine.select(null);
  calls.onSelect(null);
  return true;
}

function openDetails(context: CommandContext, state: TimelineState): boolean {
  const { engine, calls } = context;
  const focus = state.focus;
  if (focus && focus.row < 0 && state.rows.canOpen[focus.visibleRow]) {
    engine.setOpen(focus.visibleRow, !state.rows.isOpen[focus.visibleRow]);
    return true;
  }
  const row = targetOf(state, context.focusInGrid);
  if (row === null) return false;
  const at = momentOf(state, context.focusInGrid);
  engine.select(row);
  calls.onSelect(row, at);
  calls.onOpenDetails(row, at);
  return true;
}

function pair(context: CommandContext, state: TimelineState): boolean {
  const row = targetOf(state, context.focusInGrid);
  if (row === null) return true;
  context.engine.togglePair(row);
  const { selected } = context.engine.snapshot();
  context.calls.onSelect(selected[selected.length - 1] ?? null);
  return true;
}

/** A pair is compared; else the pinned moment with now; else a deployment with the one before it. */
function compare(context: CommandContext, state: TimelineState): boolean {
  const { calls } = context;
  const [a, b] = state.selected;
  if (a !== undefined && b !== undefined) {
    calls.onCompare(a, b);
    return true;
  }
  if (state.cursor?.pinned) {
    calls.onCompareWithNow(state.cursor.time, state.rows.laneOf);
    return true;
  }
  const row = targetOf(state, context.focusInGrid);
  if (row === null) return false;
  calls.onCompareWithBefore(row, momentOf(state, context.focusInGrid));
  return true;
}

/** The place with several workloads whose head has the focus, as its first lane; -1 for none. */
function undecided({ rows, focus }: TimelineState): number {
  if (!focus || focus.row >= 0) return -1;
  const shown = lanesOf(rows, focus.visibleRow);
  if (shown) return shown.end - shown.from > 1 ? shown.from : -1;
  const isPlace = rows.level[focus.visibleRow] === 2;
  return isPlace ? (rows.laneOf[rows.groupFrom[focus.visibleRow] as number] as number) : -1;
}

function act(context: CommandContext, state: TimelineState, what: "rollback" | "note"): boolean {
  const lane = what === "rollback" && context.focusInGrid ? undecided(state) : -1;
  if (lane >= 0) {
    context.engine.openPlace(lane);
    context.focusGrid();
    context.calls.onChoose(lane);
    return true;
  }
  const row = targetOf(state, context.focusInGrid);
  if (row === null) return false;
  const at = momentOf(state, context.focusInGrid);
  context.engine.select(row);
  context.calls.onSelect(row, at);
  if (what === "rollback") context.calls.onRollback(row, at);
  else context.calls.onNote(row);
  return true;
}

/** A keyboard event as the keymap reads it. */
export const keyOf = (event: {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}): Key => ({
  key: event.key,
  shift: event.shiftKey,
  modified: event.ctrlKey || event.altKey || event.metaKey,
});
