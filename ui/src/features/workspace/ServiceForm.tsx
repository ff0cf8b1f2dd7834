import { Trash2 } from "lucide-react";
import { type DraftService, pickFolder } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { Field } from "@/shared/controls/Field";
import { PatternPreview } from "@/shared/workspace/PatternPreview";
import { ListField, orNull } from "./ListField";
import type { Editor } from "./useEditor";
import css from "./Workspace.module.css";

const DEFAULT_PATTERN = "v{version}";

/** A service: its repository and clone, which tags are its versions, and what it calls. */
export function ServiceForm({
  editor,
  at,
  service,
}: {
  editor: Editor;
  at: number;
  service: DraftService;
}) {
  const change = (part: Partial<DraftService>) => editor.changeService(at, part);
  return (
    <div className={css.fields}>
      <div className="row g8">
        <h2 className="grow ell">{service.name}</h2>
        <Button icon={Trash2} onPress={() => editor.remove({ kind: "service", at })}>
          {m.workspace_remove_service({ name: service.name })}
        </Button>
      </div>
      <div className={css.pair}>
        <Field
          label={m.workspace_service_name()}
          size="tall"
          spellCheck="false"
          value={service.name}
          onChange={(name) => change({ name })}
        />
        <Field
          label={m.workspace_team()}
          hint={m.workspace_team_hint()}
          size="tall"
          value={service.team ?? ""}
          onChange={(text) => change({ team: orNull(text) })}
        />
      </div>
      <Field
        label={m.workspace_repository()}
        hint={m.workspace_repository_hint()}
        size="tall"
        mono
        spellCheck="false"
        value={service.repository ?? ""}
        onChange={(text) => change({ repository: orNull(text) })}
      />
      <CloneField service={service} onChange={(clone) => change({ clone })} />
      <Field
        label={m.workspace_tags()}
        hint={m.pattern_hint({ example: "{version}" })}
        placeholder={DEFAULT_PATTERN}
        size="tall"
        mono
        spellCheck="false"
        value={service.tags ?? ""}
        onChange={(text) => change({ tags: orNull(text) })}
      />
      {service.clone && (
        <PatternPreview
          repository={service.clone}
          service={service.name}
          pattern={service.tags ?? DEFAULT_PATTERN}
        />
      )}
      <div className={css.pair}>
        <Field
          label={m.workspace_path()}
          hint={m.workspace_path_hint()}
          size="tall"
          mono
          spellCheck="false"
          value={service.path ?? ""}
          onChange={(text) => change({ path: orNull(text) })}
        />
        <Field
          label={m.workspace_container()}
          hint={m.workspace_container_hint()}
          size="tall"
          mono
          spellCheck="false"
          value={service.container ?? ""}
          onChange={(text) => change({ container: orNull(text) })}
        />
      </div>
      <ListField
        label={m.workspace_depends()}
        hint={m.workspace_depends_hint()}
        value={service.dependsOn}
        onChange={(dependsOn) => change({ dependsOn })}
      />
    </div>
  );
}

function CloneField({
  service,
  onChange,
}: {
  service: DraftService;
  onChange: (clone: string | null) => void;
}) {
  const choose = async () => {
    const path = await pickFolder({ title: m.workspace_clone_pick({ service: service.name }) });
    if (path !== null) onChange(path);
  };
  return (
    <div>
      <div className={css.choose}>
        <Field
          label={m.workspace_clone()}
          placeholder={m.workspace_clone_none()}
          size="tall"
          mono
          spellCheck="false"
          value={service.clone ?? ""}
          onChange={(text) => onChange(orNull(text))}
        />
        <Button size="big" onPress={() => void choose()}>
          {m.workspace_clone_choose()}
        </Button>
      </div>
      <p className={`small muted ${css.below}`}>{m.workspace_clone_hint()}</p>
    </div>
  );
}
