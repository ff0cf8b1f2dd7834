import { useQueryClient } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import type { Operation, Plan, WireError } from "@/ipc";
import { keyOf } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { Icon } from "@/shared/display/Icon";
import { Spinner } from "@/shared/display/Progress";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { useNavigation } from "@/shared/navigation/navigation";
import type { Lane } from "@/shared/navigation/route";
import { planTitle } from "@/shared/operation/course";
import { Sheet } from "@/shared/overlay/Sheet";
import { RunningTime } from "@/shared/time/Time";
import { Blocked } from "./Blocked";
import { FromTo } from "./FromTo";
import { Moved } from "./Moved";
import css from "./Plan.module.css";
import { PlanFoot } from "./PlanFoot";
import { Ready } from "./Ready";
import { Sentence } from "./Sentence";
import { SHEET_HEIGHT } from "./size";
import { TierTag } from "./TierTag";
import type { AskedTarget } from "./targets";
import { useAnswers, useGesture, usePlan } from "./usePlan";

/** Planning, ready, blocked: the sheet until a person has confirmed. */
export function PlanSheet({
  lane,
  target,
  before,
  onConfirmed,
}: {
  lane: Lane;
  target: AskedTarget;
  /** The plan that moved, of which this one tells the difference. */
  before: Plan | null;
  onConfirmed: (operation: Operation, plan: Plan) => void;
}) {
  const { close } = useNavigation();
  const client = useQueryClient();
  const [asked, setAsked] = useState(target);
  const planned = usePlan(lane, asked, before);
  const { plan } = planned;
  const answers = useAnswers(plan);
  const gesture = useGesture(plan, answers, (operation, of) => {
    const key = keyOf("operation_get", { id: operation.id });
    client.setQueryData<Operation>(key, (known) => known ?? operation);
    onConfirmed(operation, of);
  });
  const undo = asked !== undefined && "undo" in asked;
  return (
    <Sheet
      isOpen
      onClose={close}
      title={planTitle(lane.service, plan, undo)}
      icon={<Icon of={Undo2} className="c-rollback" />}
      tag={plan && <TierTag tier={plan.tier} guard={plan.guard} />}
      height={SHEET_HEIGHT}
      dismissable={false}
      foot={
        <PlanFoot
          lane={lane}
          plan={plan}
          answers={answers}
          gesture={gesture}
          onAgain={planned.again}
        />
      }
    >
      <Body>
        {gesture.error && (
          <Problem error={gesture.error} onAgain={planned.again} onForget={gesture.forget} />
        )}
        {plan ? (
          <>
            <FromTo
              plan={plan}
              candidates={planned.candidates}
              onChoose={undo ? undefined : setAsked}
            />
            {planned.before && planned.before.digest !== plan.digest && (
              <Moved before={planned.before} now={plan} />
            )}
            {plan.level === null ? (
              <Blocked plan={plan} />
            ) : (
              <>
                <Sentence plan={plan} />
                <Ready plan={plan} answers={answers} onAgain={planned.again} />
              </>
            )}
          </>
        ) : planned.error || planned.absent ? (
          <div className={css.pad}>
            <ErrorBand
              error={planned.error ?? absentError(lane)}
              actions={<Button onPress={planned.again}>{m.rollback_plan_again()}</Button>}
            />
          </div>
        ) : (
          <Planning since={planned.startedAt} />
        )}
      </Body>
    </Sheet>
  );
}

function Body({ children }: { children: React.ReactNode }) {
  return <div className={css.body}>{children}</div>;
}

function absentError({ service, environment }: Lane): WireError {
  return { code: "no-target", parameters: { service, environment }, details: "", retryable: false };
}

function Planning({ since }: { since: number }) {
  return (
    <div className={css.planning} role="status">
      <div className="row g8">
        <Spinner />
        <b>{m.rollback_planning()}</b>
        <span className="muted">
          <RunningTime since={since} />
        </span>
      </div>
      <p className="small muted">{m.rollback_planning_text()}</p>
    </div>
  );
}

/** Codes after which the plan on the screen is no longer the one to confirm. */
const OLD_PLAN: readonly string[] = ["plan-moved", "plan-gone", "plan-blocked", "not-confirmed"];

/** The gesture was refused: why, and the one button that goes on. */
function Problem({
  error,
  onAgain,
  onForget,
}: {
  error: WireError;
  onAgain: () => void;
  onForget: () => void;
}) {
  const { go } = useNavigation();
  const again = () => {
    onForget();
    onAgain();
  };
  return (
    <div className={css.problem}>
      <ErrorBand
        error={error}
        actions={
          error.code === "operation-running" ? (
            <Button size="small" onPress={() => go({ name: "operations" })}>
              {m.operation_title()}
            </Button>
          ) : error.code === "read-only" ? (
            <Button size="small" onPress={() => go({ name: "settings" })}>
              {m.nav_settings()}
            </Button>
          ) : OLD_PLAN.includes(error.code) || error.retryable ? (
            <Button size="small" onPress={again}>
              {m.rollback_plan_again()}
            </Button>
          ) : (
            <Button size="small" onPress={onForget}>
              {m.shared_close()}
            </Button>
          )
        }
      />
    </div>
  );
}
