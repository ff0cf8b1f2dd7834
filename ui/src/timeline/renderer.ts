/**
 * What paints. One implementation stands (Canvas 2D); the interface keeps another possible. A
 * renderer knows nothing of the data's origin, of time zones or of languages: texts arrive as words.
 */

import type { TimelineData } from "./columns";
import type { Measure } from "./labels";
import type { Overview } from "./overview";
import type { Palette } from "./palette";
import type { Rows } from "./rows";
import type { Scale } from "./scale";
import type { Scene } from "./scene";

export type Surface = "lanes" | "overlay" | "axis" | "overview";

/** Texts on the canvas, in the person's language and zone. */
export interface Words {
  /** "13:38" */
  clock(time: number): string;
  /** Label of a midnight on the axis: "Tue 17"; where labels stand a week apart or more, "17 Nov". */
  day(time: number, far: boolean): string;
  /** Label of a day in the overview: "Tue 17", "Today, Thu 19 Nov", or far apart "17 Nov". */
  overviewDay(time: number, today: boolean, far: boolean): string;
  /** Pill of the NOW line: "Now 13:38". */
  now(clock: string): string;
  /** Pill of a stale cluster's last answer: "Last seen 12:51". */
  lastSeen(clock: string): string;
  /** In a gap: "2 not seen". */
  gap(count: number): string;
}

export interface LanesFrame {
  readonly data: TimelineData;
  readonly rows: Rows;
  readonly scene: Scene;
  readonly scale: Scale;
  readonly scrollTop: number;
  readonly height: number;
  readonly now: number;
  /** Grid lines, as moments. */
  readonly grid: readonly number[];
  /** Visible rows to tint: where the selection lies. */
  readonly tinted: readonly number[];
  readonly words: Words;
}

export interface OverlayFrame {
  readonly scene: Scene;
  readonly rows: Rows;
  readonly scale: Scale;
  readonly scrollTop: number;
  readonly height: number;
  readonly now: number;
  /** Moment of the cursor line, null for none; a pinned one is drawn fully. */
  readonly cursor: { readonly time: number; readonly pinned: boolean } | null;
  /** Selected deployments (one or two). */
  readonly selected: readonly number[];
  /** Deployment under the pointer, -1 for none. */
  readonly hovered: number;
  /** Range being brushed, as x. */
  readonly brush: { readonly from: number; readonly to: number } | null;
}

export interface AxisFrame {
  readonly scale: Scale;
  /** What of the axis nothing covers: pills stand in it. */
  readonly free: number;
  readonly zone: string;
  readonly now: number;
  readonly cursor: { readonly time: number; readonly pinned: boolean } | null;
  readonly staleSince: readonly number[];
  readonly words: Words;
}

export interface OverviewFrame {
  readonly overview: Overview;
  readonly scale: Scale;
  /** Pixels over which the period spreads: not those that something lies over. */
  readonly width: number;
  readonly zone: string;
  readonly now: number;
  readonly words: Words;
}

export interface Renderer {
  readonly measure: Measure;
  /** Sets a surface's size in CSS pixels and device pixels per CSS pixel. */
  resize(surface: Surface, width: number, height: number, ratio: number): void;
  setPalette(palette: Palette): void;
  /** Fonts arrived: measured widths are stale. */
  fontsChanged(): void;
  lanes(frame: LanesFrame): void;
  overlay(frame: OverlayFrame): void;
  axis(frame: AxisFrame): void;
  overview(frame: OverviewFrame): void;
  dispose(): void;
}
