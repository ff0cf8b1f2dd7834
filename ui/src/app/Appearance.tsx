import { type ReactNode, useEffect, useLayoutEffect } from "react";
import { type Settings, setZoom } from "@/ipc";
import { useAppState } from "@/shared/appState";
import { applyLocale, desktopLocale } from "@/shared/i18n/locale";
import { desktopZone, isZone, type Zone, ZoneProvider } from "@/shared/time/zone";

/** Theme, language, zoom and time zone as the settings say, applied to the document. */
export function Appearance({ children }: { children: ReactNode }) {
  const { settings, workspace, localTimeZone } = useAppState();
  useTheme(settings.theme);
  useLayoutEffect(() => {
    applyLocale(settings.language === "system" ? desktopLocale() : settings.language);
  }, [settings.language]);
  useEffect(() => {
    void setZoom(settings.zoom);
  }, [settings.zoom]);
  const zone = zoneOf(settings.timeZone, localTimeZone, workspace?.timeZone ?? null);
  return <ZoneProvider value={zone}>{children}</ZoneProvider>;
}

/** The zone that a choice means here; an unknown name falls back to the desktop's. */
export function zoneOf(
  choice: Settings["timeZone"],
  local: string | null,
  workspace: string | null,
): Zone {
  const here = local && isZone(local) ? local : desktopZone();
  switch (choice) {
    case "utc":
      return "UTC";
    case "local":
      return here;
    case "workspace":
      return workspace && isZone(workspace) ? workspace : here;
  }
}

function useTheme(theme: Settings["theme"]) {
  useLayoutEffect(() => {
    const light = window.matchMedia("(prefers-color-scheme: light)");
    const apply = () => {
      const system = light.matches ? "light" : "dark";
      document.documentElement.dataset.theme = theme === "system" ? system : theme;
    };
    apply();
    light.addEventListener("change", apply);
    return () => light.removeEventListener("change", apply);
  }, [theme]);
}
