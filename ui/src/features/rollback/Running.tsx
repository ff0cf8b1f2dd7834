import type { Operation, Plan } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { useNavigation } from "@/shared/navigation/navigation";
import { Change } from "@/shared/operation/Change";
import { stateWord } from "@/shared/operation/outcomes";
import { StepList } from "@/shared/operation/StepList";
import { useJournal } from "@/shared/operation/useJournal";
import { formatDuration } from "@/shared/time/format";
import { RunningTime } from "@/shared/time/Time";
import { Log } from "./Log";
import css from "./Operation.module.css";
import { Pods } from "./Pods";
import { WhereItActs } from "./WhereItActs";

/** The clock, the bar by pods, the steps, a tile for each pod, and the log. */
export function Running({ operation }: { operation: Operation }) {
  const journal = useJournal(operation.id);
  return (
    <div className={css.running}>
      <div className={css.runningHead}>
        <div className="row">
          <Versions operation={operation} />
          <span className="grow" />
          <div className={css.clock}>
            <div className="label">{m.rollback_running_for()}</div>
            <div className={`mono ${css.clockTime}`}>
              <RunningTime since={operation.sentAt ?? operation.confirmedAt} />
            </div>
          </div>
        </div>
        <Bar operation={operation} />
      </div>
      <div className={css.runningColumns}>
        <section className={css.steps} aria-label={m.rollback_steps()}>
          <StepList operation={operation} />
        </section>
        <div className={css.pods}>
          <Pods operation={operation} />
          <Log operation={operation} journal={journal} />
        </div>
      </div>
    </div>
  );
}

export function Versions({ operation }: { operation: Operation }) {
  return (
    <div className={`mono ${css.versions}`}>
      <Change
        operation={operation}
        arrow={
          <svg
            width="30"
            height="18"
            viewBox="0 0 36 20"
            role="img"
            aria-label={m.operation_change_to()}
            className={css.arrow}
          >
            <path d="M2 10h30M25 3l8 7-8 7" />
          </svg>
        }
      />
    </div>
  );
}

/** What answers on the target is solid, what starts is striped, what hangs is red; the rest is still to do. */
function Bar({ operation }: { operation: Operation }) {
  const { ready, desired, pods, toVersion } = operation;
  const own = pods.filter((pod) => pod.version === toVersion);
  const starting = own.filter((pod) => pod.state === "starting").length;
  const hanging = own.filter((pod) => pod.state === "waiting" || pod.state === "failed").length;
  const share = (from: number, count: number) => {
    const upTo = (end: number) => (desired > 0 ? Math.min(1, end / desired) * 100 : 0);
    return `${upTo(from + count) - upTo(from)}%`;
  };
  const counted = m.rollback_pods_ready_on({ ready, desired, version: toVersion });
  const seen = hanging > 0 ? m.rollback_pods_hang({ counted, count: hanging }) : counted;
  const words = pods.length === 0 && desired > 0 ? m.rollback_pods_looking() : seen;
  return (
    <>
      <div
        role="progressbar"
        aria-label={words}
        aria-valuemin={0}
        aria-valuemax={desired}
        aria-valuenow={ready}
        tabIndex={-1}
        className={css.bar}
      >
        <span className={css.barReady} style={{ width: share(0, ready) }} />
        <span className={css.barHanging} style={{ width: share(ready, hanging) }} />
        <span className={css.barStarting} style={{ width: share(ready + hanging, starting) }} />
      </div>
      <div className={`row between small ${css.barWords}`}>
        <span>{words}</span>
        <span className="muted">
          {operation.usual !== null &&
            m.rollback_usual({
              duration: formatDuration(operation.usual),
              environment: operation.environment,
            })}
        </span>
      </div>
      <span role="status" className="visually-hidden">
        {stateWord(operation)}
      </span>
    </>
  );
}

/** Its undo is offered once it has ended: nothing else is planned where an operation runs. */
export function RunningFoot({ operation, plan }: { operation: Operation; plan: Plan | null }) {
  const { close } = useNavigation();
  return (
    <div className={css.foot}>
      <WhereItActs place={operation} plan={plan} />
      <span className="grow" />
      <Button variant="primary" size="big" autoFocus onPress={close}>
        {m.rollback_close_running()}
      </Button>
    </div>
  );
}
