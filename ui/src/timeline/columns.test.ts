import { describe, expect, it } from "vitest";
import { buildColumns } from "./build";
import { decode, encode, NO_STRING, Status, Tier, TimelineFormatError, text } from "./columns";
import { sampleSpec } from "./sample";

/**
 * One deployment, one lane, one service, one environment, no marks, no gaps, strings "a" and "bc":
 * written by hand from the layout's table, not by `encode`.
 */
function handWritten(): ArrayBuffer {
  const buffer = new ArrayBuffer(64 + 33 * 8);
  const v = new DataView(buffer);
  new Uint8Array(buffer).set([0x54, 0x4d, 0x54, 0x4c]); // TMTL
  v.setUint32(4, 3, true);
  v.setFloat64(8, 5000, true);
  v.setFloat64(16, 1000, true);
  v.setFloat64(24, 6000, true);
  [1, 1, 1, 1, 0, 0, 2, 3].forEach((n, i) => {
    v.setUint32(32 + 4 * i, n, true);
  });
  let at = 64;
  const f64 = (n: number) => {
    v.setFloat64(at, n, true);
    at += 8;
  };
  const u32 = (n: number) => {
    v.setUint32(at, n, true);
    at += 8;
  };
  const u8 = (n: number) => {
    v.setUint8(at, n);
    at += 8;
  };
  f64(77); // ledgerId
  f64(1500); // started
  f64(Number.NaN); // startedEarliest
  f64(1600); // settled
  f64(Number.NaN); // failedAt
  f64(Number.NaN); // ended
  f64(Number.POSITIVE_INFINITY); // oldServesUntil
  u32(0); // lane
  u32(1); // version: "bc"
  u32(NO_STRING); // who
  v.setInt32(at, -1, true); // rollbackTarget
  at += 8;
  u8(Status.Healthy);
  u8(0); // flags
  f64(Number.NaN); // laneStaleSince
  u32(0); // laneService
  u32(0); // laneEnvironment
  v.setInt32(at, 0, true); // laneCurrent
  at += 8;
  u32(0); // laneWorkload: "a"
  u32(0); // serviceName: "a"
  u32(NO_STRING); // serviceTeam
  u32(1); // environmentName
  u32(0); // environmentCluster
  u8(Tier.Staging);
  u8(1); // environmentGuard
  // marks and gaps are empty: no bytes at all
  for (const offset of [0, 1, 3]) {
    v.setUint32(at, offset, true);
    at += 4;
  }
  at += 4; // padding of three offsets
  new Uint8Array(buffer).set([0x61, 0x62, 0x63], at); // "a", "bc"
  at += 8;
  return buffer.slice(0, at);
}

describe("decode", () => {
  it("reads a message that was written by hand from the layout", () => {
    const data = decode(handWritten());
    expect([data.now, data.from, data.to]).toEqual([5000, 1000, 6000]);
    expect([...data.ledgerId]).toEqual([77]);
    expect([...data.started]).toEqual([1500]);
    expect(data.startedEarliest[0]).toBeNaN();
    expect(data.oldServesUntil[0]).toBe(Number.POSITIVE_INFINITY);
    expect(data.strings).toEqual(["a", "bc"]);
    expect(text(data, data.version[0])).toBe("bc");
    expect(text(data, data.who[0])).toBeUndefined();
    expect(data.rollbackTarget[0]).toBe(-1);
    expect(text(data, data.laneWorkload[0])).toBe("a");
    expect(data.environmentTier[0]).toBe(Tier.Staging);
    expect(data.environmentGuard[0]).toBe(1);
    expect([...data.laneRows]).toEqual([0, 1]);
  });

  it("writes the very bytes of the message that was written by hand", () => {
    const byHand = handWritten();
    expect(new Uint8Array(encode(decode(byHand)))).toEqual(new Uint8Array(byHand));
  });

  it("gives back every column of a whole world, texts beyond ASCII included", () => {
    const spec = sampleSpec({ rare: true });
    const columns = buildColumns({
      ...spec,
      services: [...spec.services, { name: "结算", team: "资金", lanes: [] }],
    });
    const { laneRows, laneMarks, laneGaps, strings, ...back } = decode(encode(columns));
    expect(back).toEqual(columns);
    expect(strings).toContain("结算");
    const workloads = Array.from(back.laneWorkload, (name) => strings[name]);
    expect(workloads.slice(2, 5)).toEqual(["ledger", "ledger-worker", undefined]);
    expect(laneRows[laneRows.length - 1]).toBe(columns.started.length);
    expect(laneMarks[laneMarks.length - 1]).toBe(columns.markTime.length);
    expect(laneGaps[laneGaps.length - 1]).toBe(columns.gapFrom.length);
  });

  const damaged: [string, string, (v: DataView, buffer: ArrayBuffer) => ArrayBuffer][] = [
    ["a header cut short", "too-short", (_, b) => b.slice(0, 40)],
    ["columns cut short", "too-short", (_, b) => b.slice(0, b.byteLength - 12)],
    [
      "other first bytes",
      "not-a-timeline",
      (v, b) => {
        v.setUint8(0, 0);
        return b;
      },
    ],
    [
      "a newer layout",
      "other-version",
      (v, b) => {
        v.setUint32(4, 4, true);
        return b;
      },
    ],
    [
      "a lane that is not there",
      "out-of-range",
      (v, b) => {
        v.setUint32(64 + 7 * 8, 9, true);
        return b;
      },
    ],
    [
      "a version that is not there",
      "out-of-range",
      (v, b) => {
        v.setUint32(64 + 8 * 8, 9, true);
        return b;
      },
    ],
  ];
  it.each(damaged)("refuses %s with the code %s", (_, code, damage) => {
    const buffer = handWritten();
    const broken = damage(new DataView(buffer), buffer);
    expect(() => decode(broken)).toThrowError(TimelineFormatError);
    expect(() => decode(broken)).toThrowError(expect.objectContaining({ code }));
  });

  it("refuses deployments that are not sorted: every search relies on it", () => {
    const columns = buildColumns(sampleSpec());
    columns.started[1] = (columns.started[0] as number) - 1;
    expect(() => decode(encode(columns))).toThrowError(
      expect.objectContaining({ code: "unsorted" }),
    );
  });
});
