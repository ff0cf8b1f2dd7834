import type { Matrix, MatrixCell, MatrixRow } from "@/ipc";

const DAY = 86_400_000;
/** What is behind and stood still for longer is worth a warning, whatever the number of commits. */
const LONG_BEHIND = 30 * DAY;

/** How a cell looks; the first that applies, worst first. */
export type CellLook =
  | "absent"
  | "unknown"
  | "failed"
  | "progress"
  | "degraded"
  | "rollback"
  | "stale"
  | "inferred"
  | "ahead"
  | "behind"
  | "different"
  | "same";

export function cellLook(cell: MatrixCell): CellLook {
  if (cell.version === null) return cell.stale ? "unknown" : "absent";
  if (cell.status === "failed") return "failed";
  if (cell.status === "in-progress") return "progress";
  if (cell.status === "degraded") return "degraded";
  if (cell.rolledBack) return "rollback";
  if (cell.stale) return "stale";
  if (cell.inferred) return "inferred";
  return driftLook(cell.drift);
}

/** The word of the wire as a look; one that is not known yet is a difference. */
export function driftLook(drift: string): "ahead" | "behind" | "different" | "same" | "absent" {
  switch (drift) {
    case "same":
    case "ahead":
    case "behind":
    case "absent":
      return drift;
    default:
      return "different";
  }
}

/** What the drift column says of a row. */
export type RowDrift = {
  kind:
    | "failed"
    | "progress"
    | "behind-long"
    | "commits"
    | "version"
    | "absent"
    | "inferred"
    | "unknown"
    | "none";
  /** The most commits between the reference and another environment; `null`: the repository does not tell. */
  commits: number | null;
  /** Whole days, for `behind-long`. */
  days: number;
  /** Environments where the service is not deployed, though the reference has it. */
  missing: readonly string[];
};

/** Sums a row up, worst first. `now` is in epoch ms. */
export function rowDrift(row: MatrixRow, reference: string, now: number): RowDrift {
  const others = row.cells.filter((cell) => cell.environment !== reference);
  const isKnown = (cell: MatrixCell) => cellLook(cell) !== "unknown";
  const differing = others.filter((cell) => isKnown(cell) && driftLook(cell.drift) !== "same");
  const base = row.cells.find((cell) => cell.environment === reference);
  const counted = differing.flatMap((cell) => (cell.commits === null ? [] : [cell.commits]));
  const commits = counted.length > 0 ? Math.max(...counted) : null;
  const missing = base?.version
    ? others.filter((cell) => cellLook(cell) === "absent").map((cell) => cell.environment)
    : [];
  const behindFor = longestBehind(differing, now);
  const facts = { commits, days: Math.floor(behindFor / DAY), missing };
  const has = (status: MatrixCell["status"]) =>
    row.cells.some((cell) => cell.version !== null && cell.status === status);
  if (has("failed")) return { kind: "failed", ...facts };
  if (has("in-progress")) return { kind: "progress", ...facts };
  // Nothing can be measured against what is not known.
  if (base && !isKnown(base)) return { kind: "unknown", ...facts };
  if (behindFor >= LONG_BEHIND) return { kind: "behind-long", ...facts };
  // Since when it differs is not sure: that comes before by how much.
  if (row.cells.some((cell) => cell.version !== null && cell.inferred)) {
    return { kind: "inferred", ...facts };
  }
  if (commits !== null && commits > 0) return { kind: "commits", ...facts };
  if (missing.length > 0) return { kind: "absent", ...facts };
  if (differing.some((cell) => cell.version !== base?.version))
    return { kind: "version", ...facts };
  if (!row.cells.every(isKnown)) return { kind: "unknown", ...facts };
  return { kind: "none", ...facts };
}

/** For how long an environment has stood still that is behind now. */
function longestBehind(differing: readonly MatrixCell[], now: number): number {
  const since = differing.flatMap((cell) =>
    driftLook(cell.drift) === "behind" && cell.since !== null ? [cell.since] : [],
  );
  return since.length > 0 ? Math.max(0, now - Math.min(...since)) : 0;
}

export type Filters = {
  text: string;
  /** `null`: all teams; "" is "no team". */
  teams: readonly string[] | null;
  driftOnly: boolean;
};

/** The rows that the team and text filters leave. */
export function filterRows(
  rows: readonly MatrixRow[],
  { text, teams }: Pick<Filters, "text" | "teams">,
): MatrixRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (teams && !teams.includes(row.team ?? "")) return false;
    const place = [row.service, row.team ?? "", ...row.cells.map((cell) => cell.version ?? "")]
      .join(" ")
      .toLowerCase();
    return words.every((word) => place.includes(word));
  });
}

/** The rows of which something differs, is failing or is not sure. */
export function drifting(
  rows: readonly MatrixRow[],
  matrix: Pick<Matrix, "reference">,
  now: number,
): MatrixRow[] {
  return rows.filter((row) => rowDrift(row, matrix.reference, now).kind !== "none");
}
