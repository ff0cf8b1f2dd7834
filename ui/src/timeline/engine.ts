/**
 * The timeline's engine: keeps the state, asks for a frame when something changed, and tells its
 * listeners. It knows no React and no DOM; canvases belong to its renderer, time to its clock.
 */

import type { TimelineData } from "./columns";
import { EMPTY } from "./empty";
import { groupName, needALook, placeName, placesNamed, sameRow } from "./groups";
import { type Hit, hitTest } from "./hit";
import { ledgerIdAt, placeOf, rowOfLedgerId } from "./lanes";
import { type Focus, focusOf, nextFailure } from "./navigate";
import type { Overview } from "./overview";
import { Painter, SURFACES } from "./painter";
import type { Palette } from "./palette";
import type { Renderer, Surface, Words } from "./renderer";
import {
  type Filter,
  type Grouping,
  layoutRows,
  NO_FILTER,
  type Rows,
  rowOfLane,
  showsLane,
  totalHeight,
} from "./rows";
import { HOUR, type Scale, spanOf, toTime } from "./scale";
import type { Scene } from "./scene";
import { type Cursor, nowInterval, sameHit, type TimelineState } from "./state";
import {
  besideCover,
  freeWidth,
  inSight,
  isAtNow,
  keptView,
  later,
  panned,
  ranged,
  viewAtNow,
  viewOfAll,
  zoomed,
  zoomedByStep,
} from "./views";

/** Time and frames, given from outside. */
export interface Clock {
  /** Epoch ms, as the cluster tells it. */
  now(): number;
  requestFrame(draw: () => void): number;
  cancelFrame(id: number): void;
  after(ms: number, run: () => void): number;
  cancel(id: number): void;
}

export interface EngineOptions {
  readonly clock: Clock;
  readonly words: Words;
  readonly zone: string;
  /** Span of the first view; six hours unless told. */
  readonly span?: number;
  /** Services open at first, by name; null lets the engine choose those that need a look. */
  readonly open?: readonly string[] | null;
}

/** Where the view was before it made room for what covers the lanes. */
interface Aside {
  readonly scale: Scale;
  readonly following: boolean;
}

export class TimelineEngine {
  private state: TimelineState;
  private readonly painter: Painter;
  private readonly clock: Clock;
  private readonly firstSpan: number;
  private readonly listeners = new Set<() => void>();
  private frame: number | null = null;
  private timer: number | null = null;
  private visible = true;
  private pointerX: number | null = null;
  private readonly chosenOpen: boolean;
  private aside: Aside | null = null;

  constructor(options: EngineOptions) {
    this.clock = options.clock;
    this.painter = new Painter(options.words, options.zone);
    this.firstSpan = options.span ?? 6 * HOUR;
    this.chosenOpen = options.open != null;
    const open = {
      service: new Set(options.open ?? []),
      environment: new Set<string>(),
      places: new Set<string>(),
    };
    this.state = {
      data: EMPTY,
      rows: layoutRows(EMPTY, "service", new Set(), NO_FILTER),
      grouping: "service",
      filter: NO_FILTER,
      open,
      scale: { from: 0, to: 1, width: 0 },
      covered: 0,
      scrollTop: 0,
      height: 0,
      now: 0,
      following: true,
      selected: [],
      focus: null,
      cursor: null,
      hit: { kind: "nothing" },
      brush: null,
    };
  }

  /** Frames drawn so far: an idle timeline draws none. */
  get frames(): number {
    return this.painter.frames;
  }

  /** For `useSyncExternalStore`: the same value until something changed. */
  readonly snapshot = (): TimelineState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Gives the engine its canvases; all is drawn at the next frame. */
  attach(renderer: Renderer): void {
    this.painter.attach(renderer);
    this.invalidate(...SURFACES);
    this.tick();
  }

  /** Gives the canvases back: nothing is drawn until others are attached. The state stays. */
  detach(): void {
    if (this.frame !== null) this.clock.cancelFrame(this.frame);
    if (this.timer !== null) this.clock.cancel(this.timer);
    this.frame = null;
    this.timer = null;
    this.painter.detach();
  }

  /** New columns. View, selection and focus stay on what they were on; the first data chooses a view. */
  setData(data: TimelineData): void {
    const before = this.state;
    const first = before.data === EMPTY;
    const now = this.clock.now();
    if (first) {
      const service = this.chosenOpen ? before.open.service : needALook(data, "service");
      const open = { ...before.open, service, environment: needALook(data, "environment") };
      this.state = { ...before, open };
    }
    const rows = this.layout(data, this.state.grouping, this.state.filter);
    const keep = (row: number) => rowOfLedgerId(data, ledgerIdAt(before.data, row));
    const selected = first ? [] : before.selected.map(keep).filter((row) => row >= 0);
    const scale = first
      ? viewAtNow({ ...this.state, data, now }, this.firstSpan)
      : keptView(this.state, data, now);
    const focus = this.keptFocus(data, rows, first);
    this.painter.forgetOverview();
    const hit = { kind: "nothing" } as const;
    this.change({ data, rows, now, selected, scale, focus, hit }, ...SURFACES);
    this.scrollTo(this.state.scrollTop);
    this.tick();
  }

