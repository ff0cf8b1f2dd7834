import { useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useState } from "react";
import type { DraftEnvironment, DraftService, FileProblem, WorkspaceDraft } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";

/** What is edited at the moment. */
export type Place =
  | { kind: "general" }
  | { kind: "environment"; at: number }
  | { kind: "service"; at: number };

export type Mode = "form" | "text";

/** The editor's state: a draft in the form, or the text itself; each is checked while it is typed. */
export type Editor = {
  mode: Mode;
  draft: WorkspaceDraft;
  /** The text that would be saved. */
  text: string;
  /** The text that the form changes; `null`: what the file holds. */
  base: string | null;
  problems: readonly FileProblem[];
  /** Nothing in it is wrong: it can be saved. */
  isValid: boolean;
  isChanged: boolean;
  isChecking: boolean;
  place: Place;
  show: (place: Place) => void;
  change: (part: Partial<WorkspaceDraft>) => void;
  changeEnvironment: (at: number, part: Partial<DraftEnvironment>) => void;
  changeService: (at: number, part: Partial<DraftService>) => void;
  addEnvironment: () => void;
  addService: () => void;
  remove: (place: Place) => void;
  changeText: (text: string) => void;
  switchTo: (mode: Mode) => void;
  /** Back to what was read; also after a save, when nothing is unsaved any more. */
  discard: () => void;
};

const NEVER_KEPT = { gcTime: 0, placeholderData: <T>(before: T | undefined) => before };

/** `path` is the file that is edited: what the form does not know of it stays in it, and in the preview. */
export function useEditor(
  start: WorkspaceDraft,
  startText: string,
  path: string | null,
  startMode: Mode,
): Editor {
  const unsaved = useUnsaved([path, startText, JSON.stringify(start)]);
  const [draft, setDraft] = useState(unsaved.known?.draft ?? start);
  const firstText = startMode === "text" ? startText : null;
  const [text, setText] = useState<string | null>(unsaved.known ? unsaved.known.text : firstText);
  const [base, setBase] = useState(unsaved.known?.base ?? null);
  const [place, show] = useState<Place>({ kind: "general" });
  const [isChanged, setChanged] = useState(unsaved.known !== undefined);
  const { keep } = unsaved;
  useEffect(
    () => keep(isChanged ? { draft, text, base } : undefined),
    [keep, isChanged, draft, text, base],
  );
  const mode: Mode = text === null ? "form" : "text";

  const asked = useDeferredValue(draft);
  const preview = useRead(
    "workspace_preview",
    { draft: asked, text: base, path },
    { enabled: mode === "form", ...NEVER_KEPT },
  );
  const typed = useDeferredValue(text ?? "");
  const check = useRead(
    "workspace_check",
    { text: typed, path: null },
    { enabled: mode === "text", ...NEVER_KEPT },
  );
  const answer = mode === "form" ? preview : check;
  const problems = answer.data?.problems ?? [];

  const edit = (next: WorkspaceDraft) => {
    setDraft(next);
    setChanged(true);
  };
  const changeEnvironment = (at: number, part: Partial<DraftEnvironment>) =>
    edit({ ...draft, environments: replaced(draft.environments, at, part) });
  const changeService = (at: number, part: Partial<DraftService>) =>
    edit({ ...draft, services: replaced(draft.services, at, part) });

  return {
    mode,
    draft,
    text: text ?? preview.data?.text ?? startText,
    base,
    problems,
    isValid: answer.data !== undefined && !problems.some((problem) => problem.kind === "error"),
    isChanged,
    isChecking: answer.isFetching,
    place,
    show,
    change: (part) => edit({ ...draft, ...part }),
    changeEnvironment,
    changeService,
    addEnvironment: () => {
      edit({ ...draft, environments: [...draft.environments, newEnvironment(draft)] });
      show({ kind: "environment", at: draft.environments.length });
    },
    addService: () => {
      edit({ ...draft, services: [...draft.services, newService(draft)] });
      show({ kind: "service", at: draft.services.length });
    },
    remove: (gone) => {
      if (gone.kind === "general") return;
      const list = gone.kind === "environment" ? "environments" : "services";
      edit({ ...draft, [list]: draft[list].filter((_, at) => at !== gone.at) });
      show({ kind: "general" });
    },
    changeText: (next) => {
      setText(next);
      setChanged(true);
    },
    switchTo: (next) => {
      if (next === mode) return;
      if (next === "text") setText(preview.data?.text ?? startText);
      else if (check.data?.draft) {
        setDraft(withBindings(check.data.draft, draft));
        setBase(text);
        setText(null);
      }
    },
    discard: () => {
      setDraft(start);
      setText(firstText);
      setBase(null);
      setChanged(false);
      show({ kind: "general" });
    },
  };
}

/** The text says nothing of what is personal: contexts and clones stay with their clusters and repositories. */
function withBindings(read: WorkspaceDraft, known: WorkspaceDraft): WorkspaceDraft {
  const contexts = new Map(known.environments.map(({ cluster, context }) => [cluster, context]));
  const clones = new Map(known.services.map(({ repository, clone }) => [repository, clone]));
  return {
    ...read,
    environments: read.environments.map((one) => ({
      ...one,
      context: one.context ?? contexts.get(one.cluster) ?? null,
    })),
    services: read.services.map((one) => ({
      ...one,
      clone: one.clone ?? clones.get(one.repository) ?? null,
    })),
  };
}

type Unsaved = { draft: WorkspaceDraft; text: string | null; base: string | null };

/** What was changed and not saved stays while one looks at another screen. */
function useUnsaved(of: readonly (string | null)[]) {
  const client = useQueryClient();
  const [held] = useState(() => {
    const key = ["unsaved", ...of];
    client.setQueryDefaults(key, { gcTime: Number.POSITIVE_INFINITY });
    return {
      known: client.getQueryData<Unsaved>(key),
      keep: (changed: Unsaved | undefined) => {
        if (changed) client.setQueryData(key, changed);
        else client.removeQueries({ queryKey: key });
      },
    };
  });
  return held;
}

function replaced<T>(list: readonly T[], at: number, part: Partial<T>): T[] {
  return list.map((one, index) => (index === at ? { ...one, ...part } : one));
}

function freeName(wanted: string, taken: readonly { name: string }[]): string {
  const names = new Set(taken.map((one) => one.name));
  let name = wanted;
  for (let number = 2; names.has(name); number += 1) name = `${wanted}-${number}`;
  return name;
}

function newEnvironment(draft: WorkspaceDraft): DraftEnvironment {
  return {
    name: freeName(m.workspace_environment_new(), draft.environments),
    was: null,
    tier: "staging",
    guard: false,
    cluster: "",
    namespaces: [],
    context: null,
    verifyWindow: null,
    knownGoodAfter: null,
  };
}

function newService(draft: WorkspaceDraft): DraftService {
  return {
    name: freeName(m.workspace_service_new(), draft.services),
    was: null,
    team: null,
    repository: null,
    clone: null,
    path: null,
    tags: null,
    container: null,
    dependsOn: [],
  };
}
