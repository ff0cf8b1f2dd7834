import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import { GridList, GridListItem } from "react-aria-components";
import type { Operation } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { Change, changeText } from "@/shared/operation/Change";
import { nothingSent, stateGlyph, stateWord } from "@/shared/operation/outcomes";
import { useNow } from "@/shared/time/clock";
import { formatExact, formatMoment } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import css from "./Operations.module.css";

/** One row an operation; arrows walk through them, and the one that is chosen is shown beside. */
export function List({
  operations,
  selected,
  onSelect,
  foot,
}: {
  operations: readonly Operation[];
  selected: string | null;
  onSelect: (id: string) => void;
  /** Stands under the last row. */
  foot?: ReactNode;
}) {
  return (
    <div className={css.listPane}>
      <div className={`label ${css.row} ${css.listHead}`} aria-hidden="true">
        <span>{m.operation_column_number()}</span>
        <span>{m.operation_column_when()}</span>
        <span>{m.operation_column_service()}</span>
        <span>{m.operation_column_change()}</span>
        <span>{m.operation_column_state()}</span>
        <span>{m.operation_column_who()}</span>
        <span>{m.operation_column_reason()}</span>
      </div>
      <GridList
        aria-label={m.operation_title()}
        className={css.list ?? ""}
        selectionMode="single"
        selectionBehavior="replace"
        disallowEmptySelection
        disallowTypeAhead
        selectedKeys={selected ? [selected] : []}
        onSelectionChange={(keys) => {
          const [first] = keys === "all" ? [] : [...keys];
          if (first !== undefined) onSelect(String(first));
        }}
      >
        {operations.map((operation) => (
          <Row key={operation.id} operation={operation} />
        ))}
      </GridList>
      {foot && <div className={css.listFoot}>{foot}</div>}
    </div>
  );
}

/** The row's name, read in full. */
function rowName(operation: Operation, moment: string): string {
  const { number, service, environment, account, reason } = operation;
  return [
    m.operation_detail({ number }),
    `${service} ${environment}`,
    changeText(operation),
    stateWord(operation),
    ...(nothingSent(operation) ? [m.operation_nothing_sent()] : []),
    moment,
    account,
    reason ?? m.operation_no_reason(),
  ].join(", ");
}

function Row({ operation }: { operation: Operation }) {
  const zone = useZone();
  const now = useNow();
  const moment = formatMoment(operation.confirmedAt, zone, now);
  const { number, service, environment, account, reason } = operation;
  return (
    <GridListItem
      id={operation.id}
      textValue={rowName(operation, moment)}
      aria-label={rowName(operation, moment)}
      className={`${css.row} ${css.item}`}
    >
      <span className="num muted">{number > 0 ? number : m.operation_number_none()}</span>
      <span className="small" title={formatExact(operation.confirmedAt, zone)}>
        {moment}
      </span>
      <span>
        <span className="b5">{service}</span> <span className="small muted">{environment}</span>
      </span>
      <span className={`mono small ${css.change}`}>
        <Change
          operation={operation}
          arrow={<Icon of={ArrowRight} size="xs" className="c-rollback" />}
        />
      </span>
      <span className={css.state}>
        <StatusGlyph kind={stateGlyph(operation)} />
        <span>
          {stateWord(operation)}
          {nothingSent(operation) && (
            <span className={`small muted ${css.stateMore}`}>{m.operation_nothing_sent()}</span>
          )}
        </span>
      </span>
      <span className="small t2">{account}</span>
      <span className="small muted ell" title={reason ?? undefined}>
        {reason ?? m.operation_no_reason()}
      </span>
    </GridListItem>
  );
}
