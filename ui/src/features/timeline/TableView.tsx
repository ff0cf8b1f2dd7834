// biome-ignore-all lint/a11y/useSemanticElements: a virtual table's rows stand at heights of their own, which a table's cannot
// biome-ignore-all lint/a11y/useFocusableInteractive: focus roves over rows; cells are read with their row
import { ArrowDown, ArrowUp } from "lucide-react";
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { StatusGlyph, type StatusKind } from "@/shared/display/StatusGlyph";
import { Pill } from "@/shared/display/Tag";
import { formatMoment } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import { Status, type TimelineData } from "@/timeline/columns";
import { Look } from "@/timeline/drawlist";
import { lookOf } from "@/timeline/look";
import type { TimelineState } from "@/timeline/state";
import css from "./TableView.module.css";
import {
  cellText,
  cellTime,
  columnLabel,
  columnsOf,
  sortedRows,
  type TableColumn,
  type TableSort,
  TIME_COLUMNS,
  tableRows,
  timeWords,
} from "./table";

const ROW_HEIGHT = 32;
/** Rows made beyond the window's edges, so that scrolling shows no empty ones. */
const MARGIN = 8;

/**
 * The same deployments as the lanes, as a table that sorts and can be read aloud. Only rows in sight
 * stand in the document: a hundred thousand are as quick as ten.
 */
export function TableView({
  state,
  onOpen,
}: {
  state: TimelineState;
  onOpen: (row: number) => void;
}) {
  const { data, rows } = state;
  const [sort, setSort] = useState<TableSort>({ column: "started", direction: "descending" });
  const all = useMemo(() => tableRows(data, rows), [data, rows]);
  const sorted = useMemo(() => sortedRows(data, all, sort), [data, all, sort]);
  const columns = useMemo(() => columnsOf(data), [data]);
  return (
    <div
      role="grid"
      aria-label={m.timeline_label()}
      aria-rowcount={sorted.length + 1}
      aria-colcount={columns.length}
      className={css.table}
      data-workloads={columns.includes("workload") || undefined}
    >
      <Heading columns={columns} sort={sort} onSort={setSort} />
      {sorted.length === 0 ? (
        <p className={css.empty}>{m.timeline_table_empty()}</p>
      ) : (
        <Body
          data={data}
          columns={columns}
          sorted={sorted}
          selected={state.selected}
          onOpen={onOpen}
        />
      )}
    </div>
  );
}

function Heading({
  columns,
  sort,
  onSort,
}: {
  columns: readonly TableColumn[];
  sort: TableSort;
  onSort: (sort: TableSort) => void;
}) {
  return (
    <div role="row" aria-rowindex={1} className={`${css.row} ${css.head}`}>
      {columns.map((column) => {
        const isSorted = sort.column === column;
        const next = isSorted && sort.direction === "descending" ? "ascending" : "descending";
        return (
          <div
            key={column}
            role="columnheader"
            aria-sort={isSorted ? sort.direction : "none"}
            className={css.cell}
            data-column={column}
          >
            <button
              type="button"
              className={css.sort}
              onClick={() => onSort({ column, direction: next })}
            >
              {columnLabel(column)}
              {isSorted && (
                <Icon of={sort.direction === "ascending" ? ArrowUp : ArrowDown} size="xs" />
              )}
            </button>
          </div>
        );
      })}
    </div>
  );
}

