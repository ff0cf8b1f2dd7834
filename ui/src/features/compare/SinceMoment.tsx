import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { EmptyState } from "@/shared/display/EmptyState";
import { Region } from "@/shared/keys/regions";
import { useNavigation } from "@/shared/navigation/navigation";
import type { ChangedLane, Since } from "@/shared/navigation/route";
import { useNow } from "@/shared/time/clock";
import { formatCount, formatMoment } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import css from "./Compare.module.css";
import { LaneRows } from "./LaneRows";

/** Every lane that ran another version at a moment than runs now; one of them is compared. */
export function SinceMoment({ since: { at, lanes, changed } }: { since: Since }) {
  const zone = useZone();
  const now = useNow();
  const { go, back } = useNavigation();
  const moment = formatMoment(at, zone, now);
  if (changed.length === 0) {
    return (
      <EmptyState
        title={m.compare_since_none({ moment })}
        action={<Button onPress={back}>{m.compare_since_back()}</Button>}
      />
    );
  }
  const choose = ({ service, before, now: current }: ChangedLane) =>
    go({
      name: "compare",
      service,
      ...(before && { left: before.side }),
      ...(current && { right: current.side }),
    });
  return (
    <Region label={m.compare_since_title({ moment })} className={css.since ?? ""}>
      <h2>{m.compare_since_title({ moment })}</h2>
      <p className="t2">
        {m.compare_since_text({ count: formatCount(changed.length), all: formatCount(lanes) })}
      </p>
      <LaneRows
        rows={changed.map((lane) => ({
          key: `${lane.service}/${lane.place}`,
          service: lane.service,
          place: lane.place,
          from: lane.before?.version ?? null,
          to: lane.now?.version ?? null,
          name: nameOf(lane),
          compare: () => choose(lane),
        }))}
      />
    </Region>
  );
}

const nameOf = ({ service, place, before, now }: ChangedLane): string =>
  m.compare_since_lane({
    service,
    place,
    from: before?.version ?? m.compare_since_nothing(),
    to: now?.version ?? m.compare_since_nothing(),
  });
