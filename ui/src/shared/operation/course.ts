import type { Operation, Plan } from "@/ipc";
import { m } from "@/paraglide/messages";
import { goesForward } from "./direction";
import { isRunning } from "./outcomes";

/** What a plan or an operation is: a way back, a version brought back again, or the same version with an earlier pod template. */
export type Course = "back" | "restore" | "configuration";

type Versioned = { version: string };

function courseOf(from: Versioned, to: Versioned, undoes: boolean): Course {
  if (from.version === to.version) return "configuration";
  if (goesForward({ from, to })) return "restore";
  // An undo of what went forward goes back; of what can't be compared it brings back what was there.
  return undoes && !goesForward({ from: to, to: from }) ? "restore" : "back";
}

export const planCourse = ({ from, to, choice }: Pick<Plan, "from" | "to" | "choice">): Course =>
  courseOf(from, to, choice === "undo");

export const operationCourse = ({ fromVersion, toVersion, undoOf }: Operation): Course =>
  courseOf({ version: fromVersion }, { version: toVersion }, undoOf !== null);

/** The sheet's title until it is confirmed; before there is a plan, what was asked for is known. */
export function planTitle(service: string, plan: Plan | undefined, undoes: boolean): string {
  if (undoes) return m.rollback_title_undo({ service });
  if (!plan) return m.rollback_title({ service });
  switch (planCourse(plan)) {
    case "back":
      return m.rollback_title({ service });
    case "restore":
      return m.rollback_title_restore({ service, version: plan.to.version });
    case "configuration":
      return m.rollback_title_configuration({ service });
  }
}

/** The sheet's title from the confirmation on. */
export function operationTitle(operation: Operation): string {
  const names = { service: operation.service, version: operation.toVersion };
  return TITLES[operationCourse(operation)][phaseOf(operation)](names);
}

type Phase = "waiting" | "running" | "done" | "ended";

function phaseOf(operation: Operation): Phase {
  const { state, verdict } = operation;
  if (state === "waiting") return "waiting";
  if (isRunning(operation)) return "running";
  return state === "verified" && verdict === "good" ? "done" : "ended";
}

type Say = (names: { service: string; version: string }) => string;

const TITLES: Record<Course, Record<Phase, Say>> = {
  back: {
    waiting: (names) => m.rollback_title_waiting(names),
    running: (names) => m.rollback_title_running(names),
    done: (names) => m.rollback_title_done(names),
    ended: (names) => m.rollback_title_ended(names),
  },
  restore: {
    waiting: (names) => m.rollback_restore_waiting(names),
    running: (names) => m.rollback_restore_running(names),
    done: (names) => m.rollback_restore_done(names),
    ended: (names) => m.rollback_restore_ended(names),
  },
  configuration: {
    waiting: (names) => m.rollback_configuration_waiting(names),
    running: (names) => m.rollback_configuration_running(names),
    done: (names) => m.rollback_configuration_done(names),
    ended: (names) => m.rollback_configuration_ended(names),
  },
};

/** The words of the gesture: pressed once, held, and to be pressed again. */
export function gestureWords(plan: Plan): { press: string; hold: string; again: string } {
  const { version } = plan.to;
  switch (planCourse(plan)) {
    case "back":
      return {
        press: m.rollback_button({ version }),
        hold: m.rollback_hold({ version }),
        again: m.rollback_armed({ version }),
      };
    case "restore":
      return {
        press: m.rollback_restore({ version }),
        hold: m.rollback_hold_restore({ version }),
        again: m.rollback_armed_restore({ version }),
      };
    case "configuration":
      return {
        press: m.rollback_button_configuration(),
        hold: m.rollback_hold_configuration(),
        again: m.rollback_armed_configuration(),
      };
  }
}
