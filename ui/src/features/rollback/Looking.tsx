import { CircleHelp } from "lucide-react";
import type { Operation, Plan } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { Icon } from "@/shared/display/Icon";
import { useNavigation } from "@/shared/navigation/navigation";
import { StepList } from "@/shared/operation/StepList";
import { Confirmed } from "./Ended";
import css from "./Operation.module.css";
import { Versions } from "./Running";
import { WhereItActs } from "./WhereItActs";

/** One that a start found unfinished, until its cluster says how it stands: nothing runs, and nothing is still to come. */
export function Looking({ operation, plan }: { operation: Operation; plan: Plan | null }) {
  return (
    <div className={css.ended}>
      <section className={`${css.verdict} ${css.unknown}`} role="status" data-tone="unknown">
        <span className={css.verdictIcon}>
          <Icon of={CircleHelp} size="l" />
        </span>
        <div className="grow selectable">
          <div className={css.verdictTitle}>{m.rollback_looking_title()}</div>
          <div className={`t2 ${css.verdictText}`}>
            {m.rollback_looking_text({ cluster: operation.cluster })}
          </div>
        </div>
      </section>
      <div className={css.endedHead}>
        <Versions operation={operation} />
        {operation.reason && <p className="t2">{operation.reason}</p>}
      </div>
      <div className={css.endedLeft}>
        <section>
          <h3 className={css.stepsTitle}>{m.rollback_steps()}</h3>
          <StepList operation={operation} />
        </section>
        {plan && <Confirmed plan={plan} />}
      </div>
    </div>
  );
}

export function LookingFoot({ operation, plan }: { operation: Operation; plan: Plan | null }) {
  const { close } = useNavigation();
  return (
    <div className={css.foot}>
      <WhereItActs place={operation} plan={plan} />
      <span className="grow" />
      <Button variant="primary" size="big" autoFocus onPress={close}>
        {m.shared_close()}
      </Button>
    </div>
  );
}
