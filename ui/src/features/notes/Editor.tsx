import { Bold, Code, Heading2, Link, List, WandSparkles } from "lucide-react";
import { useRef } from "react";
import type { Note } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Button, IconButton } from "@/shared/controls/Button";
import { Segmented } from "@/shared/controls/Segmented";
import { Spinner } from "@/shared/display/Progress";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { Tag } from "@/shared/display/Tag";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { Region } from "@/shared/keys/regions";
import { MenuItem, MenuList, MenuTrigger } from "@/shared/overlay/Menu";
import { useNow } from "@/shared/time/clock";
import { formatAge } from "@/shared/time/format";
import { useView } from "@/shared/view";
import css from "./Notes.module.css";
import { Preview } from "./Preview";
import { Beginnings, MoreCommits } from "./Suggestions";
import { TextPane, typeInto } from "./TextPane";
import { applyTool, type Tool } from "./text";
import { useDraft } from "./useDraft";
import { type NoteEditing, useNote } from "./useNote";

type Mode = "write" | "both" | "read";

const TOOLS: readonly { tool: Tool; icon: typeof Bold; label: () => string }[] = [
  { tool: "heading", icon: Heading2, label: m.notes_tool_heading },
  { tool: "bold", icon: Bold, label: m.notes_tool_bold },
  { tool: "list", icon: List, label: m.notes_tool_list },
  { tool: "code", icon: Code, label: m.notes_tool_code },
  { tool: "link", icon: Link, label: m.notes_tool_link },
];

/** One note: its head, its tools, the text and what it will look like. */
export function Editor({ note, mark }: { note: Note; mark: string }) {
  const editing = useNote(note);
  const { text, state, saved } = editing;
  const [mode, setMode] = useView<Mode>("notes.mode", "both");
  const area = useRef<HTMLTextAreaElement>(null);
  const drafting = useDraft(editing.key);
  const put = (next: string) => typeInto(area.current, { text: next }, editing.change);
  const tool = (which: Tool) => {
    const field = area.current;
    if (!field || state === "final") return;
    const { value, selectionStart, selectionEnd } = field;
    const edited = applyTool(which, { text: value, start: selectionStart, end: selectionEnd });
    typeInto(field, edited, editing.change);
  };
  const draft = (how: "replace" | "below") =>
    void drafting.draft((markdown) =>
      put(how === "replace" || text.trim() === "" ? markdown : `${text.trimEnd()}\n\n${markdown}`),
    );
  const isFinal = state === "final";
  return (
    <Region label={`${note.service} ${note.version}`} className={css.editor ?? ""}>
      <Head note={note} editing={editing} isDrafting={drafting.isBusy} onDraft={draft} />
      <div className={css.tools}>
        <span className="small muted ell grow">{isFinal && m.notes_final_hint()}</span>
        {mode !== "read" && (
          <div role="toolbar" aria-label={m.notes_tools()} className="row">
            {TOOLS.map(({ tool: which, icon, label }) => (
              <IconButton
                key={which}
                icon={icon}
                label={label()}
                isDisabled={isFinal}
                onPress={() => tool(which)}
              />
            ))}
          </div>
        )}
        <span className="sep" />
        <Segmented
          label={m.notes_mode()}
          value={mode}
          onChange={setMode}
          segments={[
            { id: "write", label: m.notes_mode_write() },
            { id: "both", label: m.notes_mode_both() },
            { id: "read", label: m.notes_mode_read() },
          ]}
        />
      </div>
      {saved.kind === "failed" && (
        <div className={css.problem}>
          <ErrorBand
            error={saved.error}
            actions={
              <Button size="small" onPress={editing.retry}>
                {m.shared_try_again()}
              </Button>
            }
          />
        </div>
      )}
      {editing.restored && (
        <p className={`small c-warn ${css.problem}`} role="status">
          {m.notes_restored()}
        </p>
      )}
      {drafting.problem && (
        <div className={css.problem}>
          {drafting.problem.kind === "error" ? (
            <ErrorBand error={drafting.problem.error} />
          ) : (
            <p className="small row g8" role="alert">
              <StatusGlyph kind="unknown" />
              {drafting.problem.words}
            </p>
          )}
        </div>
      )}
      <div className={css.panes} data-mode={mode}>
        {mode !== "read" && (
          <div className={css.writing}>
            <TextPane
              area={area}
              text={text}
              readOnly={isFinal}
              onChange={editing.change}
              onTool={tool}
            />
            {!isFinal &&
              (text.trim() === "" ? (
                <Beginnings note={note} onDraft={() => draft("replace")} onText={put} />
              ) : (
                <MoreCommits note={note} text={text} onText={put} />
              ))}
          </div>
        )}
        {mode !== "write" && <Preview note={note} text={text} mark={mark} />}
      </div>
    </Region>
  );
}

function Head({
  note,
  editing,
  isDrafting,
  onDraft,
}: {
  note: Note;
  editing: NoteEditing;
  isDrafting: boolean;
  onDraft: (how: "replace" | "below") => void;
}) {
  const { state, text, saved } = editing;
  const isFinal = state === "final";
  const empty = text.trim() === "";
  return (
    <header className={css.head}>
      <h2 className={css.title}>
        {note.service} <span className="mono">{note.version}</span>
      </h2>
      <Tag meaning={isFinal ? "ok" : "warn"}>{isFinal ? m.notes_final() : m.notes_draft()}</Tag>
      <Edited note={note} at={saved.kind === "saved" ? saved.at : note.updatedAt} />
      <span className="grow" />
      <Saved editing={editing} />
      {!isFinal &&
        (empty ? (
          <Button icon={WandSparkles} isDisabled={isDrafting} onPress={() => onDraft("replace")}>
            {m.notes_draft_from()}
          </Button>
        ) : (
          <MenuTrigger>
            <Button icon={WandSparkles} isDisabled={isDrafting}>
              {m.notes_draft_from()}
            </Button>
            <MenuList label={m.notes_draft_from()}>
              <MenuItem label={m.notes_draft_below()} onAction={() => onDraft("below")} />
              <MenuItem label={m.notes_draft_replace()} onAction={() => onDraft("replace")} />
            </MenuList>
          </MenuTrigger>
        ))}
      {isFinal ? (
        <Button onPress={() => editing.mark("draft")}>{m.notes_back_to_draft()}</Button>
      ) : (
        <Button variant="primary" isDisabled={empty} onPress={() => editing.mark("final")}>
          {m.notes_mark_final()}
        </Button>
      )}
    </header>
  );
}

function Edited({ note, at }: { note: Note; at: number | null }) {
  const now = useNow();
  if (at === null) return <span className="small muted ell">{m.notes_new()}</span>;
  const age = formatAge(at, Math.max(at, now));
  return (
    <span className="small muted ell">
      {note.author ? m.notes_edited_by({ author: note.author, age }) : m.notes_edited({ age })}
    </span>
  );
}

function Saved({ editing: { saved } }: { editing: NoteEditing }) {
  return (
    <span className="row g6 small muted nowrap" role="status">
      {saved.kind === "saved" && saved.at !== null && (
        <>
          <StatusGlyph kind="ok" />
          {m.notes_saved()}
        </>
      )}
      {saved.kind === "waiting" && m.notes_unsaved()}
      {saved.kind === "saving" && (
        <>
          <Spinner />
          {m.notes_saving()}
        </>
      )}
      {saved.kind === "failed" && (
        <>
          <StatusGlyph kind="warn" />
          {m.notes_save_failed()}
        </>
      )}
    </span>
  );
}
