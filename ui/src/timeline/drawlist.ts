/**
 * What a frame consists of, as growable columns: filled by `scene.ts`, painted by a `Renderer`, asked
 * by `hit.ts`. Kept from frame to frame, so that drawing makes no garbage.
 */

/** How a bar looks; each has its own shape. */
export const Look = {
  Past: 0,
  Live: 1,
  Undone: 2,
  Rollback: 3,
  Progress: 4,
  /** Unknown, inferred, or later than a stale cluster's last answer. */
  Unknown: 5,
  Failed: 6,
  /** Several bars of under three pixels in one; `count` says how many. */
  Merged: 7,
  /** The range in which an inferred start lies. */
  SoftEdge: 8,
  /** Deployments that nobody saw. */
  Gap: 9,
} as const;
export type Look = (typeof Look)[keyof typeof Look];

/** Details of a bar. */
export const Bit = {
  /** Its right edge stands on NOW and is square. */
  ToNow: 1,
  /** Healthy: it has a green bottom edge. */
  Healthy: 2,
  /** A line through its label: it was undone. */
  Struck: 4,
  /** An arrow before its label: a rollback. */
  Arrow: 8,
  /** A circle arrow before its label: a restart. */
  Restart: 16,
  /** The old version still serves under it. */
  Strip: 32,
  /** Its label stands, whole. */
  Label: 64,
  /** Too narrow for its shape: a mark of three pixels that keeps a failure or rollback in sight. */
  Mark: 128,
} as const;

export class BarList {
  length = 0;
  /** Left and right edges, already inset from their neighbours (CSS pixels). */
  x0 = new Float32Array(256);
  x1 = new Float32Array(256);
  /** Where the rollout's stripes end and the body begins; x0 where there is no lead. */
  lead = new Float32Array(256);
  /** Right end of the old version's strip. */
  strip = new Float32Array(256);
  top = new Float32Array(256);
  labelX = new Float32Array(256);
  /** Deployment (the first, of a merged bar), or the gap's index for `Look.Gap`. */
  row = new Int32Array(256);
  /** Deployments that it stands for, and how many of them failed where they are several. */
  count = new Int32Array(256);
  failed = new Int32Array(256);
  look = new Uint8Array(256);
  bits = new Uint8Array(256);

  clear(): void {
    this.length = 0;
  }

  /** Adds a bar and returns its index; lead, strip and label stand at x0 until set. */
  push(
    look: Look,
    bits: number,
    x0: number,
    x1: number,
    top: number,
    row: number,
    count = 1,
    failed = 0,
  ): number {
    if (this.length === this.x0.length) this.grow();
    const i = this.length++;
    this.x0[i] = x0;
    this.x1[i] = x1;
    this.lead[i] = x0;
    this.strip[i] = x0;
    this.top[i] = top;
    this.labelX[i] = x0;
    this.row[i] = row;
    this.count[i] = count;
    this.failed[i] = failed;
    this.look[i] = look;
    this.bits[i] = bits;
    return i;
  }

  private grow(): void {
    this.x0 = doubled(this.x0);
    this.x1 = doubled(this.x1);
    this.lead = doubled(this.lead);
    this.strip = doubled(this.strip);
    this.top = doubled(this.top);
    this.labelX = doubled(this.labelX);
    this.row = doubled(this.row);
    this.count = doubled(this.count);
    this.failed = doubled(this.failed);
    this.look = doubled(this.look);
    this.bits = doubled(this.bits);
  }
}

type Column = Float32Array | Int32Array | Uint8Array;

function doubled<A extends Column>(column: A): A {
  const bigger = new (column.constructor as new (length: number) => A)(column.length * 2);
  bigger.set(column as never);
  return bigger;
}

/** What a tick on an open group's thread, or a mark on a bar, says. The order is its precedence. */
export const TickKind = {
  Live: 0,
  Unknown: 1,
  Restart: 2,
  Config: 3,
  Progress: 4,
  Rollback: 5,
  Failed: 6,
} as const;
export type TickKind = (typeof TickKind)[keyof typeof TickKind];

/** Small things at a point: ticks of threads, marks on bars. */
export class PointList {
  length = 0;
  x = new Float32Array(256);
  y = new Float32Array(256);
  kind = new Uint8Array(256);
  /** Deployment or mark, as the list's owner says. */
  row = new Int32Array(256);

  clear(): void {
    this.length = 0;
  }

  push(x: number, y: number, kind: TickKind, row: number): void {
    if (this.length === this.x.length) {
      this.x = doubled(this.x);
      this.y = doubled(this.y);
      this.kind = doubled(this.kind);
      this.row = doubled(this.row);
    }
    const i = this.length++;
    this.x[i] = x;
    this.y[i] = y;
    this.kind[i] = kind;
    this.row[i] = row;
  }
}

/** Arcs of rollbacks: from the start of the rollback back into the span it returned to. */
export class ArcList {
  length = 0;
  from = new Float32Array(64);
  to = new Float32Array(64);
  y = new Float32Array(64);

  clear(): void {
    this.length = 0;
  }

  push(from: number, to: number, y: number): void {
    if (this.length === this.from.length) {
      this.from = doubled(this.from);
      this.to = doubled(this.to);
      this.y = doubled(this.y);
    }
    const i = this.length++;
    this.from[i] = from;
    this.to[i] = to;
    this.y[i] = y;
  }
}
