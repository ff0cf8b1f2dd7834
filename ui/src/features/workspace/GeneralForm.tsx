import { m } from "@/paraglide/messages";
import { Field } from "@/shared/controls/Field";
import { isZone } from "@/shared/time/zone";
import { orNull } from "./ListField";
import type { Editor } from "./useEditor";
import css from "./Workspace.module.css";

/** The workspace's name and the time zone of its axis. */
export function GeneralForm({ editor }: { editor: Editor }) {
  const { draft, change } = editor;
  const zone = draft.timeZone;
  return (
    <div className={css.fields}>
      <h2>{m.workspace_general()}</h2>
      <Field
        label={m.workspace_name()}
        hint={m.workspace_name_hint()}
        error={draft.name.trim() === "" ? m.workspace_name_empty() : undefined}
        size="tall"
        value={draft.name}
        onChange={(name) => change({ name })}
      />
      <Field
        label={m.workspace_zone()}
        hint={m.workspace_zone_hint()}
        error={zone !== null && !isZone(zone) ? m.workspace_zone_wrong() : undefined}
        size="tall"
        spellCheck="false"
        value={zone ?? ""}
        onChange={(text) => change({ timeZone: orNull(text) })}
      />
    </div>
  );
}
