/** The same deployments as a table, and the table as CSV. */

import type { DeploymentSource } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Status, type TimelineData } from "@/timeline/columns";
import { isLast, isOneOfSeveral, isSilent } from "@/timeline/lanes";
import { failed } from "@/timeline/look";
import type { Rows } from "@/timeline/rows";
import { offsetAt } from "@/timeline/zone";
import {
  evidenceLabel,
  ownWorkload,
  serviceLabel,
  statusLabel,
  versionLabel,
  whereLabel,
  whoLabel,
} from "./words";

export type TableColumn =
  | "service"
  | "environment"
  | "workload"
  | "version"
  | "status"
  | "started"
  | "settled"
  | "ended"
  | "who";

/** Rows of the deployments in the lanes that the filter shows, newest first. */
export function tableRows(data: TimelineData, rows: Rows): Int32Array {
  const found: number[] = [];
  for (let i = 0; i < rows.laneOf.length; i++) {
    const lane = rows.laneOf[i] as number;
    const end = data.laneRows[lane + 1] as number;
    for (let row = data.laneRows[lane] as number; row < end; row++) found.push(row);
  }
  const started = data.started;
  return Int32Array.from(found).sort((a, b) => (started[b] as number) - (started[a] as number));
}

/** What a text column says of a row; times are columns of numbers. */
export function cellText(data: TimelineData, row: number, column: TableColumn): string {
  const lane = data.lane[row] as number;
  switch (column) {
    case "service":
      return serviceLabel(data, lane);
    case "environment":
      return whereLabel(data, lane);
    case "workload":
      return ownWorkload(data, lane);
    case "version":
      return versionLabel(data, row);
    case "status":
      return statusLabel(data, row);
    case "who":
      return whoLabel(data, row) ?? m.timeline_table_unknown();
    case "started":
    case "settled":
    case "ended":
      return "";
  }
}

/** The moment of a time column, NaN where there is none. */
export function cellTime(data: TimelineData, row: number, column: TableColumn): number {
  switch (column) {
    case "started":
      return data.started[row] as number;
    case "settled":
      return data.settled[row] as number;
    case "ended":
      return endTime(data, row);
    case "service":
    case "environment":
    case "workload":
    case "version":
    case "status":
    case "who":
      return Number.NaN;
  }
}

/** Its own end; else when what took its place was complete. */
function endTime(data: TimelineData, row: number): number {
  const own = data.ended[row] as number;
  if (!Number.isNaN(own) || isLast(data, row)) return own;
  return data.settled[row + 1] as number;
}

/** What a time column says where there is no time: an empty cell would be no answer. */
export function timeWords(data: TimelineData, row: number, column: TableColumn): string {
  const isOpen = data.status[row] === Status.InProgress;
  if (column === "settled") {
    if (failed(data, row)) return m.timeline_table_never();
    return isOpen ? m.timeline_table_not_yet() : m.timeline_table_unknown();
  }
  if (column !== "ended") return m.timeline_table_unknown();
  if (!isLast(data, row)) return replacedWords(data, row);
  if (isSilent(data, data.lane[row] as number)) return m.timeline_table_unknown();
  return isOpen || failed(data, row) ? m.timeline_table_not_yet() : m.timeline_table_live();
}

/** It has no end though another came after it: that one did not take its place, or has yet to. */
function replacedWords(data: TimelineData, row: number): string {
  if ((data.oldServesUntil[row + 1] as number) > data.now) return m.timeline_table_serves();
  return data.status[row + 1] === Status.InProgress
    ? m.timeline_table_replacing()
    : m.timeline_table_unknown();
}

export const TIME_COLUMNS: ReadonlySet<TableColumn> = new Set(["started", "settled", "ended"]);

const COLUMN_ORDER: readonly TableColumn[] = [
  "started",
  "service",
  "environment",
  "workload",
  "version",
  "status",
  "who",
  "settled",
  "ended",
];

/** The columns in their order; workloads have one where several run a service somewhere. */
export function columnsOf(data: TimelineData): readonly TableColumn[] {
  for (let lane = 1; lane < data.laneService.length; lane++)
    if (isOneOfSeveral(data, lane)) return COLUMN_ORDER;
  return COLUMN_ORDER.filter((column) => column !== "workload");
}

