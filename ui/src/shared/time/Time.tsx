import { useNow } from "./clock";
import { formatAge, formatExact, formatMoment, formatRunning, formatSeconds } from "./format";
import { useZone } from "./zone";

/** A moment on the wall clock of the chosen zone, exact in its tooltip. */
export function Time({ at, seconds = false }: { at: number; seconds?: boolean }) {
  const zone = useZone();
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExact(at, zone)}>
      {seconds ? formatSeconds(at, zone) : formatMoment(at, zone, now)}
    </time>
  );
}

/** "36 min ago", and it moves. */
export function RelativeTime({ at }: { at: number }) {
  const zone = useZone();
  const fast = Date.now() - at < 60_000;
  const now = useNow(fast ? "second" : "slow");
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExact(at, zone)}>
      {formatAge(at, now)}
    </time>
  );
}

/** "00:42", counting up from `since`. A clock is not read aloud each second, wherever it stands. */
export function RunningTime({ since }: { since: number }) {
  const now = useNow("second");
  return (
    <span className="num" role="timer" aria-live="off">
      {formatRunning(now - since)}
    </span>
  );
}
