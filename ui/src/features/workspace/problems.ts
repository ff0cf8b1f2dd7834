import type { FileProblem } from "@/ipc";
import { m } from "@/paraglide/messages";

/** What is wrong in the file, to what, in words. The codes are those of `FileProblem`. */
export function problemWords({ code, subject }: FileProblem): string {
  switch (code) {
    case "syntax":
      return m.workspace_problem_syntax({ subject });
    case "unknown-key":
      return m.workspace_problem_unknown_key({ subject });
    case "wrong-type":
      return m.workspace_problem_wrong_type({ subject });
    case "wrong-value":
      return m.workspace_problem_wrong_value({ subject });
    case "missing":
      return m.workspace_problem_missing({ subject });
    case "duplicate":
      return m.workspace_problem_duplicate({ subject });
    case "unknown-reference":
      return m.workspace_problem_unknown_reference({ subject });
    case "format":
      return m.workspace_problem_format({ subject });
    default:
      return m.workspace_problem_other({ subject, code });
  }
}

/** Where a line and column, both from 1, stand in a text; the end where the text is shorter. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const inLine = [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
  return Math.min(text.length, before + inLine);
}
