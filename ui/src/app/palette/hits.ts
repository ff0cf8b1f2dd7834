import { Clock, FileText, History, type LucideIcon, Tag } from "lucide-react";
import type { SearchHit } from "@/ipc";
import { m } from "@/paraglide/messages";
import type { Navigation } from "@/shared/navigation/navigation";
import { formatMoment } from "@/shared/time/format";
import type { Zone } from "@/shared/time/zone";
import type { Entry, EntryGroup } from "./entries";
import { fits } from "./match";

/** What a hit needs to be said: where one can go, and how times read. */
export type Words = { navigation: Navigation; zone: Zone; now: number };

type Kind = Exclude<SearchHit["kind"], "service">;

const HIT: Record<Kind, { group: EntryGroup; icon: LucideIcon }> = {
  "rolled-back": { group: "versions", icon: Tag },
  version: { group: "versions", icon: Tag },
  note: { group: "versions", icon: FileText },
  rollback: { group: "go", icon: Clock },
  deployment: { group: "go", icon: Clock },
  operation: { group: "go", icon: History },
};

/** What the backend found, but for services; nothing twice. */
export function hitEntries(hits: readonly SearchHit[], typed: string, words: Words): Entry[] {
  const seen = new Set<string>();
  return hits.flatMap((hit, at): Entry[] => {
    if (hit.kind === "service") return [];
    const entry = {
      id: `hit/${at}`,
      ...HIT[hit.kind],
      ...said(hit, words),
      ...goingTo(hit, words),
    };
    const whole = `${entry.title}${entry.version ?? ""} ${entry.hint}`;
    // These two come with their service, whatever else was typed.
    const isAside = hit.kind === "rollback" || hit.kind === "rolled-back";
    const place = `${entry.group} ${entry.title}${entry.version ?? ""} ${hit.environment ?? ""}`;
    const same = [place, `${hit.deployment}`];
    if ((isAside && !fits(whole, typed)) || same.some((one) => one !== "null" && seen.has(one))) {
      return [];
    }
    for (const one of same) seen.add(one);
    return [entry];
  });
}

type Said = Pick<Entry, "title" | "version" | "hint">;

function said(hit: SearchHit, { zone, now }: Words): Said {
  const { environment, service, version, at } = hit;
  const moment = at === null ? "" : formatMoment(at, zone, now);
  const place = [moment, hit.subtitle].filter(Boolean).join(", ");
  switch (hit.kind) {
    case "rollback":
      return { title: m.palette_last_rollback({ service: service ?? "" }), hint: place };
    case "rolled-back": {
      const where = { environment: environment ?? "", moment };
      return { ...titleOf(hit), hint: m.palette_rolled_back(where) };
    }
    case "note": {
      const hint = m.palette_note_of({ service: service ?? "", version: version ?? "" });
      return { title: hit.title || m.palette_note_untitled(), hint };
    }
    case "deployment":
      return { ...titleOf(hit), hint: place };
    case "service":
    case "version":
    case "operation":
      return { ...titleOf(hit), hint: hit.subtitle };
  }
}

function titleOf({ title, version }: SearchHit): { title: string; version?: string } {
  if (!version || !title.endsWith(version)) return { title };
  return { title: title.slice(0, -version.length), version };
}

function goingTo(hit: SearchHit, { navigation: { go } }: Words): Pick<Entry, "run"> {
  const { service, environment, version, deployment, at } = hit;
  const ofService = { ...(service && { service }), ...(version && { version }) };
  if (hit.kind === "note") return { run: () => go({ name: "notes", ...ofService }) };
  if (hit.kind === "operation") {
    return { run: () => go({ name: "operations", operation: hit.title }) };
  }
  if (hit.kind === "version" && deployment === null && service) {
    const right = version ? { right: { kind: "version" as const, version } } : {};
    return { run: () => go({ name: "compare", service, ...right }) };
  }
  return {
    run: () =>
      go({
        name: "timeline",
        ...(service && { lane: { service, environment: environment ?? "" } }),
        ...(deployment !== null && { deployment }),
        ...(at !== null && { at }),
      }),
  };
}
