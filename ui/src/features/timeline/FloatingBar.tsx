import { GitCompare, X } from "lucide-react";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { m } from "@/paraglide/messages";
import { Button, IconButton } from "@/shared/controls/Button";
import { Pill } from "@/shared/display/Tag";
import { formatClock, formatMoment, isoDay } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import { differences, placeOf } from "@/timeline/lanes";
import { toX } from "@/timeline/scale";
import type { TimelineState } from "@/timeline/state";
import { freeWidth } from "@/timeline/views";
import css from "./Lanes.module.css";
import { placeLabel, serviceLabel, versionLabel, whereLabel } from "./words";

/** What ran at the pinned moment, with the way to compare it. */
export function MomentBar({
  state,
  onCompare,
  onClose,
}: {
  state: TimelineState;
  onCompare: () => void;
  onClose: () => void;
}) {
  const zone = useZone();
  const { cursor, data, rows, now, scale } = state;
  if (!cursor?.pinned) return null;
  const sameDay = isoDay(cursor.time, zone) === isoDay(now, zone);
  const clock = sameDay ? formatClock(cursor.time, zone) : formatMoment(cursor.time, zone, now);
  const different = differences(data, rows.laneOf, cursor.time).length;
  return (
    <Floating x={toX(scale, cursor.time)} width={freeWidth(state)}>
      <span role="status" className={css.floatWords}>
        <span className="b6">{m.timeline_what_ran({ clock })}</span>
        <span className="muted small">
          {m.timeline_differ({ count: different, all: rows.lanes })}
        </span>
      </span>
      <span className="row g4">
        <Button size="small" icon={GitCompare} onPress={onCompare}>
          {m.timeline_compare_with_now()}
        </Button>
        <IconButton icon={X} size={26} label={m.timeline_unpin()} onPress={onClose} />
      </span>
    </Floating>
  );
}

/** The pair that was chosen, with the way to compare it. */
export function PairBar({
  state,
  onCompare,
  onClose,
}: {
  state: TimelineState;
  onCompare: () => void;
  onClose: () => void;
}) {
  const { selected, data } = state;
  const [a, b] = selected;
  if (a === undefined || b === undefined) return null;
  const side = (row: number) => (
    <span className="row g6">
      <Pill>{versionLabel(data, row)}</Pill>
      <span className="muted small">{placeLabel(data, data.lane[row] as number)}</span>
    </span>
  );
  return (
    <Floating x={freeWidth(state) / 2} width={freeWidth(state)}>
      <span role="status" className={css.floatWords}>
        <span className="visually-hidden">{m.timeline_pair()}</span>
        {side(a)}
        {side(b)}
      </span>
      <span className="row g4">
        <Button size="small" icon={GitCompare} onPress={onCompare}>
          {m.timeline_pair_compare()}
        </Button>
        <IconButton icon={X} size={26} label={m.timeline_pair_clear()} onPress={onClose} />
      </span>
    </Floating>
  );
}

/** Several workloads run the service there, and none was meant: says so, and how many. */
export function ChoiceBar({
  state,
  lane,
  onClose,
}: {
  state: TimelineState;
  lane: number;
  onClose: () => void;
}) {
  const { data } = state;
  const { from, end } = placeOf(data, lane);
  return (
    <Floating x={freeWidth(state) / 2} width={freeWidth(state)}>
      <span role="status" className="small">
        {m.timeline_choose_workload({
          service: serviceLabel(data, lane),
          environment: whereLabel(data, lane),
          count: end - from,
        })}
      </span>
      <IconButton icon={X} size={26} label={m.timeline_choose_close()} onPress={onClose} />
    </Floating>
  );
}

/** Px; narrower than this, its words would stand one below the other. */
const NARROWEST = 200;

/** Floats over the lanes' foot, centred on x, inside what of the canvas is free. */
function Floating({ x, width, children }: { x: number; width: number; children: ReactNode }) {
  const bar = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!bar.current) return;
    // What covers the lanes covers no part of it: it breaks into lines before.
    bar.current.style.maxWidth = `${Math.max(NARROWEST, width - 24)}px`;
    const own = bar.current.offsetWidth;
    const left = Math.max(12, Math.min(width - own - 12, x - own / 2));
    bar.current.style.transform = `translateX(${Math.round(left)}px)`;
  });
  return (
    <div ref={bar} className={css.float}>
      {children}
    </div>
  );
}
