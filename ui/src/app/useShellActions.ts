import {
  FolderOpen,
  Keyboard,
  LogOut,
  Moon,
  Pencil,
  Search,
  Settings,
  Sun,
  SunMoon,
} from "lucide-react";
import type { Settings as AppSettings } from "@/ipc";
import { useWrite } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { type Action, useActions } from "@/shared/keys/actions";
import { moveRegion } from "@/shared/keys/regions";
import { type Navigation, useNavigation } from "@/shared/navigation/navigation";
import { MAIN_SCREENS } from "@/shared/navigation/route";
import { nextZoom } from "@/shared/zoom";
import { screenTitle } from "./Shell";
import { useOpenWorkspace } from "./useOpenWorkspace";
import { QUIT_KEYS, useQuit } from "./useQuit";

/** What can be done from everywhere. */
export function useShellActions(): void {
  const { workspace, settings, demo } = useAppState();
  const navigation = useNavigation();
  const { pick } = useOpenWorkspace();
  const save = useWrite("settings_set", { stale: ["app_state"] });
  const change = (part: Partial<AppSettings>) => save.mutate({ ...settings, ...part });
  const isOpen = workspace !== null;
  const quit = useQuit();
  useActions([
    ...(isOpen ? screenActions(navigation) : []),
    ...(isOpen && !demo
      ? [
          {
            id: "workspace.edit",
            title: m.shell_workspace_edit(),
            group: "app",
            icon: Pencil,
            run: () => navigation.go({ name: "workspace" }),
          } as const,
        ]
      : []),
    {
      id: "workspace.open",
      title: m.shell_workspace_open(),
      group: "app",
      icon: FolderOpen,
      keys: ["Mod", "o"],
      run: pick,
    },
    {
      id: "settings",
      title: m.nav_settings(),
      group: "go",
      icon: Settings,
      keys: ["Mod", ","],
      run: () => navigation.go({ name: "settings" }),
    },
    ...windowActions(navigation, isOpen),
    {
      id: "quit",
      title: m.quit_action(),
      group: "app",
      icon: LogOut,
      keys: QUIT_KEYS,
      run: quit,
    },
    ...zoomActions(settings.zoom, (zoom) => change({ zoom })),
    ...themeActions((theme) => change({ theme })),
  ]);
}

function screenActions({ go }: Navigation): Action[] {
  return MAIN_SCREENS.map((name, at) => ({
    id: `go.${name}`,
    title: screenTitle(name),
    group: "go",
    keys: ["Mod", String(at + 1)],
    run: () => go({ name }),
  }));
}

function windowActions({ open, back, screen }: Navigation, isOpen: boolean): Action[] {
  const keys = { title: m.keys_keys(), group: "app", icon: Keyboard } as const;
  const only = { group: "app", keyOnly: true } as const;
  const show = () => open({ name: "keys" });
  const palette = {
    id: "palette",
    title: m.keys_palette(),
    ...only,
    icon: Search,
    keys: ["Mod", "k"],
    run: () => open({ name: "palette" }),
  };
  return [
    ...(isOpen ? [palette] : []),
    { id: "keys", ...keys, keys: ["?"], run: show },
    { id: "keys.f1", ...only, ...keys, keyOnly: true, keys: ["F1"], run: show },
    {
      id: "region.next",
      title: m.keys_regions(),
      ...only,
      keys: ["F6"],
      run: () => moveRegion(1),
    },
    {
      id: "region.previous",
      title: m.keys_regions(),
      ...only,
      keys: ["Shift", "F6"],
      run: () => moveRegion(-1),
    },
    { id: "back", title: m.keys_back(), ...only, keys: ["Alt", "ArrowLeft"], run: back },
    // Every other screen keeps Esc for what it has open.
    ...(screen.name === "settings"
      ? [{ id: "leave", title: m.keys_back(), ...only, keys: ["Escape"], run: back }]
      : []),
  ];
}

function zoomActions(zoom: number, change: (zoom: number) => void): Action[] {
  const larger = { title: m.settings_zoom_larger(), run: () => change(nextZoom(zoom, 1)) };
  return [
    { id: "zoom.in", group: "view", keys: ["Mod", "+"], ...larger },
    { id: "zoom.in.equals", group: "view", keyOnly: true, keys: ["Mod", "="], ...larger },
    {
      id: "zoom.out",
      title: m.settings_zoom_smaller(),
      group: "view",
      keys: ["Mod", "-"],
      run: () => change(nextZoom(zoom, -1)),
    },
    {
      id: "zoom.normal",
      title: m.settings_zoom_normal(),
      group: "view",
      keys: ["Mod", "0"],
      run: () => change(1),
    },
  ];
}

function themeActions(change: (theme: AppSettings["theme"]) => void): Action[] {
  const themes = [
    { theme: "dark", title: m.palette_theme_dark(), icon: Moon },
    { theme: "light", title: m.palette_theme_light(), icon: Sun },
    { theme: "system", title: m.palette_theme_system(), icon: SunMoon },
  ] as const;
  return themes.map(({ theme, title, icon }) => ({
    id: `theme.${theme}`,
    title,
    icon,
    group: "view",
    run: () => change(theme),
  }));
}
