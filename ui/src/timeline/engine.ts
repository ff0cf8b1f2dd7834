/**
 * The timeline's engine: keeps the state, asks for a frame when something changed, and tells its
 * listeners. It knows no React and no DOM; canvases belong to its renderer, time to its clock.
 */

import type { TimelineData } from "./columns";
import { EMPTY } from "./empty";
import { groupName, needALook, sameRow } from "./groups";
import { type Hit, hitTest } from "./hit";
import { endOf, rowOfLedgerId } from "./lanes";
import { type Focus, focusOf, nextFailure } from "./navigate";
import { makeOverview, type Overview } from "./overview";
import type { Palette } from "./palette";
import type { Renderer, Surface, Words } from "./renderer";
import { type Filter, type Grouping, layoutRows, NO_FILTER, type Rows, totalHeight } from "./rows";
import { clamp, HOUR, panBy, type Scale, spanOf, toTime, toX, zoomAt, zoomStep } from "./scale";
import { buildScene, Scene } from "./scene";
import {
  type Cursor,
  endOfData,
  extentFor,
  nowInterval,
  sameHit,
  type TimelineState,
  viewAtNow,
  viewOfAll,
} from "./state";
import { ticks } from "./ticks";

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

export class TimelineEngine {
  private state: TimelineState;
  private renderer: Renderer | null = null;
  private readonly scene = new Scene();
  private words: Words;
  private zone: string;
  private readonly clock: Clock;
  private readonly firstSpan: number;
  private readonly listeners = new Set<() => void>();
  private readonly dirty = { lanes: true, overlay: true, axis: true, overview: true };
  private frame: number | null = null;
  private timer: number | null = null;
  private overviewOf: Overview | null = null;
  private visible = true;
  private pointerX: number | null = null;
  private readonly chosenOpen: boolean;
  /** Frames drawn so far: an idle timeline draws none. */
  frames = 0;

