import { Plus } from "lucide-react";
import { useState } from "react";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useWorkspace } from "@/shared/appState";
import { Button, IconButton } from "@/shared/controls/Button";
import { Select } from "@/shared/controls/Select";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { PopoverTrigger } from "@/shared/overlay/Menu";
import { movesOf, useMovedTags } from "@/shared/tags/MovedTag";
import css from "./Notes.module.css";
import type { NoteKey } from "./useNote";

/** "+": a note for any version of any service; one that has a note opens it. */
export function NewNote({
  service,
  onChoose,
}: {
  service: string | null;
  onChoose: (key: NoteKey) => void;
}) {
  return (
    <PopoverTrigger
      label={m.notes_write()}
      width={300}
      trigger={<IconButton icon={Plus} label={m.notes_write()} />}
    >
      <NewNoteForm service={service} onChoose={onChoose} />
    </PopoverTrigger>
  );
}

export function NewNoteForm({
  service: first,
  onChoose,
}: {
  service: string | null;
  onChoose: (key: NoteKey) => void;
}) {
  const { services } = useWorkspace();
  const [service, setService] = useState(first ?? services[0]?.name ?? null);
  const [version, setVersion] = useState<string | null>(null);
  const versions = useRead("versions", { service: service ?? "" }, { enabled: service !== null });
  const moved = useMovedTags();
  const options = (versions.data?.versions ?? []).map((one) => ({
    id: one.version,
    label: one.version,
    ...(movesOf(moved, service, one.version).length > 0
      ? { hint: m.tag_moved_hint() }
      : one.hasNote && { hint: m.notes_has_note() }),
  }));
  return (
    <div className={css.form}>
      <Select
        label={m.notes_service()}
        options={services.map(({ name }) => ({ id: name, label: name }))}
        value={service}
        placeholder={m.notes_choose()}
        onChange={(name) => {
          setService(name);
          setVersion(null);
        }}
      />
      {versions.error ? (
        <ErrorBand error={versions.error.wire} />
      ) : versions.data && options.length === 0 ? (
        <p className="small muted">{m.notes_no_versions()}</p>
      ) : (
        <Select
          label={m.notes_version()}
          options={options}
          value={version}
          placeholder={m.notes_choose()}
          isDisabled={options.length === 0}
          onChange={setVersion}
        />
      )}
      <div className={css.formFoot}>
        <Button
          slot="close"
          isDisabled={!service || !version}
          onPress={() => service && version && onChoose({ service, version })}
        >
          {m.notes_start()}
        </Button>
      </div>
    </div>
  );
}
