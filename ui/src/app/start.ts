import type { AppState } from "@/ipc";
import { MAIN_SCREENS, type Screen } from "@/shared/navigation/route";

/** The screen to begin with: the welcome screen without a workspace, else the timeline. */
export function startScreen(state: AppState, search: string = window.location.search): Screen {
  const asked = new URLSearchParams(search).get("screen");
  if (asked === "settings" || asked === "workspace") return { name: asked };
  if (!state.workspace) return { name: "welcome" };
  const screen = MAIN_SCREENS.find((name) => name === asked);
  return { name: screen ?? "timeline" };
}
