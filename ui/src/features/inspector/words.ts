import type {
  Attribution,
  DeploymentDetails,
  EvidenceWord,
  MomentRange,
  RollbackOffer,
  VersionEvidence,
  VersionSourceWord,
} from "@/ipc";
import { m } from "@/paraglide/messages";
import type { StatusKind } from "@/shared/display/StatusGlyph";
import type { TagMeaning } from "@/shared/display/Tag";
import {
  formatAge,
  formatDuration,
  formatMoment,
  formatSeconds,
  isoDay,
} from "@/shared/time/format";
import type { Zone } from "@/shared/time/zone";

const HOUR = 3_600_000;

/** How a deployment is: word, shape and tone of its tag. */
export type StatusLook = { word: string; glyph: StatusKind; tag: TagMeaning };

export function statusLook(status: DeploymentDetails["status"]): StatusLook {
  switch (status) {
    case "in-progress":
      return { word: m.inspector_status_in_progress(), glyph: "progress", tag: "warn" };
    case "healthy":
      return { word: m.inspector_status_healthy(), glyph: "ok", tag: "ok" };
    case "degraded":
      return { word: m.inspector_status_degraded(), glyph: "warn", tag: "warn" };
    case "failed":
      return { word: m.inspector_status_failed(), glyph: "failed", tag: "failed" };
    case "rolled-back":
      return { word: m.inspector_status_rolled_back(), glyph: "rollback", tag: "rollback" };
    case "unknown":
      return { word: m.inspector_status_unknown(), glyph: "unknown", tag: "unknown" };
  }
}

/** One or two plain sentences: what is the case now, or what became of it. */
export function caseWords(details: DeploymentDetails, now: number): string {
  const said = details.current ? currentWords(details, now) : [pastWords(details)];
  if (details.previousServes) said.push(m.inspector_serves({ version: details.previousServes }));
  // Chinese sentences follow each other without a space.
  return said.join(" ").replace(/([。！？]) /g, "$1");
}

function currentWords(details: DeploymentDetails, now: number): string[] {
  const { live, status } = details;
  if (!live) return [m.inspector_current_unknown()];
  const said = [liveWords(live, status)];
  if (live.paused) said.push(m.inspector_live_paused());
  if (live.stale) said.push(m.inspector_live_stale({ age: formatAge(live.asOf, now) }));
  return said;
}

function liveWords(
  live: NonNullable<DeploymentDetails["live"]>,
  status: DeploymentDetails["status"],
): string {
  const { replicas: count, ready, reason, hanging, updated } = live;
  if (count === 0) return m.inspector_live_none();
  if (status === "in-progress" && hanging === 0) {
    return m.inspector_live_progress({ updated, count, ready });
  }
  if (status === "failed" || hanging > 0) {
    const bad = hanging || Math.max(0, count - ready);
    return reason
      ? m.inspector_live_failed_why({ bad, count, reason })
      : m.inspector_live_failed({ bad, count });
  }
  if (ready >= count) return m.inspector_live_all({ count });
  return reason
    ? m.inspector_live_degraded_why({ ready, count, reason })
    : m.inspector_live_degraded({ ready, count });
}

/** For how long it was live, where both ends are known. */
function ranFor({ started, settled, ended }: DeploymentDetails): string | null {
  const from = settled?.latest ?? started?.latest;
  if (from === undefined || !ended || ended.latest < from) return null;
  return formatDuration(ended.latest - from);
}

function pastWords(details: DeploymentDetails): string {
  const duration = ranFor(details);
  if (details.stillServes) return m.inspector_past_serves({ version: details.version });
  switch (details.status) {
    case "failed":
      return m.inspector_past_failed();
    case "rolled-back":
      return details.failed
        ? `${m.inspector_past_failed()} ${m.inspector_past_rolled_back_short()}`
        : duration
          ? m.inspector_past_rolled_back({ duration })
          : m.inspector_past_rolled_back_short();
    case "unknown":
      return m.inspector_past_unknown();
    default:
      if (details.continuedAs) return continuedWords(details.continuedAs, duration);
      return duration ? m.inspector_past_ran({ duration }) : m.inspector_past_ran_short();
  }
}

/** It went on as the same version. */
function continuedWords(
  as: NonNullable<DeploymentDetails["continuedAs"]>,
  duration: string | null,
): string {
  if (as === "restart") {
    return duration ? m.inspector_past_restarted({ duration }) : m.inspector_past_restarted_short();
  }
  return duration ? m.inspector_past_configured({ duration }) : m.inspector_past_configured_short();
}

/** Under the button: why that version, or why the button is off. */
export function offerWords(offer: RollbackOffer): { kind: StatusKind; text: string } {
  if (offer.off !== null) return { kind: "unknown", text: offWords(offer.off) };
  const duration = offer.ran === null ? null : formatDuration(offer.ran);
  if (offer.knownGood) {
    return {
      kind: "ok",
      text: duration ? m.inspector_good({ duration }) : m.inspector_good_short(),
    };
  }
  return {
    kind: "warn",
    text: duration ? m.inspector_previous({ duration }) : m.inspector_previous_short(),
  };
}

