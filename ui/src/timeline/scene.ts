/**
 * From data and view to the draw list of one frame. Pure: no canvas, no clock. Only rows in view are
 * touched, and of each lane only the deployments in view, found by binary search.
 */

import { MarkKind, type TimelineData } from "./columns";
import { ArcList, BarList, Bit, Look, PointList, TickKind } from "./drawlist";
import { fits, type LabelWeight, type Measure } from "./labels";
import { endOf, isLive, NEVER, type Place, rowsBetween, rowsOfPlace, upperBound } from "./lanes";
import { bitsOf, eventTime, lookOf, tickOf } from "./look";
import { MarkBins, RunMerger } from "./merge";
import { BAR_HEIGHT, barTop, type Rows, rowsIn } from "./rows";
import { msPerPixel, type Scale, toX } from "./scale";

/** Bars narrower than this are merged. */
export const MERGE_BELOW = 3;
/** No more labels than this in one frame. */
export const LABEL_LIMIT = 500;
/** Bars begin at most this far outside the view: their rounded ends stay hidden. */
const OUTSIDE = 8;
/** Narrower stripes of a finished rollout are noise, not a fact to read. */
const LEAD_FROM = 8;

export interface View {
  readonly scale: Scale;
  readonly scrollTop: number;
  readonly height: number;
  readonly now: number;
}

/** Everything one frame of the lane layer shows. Tops count from the top of the canvas. */
export class Scene {
  readonly bars = new BarList();
  readonly marks = new PointList();
  readonly ticks = new PointList();
  readonly arcs = new ArcList();
  /** Visible rows: [first, end). */
  first = 0;
  end = 0;
  /** Bars of visible row r: barsOf[r - first] up to barsOf[r - first + 1]. */
  barsOf: number[] = [];
  /** Tops of threads of open group rows (y of the line). */
  threads: number[] = [];
  /** Tops of lanes of which nothing is known: their cluster was never reached. */
  unreached: number[] = [];
  /** Moments after which a stale cluster's lanes are not known, each once. */
  staleLines: number[] = [];
  labels = 0;
}

/** Rebuilds the scene in place. */
export function buildScene(
  scene: Scene,
  data: TimelineData,
  rows: Rows,
  view: View,
  measure: Measure,
): void {
  scene.bars.clear();
  scene.marks.clear();
  scene.ticks.clear();
  scene.arcs.clear();
  scene.barsOf.length = 0;
  scene.threads.length = 0;
  scene.unreached.length = 0;
  scene.staleLines.length = 0;
  scene.labels = 0;
  const seen = rowsIn(rows, view.scrollTop, view.height);
  scene.first = seen.first;
  scene.end = seen.end;
  for (let row = seen.first; row < seen.end; row++) {
    scene.barsOf.push(scene.bars.length);
    const lane = rows.lane[row] as number;
    const end = rows.laneEnd[row] as number;
    const top = barTop(rows, row) - view.scrollTop;
    if (lane < 0) addThread(scene, data, rows, view, row);
    else if (end - lane > 1) addPlace(scene, data, view, { from: lane, end }, top, measure);
    else addLane(scene, data, view, lane, top, measure);
  }
  scene.barsOf.push(scene.bars.length);
}

/** The bars, gaps and marks of one lane. */
export function addLane(
  scene: Scene,
  data: TimelineData,
  view: View,
  lane: number,
  top: number,
  measure: Measure,
  mergeBelow = MERGE_BELOW,
): void {
  const { scale } = view;
  const { first, end } = rowsBetween(data, lane, scale.from, scale.to);
  const known = knownUntil(data, view, lane);
  const begin = { bar: scene.bars.length, mark: scene.marks.length };
  const line = new Line(scene, data, view, known, top, measure, mergeBelow);
  for (let row = first; row < end; row++) {
    const live = isLive(data, row);
    const to = live ? Math.max(data.started[row] as number, known) : endOf(data, row, known);
    line.add(row, to, live);
  }
  line.end();
  addGaps(scene, data, scale, lane, top);
  line.emitMarks();
  addMarks(scene, data, scale, lane, top);
  keepLabelsClear(scene, data, begin, scale.width, measure);
  addSilence(scene, data, view, lane, top, first === end);
}

