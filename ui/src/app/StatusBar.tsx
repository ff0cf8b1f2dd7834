import { useQuery } from "@tanstack/react-query";
import { RefreshCw, ShieldAlert, ShieldCheck, Unplug } from "lucide-react";
import type { LedgerHealth, TimelineChanged } from "@/ipc";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { Icon } from "@/shared/display/Icon";
import { Kbd } from "@/shared/display/Kbd";
import { Strong } from "@/shared/display/Strong";
import { Region } from "@/shared/keys/regions";
import { useNavigation } from "@/shared/navigation/navigation";
import { useNow } from "@/shared/time/clock";
import { formatAge, formatClock, formatCount } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import { isAway, lastHeard, syncedAt } from "./connections";
import { TIMELINE_CHANGED } from "./live";
import { OperationBadge } from "./OperationBadge";
import css from "./StatusBar.module.css";
import { TaskTray } from "./TaskTray";

/** 26 px: how much there is, how fresh it is, whether the ledger is well, and the keys that help. */
export function StatusBar() {
  const { workspace, ledger } = useAppState();
  return (
    <Region as="footer" label={m.shell_statusbar()} className={css.bar ?? ""}>
      {workspace && <Counts services={workspace.services.length} />}
      {workspace && <Freshness />}
      <Ledger ledger={ledger} />
      <TaskTray />
      {workspace && <OperationBadge />}
      <span className="grow" />
      {workspace && <KeyHints />}
    </Region>
  );
}

/** The number of deployments is known once the timeline has said it. */
function useDeployments(): number | null {
  const { data } = useQuery<TimelineChanged | null>({
    queryKey: TIMELINE_CHANGED,
    queryFn: () => null,
    enabled: false,
    initialData: null,
  });
  return data?.deployments ?? null;
}

function Counts({ services }: { services: number }) {
  const deployments = useDeployments();
  const all = formatCount(services);
  const number = formatCount(deployments ?? 0);
  return (
    <>
      <span>
        <Strong text={m.shell_services({ count: services, number: all })} words={[all]} />
      </span>
      {deployments !== null && (
        <span>
          <Strong text={m.shell_deployments({ count: deployments, number })} words={[number]} />
        </span>
      )}
    </>
  );
}

function Freshness() {
  const { connections } = useAppState();
  const now = useNow("second");
  const zone = useZone();
  const away = connections.filter(isAway);
  const since = away.map(lastHeard).filter((at) => at !== null);
  if (away.length > 0 && since.length > 0) {
    return (
      <span className={css.part}>
        <Icon of={Unplug} size="xs" />
        {m.shell_stale_since({
          stale: away.length,
          all: connections.length,
          clock: formatClock(Math.min(...since), zone),
        })}
      </span>
    );
  }
  const synced = syncedAt(connections);
  if (synced === null) return null;
  return (
    <span className={css.part}>
      <Icon of={RefreshCw} size="xs" />
      {m.shell_synced({ age: formatAge(synced, now) })}
    </span>
  );
}

function ledgerWords(ledger: LedgerHealth): string {
  if (!ledger.chainIntact) return m.shell_ledger_broken_chain();
  switch (ledger.state) {
    case "ok":
      return m.shell_ledger_ok();
    case "recovered":
      return m.shell_ledger_recovered();
    case "read-only":
      return m.shell_ledger_read_only();
    case "begun-anew":
      return m.shell_ledger_begun_anew();
  }
}

function Ledger({ ledger }: { ledger: LedgerHealth }) {
  const well = ledger.state === "ok" && ledger.chainIntact;
  return (
    <span className={`${css.part} ${well ? "" : "c-warn"}`}>
      <Icon of={well ? ShieldCheck : ShieldAlert} size="xs" />
      {ledgerWords(ledger)}
    </span>
  );
}

function KeyHints() {
  const { settings } = useAppState();
  const { screen, open } = useNavigation();
  return (
    <span className={css.hints}>
      {screen.name === "timeline" && (
        <>
          <span className={css.part}>
            <Kbd of="ArrowUp" />
            <Kbd of="ArrowDown" />
            {m.shell_hint_lane()}
          </span>
          {settings.singleLetterKeys && (
            <>
              <span className={css.part}>
                <Kbd of="[" />
                <Kbd of="]" />
                {m.shell_hint_failures()}
              </span>
              <span className={css.part}>
                <Kbd of="T" />
                {m.shell_hint_now()}
              </span>
            </>
          )}
        </>
      )}
      <button type="button" className={css.keys} onClick={() => open({ name: "keys" })}>
        <Kbd of={settings.singleLetterKeys ? "?" : "F1"} />
        {m.shell_hint_keys()}
      </button>
    </span>
  );
}
