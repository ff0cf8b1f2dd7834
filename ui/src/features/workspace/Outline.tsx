import { ListFilter, Plus, Server, Settings2 } from "lucide-react";
import { useState } from "react";
import { GridList, GridListItem } from "react-aria-components";
import { m } from "@/paraglide/messages";
import { IconButton } from "@/shared/controls/Button";
import { SearchField } from "@/shared/controls/Field";
import { Icon } from "@/shared/display/Icon";
import { Region } from "@/shared/keys/regions";
import type { Editor, Place } from "./useEditor";
import css from "./Workspace.module.css";

/** Everything in the workspace, to choose what to edit. */
export function Outline({ editor }: { editor: Editor }) {
  const { draft, place, show } = editor;
  const [filter, setFilter] = useState("");
  const services = draft.services
    .map((service, at) => ({ service, at }))
    .filter(({ service }) => fits(`${service.name} ${service.team ?? ""}`, filter));
  return (
    <Region as="nav" label={m.workspace_title()} className={css.outline ?? ""}>
      <Places
        label={m.workspace_general()}
        place={place}
        onShow={show}
        entries={[{ place: { kind: "general" }, name: m.workspace_general(), icon: Settings2 }]}
      />
      <Heading
        title={m.workspace_environments()}
        count={draft.environments.length}
        add={m.workspace_environment_add()}
        onAdd={editor.addEnvironment}
      />
      <Places
        label={m.workspace_environments()}
        place={place}
        onShow={show}
        entries={draft.environments.map((environment, at) => ({
          place: { kind: "environment", at },
          name: environment.name,
          icon: Server,
          hint: tierWords(environment.tier),
        }))}
      />
      <Heading
        title={m.workspace_services()}
        count={draft.services.length}
        add={m.workspace_service_add()}
        onAdd={editor.addService}
      />
      {draft.services.length > 8 && (
        <div className={css.filter}>
          <SearchField
            label={m.workspace_service_filter()}
            icon={ListFilter}
            value={filter}
            onChange={setFilter}
          />
        </div>
      )}
      {draft.services.length === 0 && (
        <p className={`small muted ${css.nothing}`}>{m.workspace_empty_service()}</p>
      )}
      <Places
        label={m.workspace_services()}
        place={place}
        onShow={show}
        entries={services.map(({ service, at }) => ({
          place: { kind: "service", at },
          name: service.name,
          hint: service.team ?? "",
        }))}
      />
    </Region>
  );
}

function fits(text: string, filter: string): boolean {
  return text.toLowerCase().includes(filter.trim().toLowerCase());
}

export function tierWords(tier: "production" | "staging" | "development"): string {
  switch (tier) {
    case "production":
      return m.workspace_tier_production();
    case "staging":
      return m.workspace_tier_staging();
    case "development":
      return m.workspace_tier_development();
  }
}

function Heading({
  title,
  count,
  add,
  onAdd,
}: {
  title: string;
  count: number;
  add: string;
  onAdd: () => void;
}) {
  return (
    <div className={css.heading}>
      <span className="label grow">
        {title} <span className="num">{count}</span>
      </span>
      <IconButton icon={Plus} label={add} size={24} onPress={onAdd} />
    </div>
  );
}

type PlaceEntry = { place: Place; name: string; hint?: string; icon?: typeof Server };

function keyOf(place: Place): string {
  return place.kind === "general" ? "general" : `${place.kind}/${place.at}`;
}

function Places({
  label,
  place,
  onShow,
  entries,
}: {
  label: string;
  place: Place;
  onShow: (place: Place) => void;
  entries: readonly PlaceEntry[];
}) {
  if (entries.length === 0) return null;
  return (
    <GridList
      aria-label={label}
      className={css.places ?? ""}
      selectionMode="single"
      selectionBehavior="replace"
      disallowEmptySelection
      disallowTypeAhead
      selectedKeys={[keyOf(place)]}
      onSelectionChange={(keys) => {
        const chosen = entries.find((entry) => keys !== "all" && keys.has(keyOf(entry.place)));
        if (chosen) onShow(chosen.place);
      }}
    >
      {entries.map((entry) => (
        <GridListItem
          key={keyOf(entry.place)}
          id={keyOf(entry.place)}
          textValue={entry.name}
          className={css.place ?? ""}
        >
          {entry.icon && <Icon of={entry.icon} size="s" className="muted" />}
          <span className="grow ell">{entry.name}</span>
          <span className="small muted nowrap">{entry.hint}</span>
        </GridListItem>
      ))}
    </GridList>
  );
}
