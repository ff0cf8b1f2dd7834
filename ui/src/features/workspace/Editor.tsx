import { pickSavePath, type WorkspaceDraft } from "@/ipc";
import { useWrite } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { Button } from "@/shared/controls/Button";
import { Segmented } from "@/shared/controls/Segmented";
import { Tag } from "@/shared/display/Tag";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { Region } from "@/shared/keys/regions";
import { useNavigation } from "@/shared/navigation/navigation";
import type { FilePlace } from "@/shared/navigation/route";
import { EnvironmentForm } from "./EnvironmentForm";
import { FilePane } from "./FilePane";
import { GeneralForm } from "./GeneralForm";
import { Outline } from "./Outline";
import { ServiceForm } from "./ServiceForm";
import { type Editor as EditorState, type Mode, useEditor } from "./useEditor";
import css from "./Workspace.module.css";

/** The form at the left, what it writes at the right; or the text alone. */
export function Editor({
  start,
  startText,
  path,
  startMode,
  at,
}: {
  start: WorkspaceDraft;
  startText: string;
  /** Its file; `null`: it was suggested, and has none yet. */
  path: string | null;
  /** Text where the file is too wrong to be shown as a form. */
  startMode: Mode;
  /** Where the caret stands at first, when it starts as text. */
  at?: FilePlace;
}) {
  const editor = useEditor(start, startText, path, startMode);
  const saving = useSaving(editor, path, startText);
  return (
    <div className={css.editor}>
      <EditorHead editor={editor} saving={saving} />
      {saving.error && (
        <div className={css.failure}>
          <ErrorBand error={saving.error.wire} />
        </div>
      )}
      {editor.mode === "form" ? (
        <div className={css.columns}>
          <Outline editor={editor} />
          <Region label={m.workspace_title()} className={css.form ?? ""}>
            <PlaceForm editor={editor} />
          </Region>
          <FilePane editor={editor} />
        </div>
      ) : (
        <FilePane editor={editor} {...(at && { at })} />
      )}
    </div>
  );
}

function PlaceForm({ editor }: { editor: EditorState }) {
  const { draft, place } = editor;
  switch (place.kind) {
    case "general":
      return <GeneralForm editor={editor} />;
    case "environment": {
      const environment = draft.environments[place.at];
      return environment ? (
        <EnvironmentForm key={place.at} editor={editor} at={place.at} environment={environment} />
      ) : null;
    }
    case "service": {
      const service = draft.services[place.at];
      return service ? (
        <ServiceForm key={place.at} editor={editor} at={place.at} service={service} />
      ) : null;
    }
  }
}

type Saving = ReturnType<typeof useSaving>;

function useSaving(editor: EditorState, path: string | null, startText: string) {
  const { workspace } = useAppState();
  const { go } = useNavigation();
  const options = {
    stale: ["app_state", "workspace_draft", "search", "matrix"] as const,
    onSuccess: () => {
      editor.discard();
      go({ name: "timeline" });
    },
  };
  const form = useWrite("workspace_save", options);
  const text = useWrite("workspace_save_text", options);
  const saveTo = (to: string) => {
    if (editor.mode === "text") return text.mutate({ text: editor.text, path: to });
    // Saved elsewhere, it is still this text that was changed, not what lies there.
    const base = to === path ? editor.base : (editor.base ?? startText);
    return form.mutate({ draft: editor.draft, text: base, path: to });
  };
  const saveAs = async () => {
    const picked = await pickSavePath({
      title: m.workspace_save_title(),
      name: "tidemark.toml",
      extension: "toml",
    });
    if (picked !== null) saveTo(picked);
  };
  return {
    path,
    isOpen: path !== null && path === workspace?.path,
    isSaving: form.isPending || text.isPending,
    error: form.error ?? text.error,
    save: () => (path === null ? void saveAs() : saveTo(path)),
    saveAs: () => void saveAs(),
  };
}

function EditorHead({ editor, saving }: { editor: EditorState; saving: Saving }) {
  const isNew = saving.path === null;
  const state = isNew ? m.workspace_unsaved() : m.workspace_changed();
  const errors = editor.problems.filter((problem) => problem.kind === "error").length;
  return (
    <header className={css.head}>
      <h2>{m.workspace_title()}</h2>
      {(isNew || editor.isChanged) && <Tag meaning="warn">{state}</Tag>}
      <span className={`small muted ell grow ${saving.path ? "mono" : ""}`}>
        {saving.path ?? m.workspace_suggested()}
      </span>
      <Segmented
        label={m.workspace_mode()}
        value={editor.mode}
        onChange={editor.switchTo}
        segments={[
          { id: "form", label: m.workspace_mode_form() },
          { id: "text", label: m.workspace_mode_text() },
        ]}
      />
      <span className="sep" />
      {editor.isChanged && !isNew && (
        <Button variant="ghost" onPress={editor.discard}>
          {m.workspace_discard()}
        </Button>
      )}
      {!isNew && <Button onPress={saving.saveAs}>{m.workspace_save_as()}</Button>}
      {errors > 0 && (
        <span className="small c-failed nowrap">{m.workspace_problems({ count: errors })}</span>
      )}
      <Button
        variant="primary"
        isDisabled={!editor.isValid || saving.isSaving || (saving.isOpen && !editor.isChanged)}
        onPress={saving.save}
      >
        {isNew ? m.workspace_save_as() : m.workspace_save()}
      </Button>
    </header>
  );
}
