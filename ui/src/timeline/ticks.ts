/** Where the axis is marked: round wall-clock times, as many as there is room for. */

import { DAY, HOUR, MINUTE, msPerPixel, type Scale, spanOf } from "./scale";
import { momentOf, offsetAt, wallOf } from "./zone";

export interface Tick {
  readonly time: number;
  readonly major: boolean;
  /** What its label says: the clock, or the day when it stands at midnight or days are the step. */
  readonly label: "clock" | "day" | "none";
}

interface Step {
  readonly major: number;
  readonly minor: number;
}

const STEPS: readonly Step[] = [
  { major: MINUTE, minor: MINUTE },
  { major: 5 * MINUTE, minor: MINUTE },
  { major: 10 * MINUTE, minor: 5 * MINUTE },
  { major: 15 * MINUTE, minor: 5 * MINUTE },
  { major: 30 * MINUTE, minor: 10 * MINUTE },
  { major: HOUR, minor: 30 * MINUTE },
  { major: 2 * HOUR, minor: HOUR },
  { major: 3 * HOUR, minor: HOUR },
  { major: 6 * HOUR, minor: 2 * HOUR },
  { major: 12 * HOUR, minor: 6 * HOUR },
  { major: DAY, minor: 12 * HOUR },
  { major: 2 * DAY, minor: DAY },
  { major: 7 * DAY, minor: DAY },
  { major: 14 * DAY, minor: 7 * DAY },
  { major: 28 * DAY, minor: 7 * DAY },
  { major: 56 * DAY, minor: 28 * DAY },
  { major: 112 * DAY, minor: 28 * DAY },
];

/** The smallest step whose labels stand at least `room` pixels apart. */
export function chooseStep(scale: Scale, room = 100): Step {
  const needed = room * msPerPixel(scale);
  return STEPS.find((step) => step.major >= needed) ?? (STEPS[STEPS.length - 1] as Step);
}

/** Weeks begin on Monday: 5 January 1970 was one. */
const MONDAY = 4 * DAY;

const alignUp = (wall: number, step: number): number => {
  const origin = step >= 7 * DAY ? MONDAY : 0;
  return Math.ceil((wall - origin) / step) * step + origin;
};

/** Ticks of a scale in a zone, in order, each moment once, whatever the clocks do. */
export function ticks(scale: Scale, zone: string, room = 100): Tick[] {
  if (!(spanOf(scale) > 0) || scale.width <= 0) return [];
  const step = chooseStep(scale, room);
  const out: Tick[] = [];
  let last = Number.NEGATIVE_INFINITY;
  // Start a little early: the first wall time may lie before an hour that the clock repeats.
  const firstWall = alignUp(wallOf(zone, scale.from) - 2 * HOUR, step.minor);
  for (let wall = firstWall; ; wall += step.minor) {
    const time = momentOf(zone, wall);
    if (time >= scale.to) break;
    if (time <= last) continue;
    if (step.minor < HOUR) addRepeated(out, scale, zone, step, last, time);
    last = time;
    if (time < scale.from) continue;
    out.push(makeTick(zone, time, step));
  }
  return out;
}

/** Where the clock goes back, an hour is shown twice; its second run has no wall time of its own. */
function addRepeated(
  out: Tick[],
  scale: Scale,
  zone: string,
  step: Step,
  last: number,
  next: number,
): void {
  if (!Number.isFinite(last) || next - last <= step.minor) return;
  for (let time = last + step.minor; time < next; time += step.minor) {
    if (time >= scale.from && time < scale.to) out.push(makeTick(zone, time, step));
  }
}

function makeTick(zone: string, time: number, step: Step): Tick {
  const wall = time + offsetAt(zone, time);
  const origin = step.major >= 7 * DAY ? MONDAY : 0;
  const major = (wall - origin) % step.major === 0;
  const midnight = wall % DAY === 0;
  const label = !major ? "none" : midnight ? "day" : "clock";
  return { time, major, label };
}
