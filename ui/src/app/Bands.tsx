import { GitBranch, Lock, RefreshCw, ShieldAlert, Sparkles, Unplug } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Connection, LedgerHealth, WireError } from "@/ipc";
import { useWrite } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { Button, LinkButton } from "@/shared/controls/Button";
import { CopyButton } from "@/shared/controls/CopyButton";
import { Icon } from "@/shared/display/Icon";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { errorReport, errorWords } from "@/shared/errors/words";
import { Region } from "@/shared/keys/regions";
import { useNavigation } from "@/shared/navigation/navigation";
import { useMovedTags, useMoveWords } from "@/shared/tags/MovedTag";
import { useNow } from "@/shared/time/clock";
import { formatClock, formatDuration, formatMoment } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import { useView } from "@/shared/view";
import { CorrectFile } from "@/shared/workspace/CorrectFile";
import css from "./Bands.module.css";
import { isAway, lastHeard, unreachedWords } from "./connections";
import { useOpenWorkspace } from "./useOpenWorkspace";

/**
 * What holds for the whole window, under the title bar: demo, read-only, a hurt ledger; and clusters that
 * do not answer, unless the screen places their band below its own toolbar.
 */
export function Bands({ withConnections }: { withConnections: boolean }) {
  const { demo, workspace, ledger, connections } = useAppState();
  const problem = useUnopened();
  const away = withConnections ? connections.filter(isAway) : [];
  const unbound = withConnections ? connections.filter(isUnbound) : [];
  const hurt = ledger.state !== "ok" || !ledger.chainIntact;
  const moved = useUnseenMoves();
  const isQuiet = away.length === 0 && unbound.length === 0 && !hurt && !moved.latest && !problem;
  if (!demo && !workspace?.readOnly && isQuiet) return null;
  return (
    <Region label={m.shell_status_bands()} className={css.bands ?? ""}>
      {problem && <UnopenedBand {...problem} />}
      {demo && <DemoBand />}
      {workspace?.readOnly && <ReadOnlyBand />}
      {hurt && <LedgerBand ledger={ledger} />}
      {moved.latest && <MovedTagsBand {...moved} />}
      {away.length > 0 && <OfflineBand away={away} all={connections} />}
      {unbound.length > 0 && <UnboundBand unbound={unbound} />}
    </Region>
  );
}

/** The bands of clusters that do not answer or have no context, for a screen to place below its toolbar. */
export function ConnectionBand() {
  const { connections } = useAppState();
  const away = connections.filter(isAway);
  const unbound = connections.filter(isUnbound);
  if (away.length === 0 && unbound.length === 0) return null;
  return (
    <Region label={m.shell_connections()} className={css.bands ?? ""}>
      {away.length > 0 && <OfflineBand away={away} all={connections} />}
      {unbound.length > 0 && <UnboundBand unbound={unbound} />}
    </Region>
  );
}

/** Why what was asked for on the command line is not open, while something else is; the welcome screen says it itself. */
function useUnopened() {
  const { startProblem } = useAppState();
  const { screen } = useNavigation();
  const [seen, setSeen] = useState("");
  // Each new state of the program tells it again.
  const told = JSON.stringify(startProblem);
  if (!startProblem || told === seen || screen.name === "welcome") return null;
  return { error: startProblem, onClose: () => setSeen(told) };
}

function UnopenedBand({ error, onClose }: { error: WireError; onClose: () => void }) {
  const actions = (
    <>
      <CorrectFile error={error} />
      <Button size="small" onPress={onClose}>
        {m.shared_close()}
      </Button>
    </>
  );
  return <ErrorBand error={error} actions={actions} />;
}

const isUnbound = (connection: Connection) => connection.state === "unbound";

/** Which environments have no kube context on this machine, and the way to choose one. */
function UnboundBand({ unbound }: { unbound: readonly Connection[] }) {
  const { go, screen } = useNavigation();
  const environments = unbound.flatMap((one) => one.environments);
  return (
    <div className={`${css.band} ${css.offline}`} role="status">
      <Icon of={Unplug} className="c-unknown" />
      <span className={`grow ${css.words}`}>
        <b>{m.shell_unbound({ environments: environments.join(", ") })}</b>{" "}
        <span className="t2">{m.shell_unbound_text()}</span>
      </span>
      {screen.name !== "workspace" && (
        <Button onPress={() => go({ name: "workspace" })}>{m.shell_unbound_choose()}</Button>
      )}
    </div>
  );
}

function DemoBand() {
  const { close } = useOpenWorkspace();
  return (
    <div className={`${css.band} ${css.demo}`}>
      <Icon of={Sparkles} size="s" className="c-accent" />
      <b>{m.shell_demo()}</b>
      <span className="t2 ell grow">{m.shell_demo_text()}</span>
      <LinkButton onPress={close}>{m.shell_demo_leave()}</LinkButton>
    </div>
  );
}

function ReadOnlyBand() {
  const { go } = useNavigation();
  return (
    <div className={`${css.band} ${css.quiet}`}>
      <Icon of={Lock} size="s" className="c-unknown" />
      <span className="t2 ell grow">{m.shell_read_only()}</span>
      <LinkButton onPress={() => go({ name: "settings" })}>
        {m.shell_read_only_settings()}
      </LinkButton>
    </div>
  );
}

