import { Check, Lock, RotateCw } from "lucide-react";
import type { Plan } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { CopyButton } from "@/shared/controls/CopyButton";
import { Field } from "@/shared/controls/Field";
import { HoldButton } from "@/shared/controls/HoldButton";
import { Icon } from "@/shared/display/Icon";
import { Spinner } from "@/shared/display/Progress";
import { Strong } from "@/shared/display/Strong";
import { useNavigation } from "@/shared/navigation/navigation";
import type { Lane } from "@/shared/navigation/route";
import { gestureWords } from "@/shared/operation/course";
import { planReport } from "@/shared/operation/report";
import { useZone } from "@/shared/time/zone";
import css from "./Plan.module.css";
import { type Answers, gestureOff, type Off, type useGesture } from "./usePlan";
import { WhereItActs } from "./WhereItActs";

/** Why, the typed name, where it acts, Cancel with the focus, and the gesture. */
export function PlanFoot({
  lane,
  plan,
  answers,
  gesture,
  onAgain,
}: {
  lane: Lane;
  plan: Plan | undefined;
  answers: Answers;
  gesture: ReturnType<typeof useGesture>;
  onAgain: () => void;
}) {
  const { close } = useNavigation();
  const off = plan ? gestureOff(plan, answers) : null;
  return (
    <div className={css.foot}>
      {plan && plan.level !== null && <Words plan={plan} answers={answers} />}
      <div className={css.footRow}>
        <WhereItActs place={plan ?? lane} plan={plan ?? null} />
        <span className="grow" />
        <span className={css.buttons}>
          {plan && off?.why !== "blocked" && (
            <span className={`small muted ${css.why}`} role="status">
              {off ? offWords(off, plan) : m.rollback_then_stop()}
            </span>
          )}
          <Button size="big" autoFocus onPress={close}>
            {m.shared_cancel()}
          </Button>
          {plan &&
            (plan.level === null ? (
              <BlockedButtons plan={plan} onAgain={onAgain} />
            ) : (
              <Gesture plan={plan} off={off !== null} gesture={gesture} />
            ))}
        </span>
      </div>
    </div>
  );
}

function offWords(off: Off, plan: Plan): string {
  switch (off.why) {
    case "blocked":
      return m.rollback_off_blocked();
    case "acknowledge":
      return m.rollback_off_acknowledge({ count: off.count });
    case "reason":
      return m.rollback_off_reason();
    case "name":
      return m.rollback_off_name({ name: plan.service });
  }
}

/** Level 3 asks for a reason and for the name; below it, the reason is welcome. */
function Words({ plan, answers }: { plan: Plan; answers: Answers }) {
  const needed = plan.level === 3;
  const typedRight = answers.typed.trim() === plan.service;
  return (
    <div className={css.words}>
      <div className="grow">
        <Field
          label={needed ? m.rollback_reason_needed() : m.rollback_reason()}
          size="tall"
          isRequired={needed}
          value={answers.reason}
          onChange={answers.setReason}
        />
      </div>
      {needed && (
        <div className={css.typed}>
          <Field
            label={<Strong text={m.rollback_type({ name: plan.service })} words={[plan.service]} />}
            size="tall"
            isRequired
            autoComplete="off"
            spellCheck="false"
            value={answers.typed}
            onChange={answers.setTyped}
            trailing={typedRight && <Icon of={Check} size="s" className="c-ok" />}
          />
        </div>
      )}
    </div>
  );
}

function Gesture({
  plan,
  off,
  gesture,
}: {
  plan: Plan;
  off: boolean;
  gesture: ReturnType<typeof useGesture>;
}) {
  const words = gestureWords(plan);
  if (gesture.confirming) {
    return (
      <Button variant="primary" size="big" isDisabled>
        <Spinner />
        {m.rollback_confirming()}
      </Button>
    );
  }
  if (plan.level === 0) {
    const press = () => {
      gesture.begin();
      gesture.confirm();
    };
    return (
      <Button variant="primary" size="big" isDisabled={off} onPress={press}>
        {words.press}
      </Button>
    );
  }
  return (
    <HoldButton
      label={words.hold}
      holdingLabel={m.rollback_holding()}
      armedLabel={words.again}
      isDisabled={off}
      onBegin={gesture.begin}
      onConfirm={gesture.confirm}
    />
  );
}

function BlockedButtons({ plan, onAgain }: { plan: Plan; onAgain: () => void }) {
  const zone = useZone();
  const owned = plan.findings.some(
    (finding) => finding.code === "owner" && finding.result === "block",
  );
  return (
    <>
      <Button size="big" icon={Lock} isDisabled>
        {m.rollback_off_blocked_button()}
      </Button>
      {owned ? (
        <CopyButton
          variant="primary"
          size="big"
          text={() => planReport(plan, zone)}
          label={m.rollback_handover()}
        />
      ) : (
        <Button variant="primary" size="big" icon={RotateCw} onPress={onAgain}>
          {m.rollback_plan_again()}
        </Button>
      )}
    </>
  );
}
