import type { ClusterEvent } from "@/ipc";
import { m } from "@/paraglide/messages";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { useNow } from "@/shared/time/clock";
import { formatAge, formatExact } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import css from "./Drawer.module.css";

/** What the cluster says happened to the object and its pods, newest first. */
export function Events({ events }: { events: readonly ClusterEvent[] }) {
  if (events.length === 0) {
    return (
      <div className={css.nothing}>
        <h3>{m.drawer_no_events()}</h3>
        <p className="small muted">{m.drawer_no_events_text()}</p>
      </div>
    );
  }
  const newest = [...events].sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
  return (
    <ul className={css.pad}>
      {newest.map((event) => (
        <Line key={`${event.object}/${event.reason}/${event.message}/${event.at}`} event={event} />
      ))}
    </ul>
  );
}

function Line({ event }: { event: ClusterEvent }) {
  const now = useNow();
  const zone = useZone();
  return (
    <li className={css.event}>
      <span className={css.eventGlyph}>
        {event.warning ? (
          <StatusGlyph kind="warn" label={m.drawer_warning()} />
        ) : (
          <StatusGlyph kind="ok" quiet label={m.drawer_normal()} />
        )}
      </span>
      <div className="grow selectable">
        <div>
          <b>{event.reason}</b> <span className="mono small muted">{event.object}</span>
        </div>
        <div className="small t2">{event.message}</div>
      </div>
      <div className={`small muted ${css.eventTime}`}>
        {event.at === null ? (
          m.drawer_time_unknown()
        ) : (
          <time title={formatExact(event.at, zone)}>{formatAge(event.at, now)}</time>
        )}
        {event.count > 1 && <div>{m.drawer_event_count({ count: event.count })}</div>}
      </div>
    </li>
  );
}
