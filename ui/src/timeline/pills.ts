/** Where the pills of the axis stand: at their line, inside the axis, none over another. Pure. */

export interface Pill {
  readonly kind: "now" | "cursor" | "stale";
  /** x of its line. */
  readonly at: number;
  readonly label: string;
}

export interface PlacedPill extends Pill {
  readonly left: number;
  readonly width: number;
}

const PADDING = 6;
const APART = 4;

/**
 * Later pills matter more: an earlier one moves aside for them, or goes when there is no room. Pills
 * whose line is out of view are left out.
 */
export function placePills(
  pills: readonly Pill[],
  width: number,
  measure: (label: string) => number,
): PlacedPill[] {
  const placed: PlacedPill[] = [];
  for (const pill of [...pills].reverse()) {
    if (pill.at < 0 || pill.at > width) continue;
    const own = measure(pill.label) + 2 * PADDING;
    const wanted = Math.min(Math.max(pill.at - own / 2, 2), width - own - 2);
    const left = freePlace(placed, wanted, own, width);
    if (left !== null) placed.push({ ...pill, left, width: own });
  }
  return placed.reverse();
}

function freePlace(
  placed: readonly PlacedPill[],
  wanted: number,
  own: number,
  width: number,
): number | null {
  const free = (left: number) =>
    left >= 2 &&
    left + own <= width - 2 &&
    placed.every((p) => left + own + APART <= p.left || left >= p.left + p.width + APART);
  if (free(wanted)) return wanted;
  // Its line must still touch it, or it would name another moment.
  const beside = placed
    .flatMap((p) => [p.left - own - APART, p.left + p.width + APART])
    .filter((left) => Math.abs(left - wanted) <= own / 2 && free(left))
    .sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted));
  return beside[0] ?? null;
}
