import { Undo2 } from "lucide-react";
import type { Operation, Plan } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { Icon } from "@/shared/display/Icon";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { useNavigation } from "@/shared/navigation/navigation";
import type { Lane, RollbackTarget } from "@/shared/navigation/route";
import { operationTitle } from "@/shared/operation/course";
import { isRunning } from "@/shared/operation/outcomes";
import { Sheet } from "@/shared/overlay/Sheet";
import { Countdown, CountdownFoot, useStop } from "./Countdown";
import { Ended, EndedFoot } from "./Ended";
import { Looking, LookingFoot } from "./Looking";
import css from "./Operation.module.css";
import { Running, RunningFoot } from "./Running";
import { SHEET_HEIGHT } from "./size";
import { TierTag } from "./TierTag";

type PlanAgain = (lane: Lane, target?: RollbackTarget) => void;

/** The sheet of one operation, from its three seconds to the verdict. Events of the backend move it on. */
export function OperationSheet({
  id,
  plan,
  onPlanAgain,
}: {
  id: string;
  /** The plan that was confirmed in this sheet; without it, the one that the ledger kept is read. */
  plan: Plan | null;
  onPlanAgain: PlanAgain;
}) {
  const { close } = useNavigation();
  const { data, error } = useRead("operation_get", { id });
  const kept = useRead("operation_plan", { id }, { enabled: plan === null });
  const shown = plan ?? kept.data ?? null;
  if (data) return <Shown operation={data} plan={shown} onPlanAgain={onPlanAgain} />;
  return (
    <Sheet
      isOpen
      onClose={close}
      title={error ? m.rollback_not_found() : m.shared_loading()}
      width={560}
      foot={
        <>
          <span className="grow" />
          <Button size="big" autoFocus onPress={close}>
            {m.shared_close()}
          </Button>
        </>
      }
    >
      <div className={css.missing}>{error && <ErrorBand error={error.wire} />}</div>
    </Sheet>
  );
}

function Shown({
  operation,
  plan,
  onPlanAgain,
}: {
  operation: Operation;
  plan: Plan | null;
  onPlanAgain: PlanAgain;
}) {
  const { close } = useNavigation();
  const stop = useStop(operation.id);
  const lane: Lane = { service: operation.service, environment: operation.environment };
  const undo = () => onPlanAgain(lane, { undo: operation.id });
  const again = useAgain(operation, plan);
  const waiting = operation.state === "waiting";
  const running = isRunning(operation);
  return (
    <Sheet
      isOpen
      // While it can still be stopped, Esc stops it: a sheet that closes must not be a surprise later.
      onClose={waiting ? stop.stop : close}
      title={operationTitle(operation)}
      icon={<Icon of={Undo2} className="c-rollback" />}
      tag={<TierTag tier={operation.tier} guard={operation.guard} />}
      height={SHEET_HEIGHT}
      dismissable={false}
      foot={
        waiting ? (
          <CountdownFoot operation={operation} plan={plan} stop={stop} />
        ) : operation.state === "looking" ? (
          <LookingFoot operation={operation} plan={plan} />
        ) : running ? (
          <RunningFoot operation={operation} plan={plan} />
        ) : (
          <EndedFoot
            operation={operation}
            plan={plan}
            onUndo={undo}
            onPlanAgain={again && (() => onPlanAgain(lane, again))}
          />
        )
      }
    >
      {waiting ? (
        <Countdown operation={operation} stop={stop} />
      ) : operation.state === "looking" ? (
        <Looking operation={operation} plan={plan} />
      ) : running ? (
        <Running operation={operation} />
      ) : (
        <Ended operation={operation} plan={plan} />
      )}
    </Sheet>
  );
}

/** The same again: of an undo the undo of the same operation; `null` while that one is not known. */
function useAgain({ undoOf, toVersion }: Operation, plan: Plan | null): RollbackTarget | null {
  const list = useRead("operation_list", null, { enabled: undoOf !== null });
  if (undoOf !== null) {
    const undone = list.data?.operations.find((one) => one.number === undoOf);
    return undone ? { undo: undone.id } : null;
  }
  const id = plan?.to.deployment ?? null;
  return id === null ? { version: toVersion } : { deployment: id };
}
