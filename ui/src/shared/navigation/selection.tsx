import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import type { Lane } from "./route";

/** A deployment that is selected, with its lane. */
export type Selected = { deployment: number; lane: Lane };

/** What the timeline has selected and the inspector shows; two make a pair to compare. */
export type Selection = {
  selected: Selected | null;
  /** The second of a pair. */
  partner: Selected | null;
  /** What the inspector keeps showing while the selection moves on. */
  pinned: Selected | null;
  /** What the inspector shows: what is pinned, else what is selected. */
  inspected: Selected | null;
  select: (selected: Selected | null) => void;
  pin: (pinned: Selected | null) => void;
  pairWith: (partner: Selected | null) => void;
};

const SelectionContext = createContext<Selection | null>(null);

export function SelectionProvider({ children }: { children: ReactNode }) {
  const [selected, setSelected] = useState<Selected | null>(null);
  const [partner, pairWith] = useState<Selected | null>(null);
  const [pinned, pin] = useState<Selected | null>(null);
  const selection = useMemo(
    () => ({
      selected,
      partner,
      pinned,
      inspected: pinned ?? selected,
      pin,
      pairWith,
      select: (next: Selected | null) => {
        setSelected(next);
        pairWith(null);
      },
    }),
    [selected, partner, pinned],
  );
  return <SelectionContext.Provider value={selection}>{children}</SelectionContext.Provider>;
}

export function useSelection(): Selection {
  const selection = useContext(SelectionContext);
  if (!selection) throw new Error("useSelection needs a SelectionProvider above it");
  return selection;
}
