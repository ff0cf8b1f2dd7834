// biome-ignore-all lint/a11y/noAriaHiddenOnFocusable: the canvases take no focus; the grid over them does
import {
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from "react";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { useLocale } from "@/shared/i18n/locale";
import { isTyping } from "@/shared/keys/platform";
import { formatCount } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import type { TimelineData } from "@/timeline/columns";
import type { TimelineEngine } from "@/timeline/engine";
import { gridCommand, letterCommand } from "@/timeline/keys";
import { failingNow, newestCurrent, rowOfLedgerId } from "@/timeline/lanes";
import type { Overview } from "@/timeline/overview";
import { attachAxis, attachLanes, attachOverview, attachWheel } from "@/timeline/pointer";
import { lanesOf, NO_FILTER, rowOfLane } from "@/timeline/rows";
import { spanOf, toTime } from "@/timeline/scale";
import type { TimelineState } from "@/timeline/state";
import type { Period } from "./asked";
import { type CommandContext, keyOf, NEWEST, runCommand, type TimelineCalls } from "./commands";
import { ChoiceBar, MomentBar, PairBar } from "./FloatingBar";
import { focusElement, LaneRows } from "./LaneGrid";
import css from "./Lanes.module.css";
import { FIRST_MEMORY, filterOf, type TimelineMemory } from "./memory";
import { TableView } from "./TableView";
import { Toolbar } from "./Toolbar";
import { tableRows } from "./table";
import { useChoice } from "./useChoice";
import { useCovered } from "./useCovered";
import { type Canvases, useCanvases, useEngine, useTimeline } from "./useEngine";
import { atLabel, periodLabel, placeLabel, serviceLabel, versionLabel } from "./words";

/** What the shell may ask of the timeline. */
export interface TimelineHandle {
  /** Opens its service, selects it, brings it into sight; a filter that hides it is lifted. */
  goTo(row: number): void;
  /** The same for a lane in which nothing runs: its head has the focus. */
  goToLane(lane: number): void;
  select(row: number | null): void;
  /** The window's selection is this deployment of the ledger, or none. */
  follow(ledgerId: number | null): void;
  showMoment(time: number): void;
  /** What is failing now, the next one at each call. */
  goToFailing(): void;
}

export interface TimelineProps extends Omit<TimelineCalls, "onChoose"> {
  data: TimelineData;
  period: Period;
  onPeriod: (period: Period) => void;
  /** The first of two that are selected; `null` while they are no two. */
  onPair: (row: number | null) => void;
  /** The rows that the table shows. */
  onExport: (rows: Int32Array) => void;
  /** What was chosen the last time; changes are told by `onRemember`. */
  remembered?: TimelineMemory | undefined;
  onRemember?: ((memory: TimelineMemory) => void) | undefined;
  /** Single-letter keys; off for who speaks or types by accident. */
  letterKeys?: boolean | undefined;
  /** The cluster's clock, in epoch ms. */
  now: () => number;
  handle?: RefObject<TimelineHandle | null> | undefined;
  /** Stands between toolbar and lanes: a cluster that does not answer. */
  band?: ReactNode;
  /** Stands at the right, below the toolbar: the inspector. */
  aside?: ReactNode;
}

/** The timeline: toolbar, overview, axis, lanes; or the same as a table. */
export function Timeline(props: TimelineProps) {
  const { data, now, remembered = FIRST_MEMORY, onRemember } = props;
  const [memory, setMemory] = useState(remembered);
  const engine = useEngine({ data, now, span: memory.span, open: memory.open });
  const state = useTimeline(engine);
  const filterRef = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  useCovered(engine, body);

  const remember = useCallback((change: Partial<TimelineMemory>) => {
    setMemory((before) => ({ ...before, ...change }));
  }, []);
  useEffect(() => engine.setGrouping(memory.grouping), [engine, memory.grouping]);
  useEffect(() => engine.setFilter(filterOf(data, memory)), [engine, data, memory]);
  useRemember(memory, state, data, onRemember);

  const { chosen, setChosen } = useChoice(state);
  const calls: TimelineCalls = { ...props, onChoose: setChosen };
  const context = useContextOfCommands(engine, calls, grid, filterRef);
  useLetterKeys(context, grid, props.letterKeys ?? true);
  const unhide = (lane: number) => {
    if (rowOfLane(engine.snapshot().rows, lane) >= 0) return;
    remember(ALL_SHOWN);
    engine.setFilter(NO_FILTER);
  };
  const { onSelect, onPair, onExport } = props;
  const goToFailing = useCallback(
    (rows: readonly number[]) => {
      const chosen = engine.snapshot().selected[0] ?? -1;
      const row = rows[(rows.indexOf(chosen) + 1) % rows.length] as number;
      engine.goTo(row);
      onSelect(row, data.started[row]);
      context.current?.focusGrid();
    },
    [engine, context, data, onSelect],
  );
  useImperativeHandle(props.handle, () => ({
    goTo: (row) => {
      unhide(data.lane[row] as number);
      engine.goTo(row);
      context.current?.focusGrid();
    },
    goToLane: (lane) => {
      unhide(lane);
      engine.goToLane(lane);
      context.current?.focusGrid();
    },
    select: (row) => engine.select(row),
    follow: (ledgerId) => {
      const { data: shown, selected } = engine.snapshot();
      const row = rowOfLedgerId(shown, ledgerId ?? undefined);
      if (row < 0 ? selected.length > 0 : selected.at(-1) !== row) {
        engine.select(row < 0 ? null : row);
      }
    },
    showMoment: (time) => engine.showMoment(time),
    goToFailing: () => goToFailing(failingNow(data)),
  }));

  // The lanes hear of an emptied filter when its change is drawn.
  const leaveFilter = useCallback(() => {
    window.setTimeout(() => {
      const { focus, rows } = engine.snapshot();
      if (rows.count === 0) return;
      filterRef.current?.querySelector("input")?.blur();
      context.current?.focusGrid();
      engine.setFocus(focus ?? { visibleRow: 0, row: -1 });
      body.current?.querySelector<HTMLElement>('[role="grid"] [tabindex="0"]')?.focus();
    });
  }, [engine, context]);
  const { selected } = state;
  useEffect(() => onPair(selected.length > 1 ? (selected[0] as number) : null), [onPair, selected]);
  const exportTable = useCallback(
    () => onExport(tableRows(data, engine.snapshot().rows)),
    [engine, data, onExport],
  );
  return (
    <>
      <Toolbar
        engine={engine}
        data={data}
        memory={memory}
        onMemory={remember}
        period={props.period}
        onPeriod={props.onPeriod}
        onFailing={goToFailing}
        onExport={exportTable}
        filterRef={filterRef}
        onLeaveFilter={leaveFilter}
      />
      {props.band}
      <div className={css.body} ref={body}>
        <div className={css.main}>
          {memory.view === "table" ? (
            <TableView
              state={state}
              onOpen={(row) => {
                engine.select(row);
                props.onSelect(row, NEWEST);
                props.onOpenDetails(row, NEWEST);
              }}
            />
          ) : (
            <Lanes
              engine={engine}
              state={state}
              calls={calls}
              choice={
                chosen !== null && (
                  <ChoiceBar state={state} lane={chosen} onClose={() => setChosen(null)} />
                )
              }
              context={context}
              grid={grid}
              onClearFilter={() => remember(ALL_SHOWN)}
            />
          )}
        </div>
        {props.aside}
      </div>
      <NewFailures data={data} />
    </>
  );
}

const ALL_SHOWN: Partial<TimelineMemory> = { text: "", environments: null, teams: null };

/** Tells what was chosen, once it rests. */
function useRemember(
  memory: TimelineMemory,
  state: TimelineState,
  data: TimelineData,
  onRemember: ((memory: TimelineMemory) => void) | undefined,
): void {
  const span = spanOf(state.scale);
  const { service } = state.open;
  const tell = useRef(onRemember);
  tell.current = onRemember;
  const whole = useMemo(() => ({ ...memory, open: [...service], span }), [memory, service, span]);
  useEffect(() => {
    if (data.started.length === 0) return;
    const timer = window.setTimeout(() => tell.current?.(whole), 500);
    return () => window.clearTimeout(timer);
  }, [whole, data]);
}

type ContextRef = RefObject<CommandContext | null>;

/** The commands' context, the same object for as long as the engine stands, with the newest calls. */
function useContextOfCommands(
  engine: TimelineEngine,
  calls: TimelineCalls,
  grid: RefObject<HTMLDivElement | null>,
  filterRef: RefObject<HTMLDivElement | null>,
): ContextRef {
  const context = useRef<CommandContext | null>(null);
  const wanted = useRef(false);
  context.current = {
    engine,
    calls,
    get focusInGrid() {
      return grid.current?.contains(document.activeElement) ?? false;
    },
    focusGrid() {
      wanted.current = true;
    },
    focusFilter() {
      filterRef.current?.querySelector("input")?.focus();
    },
  };
  // After each change the wanted focus is drawn: then the document's focus follows.
  useEffect(() => {
    if (!wanted.current) return;
    wanted.current = false;
    const { focus } = engine.snapshot();
    if (focus) focusElement(grid, focus)?.focus({ preventScroll: true });
  });
  return context;
}

/** Letters and Esc work wherever the focus is on this screen, but not while text is typed or a sheet is open. */
function useLetterKeys(
  context: ContextRef,
  grid: RefObject<HTMLDivElement | null>,
  enabled: boolean,
): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || isCovered(grid.current)) return;
      if (event.target instanceof Element && event.target.closest('[role="menu"], [role="dialog"]'))
        return;
      const key = keyOf(event);
      const isBack = event.key === "Escape" && !key.modified;
      // What had the focus may be gone, as a closed inspector is: the lanes take their keys all the same.
      const ofLanes = event.target === document.body ? gridCommand(key) : null;
      const ofLetter = enabled ? letterCommand(key) : null;
      const command = isBack ? "back" : (ofLanes ?? ofLetter);
      if (command && context.current && runCommand(command, context.current))
        event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [context, grid, enabled]);
}

