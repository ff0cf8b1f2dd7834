import { Trash2 } from "lucide-react";
import type { DraftEnvironment } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { Switch } from "@/shared/controls/Choice";
import { Field } from "@/shared/controls/Field";
import { Segmented } from "@/shared/controls/Segmented";
import { Select } from "@/shared/controls/Select";
import { ListField, orNull } from "./ListField";
import { tierWords } from "./Outline";
import type { Editor } from "./useEditor";
import css from "./Workspace.module.css";

const TIERS = ["production", "staging", "development"] as const;

/** An environment: its tier and guard, where it is, and which kube context that is for this person. */
export function EnvironmentForm({
  editor,
  at,
  environment,
}: {
  editor: Editor;
  at: number;
  environment: DraftEnvironment;
}) {
  const contexts = useRead("contexts_list", null);
  const change = (part: Partial<DraftEnvironment>) => editor.changeEnvironment(at, part);
  return (
    <div className={css.fields}>
      <div className="row g8">
        <h2 className="grow ell">{environment.name}</h2>
        <Button icon={Trash2} onPress={() => editor.remove({ kind: "environment", at })}>
          {m.workspace_remove_environment({ name: environment.name })}
        </Button>
      </div>
      <Field
        label={m.workspace_environment_name()}
        size="tall"
        spellCheck="false"
        value={environment.name}
        onChange={(name) => change({ name })}
      />
      <div>
        <div className={`label ${css.above}`}>{m.workspace_tier()}</div>
        <Segmented
          label={m.workspace_tier()}
          value={environment.tier}
          onChange={(tier) => change({ tier })}
          segments={TIERS.map((tier) => ({ id: tier, label: tierWords(tier) }))}
        />
      </div>
      <Switch isSelected={environment.guard} onChange={(guard) => change({ guard })}>
        {m.workspace_guard()}
      </Switch>
      <div className={css.pair}>
        <Field
          label={m.workspace_cluster()}
          hint={m.workspace_cluster_hint()}
          size="tall"
          spellCheck="false"
          value={environment.cluster}
          onChange={(cluster) => change({ cluster })}
        />
        <div>
          <Select
            label={m.workspace_context()}
            size="tall"
            placeholder={m.workspace_context_none()}
            value={environment.context}
            onChange={(context) => change({ context })}
            options={(contexts.data?.contexts ?? []).map((context) => ({
              id: context.name,
              label: context.name,
              hint: context.cluster,
            }))}
          />
          <p className={`small muted ${css.below}`}>{m.workspace_context_hint()}</p>
        </div>
      </div>
      <ListField
        label={m.workspace_namespaces()}
        hint={m.workspace_namespaces_hint()}
        value={environment.namespaces}
        onChange={(namespaces) => change({ namespaces })}
      />
      <div className={css.pair}>
        <Field
          label={m.workspace_verify()}
          hint={m.workspace_verify_hint()}
          placeholder="5m"
          size="tall"
          mono
          value={environment.verifyWindow ?? ""}
          onChange={(text) => change({ verifyWindow: orNull(text) })}
        />
        <Field
          label={m.workspace_known_good()}
          hint={m.workspace_known_good_hint()}
          placeholder="24h"
          size="tall"
          mono
          value={environment.knownGoodAfter ?? ""}
          onChange={(text) => change({ knownGoodAfter: orNull(text) })}
        />
      </div>
    </div>
  );
}
