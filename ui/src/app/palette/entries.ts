import { Clock, type LucideIcon } from "lucide-react";
import { m } from "@/paraglide/messages";
import type { StatusKind } from "@/shared/display/StatusGlyph";
import type { Action } from "@/shared/keys/actions";
import type { KeyName } from "@/shared/keys/platform";
import type { Navigation } from "@/shared/navigation/navigation";
import { formatClock, formatMoment } from "@/shared/time/format";
import { readMoment, writeMoment } from "@/shared/time/moment";
import type { Zone } from "@/shared/time/zone";
import { momentOf, wallOf } from "@/timeline/zone";
import { looksLikeTime, score, typedClock } from "./match";

export type EntryGroup = "do" | "services" | "versions" | "go";

/** One line of the palette. */
export type Entry = {
  id: string;
  group: EntryGroup;
  title: string;
  /** The end of the title that is a version, in mono. */
  version?: string;
  hint: string;
  icon: LucideIcon | null;
  /** In the icon's place: how what it names is. */
  status?: StatusKind;
  /** The rollback's own colour. */
  tone?: "rollback";
  keys?: readonly KeyName[];
  off?: string;
  run: () => void;
};

/** Actions whose words fit what was typed, best first. */
export function actionEntries(actions: readonly Action[], typed: string): Entry[] {
  const listed = actions.filter((action) => !action.keyOnly);
  const ranked = listed
    .map((action) => ({ action, rank: score(`${action.title} ${action.hint ?? ""}`, typed) }))
    .filter(({ rank }) => typed.trim() === "" || rank > 0)
    .sort((one, other) => other.rank - one.rank);
  return ranked.map(({ action }) => ({
    id: `action/${action.id}`,
    group: action.group === "go" ? "go" : "do",
    title: action.title,
    hint: action.off ?? action.hint ?? "",
    icon: action.icon ?? null,
    ...(action.keys && { keys: action.keys }),
    ...(action.off !== undefined && { off: action.off }),
    run: action.run,
  }));
}

/**
 * A time typed: that moment of today, or of yesterday when it is still to come; with a day, that one. What is
 * written like a time and is none says so.
 */
export function clockEntries(typed: string, zone: Zone, now: number, { go }: Navigation): Entry[] {
  const clock = typedClock(typed);
  const at = clock ? momentToday(clock, zone, now) : readMoment(typed, zone);
  if (at === null) return looksLikeTime(typed) ? [wrongTime(typed.trim(), zone, now)] : [];
  const words = clock ? formatClock(at, zone) : formatMoment(at, zone, now);
  return [
    {
      id: "clock",
      group: "go",
      title: m.palette_go_time({ clock: words }),
      hint: "",
      icon: Clock,
      run: () => go({ name: "timeline", at }),
    },
  ];
}

function wrongTime(typed: string, zone: Zone, now: number): Entry {
  const off = m.palette_no_time_form({ clock: "13:02", moment: writeMoment(now, zone) });
  return {
    id: "clock",
    group: "go",
    title: m.palette_no_time({ typed }),
    hint: off,
    icon: Clock,
    off,
    run: () => undefined,
  };
}

const DAY = 86_400_000;

/** The last moment, not after `now`, at which the zone's clock showed that time. */
export function momentToday(
  { hours, minutes }: { hours: number; minutes: number },
  zone: Zone,
  now: number,
): number {
  const midnight = Math.floor(wallOf(zone, now) / DAY) * DAY;
  const at = momentOf(zone, midnight + (hours * 60 + minutes) * 60_000);
  return at > now ? momentOf(zone, midnight - DAY + (hours * 60 + minutes) * 60_000) : at;
}