/** The lanes of a place in one line: of several workloads the one that began last is to be seen. */
function addPlace(
  scene: Scene,
  data: TimelineData,
  view: View,
  place: Place,
  top: number,
  measure: Measure,
): void {
  const { scale } = view;
  const known = knownUntil(data, view, place.from);
  const begin = { bar: scene.bars.length, mark: scene.marks.length };
  const line = new Line(scene, data, view, known, top, measure, MERGE_BELOW);
  const all = rowsOfPlace(data, place);
  for (let i = 0; i < all.length; i++) {
    const row = all[i] as number;
    if ((data.started[row] as number) > scale.to) break;
    const next = all[i + 1];
    const live = next === undefined && isLive(data, row);
    const from = data.started[row] as number;
    const own = live ? Math.max(from, known) : endOf(data, row, known);
    const cut = next === undefined ? own : Math.min(own, data.started[next] as number);
    line.add(row, Math.max(from, cut), live);
  }
  line.end();
  for (let lane = place.from; lane < place.end; lane++) addGaps(scene, data, scale, lane, top);
  line.emitMarks();
  for (let lane = place.from; lane < place.end; lane++) addMarks(scene, data, scale, lane, top);
  keepLabelsClear(scene, data, begin, scale.width, measure);
  addSilence(scene, data, view, place.from, top, all.length === 0);
}

/** Until when a lane is known: now, or the last answer of its cluster. */
function knownUntil(data: TimelineData, { now }: View, lane: number): number {
  const stale = data.laneStaleSince[lane] as number;
  return Number.isNaN(stale) ? now : Math.min(stale, now);
}

function addSilence(
  scene: Scene,
  data: TimelineData,
  view: View,
  lane: number,
  top: number,
  isEmpty: boolean,
): void {
  const stale = data.laneStaleSince[lane] as number;
  const known = knownUntil(data, view, lane);
  if (known === NEVER && isEmpty) scene.unreached.push(top);
  if (known < view.now && known !== NEVER && !scene.staleLines.includes(stale))
    scene.staleLines.push(stale);
}

/** One line of bars; deployments come in the order of their starts. */
class Line {
  private readonly run: RunMerger;
  private readonly bins: MarkBins;

  constructor(
    private readonly scene: Scene,
    private readonly data: TimelineData,
    private readonly view: View,
    private readonly known: number,
    private readonly top: number,
    private readonly measure: Measure,
    private readonly mergeBelow: number,
  ) {
    this.run = new RunMerger(scene.bars, top);
    this.bins = new MarkBins(msPerPixel(view.scale));
  }

  /** A deployment that is drawn up to a moment; `live`: it is the last, and has not ended. */
  add(row: number, to: number, live: boolean): void {
    const { scene, data, known, top, measure, run, bins } = this;
    const { scale, now } = this.view;
    const from = data.started[row] as number;
    const x0 = toX(scale, from);
    const x1 = toX(scale, to);
    addSoftEdge(scene, data, scale, row, x0, top);
    if (x1 < 0 && !live) return;
    if (live && known <= from && known < now) {
      // It is the last that is told, and nobody knows whether it is there still.
      addBar(scene, data, scale, row, Look.Unknown, Bit.ToNow, x0, toX(scale, now), top, measure);
      return;
    }
    const look = lookOf(data, row);
    const bits = bitsOf(data, row);
    if (x1 - x0 < this.mergeBelow) {
      run.add(row, x0, x1, live && look === Look.Live ? Look.Live : look);
      if (look === Look.Failed)
        bins.failure(row, eventTime(data, row), toX(scale, eventTime(data, row)));
      else if (bits & Bit.Arrow) bins.rollback(row, from, x0);
    } else {
      run.flush();
      const toNow = live && known === now;
      addBar(scene, data, scale, row, look, bits | (toNow ? Bit.ToNow : 0), x0, x1, top, measure);
    }
    addArc(scene, data, scale, row, x0, top, now);
    if (live && known < now)
      addStale(scene, row, toX(scale, known), toX(scale, now), top, scale.width);
  }

  end(): void {
    this.run.flush();
  }

  /** Marks of what was too narrow lie over all bars of the line. */
  emitMarks(): void {
    this.bins.emit(this.scene.bars, this.top);
  }
}

