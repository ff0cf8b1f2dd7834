import { Plus, Search } from "lucide-react";
import { useEffect, useState } from "react";
import type { NoteInfo } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useWorkspace } from "@/shared/appState";
import { Button } from "@/shared/controls/Button";
import { EmptyState } from "@/shared/display/EmptyState";
import { Reading } from "@/shared/display/Progress";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { useActions } from "@/shared/keys/actions";
import { useNavigation } from "@/shared/navigation/navigation";
import { PopoverTrigger } from "@/shared/overlay/Menu";
import { RunningTime } from "@/shared/time/Time";
import { useView } from "@/shared/view";
import { Editor } from "./Editor";
import { NewNoteForm } from "./NewNote";
import { NoteList, type Which } from "./NoteList";
import css from "./Notes.module.css";
import type { NoteKey } from "./useNote";

/** A note for each version: found, written, read. */
export default function Notes() {
  const { screen } = useNavigation();
  const asked = screen.name === "notes" ? screen : null;
  const [which, setWhich] = useView<Which>("notes.filter", "all");
  const [last, setLast] = useView<NoteKey | null>("notes.last", null);
  const [text, setText] = useState(asked?.text ?? "");
  const [chosen, setChosen] = useState<NoteKey | null>(keyOfRoute(asked));
  // What another place asked for is what was opened last, too.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is chosen is kept.
  useEffect(() => {
    if (chosen) setLast(chosen);
  }, [chosen]);
  // Coming here again for another note shows that one.
  const [routed, setRouted] = useState(asked);
  if (asked !== routed) {
    setRouted(asked);
    const next = keyOfRoute(asked);
    if (next || asked?.service) setChosen(next);
    if (asked?.text !== undefined) setText(asked.text);
  }
  const first = useFirst(asked?.service ?? null, last);
  const shown = chosen ?? first.note;
  const choose = setChosen;
  useActions([
    {
      id: "notes.search",
      title: m.notes_search(),
      group: "view",
      icon: Search,
      keys: ["/"],
      run: () => document.querySelector<HTMLInputElement>(`.${css.listHead} input`)?.focus(),
    },
  ]);
  return (
    <div className={css.screen}>
      <NoteList
        chosen={shown}
        text={text}
        which={which}
        onText={setText}
        onWhich={setWhich}
        onChoose={choose}
      />
      {shown ? (
        <Shown key={`${shown.service}\u0000${shown.version}`} note={shown} mark={text} />
      ) : first.isKnown ? (
        <NothingChosen service={asked?.service ?? null} onChoose={choose} />
      ) : (
        <ReadingNote />
      )}
    </div>
  );
}

function keyOfRoute(
  asked: { service?: string; version?: string } | null | undefined,
): NoteKey | null {
  const { service, version } = asked ?? {};
  return service && version ? { service, version } : null;
}

function Shown({ note: key, mark }: { note: NoteKey; mark: string }) {
  // The text in the cache may be older than what another screen saved: it is read anew.
  const note = useRead("note_get", key, { staleTime: 0, refetchOnWindowFocus: false });
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    if (note.isFetchedAfterMount) setOpened(true);
  }, [note.isFetchedAfterMount]);
  if (note.error) {
    return (
      <div className={`grow ${css.failed}`}>
        <ErrorBand
          error={note.error.wire}
          actions={
            <Button size="small" onPress={() => void note.refetch()}>
              {m.shared_try_again()}
            </Button>
          }
        />
      </div>
    );
  }
  if (!note.data || !(opened || note.isFetchedAfterMount)) return <ReadingNote />;
  return <Editor note={note.data} mark={mark} />;
}

/** The first look into a repository may take seconds. */
function ReadingNote() {
  const [since] = useState(Date.now);
  return (
    <Reading>
      {m.notes_reading()} <RunningTime since={since} />
    </Reading>
  );
}

/** What is shown when none was chosen: the note opened last, else the newest; of a service its newest. */
function useFirst(
  service: string | null,
  last: NoteKey | null,
): { note: NoteKey | null; isKnown: boolean } {
  const { services } = useWorkspace();
  const { data, isError } = useRead("note_list", { text: "", state: null, service });
  if (service === null && last && services.some(({ name }) => name === last.service)) {
    return { note: last, isKnown: true };
  }
  const newest = data?.notes.reduce<NoteInfo | null>(
    (one, other) => (one && one.updatedAt >= other.updatedAt ? one : other),
    null,
  );
  const note = newest ? { service: newest.service, version: newest.version } : null;
  return { note, isKnown: data !== undefined || isError };
}

function NothingChosen({
  service,
  onChoose,
}: {
  service: string | null;
  onChoose: (key: NoteKey) => void;
}) {
  const { data } = useRead("note_list", { text: "", state: null, service: null });
  const none = data?.notes.length === 0;
  return (
    <EmptyState
      title={none ? m.notes_pick_none_title() : m.notes_pick_title()}
      action={
        <PopoverTrigger
          label={m.notes_write()}
          placement="bottom"
          width={300}
          trigger={
            <Button variant="primary" size="big" icon={Plus}>
              {m.notes_write()}
            </Button>
          }
        >
          <NewNoteForm service={service} onChoose={onChoose} />
        </PopoverTrigger>
      }
    >
      {none ? m.notes_pick_none_text() : m.notes_pick_text()}
    </EmptyState>
  );
}
