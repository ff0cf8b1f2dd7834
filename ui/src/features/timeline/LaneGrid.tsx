// biome-ignore-all lint/a11y/noStaticElementInteractions: the whole head is the mouse's target; keys act on its cell
// biome-ignore-all lint/a11y/useSemanticElements: rows that lie over a canvas cannot be those of a table
// biome-ignore-all lint/a11y/useFocusableInteractive: focus roves over heads and events; the columns beside are read with them
import { memo, type RefObject, useEffect, useLayoutEffect, useState } from "react";
import { m } from "@/paraglide/messages";
import { formatMoment } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import type { TimelineData } from "@/timeline/columns";
import type { TimelineEngine } from "@/timeline/engine";
import { type Command, gridCommand } from "@/timeline/keys";
import { endOf } from "@/timeline/lanes";
import type { Focus } from "@/timeline/navigate";
import { lanesOf, type Rows, rowOfLane, rowsIn, totalHeight } from "@/timeline/rows";
import { type Scale, toX } from "@/timeline/scale";
import type { TimelineState } from "@/timeline/state";
import { cellsOf, type EventCell } from "./cells";
import { keyOf } from "./commands";
import { AtCell, GroupArrow, LaneGlyph, NowCell, rowFacts } from "./LaneHead";
import css from "./Lanes.module.css";
import { atLabel, eventName, markName, placeLabel, stateLabel, whereLabel } from "./words";

/**
 * The rows in sight: each row's head, which everybody sees, and cells over the bars of the canvas,
 * which assistive technology reads and the keyboard's focus stands on.
 */
export function LaneRows({
  engine,
  state,
  grid,
  onToggle,
  onPick,
  onCommand,
}: {
  engine: TimelineEngine;
  state: TimelineState;
  grid: RefObject<HTMLDivElement | null>;
  onToggle: (visibleRow: number) => void;
  /** The head of a lane that does not open was clicked: what runs there is meant. */
  onPick: (visibleRow: number) => void;
  /** Runs what a key means in the grid; true when it meant something. */
  onCommand: (command: Command) => boolean;
}) {
  const { data, rows, scrollTop, height, focus, selected, scale } = state;
  const cells = useCells(engine, state);
  const seen = rowsIn(rows, scrollTop, height);
  const visible: number[] = [];
  for (let row = seen.first; row < seen.end; row++) visible.push(row);
  // Scrolled out of sight, the focused row stays in the document: focus must not fall off.
  if (focus && focus.visibleRow < rows.count && !visible.includes(focus.visibleRow)) {
    visible.push(focus.visibleRow);
  }
  const tinted = new Set(selected.map((row) => rowOfLane(rows, data.lane[row] as number)));
  const entry =
    focus && focus.visibleRow < rows.count ? focus : { visibleRow: seen.first, row: -1 };
  const time = state.cursor?.time ?? null;
  return (
    <div
      ref={grid}
      role="treegrid"
      aria-label={m.timeline_label()}
      aria-rowcount={rows.count + 1}
      aria-multiselectable="true"
      className={css.rows}
      onKeyDown={(event) => {
        const command = isCell(event.target) ? gridCommand(keyOf(event)) : null;
        if (command && onCommand(command)) event.preventDefault();
      }}
      onFocus={(event) => followFocus(engine, event.target)}
    >
      <ColumnNames state={state} />
      <div
        className={css.shift}
        style={{ transform: `translateY(${-scrollTop}px)` }}
        role="presentation"
      >
        {visible.map((row) => (
          <LaneRow
            key={rowKey(rows, row)}
            data={data}
            rows={rows}
            row={row}
            time={time}
            isTinted={tinted.has(row)}
            focused={entry.visibleRow === row ? entry.row : null}
            selected={selected}
            cells={cells.get(row) ?? NO_CELLS}
            focusPlace={entry.visibleRow === row ? placeOf(data, scale, entry, state.now) : null}
            onToggle={onToggle}
            onPick={onPick}
          />
        ))}
      </div>
      <Scrollbar
        engine={engine}
        total={totalHeight(rows)}
        height={height}
        top={scrollTop}
        right={state.covered}
      />
    </div>
  );
}

/** The columns' names for assistive technology; the eye reads them beside the axis. */
function ColumnNames({ state }: { state: TimelineState }) {
  const zone = useZone();
  const { cursor, grouping, now } = state;
  return (
    <div role="row" aria-rowindex={1} className="visually-hidden">
      <span role="columnheader">
        {grouping === "service" ? m.timeline_column_service() : m.timeline_column_environment()}
      </span>
      <span role="columnheader">{cursor && atLabel(cursor.time, zone, now)}</span>
      <span role="columnheader">{m.timeline_column_now()}</span>
      <span role="columnheader">{m.timeline_column_events()}</span>
    </div>
  );
}