/** A sheet or menu hides what lies under it from assistive technology: keys rest then, too. */
const isCovered = (element: HTMLElement | null): boolean =>
  element?.closest('[inert], [aria-hidden="true"]') != null;

function Lanes({
  engine,
  state,
  calls,
  context,
  grid,
  choice,
  onClearFilter,
}: {
  engine: TimelineEngine;
  state: TimelineState;
  calls: TimelineCalls;
  context: ContextRef;
  grid: RefObject<HTMLDivElement | null>;
  /** Asks which of several workloads is meant. */
  choice: ReactNode;
  onClearFilter: () => void;
}) {
  const canvases: Canvases = {
    lanes: useRef<HTMLCanvasElement>(null),
    overlay: useRef<HTMLCanvasElement>(null),
    axis: useRef<HTMLCanvasElement>(null),
    overview: useRef<HTMLCanvasElement>(null),
  };
  useCanvases(engine, canvases);
  usePointer(engine, canvases, grid, calls, context);
  useLocale();
  const toggle = useCallback(
    (row: number) => {
      engine.setOpen(row, !engine.snapshot().rows.isOpen[row]);
      engine.setFocus({ visibleRow: row, row: -1 });
    },
    [engine],
  );
  const { onSelect } = calls;
  const pick = useCallback(
    (row: number) => {
      const { data, rows } = engine.snapshot();
      const lanes = lanesOf(rows, row);
      const current = lanes ? newestCurrent(data, lanes) : -1;
      engine.setFocus({ visibleRow: row, row: -1 });
      if (current < 0) return;
      engine.select(current);
      onSelect(current, NEWEST);
    },
    [engine, onSelect],
  );
  const { rows, data } = state;
  return (
    <section aria-label={m.timeline_label()} className={css.grid}>
      <div className={`${css.band} ${css.overview}`}>
        <OverviewHead engine={engine} state={state} />
        <div className={css.surface}>
          <canvas ref={canvases.overview} aria-hidden="true" />
        </div>
      </div>
      <div className={`${css.band} ${css.axis}`}>
        <ColumnHeads state={state} />
        <div className={css.surface}>
          <canvas ref={canvases.axis} aria-hidden="true" />
        </div>
      </div>
      <div className={css.lanes}>
        <div className={css.headGround} />
        <div className={css.surface}>
          <canvas ref={canvases.lanes} aria-hidden="true" />
          <canvas ref={canvases.overlay} aria-hidden="true" />
          {choice || <LaneFloats state={state} engine={engine} calls={calls} />}
        </div>
        <LaneRows
          engine={engine}
          state={state}
          grid={grid}
          onToggle={toggle}
          onPick={pick}
          onCommand={(command) => context.current !== null && runCommand(command, context.current)}
        />
        {rows.count === 0 && data.laneService.length > 0 && (
          <div className={css.empty}>
            {m.timeline_empty_filter()}
            <Button onPress={onClearFilter}>{m.timeline_clear_filter()}</Button>
          </div>
        )}
      </div>
    </section>
  );
}

