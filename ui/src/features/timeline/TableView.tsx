import { useMemo, useState } from "react";
import { m } from "@/paraglide/messages";
import { type DataColumn, DataTable } from "@/shared/data/DataTable";
import { StatusGlyph, type StatusKind } from "@/shared/display/StatusGlyph";
import { Pill } from "@/shared/display/Tag";
import { formatMoment } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import { Status, type TimelineData } from "@/timeline/columns";
import { Look } from "@/timeline/drawlist";
import { isLive } from "@/timeline/lanes";
import { lookOf } from "@/timeline/look";
import type { TimelineState } from "@/timeline/state";
import {
  COLUMN_ORDER,
  cellText,
  cellTime,
  columnLabel,
  sortedRows,
  type TableColumn,
  type TableRow,
  type TableSort,
  TIME_COLUMNS,
  tableRows,
} from "./table";

const WIDTHS: Partial<Record<TableColumn, number>> = {
  version: 150,
  started: 140,
  settled: 140,
  ended: 140,
};

/** The same deployments as the lanes, as a table that sorts and can be read aloud. */
export function TableView({
  state,
  onOpen,
}: {
  state: TimelineState;
  onOpen: (row: number) => void;
}) {
  const { data, rows } = state;
  const zone = useZone();
  const [sort, setSort] = useState<TableSort>({ column: "started", direction: "descending" });
  const all = useMemo(() => tableRows(data, rows), [data, rows]);
  const sorted = useMemo(() => sortedRows(data, all, sort), [data, all, sort]);
  const columns = useMemo(() => COLUMN_ORDER.map((id) => columnOf(data, id, zone)), [data, zone]);
  return (
    <DataTable
      label={m.timeline_label()}
      columns={columns}
      rows={sorted}
      rowKey={(row) => String(row.row)}
      sort={sort}
      onSort={({ column, direction }) => setSort({ column: column as TableColumn, direction })}
      onOpen={({ row }) => onOpen(row)}
      empty={m.timeline_table_empty()}
    />
  );
}

function columnOf(data: TimelineData, id: TableColumn, zone: string): DataColumn<TableRow> {
  return {
    id,
    label: columnLabel(id),
    isSortable: true,
    isRowHeader: id === "version",
    ...(WIDTHS[id] && { width: WIDTHS[id] }),
    render: ({ row }) => render(data, row, id, zone),
  };
}

function render(data: TimelineData, row: number, id: TableColumn, zone: string) {
  if (TIME_COLUMNS.has(id)) {
    const time = cellTime(data, row, id);
    if (id === "ended" && isLive(data, row)) return m.timeline_table_live();
    return Number.isNaN(time) ? "" : formatMoment(time, zone, data.now);
  }
  const text = cellText(data, row, id);
  if (id === "version") return <Pill state="outlined">{text}</Pill>;
  if (id !== "status") return text;
  return (
    <span className="row g6">
      <StatusGlyph kind={glyphOf(data, row)} quiet />
      {text}
    </span>
  );
}

function glyphOf(data: TimelineData, row: number): StatusKind {
  const look = lookOf(data, row);
  switch (look) {
    case Look.Failed:
      return "failed";
    case Look.Progress:
      return "progress";
    case Look.Rollback:
      return "rollback";
    case Look.Undone:
    case Look.Unknown:
    case Look.Gap:
    case Look.SoftEdge:
      return "unknown";
    case Look.Past:
    case Look.Live:
    case Look.Merged:
      return data.status[row] === Status.Degraded ? "warn" : "ok";
  }
}
