import { m } from "@/paraglide/messages";
import { getLocale } from "@/paraglide/runtime";
import type { Zone } from "./zone";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** English writes "2 Nov", as the pictures do; Chinese "11月2日". */
const INTL: Record<ReturnType<typeof getLocale>, string> = { en: "en-GB", zh: "zh-CN" };

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: Zone, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const locale = INTL[getLocale()];
  const key = `${locale} ${zone} ${JSON.stringify(options)}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: "h23", ...options });
  formatters.set(key, made);
  return made;
}

/** "13:02", on the wall clock of the zone. */
export function formatClock(at: number, zone: Zone): string {
  return formatter(zone, { hour: "2-digit", minute: "2-digit" }).format(at);
}

/** "13:02:40", on the wall clock of the zone. */
export function formatSeconds(at: number, zone: Zone): string {
  return formatter(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);
}

/** The calendar day in the zone, as `2026-11-19`. */
export function isoDay(at: number, zone: Zone): string {
  const part: Record<string, string> = {};
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(at);
  for (const { type, value } of parts) part[type] = value;
  return `${part.year}-${part.month}-${part.day}`;
}

/** "2 Nov", with its year where that is not the year of `now`. */
export function formatDay(at: number, zone: Zone, now: number): string {
  const sameYear = isoDay(at, zone).slice(0, 4) === isoDay(now, zone).slice(0, 4);
  const day = { day: "numeric", month: "short" } as const;
  return formatter(zone, sameYear ? day : { ...day, year: "numeric" }).format(at);
}

/** "today 13:02", or "2 Nov 16:40". */
export function formatMoment(at: number, zone: Zone, now: number): string {
  const clock = formatClock(at, zone);
  if (isoDay(at, zone) === isoDay(now, zone)) return m.time_today({ clock });
  return m.time_moment({ day: formatDay(at, zone, now), clock });
}

/** Whole and unmistakable, with the zone's offset: for tooltips and reports. */
export function formatExact(at: number, zone: Zone): string {
  return formatter(zone, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  }).format(at);
}

/** "GMT+1" or "UTC": what the zone's clock is at that moment. */
export function zoneLabel(zone: Zone, at: number): string {
  const parts = formatter(zone, { hour: "2-digit", timeZoneName: "short" }).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

/** The two largest units: "9 d 2 h", "2 h 1 min", "1 min 24 s", "8 s". Never rounded up. */
export function formatDuration(milliseconds: number): string {
  const all = Math.max(0, Math.floor(milliseconds / SECOND) * SECOND);
  const days = Math.floor(all / DAY);
  const hours = Math.floor((all % DAY) / HOUR);
  const minutes = Math.floor((all % HOUR) / MINUTE);
  const seconds = Math.floor((all % MINUTE) / SECOND);
  if (days > 0) return hours > 0 ? m.time_days_hours({ days, hours }) : m.time_days({ days });
  if (hours > 0) {
    return minutes > 0 ? m.time_hours_minutes({ hours, minutes }) : m.time_hours({ hours });
  }
  if (minutes > 0) {
    return seconds > 0 ? m.time_minutes_seconds({ minutes, seconds }) : m.time_minutes({ minutes });
  }
  return m.time_seconds({ seconds });
}

/** The largest unit alone: what an age needs. */
function formatLargest(milliseconds: number): string {
  if (milliseconds >= DAY) return m.time_days({ days: Math.floor(milliseconds / DAY) });
  if (milliseconds >= HOUR) return m.time_hours({ hours: Math.floor(milliseconds / HOUR) });
  if (milliseconds >= MINUTE) return m.time_minutes({ minutes: Math.floor(milliseconds / MINUTE) });
  return m.time_seconds({ seconds: Math.floor(milliseconds / SECOND) });
}

/** "36 min ago". A moment of the future, by clocks that differ, is "just now". */
export function formatAge(at: number, now: number): string {
  const age = now - at;
  return age < SECOND ? m.time_just_now() : m.time_ago({ duration: formatLargest(age) });
}

/** "00:42", or "1:02:03" from an hour on: a running clock. */
export function formatRunning(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / SECOND));
  const two = (value: number) => String(value).padStart(2, "0");
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${rest}` : rest;
}

/** "1,204": a count with the separators of the language. */
export function formatCount(count: number): string {
  return new Intl.NumberFormat(INTL[getLocale()]).format(count);
}

/** "1.4 MB": a size in decimal units. */
export function formatSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const at = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** at;
  const digits = at > 0 && value < 10 ? 1 : 0;
  const number = new Intl.NumberFormat(INTL[getLocale()], { maximumFractionDigits: digits });
  return `${number.format(value)} ${units[at]}`;
}
