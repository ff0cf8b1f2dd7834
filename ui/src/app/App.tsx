import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { I18nProvider } from "react-aria-components";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { AppStateProvider } from "@/shared/appState";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { useLocale } from "@/shared/i18n/locale";
import { ActionRegistry, ActionsProvider } from "@/shared/keys/actions";
import { NavigationProvider } from "@/shared/navigation/navigation";
import css from "./App.module.css";
import { Appearance } from "./Appearance";
import { ErrorBoundary } from "./ErrorBoundary";
import { followEvents } from "./live";
import { Shell } from "./Shell";
import { startScreen } from "./start";

function createClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // Everything is on this machine, and events say when a reply is stale.
      queries: { retry: false, staleTime: Number.POSITIVE_INFINITY, networkMode: "always" },
      mutations: { networkMode: "always" },
    },
  });
}

/** The window: everything it shares, then the shell. */
export function App() {
  const [client] = useState(createClient);
  useEffect(() => followEvents(client), [client]);
  return (
    <QueryClientProvider client={client}>
      <ErrorBoundary>
        <Start />
      </ErrorBoundary>
    </QueryClientProvider>
  );
}

/** Nothing is drawn before the app has said what it is; that takes milliseconds. */
function Start() {
  const locale = useLocale();
  const state = useRead("app_state", null);
  const [registry] = useState(() => new ActionRegistry());
  if (state.error) {
    return (
      <main className={css.failed}>
        <h2>{m.shell_start_failed()}</h2>
        <ErrorBand error={state.error.wire} />
      </main>
    );
  }
  if (!state.data) return null;
  return (
    <I18nProvider locale={locale === "zh" ? "zh-CN" : "en-GB"}>
      <AppStateProvider state={state.data}>
        <Appearance>
          <ActionsProvider registry={registry}>
            <NavigationProvider start={startScreen(state.data)}>
              <Shell />
            </NavigationProvider>
          </ActionsProvider>
        </Appearance>
      </AppStateProvider>
    </I18nProvider>
  );
}
