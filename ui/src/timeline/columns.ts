/**
 * The timeline's data: typed columns, and the one binary message they travel in.
 *
 * Binary layout, version 3. Everything is little-endian. Every column starts at an offset that is a
 * multiple of 8 (pad with zero bytes after a column that ends elsewhere), so columns are read in place.
 *
 *   offset  type    meaning
 *        0  u8[4]   magic: the ASCII letters `TMTL`
 *        4  u32     layout version: 3
 *        8  f64     now: the moment the answer was made (epoch ms, cluster time where it is known)
 *       16  f64     from: start of the period asked for (epoch ms)
 *       24  f64     to: end of the period asked for (epoch ms); at least `now` for a live period
 *       32  u32     D: deployments
 *       36  u32     L: lanes
 *       40  u32     S: services
 *       44  u32     E: environments
 *       48  u32     M: marks (configuration changes and restarts)
 *       52  u32     G: gaps
 *       56  u32     T: strings
 *       60  u32     B: bytes of all strings together
 *       64          the columns, in the order of `COLUMNS` below, each padded to 8 bytes
 *
 *   deployments, sorted by (lane, started); row i of every column is deployment i
 *     ledgerId          f64[D]  the ledger's id (integers up to 2^53)
 *     started           f64[D]  epoch ms; when inferred as a range, its latest possible moment
 *     startedEarliest   f64[D]  NaN when `started` is exact, else the earliest possible moment
 *     settled           f64[D]  NaN while the rollout is not complete, or was never seen complete
 *     failedAt          f64[D]  NaN unless it did not settle by its deadline, or was given up
 *     ended             f64[D]  NaN while it is live
 *     oldServesUntil    f64[D]  NaN unless the version before kept ready pods during this failed one:
 *                               the moment its last ready pod went, or +Infinity while it still serves
 *     lane              u32[D]
 *     version           u32[D]  string
 *     who               u32[D]  string, NO_STRING when nobody is known
 *     rollbackTarget    i32[D]  row of the deployment this one returned to, -1 for none
 *     status            u8[D]   see `Status`
 *     flags             u8[D]   see `Flag`
 *   lanes, sorted by (service, environment, workload): one each, or where several workloads run the
 *   service there, one a workload, side by side; together they are a place
 *     laneStaleSince    f64[L]  NaN while its cluster answers, else the moment of the last answer
 *     laneService       u32[L]
 *     laneEnvironment   u32[L]
 *     laneCurrent       i32[L]  row that runs there now (or is rolling out), -1 for nothing
 *     laneWorkload      u32[L]  string, NO_STRING when none is known
 *   services
 *     serviceName       u32[S]  string
 *     serviceTeam       u32[S]  string, NO_STRING when none
 *   environments, in the order of the workspace file
 *     environmentName    u32[E] string
 *     environmentCluster u32[E] string
 *     environmentTier    u8[E]  see `Tier`
 *     environmentGuard   u8[E]  1 when guarded
 *   marks, sorted by (lane, time)
 *     markLedgerId      f64[M]  the ledger's id of the change: what runs on that bar from the mark on
 *     markTime          f64[M]
 *     markLane          u32[M]
 *     markDeployment    i32[M]  row live at that moment, -1 when unknown
 *     markKind          u8[M]   see `MarkKind`
 *   gaps, sorted by (lane, from): deployments not seen, times unknown
 *     gapFrom           f64[G]
 *     gapTo             f64[G]
 *     gapLane           u32[G]
 *     gapCount          u32[G]
 *   strings, each distinct text once
 *     stringOffset      u32[T + 1]  byte offset of each string in `stringBytes`; the last one is B
 *     stringBytes       u8[B]       UTF-8
 */

/** Marks the absence of a string in a string column. */
export const NO_STRING = 0xffffffff;

export const LAYOUT_VERSION = 3;
const MAGIC = 0x4c544d54; // "TMTL" read as a little-endian u32
const HEADER_BYTES = 64;

/** Status of a deployment, as the numbers stand in the message. */
export const Status = {
  InProgress: 0,
  Healthy: 1,
  Degraded: 2,
  Failed: 3,
  RolledBack: 4,
  Unknown: 5,
} as const;
export type Status = (typeof Status)[keyof typeof Status];

/** Bits of the `flags` column. */
export const Flag = {
  /** It returned to a version that ran before. */
  Rollback: 1,
  /** A later rollback took it away. */
  Undone: 2,
  /** Its times come from bounds only. */
  Inferred: 4,
  /** A restart: neither version nor setting changed. */
  RestartOnly: 8,
} as const;

export const Tier = { Production: 0, Staging: 1, Development: 2 } as const;
export type Tier = (typeof Tier)[keyof typeof Tier];

