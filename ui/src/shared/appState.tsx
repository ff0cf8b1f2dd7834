import { createContext, type ReactNode, useContext } from "react";
import type { AppState, WorkspaceInfo } from "@/ipc";

const AppStateContext = createContext<AppState | null>(null);

/** The app as the backend last said it is; kept up to date by its events. */
export function AppStateProvider({ state, children }: { state: AppState; children: ReactNode }) {
  return <AppStateContext.Provider value={state}>{children}</AppStateContext.Provider>;
}

export function useAppState(): AppState {
  const state = useContext(AppStateContext);
  if (!state) throw new Error("useAppState needs an AppStateProvider above it");
  return state;
}

/** The open workspace; for screens that are shown only while one is open. */
export function useWorkspace(): WorkspaceInfo {
  const { workspace } = useAppState();
  if (!workspace) throw new Error("no workspace is open");
  return workspace;
}
