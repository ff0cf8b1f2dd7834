// biome-ignore-all lint/a11y/useSemanticElements: rows that are drawn only where they are seen cannot be those of a table
// biome-ignore-all lint/a11y/useFocusableInteractive: focus roves over the cells; rows and headings are read with them
import type { Connection, EnvironmentInfo } from "@/ipc";
import { m } from "@/paraglide/messages";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { errorWords } from "@/shared/errors/words";
import css from "./Matrix.module.css";
import { connectionWords, tierWords } from "./words";

function connectionHint(
  { cluster }: EnvironmentInfo,
  connection: Connection | undefined,
  state: string,
): string {
  const next = connection?.error ? errorWords(connection.error).next : null;
  return [`${cluster}, ${state}`, next].filter((part) => part !== null).join(". ");
}

/** An environment's name, tier and guard; below, its cluster and how the connection to it is. */
export function EnvironmentHead({
  environment,
  connection,
  column,
  isReference,
  now,
}: {
  environment: EnvironmentInfo;
  connection: Connection | undefined;
  column: number;
  isReference: boolean;
  now: number;
}) {
  const live = connection?.state === "live";
  const state = connectionWords(connection, now);
  return (
    <div
      role="columnheader"
      aria-colindex={column}
      data-reference={isReference || undefined}
      className={`${css.cell} ${css.environment}`}
    >
      <span className="row g6">
        <span className="b6 ell">{environment.name}</span>
        {isReference && <span className="micro muted nowrap">{m.environments_is_reference()}</span>}
      </span>
      <span className="micro muted ell">{tierWords(environment)}</span>
      <span className={`micro row g6 ${css.state} ${live ? "muted" : "t2"}`}>
        {live ? (
          <span className={`dot c-ok ${css.dot}`} />
        ) : (
          <StatusGlyph
            kind={connection?.state === "connecting" ? "progress" : "unknown"}
            size={11}
          />
        )}
        <span className="ell" title={connectionHint(environment, connection, state)}>
          {environment.cluster}, {state}
        </span>
      </span>
    </div>
  );
}
