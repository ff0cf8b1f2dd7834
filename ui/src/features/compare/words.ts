import type { Difference, DifferenceKind, KeyDifference, SideInfo, StatusWord } from "@/ipc";
import { m } from "@/paraglide/messages";
import type { StatusKind } from "@/shared/display/StatusGlyph";
import type { TagMeaning } from "@/shared/display/Tag";
import { formatDuration, formatMoment } from "@/shared/time/format";
import type { Zone } from "@/shared/time/zone";

export function statusFace(status: StatusWord): {
  words: string;
  glyph: StatusKind;
  meaning: TagMeaning;
} {
  switch (status) {
    case "in-progress":
      return { words: m.compare_status_progress(), glyph: "progress", meaning: "warn" };
    case "healthy":
      return { words: m.compare_status_healthy(), glyph: "ok", meaning: "ok" };
    case "degraded":
      return { words: m.compare_status_degraded(), glyph: "warn", meaning: "warn" };
    case "failed":
      return { words: m.compare_status_failed(), glyph: "failed", meaning: "failed" };
    case "rolled-back":
      return { words: m.compare_status_rolled_back(), glyph: "rollback", meaning: "rollback" };
    case "unknown":
      return { words: m.compare_status_unknown(), glyph: "unknown", meaning: "unknown" };
  }
}

/** "10 Nov 09:31 to today 11:37, ran 9 d 2 h"; a version that never ran says when it was tagged. */
export function spanWords(
  { from, to, deployment }: Pick<SideInfo, "from" | "to" | "deployment">,
  zone: Zone,
  now: number,
): string {
  if (from === null) return m.compare_time_unknown();
  const begin = formatMoment(from, zone, now);
  if (deployment === null) return m.compare_tagged({ moment: begin });
  if (to === null) {
    return m.compare_since({ moment: begin, duration: formatDuration(now - from) });
  }
  return m.compare_ran({
    from: begin,
    to: formatMoment(to, zone, now),
    duration: formatDuration(to - from),
  });
}

export function differenceKindWords(kind: DifferenceKind): string {
  const kinds: Record<DifferenceKind, () => string> = {
    image: m.compare_kind_image,
    setting: m.compare_kind_setting,
    resource: m.compare_kind_resource,
    command: m.compare_kind_command,
    probe: m.compare_kind_probe,
    port: m.compare_kind_port,
    volume: m.compare_kind_volume,
    metadata: m.compare_kind_metadata,
    container: m.compare_kind_container,
    other: m.compare_kind_other,
  };
  return kinds[kind]();
}

/** What differs, by a name people say: "memory limit" for `limits.memory`. `mono`: it stands so in the template. */
export function differenceName({ kind, name }: Pick<Difference, "kind" | "name">): {
  words: string;
  mono: boolean;
} {
  const spoken: Partial<Record<string, () => string>> = {
    "limits.memory": m.compare_name_memory_limit,
    "requests.memory": m.compare_name_memory_request,
    "limits.cpu": m.compare_name_cpu_limit,
    "requests.cpu": m.compare_name_cpu_request,
  };
  const words = kind === "resource" ? spoken[name]?.() : undefined;
  if (words) return { words, mono: false };
  if (kind === "image" && name === "image") return { words: m.compare_name_image(), mono: false };
  return { words: name, mono: true };
}

const UNITS: Record<string, string> = { Ki: "KiB", Mi: "MiB", Gi: "GiB", Ti: "TiB" };

/** "256 MiB" for `256Mi`; any other quantity as the template writes it. */
export function quantityWords(quantity: string): string {
  const found = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti)$/.exec(quantity);
  return found ? `${found[1]} ${UNITS[found[2] ?? ""]}` : quantity;
}

/** The last part of an image by which it differs: its tag or digest, where the rest is the same. */
export function imageParts(
  old: string | null,
  next: string | null,
): { repository: string | null; old: string | null; new: string | null } {
  if (old === null || next === null) return { repository: null, old, new: next };
  const [before, after] = [splitImage(old), splitImage(next)];
  if (before.repository !== after.repository || !before.tag || !after.tag) {
    return { repository: null, old, new: next };
  }
  return { repository: before.repository, old: before.tag, new: after.tag };
}

/** A port belongs to the registry's name: only a colon after the last slash begins a tag. */
function splitImage(image: string): { repository: string; tag: string | null } {
  const at = image.indexOf("@");
  const name = at === -1 ? image : image.slice(0, at);
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  const repository = colon === -1 ? name : name.slice(0, colon);
  const tag = colon === -1 ? null : name.slice(colon + 1);
  const digest = at === -1 ? null : image.slice(at + 1, at + 20);
  return { repository, tag: digest && tag ? `${tag} (${digest})` : (tag ?? digest) };
}

/** Old and new as people read them. */
export function differenceValues(difference: Difference): {
  old: string | null;
  new: string | null;
  repository: string | null;
} {
  const { kind, old, new: next } = difference;
  if (kind === "image") return imageParts(old, next);
  const spoken = (value: string | null) =>
    value !== null && kind === "resource" ? quantityWords(value) : value;
  return { repository: null, old: spoken(old), new: spoken(next) };
}

/** A Secret's values are never shown: only that they differ. */
export function secretWords({ old, new: next }: Pick<KeyDifference, "old" | "new">): string {
  if (old === null && next !== null) return m.compare_secret_added();
  if (old !== null && next === null) return m.compare_secret_removed();
  return m.compare_secret_differs();
}

/** Why the repository says nothing, and what can be done about it. */
export type Unavailable = {
  why: string;
  next: "bind" | "pattern" | "fetch" | "choose" | "workspace";
};

export function unavailableWords(reason: string): Unavailable {
  switch (reason) {
    case "no-repository":
      return { why: m.compare_why_no_repository(), next: "bind" };
    case "no-tag":
      return { why: m.compare_why_no_tag(), next: "pattern" };
    case "not-available-here":
      return { why: m.compare_why_not_here(), next: "fetch" };
    case "other-repository":
      return { why: m.compare_why_other_repository(), next: "choose" };
    default:
      return { why: m.compare_why_unreadable(), next: "workspace" };
  }
}
