// biome-ignore-all lint/a11y/useSemanticElements: rows that are drawn only where they are seen cannot be those of a table
// biome-ignore-all lint/a11y/useFocusableInteractive: focus roves over the cells; rows and headings are read with them
import { ArrowDown, ArrowLeft, ArrowUp, Equal, X } from "lucide-react";
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { Connection, EnvironmentInfo, Matrix, MatrixCell, MatrixRow } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { Region } from "@/shared/keys/regions";
import { type CellLook, cellLook, rowDrift } from "./drift";
import { EnvironmentHead } from "./EnvironmentHead";
import { movePlace, type Place, visibleRows } from "./grid";
import css from "./Matrix.module.css";
import { cellName, driftWords } from "./words";

const ROW = 36;
/** Where no layout says how high the grid is. */
const UNKNOWN_HEIGHT = 900;

export type GridProps = {
  matrix: Matrix;
  rows: readonly MatrixRow[];
  environments: readonly EnvironmentInfo[];
  connections: readonly Connection[];
  now: number;
  isSelected: (cell: MatrixCell) => boolean;
  isPaired: (cell: MatrixCell) => boolean;
  onOpen: (row: MatrixRow, cell: MatrixCell) => void;
  onPair: (row: MatrixRow, cell: MatrixCell) => void;
  /** Esc: nothing is selected any more. */
  onClear: () => void;
};

/** Services by environments: one tab stop, arrows inside, drawn only where it is seen. */
export function MatrixGrid(props: GridProps) {
  const { matrix, rows, environments, connections, now } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [scrolled, setScrolled] = useState(0);
  const height = useHeight(scroller);
  const { place, setPlace, keyDown } = usePlace(props, scroller, height);
  const { first, last } = visibleRows(scrolled, height, ROW, rows.length);
  const drawn = rows
    .map((row, at) => ({ row, at }))
    .filter(({ at }) => (at >= first && at < last) || at === place.row);
  const least = `${168 + environments.length * 176 + 136}px`;
  const columns = `minmax(168px, 212px) repeat(${environments.length}, minmax(176px, 1fr)) minmax(136px, 160px)`;
  return (
    <Region label={m.environments_matrix()} className={css.region ?? ""}>
      <div
        ref={scroller}
        role="grid"
        aria-label={m.environments_matrix()}
        aria-rowcount={rows.length + 1}
        aria-colcount={environments.length + 2}
        className={css.scroller}
        style={{ "--columns": columns, "--least": least } as CSSProperties}
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
        onKeyDown={keyDown}
      >
        <div role="row" aria-rowindex={1} className={`${css.row} ${css.head}`}>
          <div role="columnheader" aria-colindex={1} className={css.service}>
            <span className="label">{m.environments_service()}</span>
          </div>
          {environments.map((environment, at) => (
            <EnvironmentHead
              key={environment.name}
              column={at + 2}
              environment={environment}
              connection={connections.find((one) => one.cluster === environment.cluster)}
              isReference={environment.name === matrix.reference}
              now={now}
            />
          ))}
          <div role="columnheader" aria-colindex={environments.length + 2} className={css.cell}>
            <span className="label">{m.environments_drift()}</span>
          </div>
        </div>
        <div role="presentation" className={css.rows} style={{ height: rows.length * ROW }}>
          {drawn.map(({ row, at }) => (
            <Row key={row.service} row={row} at={at} place={place} onPlace={setPlace} {...props} />
          ))}
        </div>
      </div>
    </Region>
  );
}

function Row({
  row,
  at,
  place,
  onPlace,
  ...grid
}: GridProps & { row: MatrixRow; at: number; place: Place; onPlace: (place: Place) => void }) {
  const { matrix, environments, now } = grid;
  const here = (column: number) => place.row === at && place.column === column;
  const drift = rowDrift(row, matrix.reference, now);
  return (
    <div
      role="row"
      aria-rowindex={at + 2}
      className={css.row}
      style={{ transform: `translateY(${at * ROW}px)` }}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        tabIndex={here(-1) ? 0 : -1}
        data-place={`${at}/-1`}
        className={`${css.service} b6`}
        onFocus={() => onPlace({ row: at, column: -1 })}
      >
        <span className="ell">{row.service}</span>
      </div>
      {environments.map((environment, column) => {
        const cell = row.cells.find((one) => one.environment === environment.name);
        return (
          <Cell
            key={environment.name}
            row={row}
            cell={cell ?? absent(environment.name)}
            column={column}
            at={at}
            hasFocus={here(column)}
            onPlace={onPlace}
            {...grid}
          />
        );
      })}
      <div
        role="gridcell"
        aria-colindex={environments.length + 2}
        className={`${css.cell} small ${css[`drift-${drift.kind}`] ?? "muted"}`}
      >
        {drift.kind === "failed" && <StatusGlyph kind="failed" />}
        {drift.kind === "behind-long" && <StatusGlyph kind="warn" />}
        <span className="ell">{driftWords(drift)}</span>
      </div>
    </div>
  );
}

