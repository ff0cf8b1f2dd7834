/** What the timeline says, in the person's language and zone. */

import type { EvidenceWord } from "@/ipc";
import { m } from "@/paraglide/messages";
import type { Locale } from "@/paraglide/runtime";
import { formatClock, formatMoment, isoDay } from "@/shared/time/format";
import type { Zone } from "@/shared/time/zone";
import { Flag, MarkKind, Status, type TimelineData, text } from "@/timeline/columns";
import { isOneOfSeveral, type LaneState } from "@/timeline/lanes";
import { eventTime, failed, isRollback } from "@/timeline/look";
import type { Words } from "@/timeline/renderer";
import { spanWords } from "@/timeline/scale";

function dates(locale: Locale, zone: Zone) {
  const intl = locale === "zh" ? "zh-CN" : "en-GB";
  const make = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(intl, { timeZone: zone, ...options });
  const weekday = make({ weekday: "short" });
  const date = make(locale === "zh" ? { month: "long", day: "numeric" } : { day: "numeric" });
  const long = make({ day: "numeric", month: locale === "zh" ? "long" : "short" });
  return {
    short: (at: number) =>
      locale === "zh" ? date.format(at) : `${weekday.format(at)} ${date.format(at)}`,
    date: (at: number) => long.format(at),
    full: (at: number) => `${long.format(at)} ${weekday.format(at)}`,
    today: (at: number) =>
      m.timeline_today({
        day: locale === "zh" ? long.format(at) : `${weekday.format(at)} ${long.format(at)}`,
      }),
  };
}

/** Texts for the canvas. */
export function canvasWords(locale: Locale, zone: Zone): Words {
  const day = dates(locale, zone);
  return {
    clock: (time) => formatClock(time, zone),
    day: (time, far) => (far ? day.date(time) : day.short(time)),
    overviewDay: (time, today, far) => {
      if (today) return day.today(time);
      if (far) return day.date(time);
      return locale === "zh" ? day.full(time) : day.short(time);
    },
    now: (clock) => m.timeline_now_pill({ clock }),
    lastSeen: (clock) => m.timeline_last_seen({ clock }),
    gap: (count) => m.timeline_gap_short({ count }),
  };
}

/** "6 h": what the view spans. */
export function spanLabel(span: number): string {
  const { value, unit } = spanWords(span);
  switch (unit) {
    case "minute":
      return m.timeline_span_minutes({ count: value });
    case "hour":
      return m.timeline_span_hours({ count: value });
    case "day":
      return m.timeline_span_days({ count: value });
  }
}

/** "3 days": what the whole period spans. */
export function periodLabel(span: number): string {
  const hours = Math.round(span / 3_600_000);
  if (hours <= 48) return m.timeline_hours({ count: hours });
  return m.timeline_days({ count: Math.round(hours / 24) });
}

export function stateLabel(state: LaneState): string {
  switch (state) {
    case "ok":
      return m.timeline_state_ok();
    case "failed":
      return m.timeline_state_failed();
    case "progress":
      return m.timeline_state_progress();
    case "warn":
      return m.timeline_state_warn();
    case "unknown":
      return m.timeline_state_unknown();
    case "inferred":
      return m.timeline_state_inferred();
    case "idle":
      return m.timeline_state_idle();
  }
}

/** What happened, as a noun: "deployment failed". */
export function whatLabel(data: TimelineData, row: number): string {
  const flags = data.flags[row] as number;
  const undone = (flags & Flag.Undone) !== 0 || data.status[row] === Status.RolledBack;
  if (failed(data, row))
    return undone ? m.timeline_event_failed_undone() : m.timeline_event_failed();
  if (undone) return m.timeline_event_undone();
  if (flags & Flag.Rollback) return m.timeline_event_rollback();
  if (flags & Flag.RestartOnly) return m.timeline_event_restart();
  switch (data.status[row] as Status) {
    case Status.InProgress:
      return m.timeline_event_progress();
    case Status.Healthy:
      return m.timeline_event_healthy();
    case Status.Degraded:
      return m.timeline_event_degraded();
    case Status.Failed:
      return m.timeline_event_failed();
    case Status.RolledBack:
      return m.timeline_event_undone();
    case Status.Unknown:
      return m.timeline_event_unknown();
  }
}

/** Its status in a word or two, for a column of statuses. */
export function statusLabel(data: TimelineData, row: number): string {
  const status = plainStatus(data, row);
  return isRollback(data, row) ? m.timeline_status_rollback({ status }) : status;
}

