import type { Connection, EnvironmentInfo, MatrixCell } from "@/ipc";
import { m } from "@/paraglide/messages";
import { errorWords } from "@/shared/errors/words";
import { formatCount, formatDuration } from "@/shared/time/format";
import { type CellLook, cellLook, driftLook, type RowDrift } from "./drift";

export function lookWords(look: CellLook, reference: string): string {
  switch (look) {
    case "absent":
      return m.environments_absent();
    case "unknown":
      return m.environments_unknown();
    case "failed":
      return m.environments_failed();
    case "progress":
      return m.environments_progress();
    case "degraded":
      return m.environments_degraded();
    case "rollback":
      return m.environments_rolled_back();
    case "stale":
      return m.environments_stale();
    case "inferred":
      return m.environments_inferred();
    case "ahead":
      return m.environments_ahead();
    case "behind":
      return m.environments_behind();
    case "different":
      return m.environments_different();
    case "same":
      return m.environments_same({ environment: reference });
  }
}

/** Everything that a cell shows by shape, in words. */
export function cellFacts(cell: MatrixCell, reference: string): string[] {
  const look = cellLook(cell);
  const drift = driftLook(cell.drift);
  const facts = [lookWords(look, reference)];
  if (cell.environment === reference) {
    return look === "same" ? [m.environments_is_reference()] : facts;
  }
  if (drift !== look) facts.push(lookWords(drift, reference));
  if (cell.commits) facts.push(commitWords(cell.commits));
  if (cell.stale && look !== "stale") facts.push(m.environments_stale());
  if (cell.inferred && look !== "inferred") facts.push(m.environments_inferred());
  return facts;
}

/** "payments in prod-us: 1.41.2, behind, 14 commits" */
export function cellName(service: string, cell: MatrixCell, reference: string): string {
  const { environment, version } = cell;
  if (version === null) {
    return cell.stale
      ? m.environments_cell_unknown({ service, environment })
      : m.environments_cell_absent({ service, environment });
  }
  const facts = cellFacts(cell, reference).join(m.environments_join());
  return m.environments_cell({ service, environment, version, facts });
}

export function commitWords(count: number): string {
  return m.environments_commits({ count, number: formatCount(count) });
}

export function driftWords(drift: RowDrift): string {
  switch (drift.kind) {
    case "failed":
      return drift.commits ? commitWords(drift.commits) : m.environments_failed();
    case "progress":
      return m.environments_progress();
    case "behind-long":
      return m.environments_days({ count: drift.days, number: formatCount(drift.days) });
    case "commits":
      return commitWords(drift.commits ?? 0);
    case "version":
      return m.environments_other_version();
    case "absent":
      return m.environments_not_in({ environments: drift.missing.join(m.environments_join()) });
    case "inferred":
      return m.environments_inferred();
    case "unknown":
      return m.environments_unknown();
    case "none":
      return "";
  }
}

export function tierWords({ tier, guard }: Pick<EnvironmentInfo, "tier" | "guard">): string {
  const tiers = {
    production: m.environments_tier_production,
    staging: m.environments_tier_staging,
    development: m.environments_tier_development,
  };
  return guard ? m.environments_guarded({ tier: tiers[tier]() }) : tiers[tier]();
}

export function connectionWords(connection: Connection | undefined, now: number): string {
  switch (connection?.state) {
    case undefined:
    case "unbound":
      return m.environments_state_unbound();
    case "live":
      return m.environments_state_live();
    case "partial":
      return m.environments_state_partial({ namespaces: connection.notLive.join(", ") });
    case "connecting":
      return m.environments_state_connecting();
    case "unreached":
      return m.environments_state_unreached({
        duration: formatDuration(now - (connection.since ?? now)),
        reason: connection.error
          ? errorWords(connection.error).title
          : m.environments_state_stale_unknown(),
      });
    case "refused":
      return connection.error ? errorWords(connection.error).title : m.environments_state_refused();
    case "stale": {
      const since = connection.since ?? connection.lastAnswer;
      if (since === null) return m.environments_state_stale_unknown();
      return m.environments_state_stale({ duration: formatDuration(now - since) });
    }
  }
}
