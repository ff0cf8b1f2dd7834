import { Check, X } from "lucide-react";
import type { Operation } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { Spinner } from "@/shared/display/Progress";
import { useNow } from "@/shared/time/clock";
import { formatSeconds } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import css from "./StepList.module.css";
import { type StepLine, stepLines } from "./steps";

/** The steps of an operation with their times; the newest one is told to who listens. */
export function StepList({ operation }: { operation: Operation }) {
  const now = useNow("second");
  const lines = stepLines(operation, now);
  const newest = lines.filter((line) => line.phase === "done" || line.phase === "bad").at(-1);
  return (
    <>
      <ol className={css.steps} aria-label={m.rollback_steps()}>
        {lines.map((line) => (
          <Line key={line.key} line={line} />
        ))}
      </ol>
      <span role="status" className="visually-hidden">
        {newest?.title}
      </span>
    </>
  );
}

function Line({ line }: { line: StepLine }) {
  const zone = useZone();
  return (
    <li
      className={`${css.step} ${css[line.phase]}`}
      {...(line.phase === "running" && { "aria-current": "step" as const })}
    >
      <Mark phase={line.phase} />
      <div className="grow selectable">
        <div className={css.title}>{line.title}</div>
        {line.text && <div className={`small muted ${css.text}`}>{line.text}</div>}
      </div>
      <span className={`mono small muted ${css.time}`}>
        {line.at === null ? line.count : formatSeconds(line.at, zone)}
      </span>
    </li>
  );
}

function Mark({ phase }: { phase: StepLine["phase"] }) {
  return (
    <span className={css.mark} aria-hidden="true">
      {phase === "done" && <Icon of={Check} size="xs" />}
      {phase === "bad" && <Icon of={X} size="xs" />}
      {phase === "running" && <Spinner size={18} />}
    </span>
  );
}
