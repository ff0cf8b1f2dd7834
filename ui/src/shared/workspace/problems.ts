import type { FileProblem } from "@/ipc";
import { m } from "@/paraglide/messages";

/** What is wrong in the file, to what, in words. The codes are those of `FileProblem`. */
export function problemWords({ code, subject }: Pick<FileProblem, "code" | "subject">): string {
  switch (code) {
    case "syntax":
      return m.workspace_problem_syntax();
    case "empty":
      return m.workspace_problem_empty({ subject });
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