function addBar(
  scene: Scene,
  data: TimelineData,
  scale: Scale,
  row: number,
  look: Look,
  bits: number,
  x0: number,
  x1: number,
  top: number,
  measure: Measure,
): void {
  // One pixel inset on each side parts neighbours; narrow bars can spare half of one.
  const inset = x1 - x0 < 8 ? 0.5 : 1;
  const left = Math.max(x0, -OUTSIDE) + inset;
  const right = Math.min(x1, scale.width + OUTSIDE) - inset;
  if (right <= left) return;
  const shown = look === Look.Live && !(bits & Bit.ToNow) ? Look.Past : look;
  const i = scene.bars.push(shown, bits, left, right, top, row);
  const lead = leadEnd(data, scale, row, look, x0, right);
  const least = look === Look.Failed ? MERGE_BELOW : LEAD_FROM;
  if (lead > left + least) scene.bars.lead[i] = lead;
  if (bits & Bit.Strip) {
    const until = data.oldServesUntil[row] as number;
    scene.bars.strip[i] = Math.min(
      right,
      until === Number.POSITIVE_INFINITY ? right : toX(scale, until),
    );
  }
  addLabel(scene, i, data.strings[data.version[row] as number] as string, scale.width, measure);
}

const weightOf = (look: Look, bits: number): LabelWeight =>
  bits & Bit.ToNow || look === Look.Failed ? "live" : "past";

/** Gives a bar its label where the visible part of its body, else of the whole bar, holds it. */
function addLabel(scene: Scene, i: number, label: string, width: number, measure: Measure): void {
  const { bars } = scene;
  const look = bars.look[i] as Look;
  const bits = bars.bits[i] as number;
  const room = Math.min(bars.x1[i] as number, width);
  const onBody = labelStart(bars, i, bars.lead[i] as number);
  const onLead = labelStart(bars, i, bars.x0[i] as number);
  bars.labelX[i] = onBody;
  if (scene.labels >= LABEL_LIMIT || onLead > width) return;
  const wide = measure(label, weightOf(look, bits));
  const fitting = fits(wide, onBody, room) ? onBody : fits(wide, onLead, room) ? onLead : null;
  if (fitting === null || (look === Look.Failed && fitting !== onBody)) return;
  bars.labelX[i] = fitting;
  bars.bits[i] = bits | Bit.Label;
  scene.labels++;
}

/** A mark is 10 px wide and has a rim of 3. */
const MARK_HALF = 8;

/** Labels on which a mark of their line would lie move behind it, or are left out: never shown in part. */
function keepLabelsClear(
  scene: Scene,
  data: TimelineData,
  begin: { bar: number; mark: number },
  width: number,
  measure: Measure,
): void {
  const { bars, marks } = scene;
  if (marks.length === begin.mark) return;
  const xs = marks.x.slice(begin.mark, marks.length).sort();
  for (let i = begin.bar; i < bars.length; i++) {
    const bits = bars.bits[i] as number;
    if (!(bits & Bit.Label)) continue;
    const label = data.strings[data.version[bars.row[i] as number] as number] as string;
    const wide = measure(label, weightOf(bars.look[i] as Look, bits));
    const before = bits & (Bit.Arrow | Bit.Restart) ? 18 : 0;
    const room = Math.min(bars.x1[i] as number, width);
    let start = bars.labelX[i] as number;
    for (const x of xs)
      if (x + MARK_HALF > start - before && x - MARK_HALF < start + wide)
        start = x + MARK_HALF + before;
    if (fits(wide, start, room)) bars.labelX[i] = start;
    else {
      bars.bits[i] = bits & ~Bit.Label;
      scene.labels--;
    }
  }
}

/** Where the stripes of the rollout end: at its failure or settling; a failed body keeps 20 px. */
function leadEnd(
  data: TimelineData,
  scale: Scale,
  row: number,
  look: Look,
  x0: number,
  right: number,
): number {
  if (look === Look.Progress || look === Look.Unknown) return x0;
  const done =
    look === Look.Failed ? (data.failedAt[row] as number) : (data.settled[row] as number);
  if (Number.isNaN(done)) return x0;
  const x = toX(scale, done);
  return look === Look.Failed ? Math.min(x, right - 20) : Math.min(x, right - 2);
}

/** Labels stick to the left edge of the view while their bar leaves it. */
function labelStart(bars: BarList, i: number, from: number): number {
  const look = bars.look[i] as Look;
  const bits = bars.bits[i] as number;
  const body = Math.max(from, 0);
  if (look === Look.Failed) return body + 6 + 8 + 11;
  return body + 8 + (bits & (Bit.Arrow | Bit.Restart) ? 14 : 0);
}

function addSoftEdge(
  scene: Scene,
  data: TimelineData,
  scale: Scale,
  row: number,
  x0: number,
  top: number,
): void {
  const earliest = data.startedEarliest[row] as number;
  if (Number.isNaN(earliest)) return;
  const left = Math.max(toX(scale, earliest), -OUTSIDE);
  if (x0 - left < MERGE_BELOW || x0 < 0) return;
  scene.bars.push(Look.SoftEdge, 0, left + 1, Math.min(x0, scale.width + OUTSIDE), top, row);
}

