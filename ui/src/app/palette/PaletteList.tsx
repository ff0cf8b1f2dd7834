import { useEffect, useRef } from "react";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { Kbd } from "@/shared/display/Kbd";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import type { Entry, EntryGroup } from "./entries";
import { pieces } from "./match";
import css from "./Palette.module.css";

const TITLES: Record<EntryGroup, () => string> = {
  do: m.palette_group_do,
  services: m.palette_group_services,
  versions: m.palette_group_versions,
  go: m.palette_group_go,
};

/** The entries by group. The focus stays in the field; the chosen one is named by it. */
export function PaletteList({
  id,
  entries,
  typed,
  chosen,
  onChoose,
  onRun,
}: {
  id: string;
  entries: readonly Entry[];
  typed: string;
  chosen: number;
  onChoose: (at: number) => void;
  onRun: (entry: Entry) => void;
}) {
  const lines = entries.map((entry, at) => ({ entry, at }));
  const groups = [...new Set(entries.map((entry) => entry.group))];
  return (
    <div id={id} role="listbox" aria-label={m.palette_title()} className={css.list}>
      {groups.map((group) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of options is no fieldset.
        <div key={group} role="group" aria-label={TITLES[group]()}>
          <div className={css.group} aria-hidden="true">
            {TITLES[group]()}
          </div>
          {lines.map(
            ({ entry, at }) =>
              entry.group === group && (
                <Line
                  key={entry.id}
                  id={`${id}-${at}`}
                  entry={entry}
                  typed={typed}
                  isChosen={at === chosen}
                  onPoint={() => onChoose(at)}
                  onRun={() => onRun(entry)}
                />
              ),
          )}
        </div>
      ))}
    </div>
  );
}

function Line({
  id,
  entry,
  typed,
  isChosen,
  onPoint,
  onRun,
}: {
  id: string;
  entry: Entry;
  typed: string;
  isChosen: boolean;
  onPoint: () => void;
  onRun: () => void;
}) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isChosen) line.current?.scrollIntoView?.({ block: "nearest" });
  }, [isChosen]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field that owns the list has the keys.
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field.
    <div
      ref={line}
      id={id}
      role="option"
      aria-selected={isChosen}
      aria-disabled={entry.off !== undefined}
      className={css.line}
      onPointerMove={isChosen ? undefined : onPoint}
      onClick={onRun}
    >
      <span className={`${css.icon} ${entry.tone === "rollback" ? "c-rollback" : "muted"}`}>
        {entry.status ? (
          <StatusGlyph kind={entry.status} />
        ) : (
          entry.icon && <Icon of={entry.icon} />
        )}
      </span>
      <span className={css.title}>
        <Marked text={entry.title} typed={typed} />
        {entry.version && (
          <span className="mono">
            <Marked text={entry.version} typed={typed} />
          </span>
        )}
      </span>
      <span className={`grow ell ${css.hint}`}>
        <Marked text={entry.hint} typed={typed} />
      </span>
      {entry.keys && (
        <span className="row g4">
          {entry.keys.map((key) => (
            <Kbd key={key} of={key.length === 1 ? key.toUpperCase() : key} />
          ))}
        </span>
      )}
      {isChosen && <Kbd of="Enter" />}
    </div>
  );
}

function Marked({ text, typed }: { text: string; typed: string }) {
  let at = 0;
  return pieces(text, typed).map((piece) => {
    const key = at;
    at += piece.text.length;
    return piece.hit ? <em key={key}>{piece.text}</em> : <span key={key}>{piece.text}</span>;
  });
}