  private keptFocus(data: TimelineData, rows: Rows, first: boolean): Focus | null {
    const { focus, data: old, rows: oldRows } = this.state;
    if (first || !focus) return null;
    if (focus.row >= 0) {
      const row = rowOfLedgerId(data, ledgerIdAt(old, focus.row));
      if (row >= 0) return focusOf(data, rows, row);
    }
    return sameRow({ data: old, rows: oldRows }, focus, { data, rows });
  }

  /** Size of the lane canvas; the other surfaces follow its width. */
  resize(
    width: number,
    height: number,
    overviewHeight: number,
    axisHeight: number,
    ratio: number,
  ): void {
    if (!this.painter.hasCanvases || width <= 0 || height <= 0) return;
    const heights = { lanes: height, overlay: height, axis: axisHeight, overview: overviewHeight };
    this.painter.resize(width, heights, ratio);
    this.change({ scale: { ...this.state.scale, width }, height }, ...SURFACES);
    this.scrollTo(this.state.scrollTop);
    // A resized canvas is blank: paint in this very frame, or it flashes.
    this.painter.paint(this.state);
    this.tick();
  }

  setPalette(palette: Palette): void {
    this.painter.setPalette(palette);
    this.invalidate(...SURFACES);
  }

  fontsChanged(): void {
    this.painter.fontsChanged();
    this.invalidate(...SURFACES);
  }

  setWords(words: Words, zone: string): void {
    this.painter.setWords(words, zone);
    this.invalidate("lanes", "axis", "overview");
  }

  /** A hidden window draws nothing and NOW rests. */
  setVisible(visible: boolean): void {
    this.visible = visible;
    if (visible) this.tick();
    else if (this.timer !== null) {
      this.clock.cancel(this.timer);
      this.timer = null;
    }
  }

  setGrouping(grouping: Grouping): void {
    if (grouping === this.state.grouping) return;
    const rows = this.layout(this.state.data, grouping, this.state.filter);
    this.change(
      { grouping, rows, focus: null, scrollTop: 0, hit: { kind: "nothing" } },
      "lanes",
      "overlay",
    );
  }

  setFilter(filter: Filter): void {
    const rows = this.layout(this.state.data, this.state.grouping, filter);
    this.painter.forgetOverview();
    const focus = this.sameFocus(rows);
    this.change({ filter, rows, focus, hit: { kind: "nothing" } }, "lanes", "overlay", "overview");
    this.scrollTo(this.state.scrollTop);
  }

  /** Opens or closes a row: the group that it is of, or the workloads of a place. */
  setOpen(visibleRow: number, open: boolean): void {
    const { rows, data, grouping } = this.state;
    const group = rows.group[visibleRow];
    if (group === undefined) return;
    const isPlace = rows.level[visibleRow] === 2 && rows.canOpen[visibleRow] === 1;
    const kind = isPlace ? "places" : grouping;
    const names = new Set(this.state.open[kind]);
    const name = isPlace
      ? placeName(data, rows.laneOf[rows.groupFrom[visibleRow] as number] as number)
      : groupName(data, grouping, group);
    if (open) names.add(name);
    else names.delete(name);
    this.state = { ...this.state, open: { ...this.state.open, [kind]: names } };
    const next = this.layout(data, grouping, this.state.filter);
    const focus = this.sameFocus(next);
    this.change({ rows: next, focus, hit: { kind: "nothing" } }, "lanes", "overlay");
    this.scrollTo(this.state.scrollTop);
  }

  /** Opens a place with several workloads, and its group; the focus is on the first of them. */
  openPlace(lane: number): void {
    const { data } = this.state;
    const { from } = placeOf(data, lane);
    const places = new Set(this.state.open.places).add(placeName(data, from));
    this.state = { ...this.state, open: { ...this.state.open, places } };
    const row = rowOfLane(this.state.rows, from);
    if (row < 0) return;
    if (this.state.rows.isGroup[row]) this.setOpen(row, true);
    const rows = this.layout(data, this.state.grouping, this.state.filter);
    this.change({ rows, hit: { kind: "nothing" } }, "lanes", "overlay");
    this.setFocus({ visibleRow: rowOfLane(rows, from), row: -1 });
  }

