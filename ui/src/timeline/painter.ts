/**
 * What is painted when: knows which surfaces are stale, and hands each its frame. It keeps no state of
 * the timeline; the engine gives it with every frame.
 */

import { focusOf } from "./navigate";
import { makeOverview, type Overview } from "./overview";
import type { Palette } from "./palette";
import type { Renderer, Surface, Words } from "./renderer";
import { buildScene, Scene } from "./scene";
import { endOfData, type TimelineState } from "./state";
import { ticks } from "./ticks";
import { freeWidth } from "./views";

export const SURFACES: readonly Surface[] = ["lanes", "overlay", "axis", "overview"];

export class Painter {
  private readonly scene = new Scene();
  /** The draw list is of the newest state: between a change and its frame others may have asked for it. */
  private isBuilt = false;
  /** Frames drawn so far: an idle timeline draws none. */
  frames = 0;
  private renderer: Renderer | null = null;
  private readonly stale: Record<Surface, boolean> = {
    lanes: true,
    overlay: true,
    axis: true,
    overview: true,
  };
  private overviewOf: Overview | null = null;

  constructor(
    private words: Words,
    private zone: string,
  ) {}

  get hasCanvases(): boolean {
    return this.renderer !== null;
  }

  attach(renderer: Renderer): void {
    this.renderer = renderer;
  }

  detach(): void {
    this.renderer?.dispose();
    this.renderer = null;
  }

  setWords(words: Words, zone: string): void {
    this.words = words;
    this.zone = zone;
  }

  setPalette(palette: Palette): void {
    this.renderer?.setPalette(palette);
  }

  fontsChanged(): void {
    this.renderer?.fontsChanged();
  }

  resize(width: number, heights: Record<Surface, number>, ratio: number): void {
    for (const surface of SURFACES) this.renderer?.resize(surface, width, heights[surface], ratio);
  }

  invalidate(surfaces: readonly Surface[]): void {
    for (const surface of surfaces) this.stale[surface] = true;
    if (surfaces.includes("lanes")) this.isBuilt = false;
  }

  /** Other columns or another filter: the overview is made anew when it is asked for. */
  forgetOverview(): void {
    this.overviewOf = null;
  }

  /** The period in columns, made once a data and filter; a sliver of the future stands at its end. */
  overview({ data, rows, now }: TimelineState): Overview {
    if (this.overviewOf && this.overviewOf.to < now) this.overviewOf = null;
    const end = endOfData(data, now);
    this.overviewOf ??= makeOverview(data, rows, data.from, end + (end - data.from) * 0.007);
    return this.overviewOf;
  }

  /** The draw list of a state: what stands where, also before its frame is painted. */
  sceneOf(state: TimelineState): Scene {
    if (this.renderer && state.scale.width > 0) this.build(this.renderer, state);
    return this.scene;
  }

  /** Paints what is stale. */
  paint(state: TimelineState): void {
    const { renderer, stale, words, zone, scene } = this;
    if (!renderer || state.scale.width <= 0) return;
    const { scale, now, cursor } = state;
    this.frames++;
    if (stale.lanes) this.lanes(renderer, state);
    if (stale.overlay || stale.lanes) this.overlay(renderer, state);
    if (stale.axis) {
      const free = freeWidth(state);
      renderer.axis({ scale, free, zone, now, cursor, staleSince: scene.staleLines, words });
    }
    if (stale.overview) {
      const overview = this.overview(state);
      renderer.overview({ overview, scale, width: freeWidth(state), zone, now, words });
    }
    for (const surface of SURFACES) stale[surface] = false;
  }

  private lanes(renderer: Renderer, state: TimelineState): void {
    const { data, rows, scale, scrollTop, height, now, selected } = state;
    const { scene, words } = this;
    this.build(renderer, state);
    const grid = ticks(scale, this.zone).flatMap((tick) => (tick.major ? [tick.time] : []));
    const tinted = selected.map((row) => focusOf(data, rows, row)?.visibleRow ?? -1);
    renderer.lanes({ data, rows, scene, scale, scrollTop, height, now, grid, tinted, words });
  }

  private build(renderer: Renderer, state: TimelineState): void {
    if (this.isBuilt) return;
    this.isBuilt = true;
    const { data, rows, scale, scrollTop, height, now } = state;
    buildScene(this.scene, data, rows, { scale, scrollTop, height, now }, renderer.measure);
  }

  private overlay(renderer: Renderer, state: TimelineState): void {
    const { rows, scale, scrollTop, height, now, cursor, selected, brush, hit } = state;
    const { scene } = this;
    const hovered = hit.kind === "deployment" ? hit.row : -1;
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
}
