import { ArrowDown } from "lucide-react";
import { useEffect, useRef } from "react";
import type { Operation } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { type PodJournal, type PodNote, podStateWord } from "@/shared/operation/pods";
import { stepWords } from "@/shared/operation/steps";
import { formatDuration, formatSeconds } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import css from "./Operation.module.css";

export type LogLine = { key: string; at: number; text: string };

function noteWords(note: PodNote): string {
  const { pod } = note;
  switch (note.kind) {
    case "ready":
      return note.after === null
        ? m.rollback_log_ready({ pod })
        : m.rollback_log_ready_after({ pod, duration: formatDuration(note.after) });
    case "stayed":
      return m.rollback_log_stayed({ pod, state: podStateWord(note.state) });
    case "seen":
      return m.rollback_log_seen({ pod, state: podStateWord(note.state) });
    case "state":
      return note.reason
        ? m.rollback_log_why({ pod, state: podStateWord(note.state), reason: note.reason })
        : m.rollback_log_state({ pod, state: podStateWord(note.state) });
    case "restarted":
      return m.rollback_log_restarted({ pod, count: note.count });
    case "gone":
      return m.rollback_log_gone({ pod });
  }
}

/** The steps that the ledger keeps, and what was seen of the pods meanwhile, in order of time. */
export function logLines(operation: Operation, journal: PodJournal): LogLine[] {
  const steps = operation.steps.map((step, at): LogLine => {
    const { title, text } = stepWords(step, operation);
    return { key: `step/${at}`, at: step.at, text: text ? `${title}: ${text}` : title };
  });
  const notes = journal.notes.map(
    (note, at): LogLine => ({
      key: `pod/${at}`,
      at: note.at,
      text: noteWords(note),
    }),
  );
  return [...steps, ...notes].sort((a, b) => a.at - b.at);
}

export function Log({ operation, journal }: { operation: Operation; journal: PodJournal }) {
  const zone = useZone();
  const lines = logLines(operation, journal);
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const count = lines.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows when a line is added.
  useEffect(() => {
    const element = box.current;
    if (element && following.current) element.scrollTop = element.scrollHeight;
  }, [count]);
  return (
    <section className={css.log} aria-label={m.rollback_log()}>
      <div className={css.podsHead}>
        <h3 className="grow">{m.rollback_log()}</h3>
        <span className={`small muted ${css.legend}`}>
          <Icon of={ArrowDown} size="xs" />
          {m.rollback_log_following()}
        </span>
      </div>
      <div
        ref={box}
        className={`mono selectable ${css.logLines}`}
        role="log"
        aria-label={m.rollback_log()}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
        tabIndex={0}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          following.current = scrollHeight - scrollTop - clientHeight < 24;
        }}
      >
        {lines.map((line) => (
          <div key={line.key} className={css.logLine}>
            <span className="muted">{formatSeconds(line.at, zone)}</span>
            <span>{line.text}</span>
          </div>
        ))}
      </div>
    </section>
  );
}