export const MarkKind = { Config: 0, Restart: 1 } as const;
export type MarkKind = (typeof MarkKind)[keyof typeof MarkKind];

type Make = { f64: Float64Array; u32: Uint32Array; i32: Int32Array; u8: Uint8Array };
type Group = "D" | "L" | "S" | "E" | "M" | "G" | "T1" | "B";

/** Every column: name, element type, and which count gives its length. The order is the layout. */
const COLUMNS = [
  ["ledgerId", "f64", "D"],
  ["started", "f64", "D"],
  ["startedEarliest", "f64", "D"],
  ["settled", "f64", "D"],
  ["failedAt", "f64", "D"],
  ["ended", "f64", "D"],
  ["oldServesUntil", "f64", "D"],
  ["lane", "u32", "D"],
  ["version", "u32", "D"],
  ["who", "u32", "D"],
  ["rollbackTarget", "i32", "D"],
  ["status", "u8", "D"],
  ["flags", "u8", "D"],
  ["laneStaleSince", "f64", "L"],
  ["laneService", "u32", "L"],
  ["laneEnvironment", "u32", "L"],
  ["laneCurrent", "i32", "L"],
  ["laneWorkload", "u32", "L"],
  ["serviceName", "u32", "S"],
  ["serviceTeam", "u32", "S"],
  ["environmentName", "u32", "E"],
  ["environmentCluster", "u32", "E"],
  ["environmentTier", "u8", "E"],
  ["environmentGuard", "u8", "E"],
  ["markLedgerId", "f64", "M"],
  ["markTime", "f64", "M"],
  ["markLane", "u32", "M"],
  ["markDeployment", "i32", "M"],
  ["markKind", "u8", "M"],
  ["gapFrom", "f64", "G"],
  ["gapTo", "f64", "G"],
  ["gapLane", "u32", "G"],
  ["gapCount", "u32", "G"],
  ["stringOffset", "u32", "T1"],
  ["stringBytes", "u8", "B"],
] as const satisfies readonly (readonly [string, keyof Make, Group])[];

type Columns = { [C in (typeof COLUMNS)[number] as C[0]]: Make[C[1]] };

/** Columns as they travel, without what is derived from them. */
export interface TimelineColumns extends Columns {
  now: number;
  from: number;
  to: number;
}

/** Columns plus the two indexes every query needs. Build with `decode` or `index`. */
export interface TimelineData extends TimelineColumns {
  /** Deployments of lane l are the rows laneRows[l] up to, not including, laneRows[l + 1]. */
  laneRows: Uint32Array;
  /** The same for marks and gaps. */
  laneMarks: Uint32Array;
  laneGaps: Uint32Array;
  /** All texts, decoded once. */
  strings: string[];
}

/** What can be wrong with a message; `code` is for a switch, the message for the log. */
export class TimelineFormatError extends Error {
  constructor(
    readonly code: "too-short" | "not-a-timeline" | "other-version" | "unsorted" | "out-of-range",
    detail: string,
  ) {
    super(`timeline message: ${detail}`);
    this.name = "TimelineFormatError";
  }
}

const BYTES = { f64: 8, u32: 4, i32: 4, u8: 1 } as const;
const padded = (bytes: number): number => (bytes + 7) & ~7;

function view(kind: keyof Make, buffer: ArrayBuffer, offset: number, length: number) {
  switch (kind) {
    case "f64":
      return new Float64Array(buffer, offset, length);
    case "u32":
      return new Uint32Array(buffer, offset, length);
    case "i32":
      return new Int32Array(buffer, offset, length);
    case "u8":
      return new Uint8Array(buffer, offset, length);
  }
}

/** Reads a message in place: the columns are views of `buffer`. Throws `TimelineFormatError`. */
export function decode(buffer: ArrayBuffer): TimelineData {
  if (buffer.byteLength < HEADER_BYTES) {
    throw new TimelineFormatError("too-short", `${buffer.byteLength} bytes, less than its header`);
  }
  const head = new DataView(buffer);
  if (head.getUint32(0, true) !== MAGIC) {
    throw new TimelineFormatError("not-a-timeline", "the first four bytes are not TMTL");
  }
  const version = head.getUint32(4, true);
  if (version !== LAYOUT_VERSION) {
    throw new TimelineFormatError("other-version", `layout ${version}, expected ${LAYOUT_VERSION}`);
  }
  const lengths: Record<Group, number> = {
    D: head.getUint32(32, true),
    L: head.getUint32(36, true),
    S: head.getUint32(40, true),
    E: head.getUint32(44, true),
    M: head.getUint32(48, true),
    G: head.getUint32(52, true),
    T1: head.getUint32(56, true) + 1,
    B: head.getUint32(60, true),
  };
  const columns: Record<string, Make[keyof Make]> = {};
  let offset = HEADER_BYTES;
  for (const [name, kind, group] of COLUMNS) {
    const bytes = lengths[group] * BYTES[kind];
    if (offset + bytes > buffer.byteLength) {
      throw new TimelineFormatError("too-short", `column ${name} ends after the message`);
    }
    columns[name] = view(kind, buffer, offset, lengths[group]);
    offset += padded(bytes);
  }
  return index({
    ...(columns as unknown as Columns),
    now: head.getFloat64(8, true),
    from: head.getFloat64(16, true),
    to: head.getFloat64(24, true),
  });
}

