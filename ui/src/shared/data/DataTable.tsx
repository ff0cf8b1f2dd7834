import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import {
  Cell,
  Column,
  type ColumnProps,
  Row,
  type SortDescriptor,
  Table,
  TableBody,
  TableHeader,
  TableLayout,
  Virtualizer,
} from "react-aria-components";
import { Icon } from "@/shared/display/Icon";
import css from "./DataTable.module.css";

export type DataColumn<T> = {
  id: string;
  label: string;
  render: (row: T) => ReactNode;
  align?: "start" | "end";
  /** A CSS width such as `120`, `"1fr"`. */
  width?: ColumnProps["width"];
  minWidth?: number;
  isSortable?: boolean;
  /** Names the row for assistive technology; one column at least. */
  isRowHeader?: boolean;
};

/**
 * The table view of what is shown elsewhere as a picture. Rows of 32, drawn only where they are
 * seen, so that a hundred thousand are as quick as ten.
 */
export function DataTable<T extends object>({
  label,
  columns,
  rows,
  rowKey,
  sort,
  onSort,
  onOpen,
  empty,
}: {
  label: string;
  columns: readonly DataColumn<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  sort?: SortDescriptor;
  onSort?: (sort: SortDescriptor) => void;
  /** Enter or a double click on a row. */
  onOpen?: (row: T) => void;
  empty?: ReactNode;
}) {
  return (
    <Virtualizer layout={TableLayout} layoutOptions={{ rowHeight: 32, headingHeight: 32 }}>
      <Table
        aria-label={label}
        className={css.table ?? ""}
        {...(sort && { sortDescriptor: sort })}
        {...(onSort && { onSortChange: onSort })}
        {...(onOpen && {
          onRowAction: (key) => {
            const row = rows.find((candidate) => rowKey(candidate) === key);
            if (row) onOpen(row);
          },
        })}
      >
        <TableHeader className={css.head ?? ""}>
          {columns.map((column) => (
            <Column
              key={column.id}
              id={column.id}
              isRowHeader={column.isRowHeader ?? false}
              allowsSorting={column.isSortable ?? false}
              width={column.width ?? "1fr"}
              minWidth={column.minWidth ?? 80}
              className={css.column ?? ""}
            >
              {({ sortDirection }) => (
                <span className={`${css.heading} ${column.align === "end" ? css.end : ""}`}>
                  {column.label}
                  {sortDirection && (
                    <Icon of={sortDirection === "ascending" ? ArrowUp : ArrowDown} size="xs" />
                  )}
                </span>
              )}
            </Column>
          ))}
        </TableHeader>
        <TableBody
          items={rows}
          dependencies={[columns]}
          renderEmptyState={() => <div className={css.empty}>{empty}</div>}
        >
          {(row) => (
            <Row id={rowKey(row)} className={css.row ?? ""}>
              {columns.map((column) => (
                <Cell
                  key={column.id}
                  className={`${css.cell} ${column.align === "end" ? css.end : ""}`}
                >
                  {column.render(row)}
                </Cell>
              ))}
            </Row>
          )}
        </TableBody>
      </Table>
    </Virtualizer>
  );
}
