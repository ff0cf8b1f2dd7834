import type { LucideIcon } from "lucide-react";
import { Check, CircleAlert, CircleHelp, Pencil, RotateCcw, RotateCw, X } from "lucide-react";
import type { Operation, Plan } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { CopyButton } from "@/shared/controls/CopyButton";
import { Icon } from "@/shared/display/Icon";
import { useNavigation } from "@/shared/navigation/navigation";
import { operationCourse } from "@/shared/operation/course";
import { endUnknown, outcomeWords } from "@/shared/operation/outcomes";
import { operationReport } from "@/shared/operation/report";
import { StepList } from "@/shared/operation/StepList";
import { sentenceText } from "@/shared/operation/sentence";
import { useJournal } from "@/shared/operation/useJournal";
import { formatDuration } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import { Compared } from "./Compared";
import { ExactChange } from "./ExactChange";
import css from "./Operation.module.css";
import { Pods } from "./Pods";
import { Versions } from "./Running";
import { Stays } from "./Stays";
import { notedVersion, StillOpen } from "./StillOpen";
import { WhereItActs } from "./WhereItActs";

type Tone = "good" | "bad" | "unknown" | "quiet";

function toneOf(operation: Operation): Tone {
  const { state, verdict } = operation;
  if (endUnknown(operation)) return "unknown";
  if (state === "verified")
    return verdict === "good" ? "good" : verdict === "bad" ? "bad" : "unknown";
  return state === "failed" ? "bad" : state === "superseded" ? "unknown" : "quiet";
}

const ICON: Record<Tone, LucideIcon> = {
  good: Check,
  bad: X,
  unknown: CircleHelp,
  quiet: CircleAlert,
};

/** How it came out, what it rests on, and what is still open. */
export function Ended({ operation, plan }: { operation: Operation; plan: Plan | null }) {
  const journal = useJournal(operation.id);
  const sent = operation.sentAt !== null;
  const recovered = operation.steps.some((step) => step.kind === "recovered");
  return (
    <div className={css.ended}>
      <VerdictBand operation={operation} />
      {recovered && <p className={`small t2 ${css.recovered}`}>{m.rollback_recovered()}</p>}
      <div className={css.endedHead}>
        <Versions operation={operation} />
        {operation.reason && <p className="t2">{operation.reason}</p>}
      </div>
      <div className={css.endedColumns}>
        <div className={css.endedLeft}>
          {sent && <Compared operation={operation} journal={journal} plan={plan} />}
          {operation.verdict === "bad" && operation.pods.length > 0 && (
            <Pods operation={operation} />
          )}
          <section>
            <h3 className={css.stepsTitle}>{m.rollback_steps()}</h3>
            <StepList operation={operation} />
          </section>
          {plan && <Confirmed plan={plan} />}
        </div>
        <div className={css.endedRight}>
          <StillOpen operation={operation} plan={plan} />
          {plan && sent && (
            <div className={css.endedStays}>
              <Stays plan={plan} />
            </div>
          )}
        </div>
      </div>
    </div>
  );
}

/** What the person read before the gesture: the sentence, and the exact change. */
export function Confirmed({ plan }: { plan: Plan }) {
  return (
    <section className={css.confirmed}>
      <h3>{m.rollback_confirmed()}</h3>
      <p className="t2 selectable">{sentenceText(plan)}</p>
      <ExactChange plan={plan} startsOpen={false} />
    </section>
  );
}

function VerdictBand({ operation }: { operation: Operation }) {
  const words = outcomeWords(operation);
  const tone = toneOf(operation);
  const { sentAt, rolledOutAt } = operation;
  if (!words) return null;
  return (
    <section
      className={`${css.verdict} ${css[tone]}`}
      role={tone === "bad" ? "alert" : "status"}
      data-tone={tone}
    >
      <span className={css.verdictIcon}>
        <Icon of={ICON[tone]} size="l" />
      </span>
      <div className="grow selectable">
        <div className={css.verdictTitle}>{words.title}</div>
        <div className={`t2 ${css.verdictText}`}>{words.text}</div>
        {words.next && <div className={`b5 ${css.verdictText}`}>{words.next}</div>}
      </div>
      {sentAt !== null && rolledOutAt !== null && operation.verdict === "good" && (
        <div className={css.liveAfter}>
          <div className="label">{m.verdict_live_after()}</div>
          <div className={css.liveAfterTime}>{formatDuration(rolledOutAt - sentAt)}</div>
        </div>
      )}
    </section>
  );
}

/** Restore, copy, write down; where nothing was sent, plan again. */
export function EndedFoot({
  operation,
  plan,
  onUndo,
  onPlanAgain,
}: {
  operation: Operation;
  plan: Plan | null;
  onUndo: () => void;
  /** `null` while it is not known what to ask for. */
  onPlanAgain: (() => void) | null;
}) {
  const { go, close } = useNavigation();
  const zone = useZone();
  const verified = operation.state === "verified";
  const restorable = operation.undoable && operation.state !== "superseded";
  // Of a bad end the way out comes first.
  const rescues = restorable && verified && operation.verdict === "bad";
  return (
    <div className={css.foot}>
      <WhereItActs place={operation} plan={plan} />
      <span className="grow" />
      {restorable && !rescues && <Restore operation={operation} onPress={onUndo} />}
      <CopyButton
        variant="secondary"
        size="big"
        text={() => operationReport(operation, zone)}
        label={m.rollback_copy_report()}
      />
      {verified ? (
        <Button
          variant={rescues ? "secondary" : "primary"}
          size="big"
          icon={Pencil}
          autoFocus={!rescues}
          onPress={() =>
            go({ name: "notes", service: operation.service, version: notedVersion(operation) })
          }
        >
          {m.rollback_write_note()}
        </Button>
      ) : (
        <>
          <Button size="big" autoFocus onPress={close}>
            {m.shared_close()}
          </Button>
          <Button
            variant="primary"
            size="big"
            icon={RotateCw}
            isDisabled={onPlanAgain === null}
            onPress={() => onPlanAgain?.()}
          >
            {m.rollback_plan_again()}
          </Button>
        </>
      )}
      {rescues && <Restore operation={operation} onPress={onUndo} first />}
    </div>
  );
}

function Restore({
  operation,
  onPress,
  first = false,
}: {
  operation: Operation;
  onPress: () => void;
  /** It is what to do next. */
  first?: boolean;
}) {
  return (
    <Button
      variant={first ? "primary" : "secondary"}
      size="big"
      icon={RotateCcw}
      autoFocus={first}
      onPress={onPress}
    >
      {operationCourse(operation) === "configuration"
        ? m.rollback_restore_before()
        : m.rollback_restore({ version: operation.fromVersion })}
    </Button>
  );
}
