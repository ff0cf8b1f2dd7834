/** Goes where one was sent from elsewhere: to a deployment, to what runs in a lane, to a moment. */

import { type RefObject, useEffect, useRef } from "react";
import type { TimelineData } from "@/timeline/columns";
import { type Asked, askedLane, askedRow, type Period, periodHolding } from "./asked";
import type { TimelineHandle } from "./Timeline";
import { idOf } from "./ways";

export function useAsked(
  asked: Asked | null,
  shown: {
    data: TimelineData;
    period: Period;
    /** The columns are those of another period: this one's are on their way. */
    isOld: boolean;
    onPeriod: (period: Period) => void;
    handle: RefObject<TimelineHandle | null>;
    /** A row, and the deployment of the ledger on its bar. */
    choose: (row: number, deployment: number) => void;
  },
): void {
  const done = useRef<Asked | null>(null);
  const { data, period, isOld, onPeriod, handle, choose } = shown;
  useEffect(() => {
    if (!asked || done.current === asked || isOld) return;
    if (asked.at !== undefined) {
      const holding = periodHolding(asked.at, period, data.now);
      if (holding !== period) return onPeriod(holding);
    }
    done.current = asked;
    const row = askedRow(data, asked);
    if (row >= 0) {
      handle.current?.goTo(row);
      choose(row, asked.deployment ?? idOf(data, row));
    } else if (asked.lane) {
      const lane = askedLane(data, asked.lane);
      if (lane >= 0) handle.current?.goToLane(lane);
    }
    if (asked.at !== undefined) handle.current?.showMoment(asked.at);
  }, [asked, data, period, isOld, onPeriod, handle, choose]);
}