function plainStatus(data: TimelineData, row: number): string {
  const undone =
    ((data.flags[row] as number) & Flag.Undone) !== 0 || data.status[row] === Status.RolledBack;
  if (failed(data, row)) {
    return undone ? m.timeline_status_failed_undone() : m.timeline_status_failed();
  }
  if (undone) return m.timeline_status_undone();
  switch (data.status[row] as Status) {
    case Status.InProgress:
      return m.timeline_status_progress();
    case Status.Healthy:
      return m.timeline_status_healthy();
    case Status.Degraded:
      return m.timeline_status_degraded();
    case Status.Failed:
      return m.timeline_status_failed();
    case Status.RolledBack:
      return m.timeline_status_undone();
    case Status.Unknown:
      return m.timeline_status_unknown();
  }
}

export function evidenceLabel(evidence: EvidenceWord): string {
  switch (evidence) {
    case "observed":
      return m.timeline_evidence_observed();
    case "recorded":
      return m.timeline_evidence_recorded();
    case "inferred":
      return m.timeline_evidence_inferred();
    case "imported":
      return m.timeline_evidence_imported();
  }
}

/** The environment of a lane. */
export const whereLabel = (data: TimelineData, lane: number): string =>
  data.strings[data.environmentName[data.laneEnvironment[lane] as number] as number] as string;

/** One of several workloads of a place by its name; undefined where one alone runs the service. */
export const workloadLabel = (data: TimelineData, lane: number): string | undefined =>
  isOneOfSeveral(data, lane) ? ownWorkload(data, lane) : undefined;

/** The workload of a lane. */
export const ownWorkload = (data: TimelineData, lane: number): string =>
  text(data, data.laneWorkload[lane]) ?? m.timeline_not_known();

/** Where something happened: the environment, and of several workloads which one. */
export function placeLabel(data: TimelineData, lane: number): string {
  const environment = whereLabel(data, lane);
  const workload = workloadLabel(data, lane);
  return workload === undefined
    ? environment
    : m.timeline_where_workload({ environment, workload });
}

export const serviceLabel = (data: TimelineData, lane: number): string =>
  data.strings[data.serviceName[data.laneService[lane] as number] as number] as string;

export const versionLabel = (data: TimelineData, row: number): string =>
  data.strings[data.version[row] as number] as string;

export const whoLabel = (data: TimelineData, row: number): string | undefined =>
  text(data, data.who[row]);

/** "13:02" today, else with its day. */
const whenLabel = (time: number, zone: Zone, now: number): string =>
  isoDay(time, zone) === isoDay(now, zone)
    ? formatClock(time, zone)
    : formatMoment(time, zone, now);

/** "between 12:10 and 12:55"; "about 12:55" where both read the same. */
function rangeLabel(earliest: number, latest: number, zone: Zone, now: number): string {
  const from = whenLabel(earliest, zone, now);
  const to = whenLabel(latest, zone, now);
  return from === to
    ? m.timeline_event_about({ when: to })
    : m.timeline_event_between({ from, to });
}

/** Heading of the column that shows a moment: "At 11:20", of another day "17 Nov 11:20". */
export const atLabel = (time: number, zone: Zone, now: number): string =>
  isoDay(time, zone) === isoDay(now, zone)
    ? m.timeline_column_at({ clock: formatClock(time, zone) })
    : formatMoment(time, zone, now);

/** "1.42.0, deployment failed, prod-eu, 13:02": a name read in full. */
export function eventName(data: TimelineData, row: number, zone: Zone, now: number): string {
  const lane = data.lane[row] as number;
  const earliest = data.startedEarliest[row] as number;
  const when = Number.isNaN(earliest)
    ? whenLabel(eventTime(data, row), zone, now)
    : rangeLabel(earliest, data.started[row] as number, zone, now);
  const name = m.timeline_event({
    version: versionLabel(data, row),
    what: whatLabel(data, row),
    where: placeLabel(data, lane),
    when,
  });
  const inferred = (data.flags[row] as number) & Flag.Inferred ? m.timeline_event_inferred() : null;
  const serves = servingLabel(data, row, now);
  return [name, inferred, serves && m.timeline_event_serves({ version: serves })]
    .filter(Boolean)
    .join(", ");
}

/** Version that still answers beside a failed one, at that moment. */
export function servingLabel(data: TimelineData, row: number, now: number): string | null {
  const until = data.oldServesUntil[row] as number;
  return until > now && row > 0 && data.lane[row - 1] === data.lane[row]
    ? versionLabel(data, row - 1)
    : null;
}

/** Name of a configuration change or restart. */
export function markName(data: TimelineData, mark: number, zone: Zone, now: number): string {
  const where = placeLabel(data, data.markLane[mark] as number);
  const when = whenLabel(data.markTime[mark] as number, zone, now);
  return data.markKind[mark] === MarkKind.Restart
    ? m.timeline_event_restarted({ where, when })
    : m.timeline_event_config({ where, when });
}
