import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { PopoverTrigger } from "@/shared/overlay/Menu";
import type { CellLook } from "./drift";
import css from "./Matrix.module.css";
import { VersionPill } from "./MatrixGrid";
import { lookWords } from "./words";

const FIRST: readonly CellLook[] = ["ahead", "behind", "rollback", "inferred"];
const REST: readonly CellLook[] = ["failed", "progress", "degraded", "different", "stale"];

/** What the shapes of the cells mean: those met most, and all of them behind a button where they have no room. */
export function Legend() {
  return (
    <>
      <div className={`small t2 ${css.legend}`}>
        {[...FIRST, ...REST].map((look) => (
          <span key={look} className={REST.includes(look) ? css.rest : undefined}>
            <Sample look={look} />
            {lookWords(look, "")}
          </span>
        ))}
      </div>
      <span className={css.legendButton}>
        <PopoverTrigger
          label={m.environments_legend()}
          width={200}
          trigger={<Button variant="ghost">{m.environments_legend()}</Button>}
        >
          <div className={`small t2 ${css.legendRows}`}>
            {[...FIRST, ...REST].map((look) => (
              <span key={look}>
                <Sample look={look} />
                {lookWords(look, "")}
              </span>
            ))}
          </div>
        </PopoverTrigger>
      </span>
    </>
  );
}

function Sample({ look }: { look: CellLook }) {
  return (
    <VersionPill
      cell={{
        environment: "",
        deployment: null,
        version: "",
        status:
          look === "failed" || look === "degraded"
            ? look
            : look === "progress"
              ? "in-progress"
              : "healthy",
        rolledBack: look === "rollback",
        inferred: look === "inferred",
        stale: look === "stale",
        drift: look,
        commits: null,
        since: null,
      }}
    />
  );
}
