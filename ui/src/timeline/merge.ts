/**
 * Merging what is too narrow to see. Neighbouring bars of under three pixels become one; failures and
 * rollbacks among them keep a mark of their own, so that no zoom level hides one.
 */

import { type BarList, Bit, Look } from "./drawlist";

/** Width of the mark that keeps a failure or a rollback in sight. */
export const MARK_WIDTH = 3;

/** Collects narrow neighbours and adds them to the list as one bar when a wide one, or the end, comes. */
export class RunMerger {
  private x0 = 0;
  private x1 = 0;
  private first = -1;
  private look: Look = Look.Past;
  private count = 0;
  private failed = 0;

  constructor(
    private readonly bars: BarList,
    private readonly top: number,
  ) {}

  add(row: number, x0: number, x1: number, look: Look): void {
    // A hole of more than a pixel and a half would be painted over: that is a new run.
    if (this.count > 0 && x0 - this.x1 > 1.5) this.flush();
    if (this.count === 0) {
      this.x0 = x0;
      this.x1 = x1;
      this.first = row;
      this.look = look;
    }
    this.x1 = Math.max(this.x1, x1);
    this.count++;
    if (look === Look.Failed) this.failed++;
  }

  flush(): void {
    if (this.count === 0) return;
    const right = Math.max(this.x1, this.x0 + 2);
    const single = this.count === 1;
    const look = single && this.look !== Look.Live ? this.look : single ? Look.Past : Look.Merged;
    const bits = single ? Bit.Mark : 0;
    const { bars, x0, top, first, count, failed } = this;
    bars.push(look, bits, x0, right, top, first, count, failed);
    this.count = 0;
    this.failed = 0;
  }
}

interface Bin {
  index: number;
  failure: number;
  failures: number;
  failureX: number;
  rollback: number;
  rollbacks: number;
  rollbackX: number;
}

/**
 * Narrow failures and rollbacks in bins of six pixels, which follow time and so stand still while the
 * view pans. A bin shows at most one mark of each kind, side by side: neither covers the other.
 */
export class MarkBins {
  private readonly bins: Bin[] = [];
  private readonly binMs: number;

  constructor(msPerPixel: number) {
    this.binMs = 2 * MARK_WIDTH * msPerPixel;
  }

  failure(row: number, time: number, x: number): void {
    const bin = this.at(time);
    if (bin.failures++ === 0) {
      bin.failure = row;
      bin.failureX = x;
    }
  }

  rollback(row: number, time: number, x: number): void {
    const bin = this.at(time);
    if (bin.rollbacks++ === 0) {
      bin.rollback = row;
      bin.rollbackX = x;
    }
  }

  emit(bars: BarList, top: number): void {
    for (const bin of this.bins) {
      const both = bin.failures > 0 && bin.rollbacks > 0;
      const left = both ? Math.min(bin.failureX, bin.rollbackX) : 0;
      if (bin.rollbacks > 0) {
        const x = both ? left + MARK_WIDTH : bin.rollbackX;
        bars.push(Look.Rollback, Bit.Mark, x, x + MARK_WIDTH, top, bin.rollback, bin.rollbacks);
      }
      if (bin.failures > 0) {
        const x = both ? left : bin.failureX;
        bars.push(Look.Failed, Bit.Mark, x, x + MARK_WIDTH, top, bin.failure, bin.failures);
      }
    }
  }

  private at(time: number): Bin {
    const index = Math.floor(time / this.binMs);
    const last = this.bins[this.bins.length - 1];
    if (last && last.index === index) return last;
    const bin: Bin = {
      index,
      failure: -1,
      failures: 0,
      failureX: 0,
      rollback: -1,
      rollbacks: 0,
      rollbackX: 0,
    };
    this.bins.push(bin);
    return bin;
  }
}