function absent(environment: string): MatrixCell {
  return {
    environment,
    deployment: null,
    version: null,
    status: "unknown",
    rolledBack: false,
    inferred: false,
    stale: false,
    drift: "absent",
    commits: null,
    since: null,
  };
}

function Cell({
  row,
  cell,
  at,
  column,
  hasFocus,
  onPlace,
  matrix,
  isSelected,
  isPaired,
  onOpen,
  onPair,
}: GridProps & {
  row: MatrixRow;
  cell: MatrixCell;
  at: number;
  column: number;
  hasFocus: boolean;
  onPlace: (place: Place) => void;
}) {
  const click = (event: MouseEvent) => {
    onPlace({ row: at, column });
    if (event.ctrlKey || event.metaKey || event.shiftKey) onPair(row, cell);
    else onOpen(row, cell);
  };
  const chosen = isSelected(cell) || isPaired(cell);
  const name = cellName(row.service, cell, matrix.reference);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles Enter and Space for all its cells.
    <div
      role="gridcell"
      aria-colindex={column + 2}
      aria-label={chosen ? name + m.environments_join() + m.environments_chosen() : name}
      aria-selected={chosen}
      tabIndex={hasFocus ? 0 : -1}
      data-place={`${at}/${column}`}
      data-reference={cell.environment === matrix.reference || undefined}
      className={`${css.cell} ${css.version}`}
      onFocus={() => onPlace({ row: at, column })}
      onClick={click}
    >
      <VersionPill cell={cell} chosen={chosen} />
    </div>
  );
}

const DRAWN: Partial<Record<CellLook, typeof X>> = {
  failed: X,
  ahead: ArrowUp,
  behind: ArrowDown,
  rollback: ArrowLeft,
};

/** A version in the shape of its meaning; always whole. */
export function VersionPill({ cell, chosen = false }: { cell: MatrixCell; chosen?: boolean }) {
  const look = cellLook(cell);
  if (look === "absent") return <span className={`small muted ${css.absent}`} aria-hidden="true" />;
  if (look === "unknown") {
    return (
      <span className={`small ${css.pill} ${css.unknown}`}>
        <StatusGlyph kind="unknown" size={12} />
        {m.environments_unknown()}
      </span>
    );
  }
  const Shape = DRAWN[look];
  return (
    <span
      className={`${css.pill} ${css[look]}`}
      data-chosen={chosen || undefined}
      data-dashed={((cell.inferred || cell.stale) && look !== "failed") || undefined}
    >
      {Shape && <Icon of={Shape} size="xs" />}
      {look === "different" && <Icon of={Equal} size="xs" className={css.unequal} />}
      {look === "progress" && <StatusGlyph kind="progress" size={12} />}
      {look === "degraded" && <StatusGlyph kind="warn" size={12} />}
      {look === "stale" && <StatusGlyph kind="unknown" size={12} />}
      {cell.version}
    </span>
  );
}

function useHeight(scroller: { current: HTMLDivElement | null }): number {
  const [height, setHeight] = useState(UNKNOWN_HEIGHT);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || typeof ResizeObserver === "undefined") return;
    const measure = () => setHeight(element.clientHeight || UNKNOWN_HEIGHT);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
  return height;
}

/** One tab stop that moves by keys; the focus follows it only when it is inside already. */
function usePlace(
  { rows, environments, onOpen, onPair, onClear }: GridProps,
  scroller: { current: HTMLDivElement | null },
  height: number,
) {
  const [wanted, setPlace] = useState<Place>({ row: 0, column: 0 });
  const moved = useRef(false);
  const place = {
    row: Math.min(wanted.row, Math.max(0, rows.length - 1)),
    column: Math.min(wanted.column, environments.length - 1),
  };
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    const cell = scroller.current?.querySelector<HTMLElement>(
      `[data-place="${place.row}/${place.column}"]`,
    );
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  });
  const keyDown = (event: KeyboardEvent) => {
    const row = rows[place.row];
    const environment = environments[place.column]?.name;
    const cell = row?.cells.find((one) => one.environment === environment);
    if (row && cell && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      if (event.key === "Enter") onOpen(row, cell);
      else onPair(row, cell);
      return;
    }
    if (event.key === "Escape") onClear();
    if (event.altKey || event.metaKey || rows.length === 0) return;
    const page = Math.max(1, Math.floor(height / ROW) - 2);
    const size = { rows: rows.length, columns: environments.length, page };
    const next = movePlace(place, event.key, { ctrl: event.ctrlKey }, size);
    if (!next) return;
    event.preventDefault();
    moved.current = true;
    setPlace(next);
  };
  return { place, setPlace, keyDown };
}