/** Writes a message; the inverse of `decode`. Used by the tests and by the fake backend. */
export function encode(data: TimelineColumns): ArrayBuffer {
  const total = COLUMNS.reduce((sum, [name]) => sum + padded(data[name].byteLength), HEADER_BYTES);
  const buffer = new ArrayBuffer(total);
  const head = new DataView(buffer);
  head.setUint32(0, MAGIC, true);
  head.setUint32(4, LAYOUT_VERSION, true);
  head.setFloat64(8, data.now, true);
  head.setFloat64(16, data.from, true);
  head.setFloat64(24, data.to, true);
  const counts = [
    data.started.length,
    data.laneService.length,
    data.serviceName.length,
    data.environmentName.length,
    data.markTime.length,
    data.gapFrom.length,
    data.stringOffset.length - 1,
    data.stringBytes.length,
  ];
  counts.forEach((count, i) => {
    head.setUint32(32 + 4 * i, count, true);
  });
  const out = new Uint8Array(buffer);
  let offset = HEADER_BYTES;
  for (const [name] of COLUMNS) {
    const column = data[name];
    out.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), offset);
    offset += padded(column.byteLength);
  }
  return buffer;
}

/** Derives the indexes. Throws when a table is not sorted, or names a row that is not there. */
export function index(columns: TimelineColumns): TimelineData {
  const lanes = columns.laneService.length;
  checkOrder(columns.lane, columns.started, "deployments");
  checkOrder(columns.markLane, columns.markTime, "marks");
  checkOrder(columns.gapLane, columns.gapFrom, "gaps");
  checkRange(columns.laneService, columns.serviceName.length, "lane service");
  checkRange(columns.laneEnvironment, columns.environmentName.length, "lane environment");
  checkRange(columns.version, columns.stringOffset.length - 1, "version");
  return {
    ...columns,
    laneRows: starts(columns.lane, lanes, "deployments"),
    laneMarks: starts(columns.markLane, lanes, "marks"),
    laneGaps: starts(columns.gapLane, lanes, "gaps"),
    strings: readStrings(columns.stringOffset, columns.stringBytes),
  };
}

function checkOrder(lane: Uint32Array, time: Float64Array, what: string): void {
  for (let i = 1; i < lane.length; i++) {
    const before = lane[i - 1] as number;
    const here = lane[i] as number;
    if (here < before || (here === before && (time[i] as number) < (time[i - 1] as number))) {
      throw new TimelineFormatError("unsorted", `${what} are not sorted at row ${i}`);
    }
  }
}

function checkRange(column: Uint32Array, limit: number, what: string): void {
  for (let i = 0; i < column.length; i++) {
    if ((column[i] as number) >= limit) {
      throw new TimelineFormatError(
        "out-of-range",
        `${what} ${column[i]} of row ${i} is not there`,
      );
    }
  }
}

function starts(lane: Uint32Array, lanes: number, what: string): Uint32Array {
  const out = new Uint32Array(lanes + 1);
  for (let i = 0; i < lane.length; i++) {
    const at = lane[i] as number;
    if (at >= lanes) throw new TimelineFormatError("out-of-range", `${what} name lane ${at}`);
    out[at + 1] = (out[at + 1] as number) + 1;
  }
  for (let l = 0; l < lanes; l++) out[l + 1] = (out[l + 1] as number) + (out[l] as number);
  return out;
}

function readStrings(offsets: Uint32Array, bytes: Uint8Array): string[] {
  const decoder = new TextDecoder();
  const out = new Array<string>(Math.max(0, offsets.length - 1));
  for (let i = 0; i < out.length; i++) {
    out[i] = decoder.decode(bytes.subarray(offsets[i], offsets[i + 1]));
  }
  return out;
}

/** Text of a string column's value, or undefined where none is known. */
export function text(data: TimelineData, string: number | undefined): string | undefined {
  return string === undefined || string === NO_STRING ? undefined : data.strings[string];
}
