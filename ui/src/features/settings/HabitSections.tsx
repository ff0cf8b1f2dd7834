import { useQueryClient } from "@tanstack/react-query";
import type { AppState } from "@/ipc";
import { keyOf, useWrite } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { Button } from "@/shared/controls/Button";
import { Switch } from "@/shared/controls/Choice";
import { Segmented } from "@/shared/controls/Segmented";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { keyLabel } from "@/shared/keys/platform";
import { useNavigation } from "@/shared/navigation/navigation";
import { useNow } from "@/shared/time/clock";
import { formatSeconds, zoneLabel } from "@/shared/time/format";
import { desktopZone, useZone } from "@/shared/time/zone";
import { Line, Section } from "./Section";
import css from "./Settings.module.css";
import { useSettings } from "./useSettings";

/** In which zone times are shown. */
export function TimeSection() {
  const { settings, change } = useSettings();
  const { localTimeZone, workspace } = useAppState();
  const zone = useZone();
  const now = useNow("second");
  const time = `${formatSeconds(now, zone)} ${zoneLabel(zone, now)}`;
  const workspaceZone = workspace?.timeZone;
  return (
    <Section title={m.settings_time()}>
      <Line name={m.settings_zone()}>
        <Segmented
          label={m.settings_zone()}
          value={settings.timeZone}
          onChange={(timeZone) => change({ timeZone })}
          segments={[
            { id: "local", label: m.settings_zone_local({ zone: localTimeZone ?? desktopZone() }) },
            { id: "utc", label: "UTC" },
            {
              id: "workspace",
              label: workspaceZone
                ? m.settings_zone_workspace({ zone: workspaceZone })
                : m.settings_zone_workspace_none(),
            },
          ]}
        />
      </Line>
      <p className="small muted num">{m.settings_zone_now({ time })}</p>
    </Section>
  );
}

/** Keys without a modifier. */
export function KeyboardSection() {
  const { settings, change } = useSettings();
  const { open } = useNavigation();
  return (
    <Section title={m.settings_keyboard()}>
      <Switch
        isSelected={settings.singleLetterKeys}
        onChange={(singleLetterKeys) => change({ singleLetterKeys })}
      >
        {m.settings_single_keys()}
      </Switch>
      <p className={`small muted ${css.below}`}>
        {m.settings_single_keys_text({ mod: keyLabel("Mod") })}
      </p>
      <div className={css.buttons}>
        <Button onPress={() => open({ name: "keys" })}>{m.settings_show_keys()}</Button>
      </div>
    </Section>
  );
}

/** Acts in the window before it is on disk; where it could not be kept, the window says again what is so. */
function useSwitch() {
  const client = useQueryClient();
  const now = keyOf("app_state", null);
  return useWrite("read_only_set", {
    stale: ["app_state"],
    onMutate: ({ on }) => {
      client.setQueryData<AppState>(now, (state) =>
        state?.workspace ? { ...state, workspace: { ...state.workspace, readOnly: on } } : state,
      );
    },
    onError: () => void client.invalidateQueries({ queryKey: now }),
  });
}

/** The switch that forbids every change in a cluster. */
export function SafetySection() {
  const { workspace } = useAppState();
  const set = useSwitch();
  return (
    <Section title={m.settings_safety()}>
      {workspace ? (
        <>
          <Switch isSelected={workspace.readOnly} onChange={(on) => set.mutate({ on })}>
            {m.settings_read_only()}
          </Switch>
          <p className={`small muted ${css.below}`}>{m.settings_read_only_text()}</p>
        </>
      ) : (
        <p className="muted">{m.settings_read_only_none()}</p>
      )}
      {set.error && <ErrorBand error={set.error.wire} />}
    </Section>
  );
}
