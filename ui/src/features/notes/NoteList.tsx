import { Search } from "lucide-react";
import { useDeferredValue, useEffect, useState } from "react";
import { ListBox, ListBoxItem } from "react-aria-components";
import type { NoteInfo } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { SearchField } from "@/shared/controls/Field";
import { Segmented } from "@/shared/controls/Segmented";
import { Spinner } from "@/shared/display/Progress";
import { Tag } from "@/shared/display/Tag";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { Region } from "@/shared/keys/regions";
import { useNow } from "@/shared/time/clock";
import { formatCount, formatDay, isoDay } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import { pieces } from "./marked";
import { NewNote } from "./NewNote";
import css from "./Notes.module.css";
import type { NoteKey } from "./useNote";

export type Which = "all" | "draft" | "final";

const keyText = ({ service, version }: NoteKey) => `${service}\u0000${version}`;

/** The notes of the workspace: searched, filtered, chosen from. */
export function NoteList({
  chosen,
  text,
  which,
  onText,
  onWhich,
  onChoose,
}: {
  chosen: NoteKey | null;
  text: string;
  which: Which;
  onText: (text: string) => void;
  onWhich: (which: Which) => void;
  onChoose: (key: NoteKey) => void;
}) {
  const asked = useDeferredValue(useRested(text));
  const found = useRead(
    "note_list",
    { text: asked, state: null, service: null },
    { placeholderData: (before) => before },
  );
  const all = found.data?.notes ?? [];
  const notes = which === "all" ? all : all.filter((note) => note.state === which);
  const drafts = all.filter((note) => note.state === "draft").length;
  return (
    <Region as="aside" label={m.notes_list()} className={css.list ?? ""}>
      <div className={css.listHead}>
        <SearchField
          label={m.notes_search()}
          icon={Search}
          size="tall"
          value={text}
          onChange={onText}
          trailing={
            found.data && (
              <span className="micro muted nowrap" role="status">
                {m.notes_count({ count: notes.length, number: formatCount(notes.length) })}
              </span>
            )
          }
        />
        <div className={`row ${css.listTools}`}>
          <Segmented
            label={m.notes_filter()}
            value={which}
            onChange={onWhich}
            segments={[
              { id: "all", label: m.notes_all() },
              { id: "draft", label: m.notes_drafts(), count: drafts },
              { id: "final", label: m.notes_finals() },
            ]}
          />
          <span className="grow" />
          <NewNote service={chosen?.service ?? null} onChoose={onChoose} />
        </div>
      </div>
      {found.error && (
        <div className={css.problem}>
          <ErrorBand error={found.error.wire} />
        </div>
      )}
      {found.isPending && (
        <div className={css.nothing}>
          <p className="row g8 small muted" role="status">
            <Spinner /> {m.shared_loading()}
          </p>
        </div>
      )}
      {found.data && notes.length === 0 && (
        <div className={css.nothing}>
          <h3>{all.length === 0 && asked === "" ? m.notes_empty_title() : m.notes_none_title()}</h3>
          <p className="small muted">
            {all.length === 0 && asked === "" ? m.notes_empty_text() : m.notes_none_text()}
          </p>
        </div>
      )}
      <ListBox
        aria-label={m.notes_list()}
        className={css.items ?? ""}
        selectionMode="single"
        disallowEmptySelection
        items={notes.map((note) => ({ id: keyText(note), note }))}
        selectedKeys={chosen ? [keyText(chosen)] : []}
        onSelectionChange={(keys) => {
          const note = notes.find((one) => keys !== "all" && keys.has(keyText(one)));
          if (note) onChoose({ service: note.service, version: note.version });
        }}
      >
        {({ id, note }) => (
          <ListBoxItem
            id={id}
            textValue={`${note.service} ${note.version}`}
            aria-label={itemName(note)}
            className={css.item ?? ""}
          >
            <Item note={note} searched={asked !== ""} />
          </ListBoxItem>
        )}
      </ListBox>
    </Region>
  );
}

/** "checkout 2.4.1, Vouchers, and faster delivery, Draft" */
function itemName(note: NoteInfo): string {
  const facts = [`${note.service} ${note.version}`, note.title || m.notes_untitled()];
  if (note.rolledBack) facts.push(m.notes_rolled_back());
  if (note.state === "draft") facts.push(m.notes_draft());
  return facts.join(", ");
}

function Item({ note, searched }: { note: NoteInfo; searched: boolean }) {
  const zone = useZone();
  const now = useNow();
  const today = isoDay(note.updatedAt, zone) === isoDay(now, zone);
  const line = searched && note.excerpt !== "" ? note.excerpt : note.title || m.notes_untitled();
  return (
    <>
      <div className="row g8">
        <span className="b6 ell">{note.service}</span>
        <span className="mono small nowrap">{note.version}</span>
        <span className="grow" />
        <span className="micro muted nowrap">
          {today ? m.notes_today() : formatDay(note.updatedAt, zone, now)}
        </span>
      </div>
      <div className="row g8">
        <span className="small t2 ell grow">
          {pieces(line).map((piece, at) =>
            piece.found ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place.
              <mark key={at}>{piece.text}</mark>
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place.
              <span key={at}>{piece.text}</span>
            ),
          )}
        </span>
        {note.rolledBack && <Tag meaning="rollback">{m.notes_rolled_back()}</Tag>}
        {note.state === "draft" && <Tag meaning="warn">{m.notes_draft()}</Tag>}
      </div>
    </>
  );
}

/** What was typed, once typing rests for a moment. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), 120);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
