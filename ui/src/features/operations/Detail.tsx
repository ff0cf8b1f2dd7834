import { ArrowRight, Maximize2, RotateCcw } from "lucide-react";
import type { Operation } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useWorkspace } from "@/shared/appState";
import { Button } from "@/shared/controls/Button";
import { CopyButton } from "@/shared/controls/CopyButton";
import { Icon } from "@/shared/display/Icon";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { Region } from "@/shared/keys/regions";
import { useNavigation } from "@/shared/navigation/navigation";
import { Change } from "@/shared/operation/Change";
import {
  hasEnded,
  isRunning,
  outcomeWords,
  stateGlyph,
  stateWord,
} from "@/shared/operation/outcomes";
import { operationReport } from "@/shared/operation/report";
import { StepList } from "@/shared/operation/StepList";
import { sentenceText } from "@/shared/operation/sentence";
import { formatDuration, formatExact } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import css from "./Operations.module.css";

/** One operation: how it came out, who, why, where, and each step with its time. */
export function Detail({ operation }: { operation: Operation }) {
  const outcome = outcomeWords(operation);
  const { number, service, environment } = operation;
  return (
    <Region as="aside" label={m.operation_detail({ number })} className={css.detail ?? ""}>
      <div className={css.detailHead}>
        <span className={css.state}>
          <StatusGlyph kind={stateGlyph(operation)} />
          <span className="b5">{stateWord(operation)}</span>
        </span>
        <span className="grow" />
        {number > 0 && <span className="small muted">{m.operation_detail({ number })}</span>}
      </div>
      <h2 className={css.detailTitle}>
        {service} <span className="t2">{environment}</span>
      </h2>
      <div className={`mono ${css.detailChange}`}>
        <Change
          operation={operation}
          arrow={<Icon of={ArrowRight} size="s" className="c-rollback" />}
        />
      </div>
      {outcome && (
        <div className={css.outcome}>
          <p className="b5">{outcome.title}</p>
          <p className="t2">{outcome.text}</p>
          {outcome.next && <p className="t2">{outcome.next}</p>}
        </div>
      )}
      <Actions operation={operation} />
      <Facts operation={operation} />
      <Confirmed id={operation.id} />
      <section className={css.detailSection}>
        <h3>{m.rollback_steps()}</h3>
        <StepList operation={operation} />
      </section>
    </Region>
  );
}

/** What was confirmed, in one sentence, as the ledger keeps it. */
function Confirmed({ id }: { id: string }) {
  const { data } = useRead("operation_plan", { id });
  if (!data) return null;
  return (
    <section className={css.detailSection}>
      <h3>{m.rollback_confirmed()}</h3>
      <p className="small t2 selectable">{sentenceText(data)}</p>
    </section>
  );
}

function Actions({ operation }: { operation: Operation }) {
  const { open } = useNavigation();
  const { readOnly } = useWorkspace();
  const zone = useZone();
  const running = isRunning(operation);
  // Nothing else is planned where it runs, its undo neither.
  const undoable = operation.undoable && hasEnded(operation);
  const lane = { service: operation.service, environment: operation.environment };
  return (
    <>
      <div className={css.actions}>
        <Button
          variant={running ? "primary" : "secondary"}
          icon={Maximize2}
          onPress={() => open({ name: "operation", operation: operation.id })}
        >
          {running ? m.operation_open_running() : m.operation_open_sheet()}
        </Button>
        <CopyButton
          variant="secondary"
          size="normal"
          text={() => operationReport(operation, zone)}
          label={m.rollback_copy_report()}
        />
        {undoable && (
          <Button
            icon={RotateCcw}
            isDisabled={readOnly}
            onPress={() => open({ name: "rollback", lane, target: { undo: operation.id } })}
          >
            {m.operation_undo()}
          </Button>
        )}
      </div>
      {undoable && readOnly && <p className="small muted">{m.operation_undo_read_only()}</p>}
      {!operation.undoable && operation.sentAt !== null && hasEnded(operation) && (
        <p className="small muted">{m.operation_undo_off()}</p>
      )}
    </>
  );
}

function Facts({ operation }: { operation: Operation }) {
  const zone = useZone();
  const { sentAt, rolledOutAt, endedAt, undoOf } = operation;
  const facts: [string, string | null][] = [
    [m.operation_column_who(), operation.account || m.rollback_account_unknown()],
    [m.operation_column_reason(), operation.reason ?? m.operation_no_reason()],
    [m.rollback_report_confirmed(), formatExact(operation.confirmedAt, zone)],
    [m.rollback_report_ended(), endedAt === null ? null : formatExact(endedAt, zone)],
    [
      m.rollback_compared_rollout(),
      sentAt === null || rolledOutAt === null ? null : formatDuration(rolledOutAt - sentAt),
    ],
    [m.rollback_cluster(), operation.cluster],
    [m.rollback_namespace(), operation.namespace],
    [m.rollback_report_workload(), `Deployment ${operation.workload}`],
  ];
  return (
    <section className={css.detailSection}>
      {undoOf !== null && <p className="b5">{m.operation_undo_of({ number: undoOf })}</p>}
      <dl className={css.facts}>
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
        <div>
          <dt>{m.operation_digest()}</dt>
          <dd className="mono small">{operation.digest}</dd>
        </div>
      </dl>
    </section>
  );
}
