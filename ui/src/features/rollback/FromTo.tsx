import { ChevronDown, Undo2 } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import type { Plan, RollbackCandidate } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { useNavigation } from "@/shared/navigation/navigation";
import { candidateHint } from "@/shared/operation/candidate";
import { planCourse } from "@/shared/operation/course";
import { MenuItem, MenuList, MenuSection, MenuTrigger } from "@/shared/overlay/Menu";
import { useNow } from "@/shared/time/clock";
import { formatDuration } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import css from "./Plan.module.css";
import type { AskedTarget } from "./targets";

/** Two cards: what runs now, and what comes back. */
export function FromTo({
  plan,
  candidates,
  onChoose,
}: {
  plan: Plan;
  candidates: readonly RollbackCandidate[];
  /** Without it the target can't be changed: an undo has one only. */
  onChoose?: ((asked: AskedTarget) => void) | undefined;
}) {
  return (
    <div className={css.fromTo}>
      <section className={css.from} aria-label={fromWords(plan, null)}>
        <div className={`label ${css.cardHead}`}>
          <span className={`dot ${isReady(plan) ? "c-now" : "c-failed"}`} />
          <Since plan={plan} />
        </div>
        <span className={`mono ${css.version} t2`}>{plan.from.version}</span>
      </section>
      <Arrow />
      <section className={css.to} aria-label={choiceWords(plan)}>
        <div className={`label ${css.cardHead} c-rollback`}>
          <Icon of={Undo2} size="xs" />
          {choiceWords(plan)}
          <span className="grow" />
          {onChoose && (
            <TargetMenu candidates={candidates} current={plan.to.version} onChoose={onChoose} />
          )}
        </div>
        <div className={css.versionRow}>
          <span className={`mono ${css.version}`}>{plan.to.version}</span>
          <span className={`small t2 ${css.ran}`}>
            {ranWords(plan)}
            {plan.origin === "ledger" && (
              <>
                <br />
                {m.rollback_origin_ledger()}
              </>
            )}
          </span>
        </div>
      </section>
    </div>
  );
}

const MINUTE = 60_000;

/** In whole minutes; before the first one nothing is said of how long. */
function Since({ plan }: { plan: Plan }) {
  const now = useNow("slow");
  const { since } = plan.from;
  const minutes = since === null ? 0 : Math.floor((now - since) / MINUTE);
  return fromWords(plan, minutes < 1 ? null : formatDuration(minutes * MINUTE));
}

/** A pod of what is left was ready, or it is not known that none was. */
const isReady = ({ before }: Plan): boolean => before?.ready !== 0;

/** What is left, and for how long it has been there: it runs only where a pod of it is ready. */
function fromWords(plan: Plan, duration: string | null): string {
  const { environment } = plan;
  if (duration === null)
    return isReady(plan)
      ? m.rollback_from({ environment })
      : m.rollback_from_unready({ environment });
  return isReady(plan)
    ? m.rollback_from_for({ environment, duration })
    : m.rollback_from_unready_for({ environment, duration });
}

/** For how long the target ran: one that failed before it settled did not. */
function ranWords({ to, findings }: Plan): string {
  if (to.ran !== null) return m.rollback_ran({ duration: formatDuration(to.ran) });
  return findings.some(({ code }) => code === "failed")
    ? m.rollback_ran_never()
    : m.rollback_ran_unknown();
}

function choiceWords(plan: Plan): string {
  switch (plan.choice) {
    case "previous":
      return m.rollback_to_previous();
    case "last-known-good":
      return m.rollback_to_good();
    case "undo":
      return m.rollback_to_undo();
    default:
      return planCourse(plan) === "configuration"
        ? m.rollback_to_configuration()
        : m.rollback_to_specified();
  }
}

function Arrow() {
  return (
    <svg className={css.arrow} width="36" height="20" viewBox="0 0 36 20" aria-hidden="true">
      <path d="M2 10h30M25 3l8 7-8 7" />
    </svg>
  );
}

function TargetMenu({
  candidates,
  current,
  onChoose,
}: {
  candidates: readonly RollbackCandidate[];
  current: string;
  onChoose: (asked: AskedTarget) => void;
}) {
  const zone = useZone();
  const now = useNow();
  const { overlay } = useNavigation();
  return (
    <MenuTrigger defaultOpen={overlay?.name === "rollback" && overlay.choosing === true}>
      <AriaButton className={css.choose ?? ""}>
        {m.rollback_choose()}
        <Icon of={ChevronDown} size="xs" />
      </AriaButton>
      <MenuList label={m.rollback_choose_label()} placement="bottom end">
        <MenuItem id="good" label={m.rollback_choose_good()} onAction={() => onChoose(undefined)} />
        <MenuItem
          id="previous"
          label={m.rollback_choose_previous()}
          onAction={() => onChoose({ previous: true })}
        />
        {candidates.length > 0 && (
          <MenuSection title={m.rollback_choose_versions()}>
            {candidates.map((one) => (
              <MenuItem
                key={one.deployment}
                id={String(one.deployment)}
                label={one.version}
                hint={candidateHint(one, zone, now)}
                isDisabled={one.version === current}
                onAction={() => onChoose({ deployment: one.deployment })}
              />
            ))}
          </MenuSection>
        )}
      </MenuList>
    </MenuTrigger>
  );
}
