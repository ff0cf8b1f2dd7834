import { ChevronDown, Undo2 } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import type { Plan, RollbackCandidate } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { useNavigation } from "@/shared/navigation/navigation";
import { planCourse } from "@/shared/operation/course";
import { MenuItem, MenuList, MenuSection, MenuTrigger } from "@/shared/overlay/Menu";
import { useNow } from "@/shared/time/clock";
import { formatDuration, formatMoment } from "@/shared/time/format";
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
      <section className={css.from} aria-label={m.rollback_from({ environment: plan.environment })}>
        <div className={`label ${css.cardHead}`}>
          <span className="dot c-now" />
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

function Since({ plan }: { plan: Plan }) {
  const now = useNow("slow");
  const { environment } = plan;
  if (plan.from.since === null) return m.rollback_from({ environment });
  const duration = formatDuration(Math.floor((now - plan.from.since) / 60_000) * 60_000);
  return m.rollback_from_for({ environment, duration });
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
  const hint = (one: RollbackCandidate) =>
    [
      formatMoment(one.lastRan, zone, now),
      one.knownGood ? m.rollback_known_good() : null,
      one.failed ? m.rollback_target_failed() : null,
      one.fromLedger ? m.rollback_target_ledger() : null,
    ]
      .filter((part) => part !== null)
      .join(" · ");
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
                hint={hint(one)}
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