function LaneFloats({
  state,
  engine,
  calls,
}: {
  state: TimelineState;
  engine: TimelineEngine;
  calls: TimelineCalls;
}) {
  const [a, b] = state.selected;
  if (a !== undefined && b !== undefined) {
    return (
      <PairBar
        state={state}
        onCompare={() => calls.onCompare(a, b)}
        onClose={() => {
          engine.select(null);
          calls.onSelect(null);
        }}
      />
    );
  }
  return (
    <MomentBar
      state={state}
      onCompare={() => state.cursor && calls.onCompareWithNow(state.cursor.time, state.rows.laneOf)}
      onClose={() => engine.pin(null)}
    />
  );
}

function OverviewHead({ engine, state }: { engine: TimelineEngine; state: TimelineState }) {
  const { data } = state;
  const locale = useLocale();
  const overview = data.started.length > 0 ? engine.overview() : null;
  const totals = useMemo(() => overview && locale && totalsLabel(overview), [overview, locale]);
  return (
    <div className={css.bandHead}>
      <span className="b5 small">{periodLabel(data.to - data.from)}</span>
      <span className="micro muted nowrap">{totals}</span>
    </div>
  );
}

const totalsLabel = (overview: Overview): string =>
  m.timeline_totals({
    count: overview.deployments,
    shown: formatCount(overview.deployments),
    failed: formatCount(overview.failures.length),
    back: formatCount(overview.rollbacks.length),
  });

