import type { RollbackCandidate } from "@/ipc";
import { m } from "@/paraglide/messages";
import { formatMoment } from "@/shared/time/format";
import type { Zone } from "@/shared/time/zone";

/** What tells one target from another: when it ran or failed here, whether it is known good, whence it comes back. */
export function candidateHint(one: RollbackCandidate, zone: Zone, now: number): string {
  const moment = formatMoment(one.lastRan, zone, now);
  return [
    one.failed ? m.rollback_target_failed({ moment }) : m.rollback_target_last({ moment }),
    one.knownGood ? m.rollback_known_good() : null,
    one.fromLedger ? m.rollback_target_ledger() : null,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}