export function columnLabel(column: TableColumn): string {
  switch (column) {
    case "service":
      return m.timeline_table_service();
    case "environment":
      return m.timeline_table_environment();
    case "workload":
      return m.timeline_table_workload();
    case "version":
      return m.timeline_table_version();
    case "status":
      return m.timeline_table_status();
    case "started":
      return m.timeline_table_started();
    case "settled":
      return m.timeline_table_settled();
    case "ended":
      return m.timeline_table_ended();
    case "who":
      return m.timeline_table_who();
  }
}

export interface TableSort {
  readonly column: TableColumn;
  readonly direction: "ascending" | "descending";
}

/** Sorted copy; rows without a moment come last in either direction. */
export function sortedRows(data: TimelineData, rows: Int32Array, sort: TableSort): Int32Array {
  const sign = sort.direction === "ascending" ? 1 : -1;
  const { column } = sort;
  if (!TIME_COLUMNS.has(column)) {
    const rank = textRanks(data, rows, column);
    return Int32Array.from(rows).sort(
      (a, b) => sign * ((rank.get(a) as number) - (rank.get(b) as number)),
    );
  }
  return Int32Array.from(rows).sort((a, b) => {
    const [x, y] = [cellTime(data, a, column), cellTime(data, b, column)];
    if (Number.isNaN(x) || Number.isNaN(y)) {
      return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    }
    return sign * (x - y);
  });
}

/** Texts repeat: each is compared once, and rows by the rank of their text. */
function textRanks(data: TimelineData, rows: Int32Array, column: TableColumn): Map<number, number> {
  const texts = new Map<number, string>();
  for (const row of rows) texts.set(row, cellText(data, row, column));
  const collator = new Intl.Collator(undefined, { numeric: true });
  const order = [...new Set(texts.values())].sort(collator.compare);
  const rankOf = new Map(order.map((text, i) => [text, i]));
  return new Map([...texts].map(([row, text]) => [row, rankOf.get(text) as number]));
}

/** ISO 8601 on the wall clock of the zone, with its offset: "2026-11-19T13:02:40+01:00". */
export function isoTime(time: number, zone: string): string {
  if (Number.isNaN(time)) return "";
  const offset = offsetAt(zone, time);
  const wall = new Date(time + offset).toISOString().slice(0, 19);
  if (zone === "UTC") return `${wall}Z`;
  const minutes = Math.abs(offset) / 60_000;
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  return `${wall}${offset < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** Where deployments come from, by their ids in the ledger. */
export type Sources = ReadonlyMap<number, DeploymentSource>;

/**
 * RFC 4180, with a heading: the columns of the table, then where each deployment comes from. What is no time, or is not
 * known of a source, is empty: a spreadsheet reads a column of times as such. What it would run as a formula is made text.
 */
export function toCsv(
  data: TimelineData,
  rows: Int32Array,
  zone: string,
  sources: Sources,
): string {
  const columns = columnsOf(data);
  const lines = [[...columns.map(columnLabel), ...sourceLabels()]];
  for (const row of rows) {
    const cells = columns.map((column) =>
      TIME_COLUMNS.has(column)
        ? isoTime(cellTime(data, row, column), zone)
        : cellText(data, row, column),
    );
    lines.push([...cells, ...sourceCells(sources.get(data.ledgerId[row] as number))]);
  }
  return lines.map((line) => `${line.map(field).join(",")}\r\n`).join("");
}

const sourceLabels = (): string[] => [
  m.timeline_table_commit(),
  m.timeline_table_digest(),
  m.timeline_table_evidence(),
];

/** Of a digest with its repository, "money/payments@sha256:…", the digest alone. */
const sourceCells = (source: DeploymentSource | undefined): string[] =>
  source
    ? [
        source.commit ?? "",
        source.digest?.replace(/^.*@/, "") ?? "",
        evidenceLabel(source.evidence),
      ]
    : ["", "", ""];

function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