/** The columns' names for the eye; the grid names them for assistive technology. */
function ColumnHeads({ state }: { state: TimelineState }) {
  const zone = useZone();
  const { cursor, grouping, now } = state;
  const on = cursor !== null || undefined;
  return (
    <div className={`${css.bandHead} ${css.columns}`} aria-hidden="true">
      <span className="label">
        {grouping === "service" ? m.timeline_column_service() : m.timeline_column_environment()}
      </span>
      <span className={`micro ${css.columnAt}`} data-on={on}>
        {cursor && atLabel(cursor.time, zone, now)}
      </span>
      <span className={`micro ${css.columnNow}`} data-under={on}>
        {m.timeline_column_now()}
      </span>
      <span className={css.columnGlyph} />
    </div>
  );
}

/** Mouse on the canvases, wheel also over the heads. */
function usePointer(
  engine: TimelineEngine,
  { overlay, axis, overview }: Canvases,
  grid: RefObject<HTMLDivElement | null>,
  calls: TimelineCalls,
  context: ContextRef,
): void {
  const newest = useRef(calls);
  newest.current = calls;
  useEffect(() => {
    if (!overlay.current || !axis.current || !overview.current || !grid.current) return;
    const choose = (row: number, at: number, add: boolean) => {
      if (add) engine.togglePair(row);
      else engine.goTo(row);
      newest.current.onSelect(row, at);
      context.current?.focusGrid();
    };
    const stops = [
      attachLanes(overlay.current, engine, {
        click: (hit, x, add) => {
          const { data, scale } = engine.snapshot();
          if (hit.kind === "deployment" && hit.merged) engine.zoomAt(x, 4);
          else if (hit.kind === "deployment") choose(hit.row, toTime(scale, hit.x), add);
          else if (hit.kind === "mark" && (data.markDeployment[hit.mark] as number) >= 0) {
            const row = data.markDeployment[hit.mark] as number;
            choose(row, data.markTime[hit.mark] as number, add);
          }
        },
        open: (hit) => {
          if (hit.kind === "deployment" && !hit.merged) newest.current.onOpenDetails(hit.row);
        },
      }),
      attachAxis(axis.current, engine),
      attachOverview(overview.current, engine),
      // The canvases answer their own wheel; what reaches the grid comes from its heads.
      attachWheel(grid.current, engine, () => Number.POSITIVE_INFINITY),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [engine, overlay, axis, overview, grid, context]);
}

/** Says a failure that came with new data, at once. */
function NewFailures({ data }: { data: TimelineData }) {
  const known = useRef<ReadonlySet<number> | null>(null);
  const [said, setSaid] = useState("");
  useEffect(() => {
    const rows = failingNow(data);
    const before = known.current;
    known.current = new Set(rows.map((row) => data.ledgerId[row] as number));
    if (!before) return;
    const fresh = rows.filter((row) => !before.has(data.ledgerId[row] as number));
    if (fresh.length === 0) return;
    setSaid(
      fresh
        .map((row) => {
          const lane = data.lane[row] as number;
          return m.timeline_announce_failed({
            service: serviceLabel(data, lane),
            version: versionLabel(data, row),
            environment: placeLabel(data, lane),
          });
        })
        .join(". "),
    );
  }, [data]);
  return (
    <div className="visually-hidden" role="alert">
      {said}
    </div>
  );
}