function LedgerBand({ ledger }: { ledger: LedgerHealth }) {
  const zone = useZone();
  const now = useNow();
  const said: string[] = [];
  if (ledger.state === "recovered") {
    const moment = formatMoment(ledger.backupAt ?? now, zone, now);
    said.push(m.shell_ledger_band_recovered({ moment }));
  }
  if (ledger.state === "read-only") said.push(m.shell_ledger_band_read_only());
  if (ledger.state === "begun-anew") said.push(m.shell_ledger_band_begun_anew());
  if (ledger.newestUnread) said.push(m.shell_ledger_band_unread());
  if (!ledger.chainIntact) said.push(m.shell_ledger_band_chain());
  if (ledger.setAside) said.push(m.shell_ledger_band_aside({ path: ledger.setAside }));
  return (
    <div className={`${css.band} ${css.warn}`} role="alert">
      <Icon of={ShieldAlert} className="c-warn" />
      <span className="grow selectable">{said.join(" ")}</span>
    </div>
  );
}

/** Tags that were moved by force since a person said that they know. */
function useUnseenMoves() {
  const tags = useMovedTags();
  const { workspace } = useAppState();
  const [seen, setSeen] = useView(`tags.moves.${workspace?.path ?? ""}`, 0);
  const unseen = workspace ? tags.filter((one) => one.at > seen) : [];
  return { unseen, latest: unseen[0], onSeen: setSeen };
}

function MovedTagsBand({ unseen, latest, onSeen }: ReturnType<typeof useUnseenMoves>) {
  const words = useMoveWords();
  if (!latest) return null;
  const more = unseen.length - 1;
  return (
    <div className={`${css.band} ${css.warn}`} role="status">
      <Icon of={GitBranch} className="c-warn" />
      <span className="grow selectable">
        <b>{latest.service}</b>: {words(latest)} {more > 0 && m.tag_moved_more({ count: more })}{" "}
        <span className="t2">{m.tag_moved_next()}</span>
      </span>
      <LinkButton onPress={() => onSeen(latest.at)}>{m.tag_moved_seen()}</LinkButton>
    </div>
  );
}

/** Which clusters are away, what is shown of them, when they are tried again. */
function OfflineBand({ away, all }: { away: readonly Connection[]; all: readonly Connection[] }) {
  const retry = useWrite("cluster_retry");
  const live = all.filter((one) => one.state === "live").length;
  const error = away[0]?.error;
  return (
    <div className={`${css.band} ${css.offline}`} role="status">
      <Icon of={Unplug} className="c-unknown" />
      <span className={`grow ${css.words}`}>
        <b>
          <AwayTitle away={away} />
        </b>{" "}
        <span className="t2">
          <AwayText away={away} /> {live > 0 && m.shell_offline_rest({ count: live })}
        </span>
      </span>
      <NextTry away={away} />
      <Button
        icon={RefreshCw}
        isDisabled={retry.isPending}
        onPress={() => {
          for (const one of away) retry.mutate({ cluster: one.cluster });
        }}
      >
        {m.shell_offline_try()}
      </Button>
      {error && (
        <CopyButton
          variant="secondary"
          size="normal"
          text={() => errorReport(error)}
          label={m.shared_copy_details()}
        />
      )}
    </div>
  );
}

function AwayTitle({ away }: { away: readonly Connection[] }): ReactNode {
  const now = useNow();
  const zone = useZone();
  const [first] = away;
  if (!first || away.length > 1) {
    const clusters = away.map((one) => one.cluster).join(", ");
    return m.shell_offline_many({ count: away.length, clusters });
  }
  if (first.state === "refused") {
    return first.error
      ? `${errorWords(first.error).title}.`
      : m.shell_refused({ cluster: first.cluster });
  }
  if (first.state === "unreached") {
    return m.shell_offline_never({
      cluster: first.cluster,
      words: unreachedWords(first, now, zone),
    });
  }
  const { cluster, since } = first;
  if (since === null) return m.shell_offline_yet({ cluster });
  const minutes = Math.floor((now - since) / 60_000);
  if (minutes < 1) return m.shell_offline_fresh({ cluster });
  if (minutes < 120) return m.shell_offline_minutes({ cluster, count: minutes });
  return m.shell_offline_one({ cluster, duration: formatDuration(minutes * 60_000) });
}

function AwayText({ away }: { away: readonly Connection[] }): ReactNode {
  const zone = useZone();
  const environments = away.flatMap((one) => one.environments).join(", ");
  // What fell silent comes back by itself; what never answered, or refuses, waits for a person.
  const [first] = away;
  const waits = away.length === 1 && first?.state !== "stale" && first?.error;
  const next = waits ? errorWords(waits).next : "";
  const since = away.map(lastHeard).filter((at) => at !== null);
  if (since.length === 0) return [m.shell_offline_off({ environments }), next].join(" ");
  const clock = formatClock(Math.min(...since), zone);
  return [m.shell_offline_shown({ environments, clock }), next].join(" ");
}

function NextTry({ away }: { away: readonly Connection[] }): ReactNode {
  const now = useNow("second");
  const next = away.map((one) => one.nextTry).filter((at) => at !== null);
  if (next.length === 0) return null;
  const duration = formatDuration(Math.max(0, Math.min(...next) - now));
  return (
    <span className="small muted nowrap" role="timer" aria-live="off">
      {m.shell_offline_next({ duration })}
    </span>
  );
}