  constructor(options: EngineOptions) {
    this.clock = options.clock;
    this.words = options.words;
    this.zone = options.zone;
    this.firstSpan = options.span ?? 6 * HOUR;
    this.chosenOpen = options.open != null;
    const open = { service: new Set(options.open ?? []), environment: new Set<string>() };
    this.state = {
      data: EMPTY,
      rows: layoutRows(EMPTY, "service", new Set(), NO_FILTER),
      grouping: "service",
      filter: NO_FILTER,
      open,
      scale: { from: 0, to: 1, width: 0 },
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

  /** For `useSyncExternalStore`: the same value until something changed. */
  readonly snapshot = (): TimelineState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Gives the engine its canvases; all is drawn at the next frame. */
  attach(renderer: Renderer): void {
    this.renderer = renderer;
    this.invalidate("lanes", "overlay", "axis", "overview");
    this.tick();
  }

  /** Gives the canvases back: nothing is drawn until others are attached. The state stays. */
  detach(): void {
    if (this.frame !== null) this.clock.cancelFrame(this.frame);
    if (this.timer !== null) this.clock.cancel(this.timer);
    this.frame = null;
    this.timer = null;
    this.renderer?.dispose();
    this.renderer = null;
  }

  /** New columns. View, selection and focus stay on what they were on; the first data chooses a view. */
  setData(data: TimelineData): void {
    const before = this.state;
    const first = before.data === EMPTY;
    const now = this.clock.now();
    if (first) {
      const service = this.chosenOpen ? before.open.service : needALook(data, "service");
      const open = { service, environment: needALook(data, "environment") };
      this.state = { ...before, open };
    }
    const rows = this.layout(data, this.state.grouping, this.state.filter);
    const keep = (row: number) => rowOfLedgerId(data, before.data.ledgerId[row]);
    const selected = first ? [] : before.selected.map(keep).filter((row) => row >= 0);
    const scale = this.keptScale(data, now, first);
    const focus = this.keptFocus(data, rows, first);
    this.overviewOf = null;
    this.change(
      { data, rows, now, selected, scale, focus, hit: { kind: "nothing" } },
      "lanes",
      "overlay",
      "axis",
      "overview",
    );
    this.scrollTo(this.state.scrollTop);
    this.tick();
  }

  private keptScale(data: TimelineData, now: number, first: boolean): Scale {
    const { scale, following, data: old } = this.state;
    const samePeriod = old.from === data.from || Math.abs(old.from - data.from) < 60_000;
    if (first) return viewAtNow(data, now, this.firstSpan, scale.width);
    if (following) return viewAtNow(data, now, spanOf(scale), scale.width);
    if (samePeriod) return scale;
    return clamp(scale, extentFor(data, now, spanOf(scale)));
  }

  private keptFocus(data: TimelineData, rows: Rows, first: boolean): Focus | null {
    const { focus, data: old, rows: oldRows } = this.state;
    if (first || !focus) return null;
    if (focus.row >= 0) {
      const row = rowOfLedgerId(data, old.ledgerId[focus.row]);
      if (row >= 0) return focusOf(data, rows, row);
    }
    return sameRow(oldRows, focus, rows);
  }

  /** Size of the lane canvas; the other surfaces follow its width. */
  resize(
    width: number,
    height: number,
    overviewHeight: number,
    axisHeight: number,
    ratio: number,
  ): void {
    const { renderer, state } = this;
    if (!renderer || width <= 0 || height <= 0) return;
    const heights: Record<Surface, number> = {
      lanes: height,
      overlay: height,
      axis: axisHeight,
      overview: overviewHeight,
    };
    for (const surface of ["lanes", "overlay", "axis", "overview"] as const) {
      renderer.resize(surface, width, heights[surface], ratio);
    }
    const scale = { ...state.scale, width };
    this.change({ scale, height }, "lanes", "overlay", "axis", "overview");
    this.scrollTo(this.state.scrollTop);
    // A resized canvas is blank: paint in this very frame, or it flashes.
    this.draw();
    this.tick();
  }

  setPalette(palette: Palette): void {
    this.renderer?.setPalette(palette);
    this.invalidate("lanes", "overlay", "axis", "overview");
  }

  fontsChanged(): void {
    this.renderer?.fontsChanged();
    this.invalidate("lanes", "overlay", "axis", "overview");
  }

  setWords(words: Words, zone: string): void {
    this.words = words;
    this.zone = zone;
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
    this.overviewOf = null;
    const focus = this.state.focus ? sameRow(this.state.rows, this.state.focus, rows) : null;
    this.change({ filter, rows, focus, hit: { kind: "nothing" } }, "lanes", "overlay", "overview");
    this.scrollTo(this.state.scrollTop);
  }

  /** Opens or closes the group of a row. */
  setOpen(visibleRow: number, open: boolean): void {
    const { rows, data, grouping } = this.state;
    const group = rows.group[visibleRow];
    if (group === undefined) return;
    const names = new Set(this.state.open[grouping]);
    const name = groupName(data, grouping, group);
    if (open) names.add(name);
    else names.delete(name);
    this.state = { ...this.state, open: { ...this.state.open, [grouping]: names } };
    const next = this.layout(data, grouping, this.state.filter);
    const focus = this.state.focus ? sameRow(rows, this.state.focus, next) : null;
    this.change({ rows: next, focus, hit: { kind: "nothing" } }, "lanes", "overlay");
    this.scrollTo(this.state.scrollTop);
  }

  scrollTo(top: number): void {
    const { rows, height, scrollTop } = this.state;
    const next = Math.round(Math.min(Math.max(0, top), Math.max(0, totalHeight(rows) - height)));
    if (next !== scrollTop) this.change({ scrollTop: next }, "lanes", "overlay");
  }

  panBy(pixels: number): void {
    const { scale, data, now } = this.state;
    this.setScale(panBy(scale, pixels, extentFor(data, now, spanOf(scale))));
  }

  /** Zooms by a factor at an x of the lane canvas. */
  zoomAt(x: number, factor: number): void {
    const { scale, data, now } = this.state;
    this.setScale(zoomAt(scale, x, factor, extentFor(data, now, spanOf(scale) / factor)));
  }

  /** One step of the zoom buttons, around the cursor, else around NOW where it is in sight, else the middle. */
  zoomBy(direction: "in" | "out"): void {
    const { scale, cursor, now } = this.state;
    const anchors = [cursor?.pinned ? cursor.time : Number.NaN, now].map((time) =>
      toX(scale, time),
    );
    const x = anchors.find((at) => at >= 0 && at <= scale.width) ?? scale.width / 2;
    this.zoomAt(x, spanOf(scale) / zoomStep(spanOf(scale), direction));
  }

  /** Shows a span of time that ends at NOW. */
  showSpan(span: number): void {
    const { data, now, scale } = this.state;
    this.setScale(viewAtNow(data, now, span, scale.width));
  }

  showRange(from: number, to: number): void {
    const { scale, data, now } = this.state;
    this.setScale(clamp({ from, to, width: scale.width }, extentFor(data, now, to - from)));
  }

  /** Pins a moment and brings it into sight. */
  showMoment(time: number): void {
    const { scale } = this.state;
    const half = spanOf(scale) / 2;
    if (time < scale.from || time > scale.to) this.showRange(time - half, time + half);
    this.pin(time);
  }

  fit(): void {
    const { data, now, scale } = this.state;
    this.setScale(viewOfAll(data, now, scale.width));
  }

  goToNow(): void {
    this.showSpan(spanOf(this.state.scale));
  }

  private setScale(scale: Scale): void {
    const { now, scale: before } = this.state;
    if (scale.from === before.from && scale.to === before.to) return;
    const place = toX(scale, now) / Math.max(1, scale.width);
    const following = place > 0.85 && place <= 0.96;
    // The pointer rests while time moves under it.
    const shown = this.state.cursor;
    const cursor = shown?.pinned ? shown : this.hoverCursor(scale);
    this.change({ scale, following, cursor }, "lanes", "overlay", "axis", "overview");
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
  }

  setFocus(focus: Focus | null): void {
    this.change({ focus });
    if (focus) this.reveal(focus);
  }

  /** Brings a focus into sight, by as little as needed. */
  reveal(focus: Focus): void {
    const { rows, scrollTop, height, data, scale, now } = this.state;
    const top = rows.top[focus.visibleRow] as number;
    const bottom = rows.top[focus.visibleRow + 1] as number;
    if (top < scrollTop) this.scrollTo(top);
    else if (bottom > scrollTop + height) this.scrollTo(bottom - height);
    if (focus.row < 0) return;
    const start = data.started[focus.row] as number;
    const end = endOf(data, focus.row, now);
    if (end > scale.from && start < scale.to) return;
    const span = spanOf(scale);
    const from = start < scale.from ? end - span * 0.8 : start - span * 0.2;
    this.showRange(from, from + span);
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
      ? hitTest(this.scene, rows, scrollTop, point.x, point.y)
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
    return hitTest(this.scene, this.state.rows, this.state.scrollTop, x, y);
  }

  /** Pins the cursor to a moment, or takes it away. */
  pin(time: number | null): void {
    this.change({ cursor: time === null ? null : { time, pinned: true } }, "overlay", "axis");
  }

  setBrush(brush: { from: number; to: number } | null): void {
    this.change({ brush }, "overlay");
  }

  /** The period in columns, made once a data and filter; a sliver of the future stands at its end. */
  overview(): Overview {
    const { data, rows, now } = this.state;
    if (this.overviewOf && this.overviewOf.to < now) this.overviewOf = null;
    const end = endOfData(data, now);
    this.overviewOf ??= makeOverview(data, rows, data.from, end + (end - data.from) * 0.007);
    return this.overviewOf;
  }

  /** The draw list of the last frame: what stands where, for the grid of assistive technology. */
  lastScene(): Scene {
    return this.scene;
  }

  private layout(data: TimelineData, grouping: Grouping, filter: Filter): Rows {
    const names = this.state.open[grouping];
    const column = grouping === "service" ? data.serviceName : data.environmentName;
    const open = new Set<number>();
    for (let g = 0; g < column.length; g++)
      if (names.has(groupName(data, grouping, g))) open.add(g);
    // A filter that leaves little opens all of it: what was looked for must be in sight.
    const rows = layoutRows(data, grouping, open, filter);
    if (filter.text.trim() === "" || rows.lanes > 24) return rows;
    return layoutRows(data, grouping, new Set(rows.group), filter);
  }

  private change(part: Partial<TimelineState>, ...surfaces: Surface[]): void {
    this.state = { ...this.state, ...part };
    this.invalidate(...surfaces);
    for (const listener of this.listeners) listener();
  }

  private invalidate(...surfaces: Surface[]): void {
    for (const surface of surfaces) this.dirty[surface] = true;
    if (surfaces.length === 0 || !this.renderer || this.frame !== null) return;
    this.frame = this.clock.requestFrame(() => {
      this.frame = null;
      this.draw();
    });
  }

  /** NOW moves on. */
  private tick(): void {
    if (this.timer !== null) this.clock.cancel(this.timer);
    this.timer = null;
    if (!this.renderer || !this.visible || this.state.data === EMPTY) return;
    const now = this.clock.now();
    const { scale, following, data } = this.state;
    if (now !== this.state.now) {
      const inSight = now >= scale.from && this.state.now <= scale.to;
      const next = following ? viewAtNow(data, now, spanOf(scale), scale.width) : scale;
      if (inSight || following) this.change({ now, scale: next }, "lanes", "overlay", "axis");
      else this.change({ now });
    }
    this.timer = this.clock.after(nowInterval(this.state.scale, now), () => this.tick());
  }

  private draw(): void {
    const { renderer, state, dirty, words, zone } = this;
    if (!renderer || state.scale.width <= 0) return;
    const { data, rows, scale, scrollTop, height, now, selected, cursor } = state;
    this.frames++;
    if (dirty.lanes) {
      buildScene(this.scene, data, rows, { scale, scrollTop, height, now }, renderer.measure);
      const grid = ticks(scale, zone).flatMap((tick) => (tick.major ? [tick.time] : []));
      const tinted = selected.map((row) => focusOf(data, rows, row)?.visibleRow ?? -1);
      renderer.lanes({
        data,
        rows,
        scene: this.scene,
        scale,
        scrollTop,
        height,
        now,
        grid,
        tinted,
        words,
      });
    }
    if (dirty.overlay || dirty.lanes) {
      const hovered = state.hit.kind === "deployment" ? state.hit.row : -1;
      const { brush } = state;
      const scene = this.scene;
      renderer.overlay({
        scene,
        rows,
        scale,
        scrollTop,
        height,
        now,
        cursor,
        selected,
        hovered,
        brush,
      });
    }
    if (dirty.axis)
      renderer.axis({ scale, zone, now, cursor, staleSince: this.scene.staleLines, words });
    if (dirty.overview) {
      renderer.overview({ overview: this.overview(), scale, width: scale.width, zone, now, words });
    }
    dirty.lanes = dirty.overlay = dirty.axis = dirty.overview = false;
  }
}