/** Under the button of one that does not run: how it ran. */
export function againWords({ rollback: offer, status }: DeploymentDetails): {
  kind: StatusKind;
  text: string;
} {
  if (offer.off !== null) return { kind: "unknown", text: offWords(offer.off) };
  if (offer.ran === null) return { kind: "warn", text: m.inspector_ran_unknown() };
  const duration = formatDuration(offer.ran);
  if (offer.knownGood) return { kind: "ok", text: m.inspector_ran_good({ duration }) };
  if (status === "rolled-back") return { kind: "warn", text: m.inspector_ran_undone({ duration }) };
  if (offer.ran >= offer.knownGoodAfter)
    return { kind: "unknown", text: m.inspector_ran({ duration }) };
  const least = hoursOf(offer.knownGoodAfter);
  return { kind: "warn", text: m.inspector_ran_short({ duration, least }) };
}

/** A limit in hours where it is a number of them, as the workspace file writes it. */
const hoursOf = (limit: number): string =>
  limit % HOUR === 0 ? m.time_hours({ hours: limit / HOUR }) : formatDuration(limit);

/** What runs there instead; of one that never came to serve, that it was deployed. */
export function runningWords(
  { version, since }: NonNullable<DeploymentDetails["running"]>,
  zone: Zone,
  now: number,
  stillServes = false,
): string {
  if (since === null) return m.inspector_runs_now({ version });
  const from = formatMoment(since, zone, now);
  return stillServes
    ? m.inspector_deployed_since({ version, from })
    : m.inspector_runs_since({ version, from });
}

export function offWords(code: string): string {
  switch (code) {
    case "offline":
      return m.inspector_off_offline();
    case "read-only":
      return m.inspector_off_read_only();
    case "runs-now":
      return m.inspector_off_runs_now();
    case "never-settled":
      return m.inspector_off_never_settled();
    case "no-template":
      return m.inspector_off_no_template();
    case "no-target":
      return m.inspector_off_no_target();
    case "unbound":
      return m.inspector_off_unbound();
    case "no-replica-sets":
      return m.inspector_off_no_replica_sets();
    case "not-a-deployment":
      return m.inspector_off_not_a_deployment();
    default:
      return m.inspector_off_other({ code });
  }
}

/** "today 12:55:12", or "between 12:10 and 12:55" for what is known as a range only; "about 12:55" where both read the same. */
export function rangeWords(range: MomentRange, zone: Zone, now: number): string {
  const { earliest, latest } = range;
  if (earliest === latest) {
    return isoDay(latest, zone) === isoDay(now, zone)
      ? formatSeconds(latest, zone)
      : formatMoment(latest, zone, now);
  }
  const to = formatMoment(latest, zone, now);
  if (earliest === null) return m.inspector_by({ to });
  const from = formatMoment(earliest, zone, now);
  return from === to ? m.inspector_about({ moment: to }) : m.inspector_between({ from, to });
}

/** How we know who or why. */
export function sourceWords({ source }: Attribution): string {
  switch (source) {
    case "operation":
      return m.inspector_source_operation();
    case "change-cause":
      return m.inspector_source_change_cause();
    case "field-manager":
      return m.inspector_source_field_manager();
    case "argo-cd":
      return m.inspector_source_argo_cd();
    case "helm":
      return m.inspector_source_helm();
    case "version-author":
      return m.inspector_source_version_author();
    case "imported":
      return m.inspector_source_imported();
    default:
      return m.inspector_source_other({ source });
  }
}

export function evidenceWord(kind: EvidenceWord): string {
  switch (kind) {
    case "observed":
      return m.inspector_evidence_observed();
    case "recorded":
      return m.inspector_evidence_recorded();
    case "inferred":
      return m.inspector_evidence_inferred();
    case "imported":
      return m.inspector_evidence_imported();
  }
}

/** "image tag shop/checkout:2.4.1", "but label app.kubernetes.io/version says 2.3.7". */
export function versionWords({ source, value, against }: VersionEvidence): string {
  if (source === null) return value;
  const said = { source: versionSource(source), value };
  return against ? m.inspector_version_against(said) : m.inspector_version_says(said);
}

function versionSource(source: VersionSourceWord): string {
  switch (source) {
    case "image-tag":
      return m.inspector_version_image_tag();
    case "image-digest":
      return m.inspector_version_image_digest();
    case "pod-digest":
      return m.inspector_version_pod_digest();
    case "version-label":
      return m.inspector_version_label();
    case "chart-label":
      return m.inspector_version_chart();
    case "oci-annotation":
      return m.inspector_version_annotation();
    case "git-ops-commit":
      return m.inspector_version_gitops();
  }
}

/** "14 commits, 1 image, 2 settings since 1.41.2". */
export function changedWords(changed: NonNullable<DeploymentDetails["changed"]>): string {
  const { commits, images, settings, previousVersion: version } = changed;
  const said = [
    commits === null ? null : commits > 0 ? m.inspector_commits({ count: commits }) : null,
    images > 0 ? m.inspector_images({ count: images }) : null,
    settings > 0 ? m.inspector_settings({ count: settings }) : null,
    commits === null ? m.inspector_commits_unknown() : null,
  ].filter((part) => part !== null);
  if (said.length === 0) return m.inspector_changed_nothing({ version });
  return m.inspector_changed_since({ changes: said.join(m.inspector_join()), version });
}

/** The moment that a deployment's age is told from. */
export function ageFrom({ status, failed, settled, started }: DeploymentDetails): number | null {
  const moment = (status === "failed" ? failed : null) ?? settled ?? started;
  return moment?.latest ?? null;
}
