import { Suspense, useEffect, useMemo, useRef } from "react";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { EmptyState } from "@/shared/display/EmptyState";
import { Reading } from "@/shared/display/Progress";
import { useLocale } from "@/shared/i18n/locale";
import { Region, useRegionMemory } from "@/shared/keys/regions";
import { useKeys } from "@/shared/keys/useKeys";
import { ScreenPartsProvider } from "@/shared/layout/ScreenParts";
import { useNavigation } from "@/shared/navigation/navigation";
import type { ScreenName } from "@/shared/navigation/route";
import { SelectionProvider } from "@/shared/navigation/selection";
import { Bands, ConnectionBand } from "./Bands";
import { ErrorBoundary } from "./ErrorBoundary";
import { Inspector } from "./Inspector";
import { KeysOverlay } from "./KeysOverlay";
import { OperationWatch } from "./OperationWatch";
import { Palette } from "./palette/Palette";
import { QuitSheet } from "./QuitSheet";
import css from "./Shell.module.css";
import { StatusBar } from "./StatusBar";
import { OVERLAYS, SCREENS } from "./screens";
import { TitleBar } from "./TitleBar";
import { useShellActions } from "./useShellActions";

/** Screens with a toolbar, below which the band of silent clusters stands. */
const PLACES_BAND: ReadonlySet<ScreenName> = new Set(["timeline", "environments"]);

/** The frame around every screen: title bar, bands, the screen, status bar, and what lies over it. */
export function Shell() {
  const { settings, workspace } = useAppState();
  const { screen, overlay } = useNavigation();
  useFollowWorkspace();
  useRegionMemory();
  useShellActions();
  useKeys({ singleLetters: settings.singleLetterKeys, rest: overlay !== null });
  const welcome = screen.name === "welcome";
  const locale = useLocale();
  // biome-ignore lint/correctness/useExhaustiveDependencies: elements that stay the same are not drawn in another language.
  const parts = useMemo(() => ({ band: <ConnectionBand />, aside: <Inspector /> }), [locale]);
  return (
    <SelectionProvider key={workspace?.path ?? workspace?.name ?? ""}>
      <div className={css.window}>
        {!welcome && <TitleBar />}
        <Bands withConnections={!PLACES_BAND.has(screen.name)} />
        <div className={css.middle}>
          <Region as="main" label={m.shell_content()} className={css.screen ?? ""}>
            <ErrorBoundary key={screen.name}>
              <Suspense fallback={<Reading>{m.shared_loading()}</Reading>}>
                <ScreenPartsProvider value={parts}>
                  <CurrentScreen name={screen.name} />
                </ScreenPartsProvider>
              </Suspense>
            </ErrorBoundary>
          </Region>
        </div>
        {!welcome && <StatusBar />}
      </div>
      {workspace && <OperationWatch />}
      <CurrentOverlay />
    </SelectionProvider>
  );
}

function CurrentScreen({ name }: { name: ScreenName }) {
  const Screen = SCREENS[name];
  return Screen ? <Screen /> : <EmptyState title={m.shell_absent({ name: screenTitle(name) })} />;
}

function CurrentOverlay() {
  const { overlay } = useNavigation();
  if (!overlay) return null;
  if (overlay.name === "palette") return <Palette text={overlay.text ?? ""} />;
  if (overlay.name === "keys") return <KeysOverlay />;
  if (overlay.name === "quit") return <QuitSheet />;
  const Lies = OVERLAYS[overlay.name];
  return Lies ? (
    <Suspense fallback={null}>
      <Lies />
    </Suspense>
  ) : null;
}

/** Without a workspace there is only the welcome screen, and what leads to a workspace. */
function useFollowWorkspace() {
  const { workspace } = useAppState();
  const { screen, go } = useNavigation();
  const isOpen = workspace !== null;
  const wasOpen = useRef(isOpen);
  useEffect(() => {
    // What the command line asked for opens after the window: it leads from the welcome screen as a click does.
    if (isOpen && !wasOpen.current && screen.name === "welcome") go({ name: "timeline" });
    wasOpen.current = isOpen;
    const free: readonly ScreenName[] = ["welcome", "settings", "workspace"];
    if (!isOpen && !free.includes(screen.name)) go({ name: "welcome" });
  }, [isOpen, screen.name, go]);
}

export function screenTitle(name: ScreenName): string {
  const titles: Record<ScreenName, () => string> = {
    welcome: m.nav_welcome,
    timeline: m.nav_timeline,
    environments: m.nav_environments,
    compare: m.nav_compare,
    notes: m.nav_notes,
    operations: m.nav_operations,
    workspace: m.nav_workspace,
    settings: m.nav_settings,
  };
  return titles[name]();
}
