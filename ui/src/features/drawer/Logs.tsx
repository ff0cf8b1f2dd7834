import type { ContainerLog } from "@/ipc";
import { m } from "@/paraglide/messages";
import { CopyButton } from "@/shared/controls/CopyButton";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import css from "./Drawer.module.css";

/** The last lines of each container that fails; of one that was restarted, also those before. */
export function Logs({ logs }: { logs: readonly ContainerLog[] }) {
  if (logs.length === 0) {
    return (
      <div className={css.nothing}>
        <h3>{m.drawer_no_logs()}</h3>
        <p className="small muted">{m.drawer_no_logs_text()}</p>
      </div>
    );
  }
  return (
    <div className={css.pad}>
      {logs.map((log) => (
        <Log key={`${log.pod}/${log.container}/${log.previous}`} log={log} />
      ))}
    </div>
  );
}

function Log({ log }: { log: ContainerLog }) {
  const title = m.drawer_log_title({ pod: log.pod, container: log.container });
  const which = log.previous ? m.drawer_log_previous() : m.drawer_log_now();
  return (
    <section className={css.logPart} aria-label={`${title}, ${which}`}>
      <div className={css.logHead}>
        <div className="grow">
          <h3 className="selectable">{title}</h3>
          <div className="small muted">
            {which}
            {log.lines.length > 0 && `, ${m.drawer_log_lines({ count: log.lines.length })}`}
          </div>
        </div>
        {log.lines.length > 0 && (
          <CopyButton text={() => log.lines.join("\n")} label={m.drawer_copy_log()} />
        )}
      </div>
      {log.error ? (
        <ErrorBand error={log.error} />
      ) : log.lines.length === 0 ? (
        <p className="small muted">{m.drawer_log_empty()}</p>
      ) : (
        <pre
          className={`mono ${css.lines}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
          tabIndex={0}
        >
          {log.lines.join("\n")}
        </pre>
      )}
    </section>
  );
}
