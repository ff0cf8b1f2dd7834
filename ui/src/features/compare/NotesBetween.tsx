import { ChevronDown, ChevronRight, FileText } from "lucide-react";
import { useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import type { Comparison, NoteInfo } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { Button, LinkButton } from "@/shared/controls/Button";
import { Icon } from "@/shared/display/Icon";
import { Markdown } from "@/shared/display/Markdown";
import { Spinner } from "@/shared/display/Progress";
import { Tag } from "@/shared/display/Tag";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { useNavigation } from "@/shared/navigation/navigation";
import css from "./Compare.module.css";

/** So many notes are open from the start; the others open when asked. */
const OPEN = 5;

/** The notes of every release between the two sides, newest first. */
export function NotesTab({ comparison }: { comparison: Comparison }) {
  const { notes, b } = comparison;
  const { go } = useNavigation();
  if (notes.length === 0) {
    return (
      <div className={css.page}>
        <p className="t2">{m.compare_notes_none()}</p>
        <div>
          <Button
            icon={FileText}
            onPress={() => go({ name: "notes", service: b.service, version: b.version })}
          >
            {m.compare_notes_write({ version: b.version })}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className={css.page}>
      {notes.map((note, at) => (
        <NoteBetween key={note.version} note={note} opens={at < OPEN} />
      ))}
    </div>
  );
}

function NoteBetween({ note, opens }: { note: NoteInfo; opens: boolean }) {
  const [isOpen, setOpen] = useState(opens);
  const { go } = useNavigation();
  return (
    <section className={css.block}>
      <header className="row g8">
        <AriaButton
          className={css.opener ?? ""}
          aria-expanded={isOpen}
          aria-label={m.compare_note_show({ version: note.version })}
          onPress={() => setOpen(!isOpen)}
        >
          <Icon of={isOpen ? ChevronDown : ChevronRight} size="s" />
          <span className="mono b6">{note.version}</span>
          {!isOpen && <span className="t2 ell">{note.title || m.compare_note_untitled()}</span>}
        </AriaButton>
        {note.state === "draft" && <Tag meaning="warn">{m.compare_note_draft()}</Tag>}
        {note.rolledBack && <Tag meaning="rollback">{m.compare_status_rolled_back()}</Tag>}
        <span className="grow" />
        <LinkButton
          onPress={() => go({ name: "notes", service: note.service, version: note.version })}
        >
          {m.compare_note_open()}
        </LinkButton>
      </header>
      {isOpen && <NoteBody note={note} />}
    </section>
  );
}

function NoteBody({ note }: { note: NoteInfo }) {
  const { service, version } = note;
  const read = useRead("note_get", { service, version });
  if (read.error) return <ErrorBand error={read.error.wire} />;
  return (
    <div className={css.noteBody}>
      {read.data ? <Markdown html={read.data.html} /> : <Loading />}
    </div>
  );
}

function Loading() {
  return (
    <p className="row g8 small muted" role="status">
      <Spinner /> {m.shared_loading()}
    </p>
  );
}
