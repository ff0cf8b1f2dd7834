import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { asWireError, call, type Note, type NoteState, type WireError } from "@/ipc";
import { keyOf } from "@/ipc/query";
import { Autosave, type SaveState } from "./autosave";

/** Which note. */
export type NoteKey = { service: string; version: string };

/** Text that could not be saved, kept while the window is open whatever is shown. */
const unsavedKey = ({ service, version }: NoteKey) => ["notes.unsaved", service, version];

/**
 * One note being written: its text, where that text is, and what can be done. Nothing typed is lost
 * by going elsewhere: what is not saved yet is saved on leaving, and what could not be saved is
 * found again.
 */
export function useNote(note: Note) {
  const client = useQueryClient();
  const { service, version } = note;
  const key = { service, version };
  const [kept] = useState(
    () => client.getQueryData<string>(unsavedKey({ service, version })) ?? null,
  );
  const [text, setText] = useState(kept ?? note.markdown);
  const [state, setState] = useState<NoteState>(note.state);
  const [saved, setSaved] = useState<SaveState<WireError>>({ kind: "saved", at: note.updatedAt });

  const keepUnsaved = useCallback(
    (unsaved: string | null) => {
      const place = unsavedKey({ service, version });
      if (unsaved === null) client.removeQueries({ queryKey: place });
      else {
        client.setQueryDefaults(["notes.unsaved"], { gcTime: Number.POSITIVE_INFINITY });
        client.setQueryData(place, unsaved);
      }
    },
    [client, service, version],
  );

  const isOwn = useRef(false);
  const store = useCallback(
    async (markdown: string, next: NoteState) => {
      const request = { service, version, markdown, state: next };
      const { updatedAt } = await call("note_save", request);
      // A reading that began before this save must not arrive after it.
      const reading = { queryKey: keyOf("note_get", { service, version }) };
      const wasReading = client.isFetching(reading) > 0;
      // Who writes here the backend knows: it is asked once, and nobody is named until then.
      const author = isOwn.current ? {} : { author: null };
      client.setQueryData<Note>(
        keyOf("note_get", { service, version }),
        (old) => old && { ...old, markdown, state: next, updatedAt, ...author },
      );
      if (wasReading || !isOwn.current) void client.invalidateQueries(reading);
      isOwn.current = true;
      for (const stale of ["note_list", "versions"] as const) {
        void client.invalidateQueries({ queryKey: keyOf(stale) });
      }
      return updatedAt;
    },
    [client, service, version],
  );

  const autosave = useRef<Autosave<WireError>>(undefined);
  autosave.current ??= new Autosave<WireError>({
    save: (markdown) => store(markdown, "draft"),
    asFailure: asWireError,
    onState: (next, markdown) => {
      setSaved(next);
      keepUnsaved(next.kind === "saved" ? null : markdown);
    },
  });
  const saver = autosave.current;

  // What could not be saved before is tried again now; on leaving, what waits is saved at once.
  useEffect(() => {
    if (kept !== null) saver.change(kept);
    const leave = () => void saver.flush();
    window.addEventListener("pagehide", leave);
    window.addEventListener("blur", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      window.removeEventListener("blur", leave);
      leave();
    };
  }, [saver, kept]);

  const change = (next: string) => {
    setText(next);
    setState("draft");
    saver.change(next);
  };
  const mark = async (next: NoteState) => {
    if (!(await saver.flush())) return;
    setSaved({ kind: "saving" });
    try {
      const at = await store(text, next);
      setState(next);
      setSaved({ kind: "saved", at });
    } catch (thrown) {
      setSaved({ kind: "failed", error: asWireError(thrown) });
    }
  };
  return {
    key,
    text,
    state,
    saved,
    /** The text was found again from before: it had not been saved then. */
    restored: kept !== null && saved.kind !== "saved",
    change,
    mark: (next: NoteState) => void mark(next),
    retry: () => void saver.flush(),
  };
}

export type NoteEditing = ReturnType<typeof useNote>;