  private sameFocus(next: Rows): Focus | null {
    const { data, rows, focus } = this.state;
    return focus && sameRow({ data, rows }, focus, { data, rows: next });
  }

  scrollTo(top: number): void {
    const { rows, height, scrollTop } = this.state;
    const next = Math.round(Math.min(Math.max(0, top), Math.max(0, totalHeight(rows) - height)));
    if (next !== scrollTop) this.change({ scrollTop: next }, "lanes", "overlay");
  }

  panBy(pixels: number): void {
    this.setScale(panned(this.state, pixels));
  }

  /** Zooms by a factor at an x of the lane canvas. */
  zoomAt(x: number, factor: number): void {
    this.setScale(zoomed(this.state, x, factor));
  }

  zoomBy(direction: "in" | "out"): void {
    this.setScale(zoomedByStep(this.state, direction));
  }

  /** Shows a span of time that ends at NOW. */
  showSpan(span: number): void {
    this.setScale(viewAtNow(this.state, span));
  }

  showRange(from: number, to: number): void {
    this.setScale(ranged(this.state, from, to));
  }

  /** Pins a moment and brings it into sight. */
  showMoment(time: number): void {
    const { scale } = this.state;
    const half = spanOf(scale) / 2;
    if (time < scale.from || time > scale.to) this.showRange(time - half, time + half);
    this.pin(time);
  }

  fit(): void {
    this.setScale(viewOfAll(this.state));
  }

  goToNow(): void {
    this.showSpan(spanOf(this.state.scale));
  }

  /** Something lies over so many pixels at the right of the lanes, or no longer: what is selected makes room. */
  setCovered(covered: number): void {
    if (covered === this.state.covered) return;
    this.change({ covered }, "axis", "overview");
    if (covered > 0) this.standAside();
    else this.standBack();
  }

  /** What was selected last must not lie under what covers the lanes. */
  private standAside(): void {
    const row = this.state.selected.at(-1);
    const next = row === undefined ? null : besideCover(this.state, row);
    if (next) this.makeRoom(next);
  }

  private standBack(): void {
    const { aside } = this;
    this.aside = null;
    if (this.state.following) this.show(viewAtNow(this.state, spanOf(this.state.scale)));
    else if (aside)
      this.show(aside.following ? viewAtNow(this.state, spanOf(aside.scale)) : aside.scale);
  }

  /** Moves the view on the engine's own account: what covers the lanes gone, it goes back. */
  private makeRoom(scale: Scale): void {
    const { scale: before, following, covered } = this.state;
    if (covered > 0) this.aside ??= { scale: before, following };
    this.show(scale);
  }

  /** A person moves the view: it stays there. */
  private setScale(scale: Scale): void {
    this.aside = null;
    this.show(scale);
  }

  private show(scale: Scale): void {
    const { scale: before } = this.state;
    if (scale.from === before.from && scale.to === before.to) return;
    const following = isAtNow(this.state, scale);
    // The pointer rests while time moves under it.
    const shown = this.state.cursor;
    const cursor = shown?.pinned ? shown : this.hoverCursor(scale);
    this.change({ scale, following, cursor }, ...SURFACES);
    this.tick();
  }

  /** Chooses one deployment, or none. */
  select(row: number | null): void {
    this.setSelected(row === null ? [] : [row]);
  }

  /** Takes a deployment into the pair, or out of it; a third replaces the older of two. */
  togglePair(row: number): void {
    const { selected } = this.state;
    if (selected.includes(row)) this.setSelected(selected.filter((one) => one !== row));
    else this.setSelected([...selected.slice(-1), row]);
  }

  private setSelected(selected: readonly number[]): void {
    this.change({ selected }, "lanes", "overlay");
    this.standAside();
  }

  setFocus(focus: Focus | null): void {
    this.change({ focus });
    if (focus) this.reveal(focus);
  }

  /** Brings a focus into sight, by as little as needed. */
  reveal(focus: Focus): void {
    const { rows, scrollTop, height } = this.state;
    const top = rows.top[focus.visibleRow] as number;
    const bottom = rows.top[focus.visibleRow + 1] as number;
    if (top < scrollTop) this.scrollTo(top);
    else if (bottom > scrollTop + height) this.scrollTo(bottom - height);
    const next = inSight(this.state, focus);
    if (next) this.makeRoom(next);
  }

  /** Goes to a deployment: opens its group, selects it, brings it into sight. */
  goTo(row: number): void {
    const { data, rows } = this.state;
    const place = focusOf(data, rows, row);
    if (!place) return;
    if (place.row < 0) this.setOpen(place.visibleRow, true);
    const focus = focusOf(data, this.state.rows, row);
    this.select(row);
    if (focus) this.setFocus(focus);
  }