function Body({
  data,
  columns,
  sorted,
  selected,
  onOpen,
}: {
  data: TimelineData;
  columns: readonly TableColumn[];
  sorted: Int32Array;
  selected: readonly number[];
  onOpen: (row: number) => void;
}) {
  const zone = useZone();
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 0 });
  const [active, setActive] = useState(0);
  const moved = useRef(false);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    scroller.current?.querySelector<HTMLElement>(`[data-index="${active}"]`)?.focus();
  }, [active]);
  const focusAt = (index: number) => {
    const next = Math.max(0, Math.min(sorted.length - 1, index));
    const element = scroller.current;
    if (element) {
      const top = next * ROW_HEIGHT;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + ROW_HEIGHT > element.scrollTop + element.clientHeight) {
        element.scrollTop = top + ROW_HEIGHT - element.clientHeight;
      }
      setView({ top: element.scrollTop, height: element.clientHeight });
    }
    moved.current = true;
    setActive(next);
  };
  const first = Math.max(0, Math.floor(view.top / ROW_HEIGHT) - MARGIN);
  const end = Math.min(sorted.length, Math.ceil((view.top + view.height) / ROW_HEIGHT) + MARGIN);
  const shown = Array.from({ length: end - first }, (_, i) => first + i);
  // The active row keeps its place in the document, so that the focus does not fall off.
  if (active < sorted.length && (active < first || active >= end)) shown.push(active);
  return (
    <div
      ref={scroller}
      role="rowgroup"
      className={css.body}
      onScroll={({ currentTarget: body }) => {
        setView({ top: body.scrollTop, height: body.clientHeight });
        // The names of the columns go sideways with them, where all have no room.
        if (body.previousElementSibling) body.previousElementSibling.scrollLeft = body.scrollLeft;
      }}
      onKeyDown={(event) => {
        const index = indexFor(event, active, sorted.length, view.height);
        if (index !== null) {
          event.preventDefault();
          focusAt(index);
        } else if (event.key === "Enter") onOpen(sorted[active] as number);
      }}
    >
      <div className={css.all} role="presentation" style={{ height: sorted.length * ROW_HEIGHT }}>
        {shown.map((index) => {
          const row = sorted[index] as number;
          return (
            <div
              key={row}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={selected.includes(row)}
              tabIndex={index === active ? 0 : -1}
              data-index={index}
              className={`${css.row} ${css.line}`}
              style={{ transform: `translateY(${index * ROW_HEIGHT}px)` }}
              onFocus={() => setActive(index)}
              onDoubleClick={() => onOpen(row)}
            >
              {columns.map((column) => (
                <div
                  key={column}
                  role={column === "version" ? "rowheader" : "gridcell"}
                  className={css.cell}
                  data-column={column}
                >
                  <Cell data={data} row={row} column={column} zone={zone} />
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Where a key moves the focus, null for other keys. */
function indexFor(
  event: KeyboardEvent,
  active: number,
  count: number,
  height: number,
): number | null {
  const page = Math.max(1, Math.floor(height / ROW_HEIGHT) - 1);
  switch (event.key) {
    case "ArrowUp":
      return active - 1;
    case "ArrowDown":
      return active + 1;
    case "PageUp":
      return active - page;
    case "PageDown":
      return active + page;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

function Cell({
  data,
  row,
  column,
  zone,
}: {
  data: TimelineData;
  row: number;
  column: TableColumn;
  zone: string;
}) {
  if (TIME_COLUMNS.has(column)) {
    const time = cellTime(data, row, column);
    if (Number.isNaN(time)) return <span className="t2">{timeWords(data, row, column)}</span>;
    const moment = formatMoment(time, zone, data.now);
    const isBound = column === "started" && !Number.isNaN(data.startedEarliest[row] as number);
    return <span className="num">{isBound ? m.timeline_table_by({ moment }) : moment}</span>;
  }
  const text = cellText(data, row, column);
  if (column === "version") return <Pill state="outlined">{text}</Pill>;
  if (column !== "status") {
    return (
      <span className="ell" title={text}>
        {text}
      </span>
    );
  }
  return (
    <>
      <StatusGlyph kind={glyphOf(data, row)} quiet />
      <span className="ell" title={text}>
        {text}
      </span>
    </>
  );
}

function glyphOf(data: TimelineData, row: number): StatusKind {
  const look = lookOf(data, row);
  switch (look) {
    case Look.Failed:
      return "failed";
    case Look.Progress:
      return "progress";
    case Look.Rollback:
      return "rollback";
    case Look.Undone:
    case Look.Unknown:
    case Look.Gap:
    case Look.SoftEdge:
      return "unknown";
    case Look.Past:
    case Look.Live:
    case Look.Merged:
      return data.status[row] === Status.Degraded ? "warn" : "ok";
  }
}
