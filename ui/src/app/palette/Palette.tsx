import { Search } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useId, useMemo, useState } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { Icon } from "@/shared/display/Icon";
import { Kbd } from "@/shared/display/Kbd";
import { Live } from "@/shared/display/Live";
import { useAllActions } from "@/shared/keys/actions";
import { useNavigation } from "@/shared/navigation/navigation";
import { useSelection } from "@/shared/navigation/selection";
import { useZone } from "@/shared/time/zone";
import { actionEntries, clockEntries, type Entry, type EntryGroup } from "./entries";
import { hitEntries } from "./hits";
import css from "./Palette.module.css";
import { PaletteList } from "./PaletteList";
import { rollbackId, serviceEntries } from "./services";

const HITS = 40;
/** What the inspector offers for its own lane stands among the services' entries, by its whole name. */
const OWN_ROLLBACK = "inspector.rollback";
const ORDER: readonly EntryGroup[] = ["do", "services", "versions", "go"];
/** So many of a group, that every group is seen. */
const MOST: Record<EntryGroup, number> = { do: 6, services: 4, versions: 5, go: 6 };

/** Everything that can be found or done, by typing. */
export function Palette({ text: start }: { text: string }) {
  const { close } = useNavigation();
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => {
        if (!open) close();
      }}
      className={css.scrim ?? ""}
    >
      <Modal className={css.modal ?? ""}>
        <Dialog aria-label={m.palette_title()} className={css.dialog ?? ""}>
          <PaletteBody start={start} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function useEntries(typed: string): { entries: Entry[]; isSearching: boolean } {
  const state = useAppState();
  const navigation = useNavigation();
  const zone = useZone();
  const actions = useAllActions();
  const asked = useDeferredValue(typed.trim());
  const found = useRead(
    "search",
    { text: asked, limit: HITS },
    { enabled: asked !== "" && state.workspace !== null, placeholderData: (before) => before },
  );
  const hits = asked === "" ? undefined : found.data?.hits;
  const { inspected: selected } = useSelection();
  const { workspace, now } = state;
  const entries = useMemo(() => {
    const around = {
      navigation,
      services: workspace?.services ?? [],
      readOnly: workspace?.readOnly ?? false,
      selected: selected?.lane ?? null,
    };
    const services = serviceEntries(hits ?? [], typed, around);
    const own = selected && services.some((entry) => entry.id === rollbackId(selected.lane));
    const offered = own ? actions.filter((action) => action.id !== OWN_ROLLBACK) : actions;
    const all = [
      ...clockEntries(typed, zone, now, navigation),
      ...services,
      ...actionEntries(offered, typed),
      ...hitEntries(hits ?? [], typed, { navigation, zone, now }),
    ];
    return ORDER.flatMap((group) =>
      all.filter((entry) => entry.group === group).slice(0, MOST[group]),
    );
  }, [typed, zone, now, workspace, navigation, actions, hits, selected]);
  return { entries, isSearching: found.isFetching };
}

function PaletteBody({ start }: { start: string }) {
  const { close } = useNavigation();
  const [typed, setTyped] = useState(start);
  const [chosen, setChosen] = useState(0);
  const { entries, isSearching } = useEntries(typed);
  const list = useId();
  const at = Math.min(chosen, entries.length - 1);
  const entry = entries[at];

  const run = (one: Entry | undefined) => {
    if (!one || one.off !== undefined) return;
    close();
    one.run();
  };
  const keyDown = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && entries.length > 0) setChosen((at + move + entries.length) % entries.length);
    else if (event.key === "Enter" && !event.nativeEvent.isComposing) run(entry);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className={css.head}>
        <Icon of={Search} className="muted" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the palette is opened to type into it.
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={entry ? `${list}-${at}` : undefined}
          aria-autocomplete="list"
          aria-label={m.palette_title()}
          placeholder={m.palette_placeholder()}
          className={css.input}
          value={typed}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            setTyped(event.target.value);
            setChosen(0);
          }}
          onKeyDown={keyDown}
        />
        <Kbd of="Escape" />
      </div>
      <PaletteList
        id={list}
        entries={entries}
        typed={typed}
        chosen={at}
        onChoose={setChosen}
        onRun={run}
      />
      {entries.length === 0 && !isSearching && (
        <div className={css.none}>
          <div className="b5">{m.palette_none({ text: typed.trim() })}</div>
          <div className="small muted">{m.palette_none_next()}</div>
        </div>
      )}
      <Live words={m.palette_results({ count: entries.length })} />
      <footer className={css.foot}>
        <span className="row g6">
          <Kbd of="ArrowUp" />
          <Kbd of="ArrowDown" />
          {m.palette_choose()}
        </span>
        <span className="row g6">
          <Kbd of="Enter" />
          {m.palette_open()}
        </span>
        <span className="grow" />
        <span>
          {m.palette_time_hint()} <span className="mono t2">13:02</span>
        </span>
      </footer>
    </>
  );
}
