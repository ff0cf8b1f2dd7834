/** What a plan that was made again says that the one before did not. */

import type { Finding, Operation } from "@/ipc";
import { m } from "@/paraglide/messages";
import { type FindingPlan, findingWords } from "./findings";
import { objectName } from "./object";

/** Findings that are new, and findings that are no more; each in words. */
export function movedFindings(
  { appeared, gone }: { appeared: readonly Finding[]; gone: readonly Finding[] },
  plan: FindingPlan,
): string[] {
  const title = (finding: Finding) => findingWords(finding, plan).title;
  return [
    ...appeared.map((finding) => m.rollback_moved_new({ finding: title(finding) })),
    ...gone.map((finding) => m.rollback_moved_gone({ finding: title(finding) })),
  ];
}

/** Why an operation was not begun that was confirmed. */
export function movedWords(operation: Operation): string {
  switch (operation.facts.moved) {
    case "object":
      return m.rollback_moved_object({ object: objectName(operation.kind) });
    case "live":
      return m.rollback_moved_live();
    case "target":
      return m.rollback_moved_target();
  }
  const lines = movedFindings(
    { appeared: listed(operation.facts.appeared), gone: listed(operation.facts.gone) },
    {
      kind: operation.kind,
      from: { version: operation.fromVersion },
      to: { version: operation.toVersion },
      madeAt: operation.confirmedAt,
    },
  );
  return lines.join(m.rollback_moved_and()) || m.rollback_moved_unsaid();
}

/** Findings as the ledger keeps them with the operation; none where it kept none. */
function listed(text: string | undefined): Finding[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? (value as Finding[]) : [];
  } catch {
    return [];
  }
}