  /** Goes to a lane in which nothing runs: opens its group, and its head has the focus. */
  goToLane(lane: number): void {
    const group = rowOfLane(this.state.rows, lane);
    if (group < 0) return;
    if (!showsLane(this.state.rows, group, lane)) this.setOpen(group, true);
    this.setFocus({ visibleRow: rowOfLane(this.state.rows, lane), row: -1 });
  }

  /** The next failure after the selected one (or in sight), or the one before. -1 when there is none. */
  failureFrom(direction: 1 | -1): number {
    const { data, rows, selected, focus, scale } = this.state;
    const row = focus && focus.row >= 0 ? focus.row : (selected[selected.length - 1] ?? -1);
    const time = direction > 0 ? scale.from : scale.to;
    return nextFailure(data, rows, { time, row }, direction);
  }

  /** The pointer is over the lane canvas at a point; null when it left. */
  hover(point: { x: number; y: number } | null): void {
    this.pointerX = point?.x ?? null;
    const { rows, scrollTop, scale, cursor, hit: before } = this.state;
    const hit: Hit = point
      ? hitTest(this.scene(), rows, scrollTop, point.x, point.y)
      : { kind: "nothing" };
    const next = cursor?.pinned ? cursor : this.hoverCursor(scale);
    if (next === cursor && sameHit(hit, before)) return;
    if (next === cursor) this.change({ hit }, "overlay");
    else this.change({ hit, cursor: next }, "overlay", "axis");
  }

  /** The moment under the pointer. What has not happened yet has no cursor. */
  private hoverCursor(scale: Scale): Cursor | null {
    if (this.pointerX === null) return null;
    const time = toTime(scale, this.pointerX);
    return time > this.state.now ? null : { time, pinned: false };
  }

  hitAt(x: number, y: number): Hit {
    return hitTest(this.scene(), this.state.rows, this.state.scrollTop, x, y);
  }

  /** Pins the cursor to a moment, or takes it away. */
  pin(time: number | null): void {
    this.change({ cursor: time === null ? null : { time, pinned: true } }, "overlay", "axis");
  }

  setBrush(brush: { from: number; to: number } | null): void {
    this.change({ brush }, "overlay");
  }

  /** The period in columns, made once a data and filter. */
  overview(): Overview {
    return this.painter.overview(this.state);
  }

  /** Pixels over which the overview spreads: what covers the lanes covers its end, too. */
  overviewWidth(): number {
    return freeWidth(this.state);
  }

  /** The draw list: what stands where, for the pointer and for the grid of assistive technology. */
  scene(): Scene {
    return this.painter.sceneOf(this.state);
  }

  private layout(data: TimelineData, grouping: Grouping, filter: Filter): Rows {
    const names = this.state.open[grouping];
    const column = grouping === "service" ? data.serviceName : data.environmentName;
    const open = new Set<number>();
    for (let g = 0; g < column.length; g++)
      if (names.has(groupName(data, grouping, g))) open.add(g);
    // A filter that leaves little opens all of it: what was looked for must be in sight.
    const places = placesNamed(data, this.state.open.places);
    const rows = layoutRows(data, grouping, open, filter, places);
    if (filter.text.trim() === "" || rows.lanes > 24) return rows;
    return layoutRows(data, grouping, new Set(rows.group), filter, places);
  }

  private change(part: Partial<TimelineState>, ...surfaces: Surface[]): void {
    this.state = { ...this.state, ...part };
    this.invalidate(...surfaces);
    for (const listener of this.listeners) listener();
  }

  private invalidate(...surfaces: Surface[]): void {
    this.painter.invalidate(surfaces);
    if (surfaces.length === 0 || !this.painter.hasCanvases || this.frame !== null) return;
    this.frame = this.clock.requestFrame(() => {
      this.frame = null;
      this.painter.paint(this.state);
    });
  }

  /** NOW moves on. */
  private tick(): void {
    if (this.timer !== null) this.clock.cancel(this.timer);
    this.timer = null;
    if (!this.painter.hasCanvases || !this.visible || this.state.data === EMPTY) return;
    const now = this.clock.now();
    const { scale, following } = this.state;
    if (now !== this.state.now) {
      const isInSight = now >= scale.from && this.state.now <= scale.to;
      const next = following ? this.followed(now) : scale;
      if (isInSight || following) this.change({ now, scale: next }, "lanes", "overlay", "axis");
      else this.change({ now });
    }
    this.timer = this.clock.after(nowInterval(this.state.scale, now), () => this.tick());
  }

  private followed(now: number): Scale {
    const { covered, scale } = this.state;
    return covered > 0 ? later(this.state, now) : viewAtNow({ ...this.state, now }, spanOf(scale));
  }
}
