import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { connect } from "@/ipc";
import { createFakeHost } from "@/ipc/fake";
import type { Handlers } from "@/ipc/fake/handlers";
import { createWorld, type Start } from "@/ipc/fake/world";
import { AppStateProvider } from "@/shared/appState";
import { ActionRegistry, ActionsProvider } from "@/shared/keys/actions";
import { useKeys } from "@/shared/keys/useKeys";
import { type Navigation, NavigationProvider, useNavigation } from "@/shared/navigation/navigation";
import type { Screen } from "@/shared/navigation/route";
import { type Selection, SelectionProvider, useSelection } from "@/shared/navigation/selection";
import { ZoneProvider } from "@/shared/time/zone";

/** Where the window is and what is selected, as a test looks at it. */
export type Stage = {
  user: ReturnType<typeof userEvent.setup>;
  navigation: () => Navigation;
  selection: () => Selection;
  /** Takes the screen away, as going elsewhere does; `back` shows it again, with what the window knew. */
  leave: () => void;
  back: () => void;
};

type Seen = { navigation?: Navigation; selection?: Selection };

/** Tells the test where the window is, and lets keys act as the shell does. */
function Probe({ seen }: { seen: Seen }) {
  seen.navigation = useNavigation();
  seen.selection = useSelection();
  useKeys({ singleLetters: true, rest: false });
  return null;
}

/** Puts a screen of a feature on a window without a shell, over the fake program; for tests. */
export function stage(
  screen: ReactNode,
  options: { at: Screen; start?: Start; own?: Handlers; zone?: string },
): Stage {
  const { at, start = "workspace", own = {}, zone = "Europe/Berlin" } = options;
  connect(createFakeHost(start, own));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const registry = new ActionRegistry();
  const seen: Seen = {};
  const shown = (content: ReactNode) => (
    <QueryClientProvider client={client}>
      <AppStateProvider state={createWorld(start, Date.now()).app}>
        <ZoneProvider value={zone}>
          <ActionsProvider registry={registry}>
            <NavigationProvider start={at}>
              <SelectionProvider>
                <Probe seen={seen} />
                {content}
              </SelectionProvider>
            </NavigationProvider>
          </ActionsProvider>
        </ZoneProvider>
      </AppStateProvider>
    </QueryClientProvider>
  );
  const { rerender } = render(shown(screen));
  const need = <T,>(value: T | undefined): T => {
    if (value === undefined) throw new Error("the stage is not drawn yet");
    return value;
  };
  return {
    user: userEvent.setup(),
    navigation: () => need(seen.navigation),
    selection: () => need(seen.selection),
    leave: () => rerender(shown(null)),
    back: () => rerender(shown(screen)),
  };
}
