import { RefreshCw, Unplug } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import type { Connection } from "@/ipc";
import { useWrite } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { IconButton } from "@/shared/controls/Button";
import { Icon } from "@/shared/display/Icon";
import { StatusGlyph, type StatusKind } from "@/shared/display/StatusGlyph";
import { errorWords } from "@/shared/errors/words";
import { PopoverTrigger } from "@/shared/overlay/Menu";
import { useNow } from "@/shared/time/clock";
import { formatAge, formatClock, formatDuration } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import { isAway, isTroubled, unreachedWords } from "./connections";
import css from "./LiveState.module.css";

/** "Live", or how many clusters are offline; each connection on request. */
export function LiveState() {
  const { connections } = useAppState();
  return (
    <PopoverTrigger
      label={m.shell_connections()}
      width={360}
      trigger={
        <AriaButton className={css.state ?? ""}>
          <Summary connections={connections} />
        </AriaButton>
      }
    >
      <h3 className={css.title}>{m.shell_connections()}</h3>
      {connections.length === 0 && <p className="muted">{m.shell_no_cluster()}</p>}
      {connections.map((connection) => (
        <ConnectionRow key={connection.cluster} connection={connection} />
      ))}
    </PopoverTrigger>
  );
}

function Summary({ connections }: { connections: readonly Connection[] }) {
  const away = connections.filter(isAway).length;
  if (connections.every((one) => one.state === "unbound"))
    return <span className="muted">{m.shell_no_cluster()}</span>;
  if (away > 0) {
    return (
      <>
        <Icon of={Unplug} size="s" className="c-unknown" />
        <span className="c-unknown">
          {m.shell_offline_some({ offline: away, all: connections.length })}
        </span>
      </>
    );
  }
  if (connections.some((one) => one.state === "connecting")) {
    return (
      <>
        <StatusGlyph kind="progress" />
        {m.shell_connecting()}
      </>
    );
  }
  if (connections.some((one) => one.state === "partial")) {
    return (
      <>
        <StatusGlyph kind="warn" />
        {m.shell_partial()}
      </>
    );
  }
  return (
    <>
      <span className="dot c-ok" />
      {m.shell_live()}
    </>
  );
}

const GLYPH: Record<Connection["state"], StatusKind> = {
  live: "ok",
  partial: "warn",
  connecting: "progress",
  stale: "unknown",
  unreached: "unknown",
  refused: "failed",
  unbound: "warn",
};

/** A clock that differs by less says nothing. */
const CLOCK_TOLERANCE = 5000;

function ConnectionRow({ connection }: { connection: Connection }) {
  const retry = useWrite("cluster_retry");
  const offset = connection.clockOffset;
  return (
    <div className={css.row}>
      <span className={css.glyph}>
        <StatusGlyph kind={GLYPH[connection.state]} />
      </span>
      <div className="grow">
        <div className="b5">{connection.cluster}</div>
        <div className="small muted">
          <ConnectionWords connection={connection} />
        </div>
        {isTroubled(connection) && connection.error && (
          <div className="small muted">{errorWords(connection.error).next}</div>
        )}
        {isTroubled(connection) && <NextTry of={connection} />}
        {offset !== null && Math.abs(offset) > CLOCK_TOLERANCE && (
          <div className="small c-warn">
            {m.shell_connection_clock({ duration: formatDuration(Math.abs(offset)) })}
          </div>
        )}
      </div>
      {isTroubled(connection) && (
        <IconButton
          icon={RefreshCw}
          label={m.shell_offline_try()}
          onPress={() => retry.mutate({ cluster: connection.cluster })}
        />
      )}
    </div>
  );
}

function NextTry({ of }: { of: Connection }) {
  const now = useNow("second");
  if (of.nextTry === null) return null;
  const duration = formatDuration(Math.max(0, of.nextTry - now));
  return <div className="small muted num">{m.shell_offline_next({ duration })}</div>;
}

function ConnectionWords({ connection }: { connection: Connection }) {
  const now = useNow();
  const zone = useZone();
  switch (connection.state) {
    case "live":
      return m.shell_connection_live({ age: formatAge(connection.lastAnswer ?? now, now) });
    case "partial":
      return m.shell_connection_partial({ namespaces: connection.notLive.join(", ") });
    case "connecting":
      return m.shell_connection_connecting();
    case "stale":
      return m.shell_connection_stale({ clock: formatClock(connection.since ?? now, zone) });
    case "unreached":
      return unreachedWords(connection, now, zone);
    case "refused":
      return connection.error ? errorWords(connection.error).title : m.shell_connection_refused();
    case "unbound":
      return m.shell_connection_unbound();
  }
}
