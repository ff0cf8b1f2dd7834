import type { Settings } from "@/ipc";
import { useWrite } from "@/ipc/query";
import { useAppState } from "@/shared/appState";

/** The settings, and a way to change some of them at once. */
export function useSettings() {
  const { settings } = useAppState();
  const save = useWrite("settings_set", { stale: ["app_state"] });
  return {
    settings,
    change: (part: Partial<Settings>) => save.mutate({ ...settings, ...part }),
    error: save.error,
  };
}