const isCell = (target: EventTarget): boolean =>
  target instanceof HTMLElement && target.dataset.event !== undefined;

/** Focus that came by Tab, by a click or by assistive technology is the engine's focus too. */
function followFocus(engine: TimelineEngine, target: EventTarget): void {
  if (!(target instanceof HTMLElement) || target.dataset.event === undefined) return;
  const visibleRow = Number(target.dataset.row);
  const row = Number(target.dataset.event);
  const { focus } = engine.snapshot();
  if (focus?.visibleRow === visibleRow && focus.row === row) return;
  engine.setFocus({ visibleRow, row });
}

const NO_CELLS: EventCell[] = [];

const rowKey = (rows: Rows, row: number): string =>
  rows.isGroup[row]
    ? `g${rows.group[row]}`
    : `${rows.level[row]}:${rows.laneOf[rows.groupFrom[row] as number]}`;

const LEVELS: Record<number, string | undefined> = { 1: css.group, 2: css.lane, 3: css.workload };

/**
 * Cells follow the view once it rests: a hand that pans does not rebuild the document each frame. They
 * are numbered by rows and columns, so others bring other cells at once.
 */
function useCells(engine: TimelineEngine, state: TimelineState): Map<number, EventCell[]> {
  const [made, setMade] = useState(() => ({ rows: state.rows, cells: NO_ROWS }));
  const { rows, scale, scrollTop, height } = state;
  const isThere = rows.count > 0 && height > 0 && scale.width > 0 && scrollTop >= 0;
  const isOld = made.rows !== rows;
  useLayoutEffect(() => {
    if (isOld && isThere) setMade({ rows, cells: cellsOf(engine.scene(), scale.width) });
  }, [engine, rows, isOld, isThere, scale.width]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the engine's scene is of where it is scrolled to.
  useEffect(() => {
    if (!isThere) return;
    const timer = window.setTimeout(
      () => setMade({ rows, cells: cellsOf(engine.scene(), scale.width) }),
      120,
    );
    return () => window.clearTimeout(timer);
  }, [engine, rows, scale, scrollTop, height, isThere]);
  return isOld ? NO_ROWS : made.cells;
}

const NO_ROWS = new Map<number, EventCell[]>();

interface Place {
  readonly x: number;
  readonly width: number;
}

/** Where the focused event stands, whether or not its cell was made yet. */
function placeOf(data: TimelineData, scale: Scale, focus: Focus, now: number): Place | null {
  if (focus.row < 0) return null;
  const x0 = Math.max(0, toX(scale, data.started[focus.row] as number));
  const x1 = Math.min(scale.width, toX(scale, endOf(data, focus.row, now)));
  return { x: Math.min(x0, scale.width - 4), width: Math.max(4, x1 - x0) };
}

interface LaneRowProps {
  data: TimelineData;
  rows: Rows;
  row: number;
  time: number | null;
  isTinted: boolean;
  /** Focused event, -1 for the head, null when focus is in another row. */
  focused: number | null;
  selected: readonly number[];
  cells: readonly EventCell[];
  focusPlace: Place | null;
  onToggle: (visibleRow: number) => void;
  onPick: (visibleRow: number) => void;
}

const LaneRow = memo(function LaneRow(props: LaneRowProps) {
  const { data, rows, row, time, isTinted, focused, onToggle, onPick } = props;
  const facts = rowFacts(data, rows, row);
  const canOpen = rows.canOpen[row] === 1;
  const level = rows.level[row] as number;
  const isOpen = rows.isOpen[row] === 1;
  const top = rows.top[row] as number;
  const head = `${css.head} ${LEVELS[level]} ${isTinted ? css.tinted : ""}`;
  return (
    <div
      role="row"
      className={css.row}
      style={{ top, height: (rows.top[row + 1] as number) - top }}
      aria-rowindex={row + 2}
      aria-level={level}
      {...(canOpen && { "aria-expanded": isOpen })}
      data-row={row}
    >
      <div
        className={head}
        role="presentation"
        onClick={() => (canOpen ? onToggle(row) : onPick(row))}
      >
        <div
          role="rowheader"
          className={css.name}
          tabIndex={focused === -1 ? 0 : -1}
          data-row={row}
          data-event={-1}
          aria-label={m.timeline_row_name({ name: facts.name, state: stateLabel(facts.state) })}
        >
          {canOpen && <GroupArrow open={isOpen} />}
          <span className="ell" title={facts.name}>
            {facts.name}
            {facts.team && <span className={css.team}>{facts.team}</span>}
          </span>
        </div>
        {facts.lanes && (
          <>
            <div role="gridcell" className={css.at} data-on={time !== null || undefined}>
              <AtCell data={data} lanes={facts.lanes} time={time} />
            </div>
            <div role="gridcell" className={css.now} data-under={time !== null || undefined}>
              <NowCell data={data} lanes={facts.lanes} state={facts.state} />
            </div>
          </>
        )}
        <LaneGlyph state={facts.state} />
      </div>
      <EventCells {...props} />
    </div>
  );
});

function EventCells({ data, row, rows, cells, focused, focusPlace, selected }: LaneRowProps) {
  const zone = useZone();
  const where = whereOf(data, rows, row);
  const shown = cells.filter((cell) => !(cell.kind === "event" && cell.row === focused));
  return (
    <div className={css.events} role="presentation">
      {shown.map((cell) => {
        const isEvent = cell.kind === "event" || cell.kind === "many";
        return (
          <div
            key={cellKey(cell)}
            role="gridcell"
            tabIndex={-1}
            className={css.event}
            style={{ left: cell.x, width: cell.width }}
            aria-label={cellName(data, where, cell, zone)}
            {...(isEvent && {
              "data-row": row,
              "data-event": cell.row,
              "aria-selected": selected.includes(cell.row),
            })}
          />
        );
      })}
      {focused !== null && focused >= 0 && focusPlace && (
        <div
          role="gridcell"
          tabIndex={0}
          className={css.event}
          style={{ left: focusPlace.x, width: focusPlace.width }}
          aria-label={eventName(data, focused, zone, data.now)}
          aria-selected={selected.includes(focused)}
          data-row={row}
          data-event={focused}
        />
      )}
    </div>
  );
}

function cellKey(cell: EventCell): string {
  switch (cell.kind) {
    case "event":
      return `e${cell.row}`;
    case "many":
      return `n${cell.row}`;
    case "mark":
      return `m${cell.mark}`;
    case "gap":
      return `g${cell.gap}`;
  }
}

/** Where a row's bars are; "" of a thread. */
function whereOf(data: TimelineData, rows: Rows, row: number): string {
  const lanes = lanesOf(rows, row);
  if (!lanes) return "";
  const isOne = lanes.end - lanes.from === 1;
  return isOne ? placeLabel(data, lanes.from) : whereLabel(data, lanes.from);
}

function cellName(data: TimelineData, where: string, cell: EventCell, zone: string): string {
  switch (cell.kind) {
    case "event":
      return eventName(data, cell.row, zone, data.now);
    case "mark":
      return markName(data, cell.mark, zone, data.now);
    case "gap":
      return m.timeline_gap({ count: cell.count });
    case "many": {
      const when = formatMoment(data.started[cell.row] as number, zone, data.now);
      return cell.failed > 0
        ? m.timeline_event_many_failed({ count: cell.count, failed: cell.failed, where, when })
        : m.timeline_event_many({ count: cell.count, where, when });
    }
  }
}

/** A thumb for the mouse; keys and the wheel do the same. */
function Scrollbar({
  engine,
  total,
  height,
  top,
  right,
}: {
  engine: TimelineEngine;
  total: number;
  height: number;
  top: number;
  /** Beside what covers the lanes. */
  right: number;
}) {
  if (total <= height || height <= 0) return null;
  const thumb = Math.max(28, (height / total) * height);
  const room = height - thumb;
  const y = (top / (total - height)) * room;
  return (
    <div
      className={css.scrollbar}
      style={{ right }}
      aria-hidden="true"
      onPointerDown={(event) => {
        const track = event.currentTarget.getBoundingClientRect();
        const held = event.clientY - track.top - y;
        const grip = held >= 0 && held <= thumb ? held : thumb / 2;
        const move = (clientY: number) =>
          engine.scrollTo(((clientY - track.top - grip) / room) * (total - height));
        move(event.clientY);
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.onpointermove = (moved) => move(moved.clientY);
      }}
      onPointerUp={(event) => {
        event.currentTarget.onpointermove = null;
      }}
    >
      <div className={css.thumb} style={{ height: thumb, transform: `translateY(${y}px)` }} />
    </div>
  );
}

/** The element that carries a focus, once it stands in the document. */
export function focusElement(
  grid: RefObject<HTMLElement | null>,
  focus: Focus,
): HTMLElement | null {
  return (
    grid.current?.querySelector<HTMLElement>(
      `[data-row="${focus.visibleRow}"][data-event="${focus.row}"]`,
    ) ?? null
  );
}
