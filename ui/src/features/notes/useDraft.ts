import { useState } from "react";
import { asWireError, call, type WireError } from "@/ipc";
import { m } from "@/paraglide/messages";
import type { Headings } from "./text";
import type { NoteKey } from "./useNote";

/** The headings of a draft in the language of the window. */
export function headings(): Headings {
  return {
    breaking: m.notes_heading_breaking(),
    features: m.notes_heading_features(),
    fixes: m.notes_heading_fixes(),
    other: m.notes_heading_other(),
  };
}

export type DraftProblem = { kind: "words"; words: string } | { kind: "error"; error: WireError };

/** Why the repository gives no draft, in words; a reason that is not known stands as it is. */
export function unavailableWords(reason: string): string {
  const reasons: Partial<Record<string, () => string>> = {
    "no-repository": m.notes_why_no_repository,
    "no-tag": m.notes_why_no_tag,
    "not-available-here": m.notes_why_not_here,
    unreadable: m.notes_why_unreadable,
  };
  return reasons[reason]?.() ?? reason;
}

/** Asks for a draft from the commits; nothing is kept until it is put into the text. */
export function useDraft(key: NoteKey) {
  const [problem, setProblem] = useState<DraftProblem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const draft = async (onDraft: (markdown: string) => void) => {
    setBusy(true);
    setProblem(null);
    try {
      const { service, version } = key;
      const made = await call("note_draft", { service, version, ...headings() });
      if (made.unavailable !== null) {
        const why = unavailableWords(made.unavailable);
        setProblem({ kind: "words", words: m.notes_draft_failed({ why }) });
      } else if (made.markdown.trim() === "") {
        setProblem({ kind: "words", words: m.notes_draft_empty() });
      } else {
        if (made.templateMissing) setProblem({ kind: "words", words: m.notes_template_missing() });
        onDraft(made.markdown);
      }
    } catch (thrown) {
      setProblem({ kind: "error", error: asWireError(thrown) });
    } finally {
      setBusy(false);
    }
  };
  return { draft, problem, isBusy };
}
