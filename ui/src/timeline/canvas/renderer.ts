/** The Canvas 2D renderer: four layers, one palette, measured labels. */

import { type Measure, remembering } from "../labels";
import type { Palette } from "../palette";
import type {
  AxisFrame,
  LanesFrame,
  OverlayFrame,
  OverviewFrame,
  Renderer,
  Surface,
} from "../renderer";
import { paintAxis } from "./axis";
import { LABEL_SPACING, labelFont } from "./bars";
import { paintLanes } from "./lanes";
import { paintOverlay } from "./overlay";
import { paintOverview } from "./overview";
import { Layer } from "./shapes";

export class CanvasRenderer implements Renderer {
  readonly measure: Measure;
  private readonly layers: Record<Surface, Layer>;
  private readonly remembered;
  private palette: Palette;

  constructor(canvases: Record<Surface, HTMLCanvasElement>, palette: Palette) {
    this.palette = palette;
    this.layers = {
      lanes: new Layer(canvases.lanes),
      overlay: new Layer(canvases.overlay),
      axis: new Layer(canvases.axis),
      overview: new Layer(canvases.overview),
    };
    this.remembered = remembering((text, weight) => {
      const { g } = this.layers.lanes;
      g.font = labelFont(this.palette, weight);
      g.letterSpacing = LABEL_SPACING;
      const { width } = g.measureText(text);
      g.letterSpacing = "0px";
      return width;
    });
    this.measure = this.remembered;
  }

  resize(surface: Surface, width: number, height: number, ratio: number): void {
    this.layers[surface].resize(width, height, ratio);
  }

  setPalette(palette: Palette): void {
    this.palette = palette;
  }

  fontsChanged(): void {
    this.remembered.forget();
  }

  lanes(frame: LanesFrame): void {
    paintLanes(this.layers.lanes, this.palette, frame);
  }

  overlay(frame: OverlayFrame): void {
    paintOverlay(this.layers.overlay, this.palette, frame);
  }

  axis(frame: AxisFrame): void {
    paintAxis(this.layers.axis, this.palette, frame);
  }

  overview(frame: OverviewFrame): void {
    paintOverview(this.layers.overview, this.palette, frame);
  }

  /** Gives the canvases' memory back at once; web views keep it long otherwise. */
  dispose(): void {
    for (const layer of Object.values(this.layers)) layer.resize(0, 0, 1);
  }
}