function addStale(
  scene: Scene,
  row: number,
  from: number,
  to: number,
  top: number,
  width: number,
): void {
  const left = Math.max(from, -OUTSIDE) + 1;
  const right = Math.min(to, width + OUTSIDE) - 1;
  if (right > left) scene.bars.push(Look.Unknown, Bit.ToNow, left, right, top, row);
}

function addGaps(scene: Scene, data: TimelineData, scale: Scale, lane: number, top: number): void {
  const end = data.laneGaps[lane + 1] as number;
  for (let gap = data.laneGaps[lane] as number; gap < end; gap++) {
    const left = Math.max(toX(scale, data.gapFrom[gap] as number), -OUTSIDE);
    const right = Math.min(toX(scale, data.gapTo[gap] as number), scale.width + OUTSIDE);
    if (right <= 0 || left >= scale.width) continue;
    const wide = Math.max(right, left + MERGE_BELOW);
    scene.bars.push(Look.Gap, 0, left + 1, wide - 1, top, gap, data.gapCount[gap]);
  }
}

function addArc(
  scene: Scene,
  data: TimelineData,
  scale: Scale,
  row: number,
  x0: number,
  top: number,
  now: number,
): void {
  const target = data.rollbackTarget[row] as number;
  if (target < 0 || x0 < 0 || x0 > scale.width + 40) return;
  const begin = toX(scale, data.started[target] as number);
  const end = toX(scale, endOf(data, target, now));
  const head = Math.max(begin + 4, end - 6);
  if (head < 0 || x0 + 4 - head < 12) return;
  scene.arcs.push(x0 + 4, head, top);
}

function addMarks(scene: Scene, data: TimelineData, scale: Scale, lane: number, top: number): void {
  const low = data.laneMarks[lane] as number;
  const high = data.laneMarks[lane + 1] as number;
  let lastX = Number.NEGATIVE_INFINITY;
  for (let m = upperBound(data.markTime, low, high, scale.from - 1); m < high; m++) {
    const x = toX(scale, data.markTime[m] as number);
    if (x > scale.width) break;
    if (x - lastX < MERGE_BELOW) continue;
    lastX = x;
    const kind = data.markKind[m] === MarkKind.Restart ? TickKind.Restart : TickKind.Config;
    scene.marks.push(x, top + BAR_HEIGHT / 2, kind, m);
  }
}

/** For each pixel of the width the gravest event there, plus one; zero for none. */
let pixels = new Uint8Array(0);
let pixelRow = new Int32Array(0);

/** The thread of an open service, or of an environment: a tick for every event of its lanes. */
function addThread(scene: Scene, data: TimelineData, rows: Rows, view: View, row: number): void {
  const { scale } = view;
  const width = Math.ceil(scale.width);
  if (pixels.length < width) {
    pixels = new Uint8Array(width);
    pixelRow = new Int32Array(width);
  }
  pixels.fill(0);
  const note = (time: number, kind: TickKind, event: number): void => {
    const x = Math.round(toX(scale, time));
    if (x <= 0 || x >= width || (pixels[x] as number) > kind) return;
    pixels[x] = kind + 1;
    pixelRow[x] = event;
  };
  const to = rows.groupTo[row] as number;
  for (let i = rows.groupFrom[row] as number; i < to; i++) {
    const lane = rows.laneOf[i] as number;
    const seen = rowsBetween(data, lane, scale.from, scale.to);
    for (let d = seen.first; d < seen.end; d++) note(eventTime(data, d), tickOf(data, d), d);
    const high = data.laneMarks[lane + 1] as number;
    const low = upperBound(data.markTime, data.laneMarks[lane] as number, high, scale.from);
    for (let m = low; m < high && (data.markTime[m] as number) < scale.to; m++) {
      const kind = data.markKind[m] === MarkKind.Restart ? TickKind.Restart : TickKind.Config;
      note(data.markTime[m] as number, kind, data.markDeployment[m] as number);
    }
  }
  const middle = ((rows.top[row] as number) + (rows.top[row + 1] as number)) / 2;
  const y = middle - view.scrollTop;
  scene.threads.push(y);
  for (let x = 0; x < width; x++) {
    const kind = pixels[x] as number;
    if (kind > 0) scene.ticks.push(x, y, (kind - 1) as TickKind, pixelRow[x] as number);
  }
}
