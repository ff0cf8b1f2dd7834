import { createContext, type ReactNode, useCallback, useContext, useMemo, useReducer } from "react";
import type { Overlay, Screen } from "./route";

type Place = { screen: Screen; overlay: Overlay | null };

/** Where the window is, and how to get elsewhere. */
export type Navigation = Place & {
  /** Shows a screen; what lay over the old one closes. */
  go: (screen: Screen) => void;
  /** Back to the screen before, if there is one. */
  back: () => void;
  open: (overlay: Overlay) => void;
  close: () => void;
};

type State = Place & { past: readonly Screen[] };
type Step =
  | { kind: "go"; screen: Screen }
  | { kind: "back" }
  | { kind: "open"; overlay: Overlay }
  | { kind: "close" };

const LONGEST_PAST = 50;

function step(state: State, taken: Step): State {
  switch (taken.kind) {
    case "go":
      return {
        screen: taken.screen,
        overlay: null,
        past: [...state.past, state.screen].slice(-LONGEST_PAST),
      };
    case "back": {
      const screen = state.past.at(-1);
      return screen ? { screen, overlay: null, past: state.past.slice(0, -1) } : state;
    }
    case "open":
      return { ...state, overlay: taken.overlay };
    case "close":
      return { ...state, overlay: null };
  }
}

const NavigationContext = createContext<Navigation | null>(null);

export function NavigationProvider({ start, children }: { start: Screen; children: ReactNode }) {
  const [state, take] = useReducer(step, { screen: start, overlay: null, past: [] });
  const go = useCallback((screen: Screen) => take({ kind: "go", screen }), []);
  const open = useCallback((overlay: Overlay) => take({ kind: "open", overlay }), []);
  const close = useCallback(() => take({ kind: "close" }), []);
  const back = useCallback(() => take({ kind: "back" }), []);
  const { screen, overlay } = state;
  const navigation = useMemo(
    () => ({ screen, overlay, go, back, open, close }),
    [screen, overlay, go, back, open, close],
  );
  return <NavigationContext.Provider value={navigation}>{children}</NavigationContext.Provider>;
}

export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (!navigation) throw new Error("useNavigation needs a NavigationProvider above it");
  return navigation;
}
