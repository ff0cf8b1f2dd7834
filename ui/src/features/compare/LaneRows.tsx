import { ArrowRight, ChevronRight } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { Pill } from "@/shared/display/Tag";
import css from "./Compare.module.css";

/** Two versions of a service that can be compared; `null` where nothing ran. */
export type LaneRow = {
  key: string;
  service: string;
  place: string;
  from: string | null;
  to: string | null;
  /** The row's name, read in full. */
  name: string;
  compare: () => void;
};

/** A list of what differs, each row of which opens its comparison. */
export function LaneRows({ rows }: { rows: readonly LaneRow[] }) {
  return (
    <ul className={css.laneRows}>
      {rows.map((row) => (
        <li key={row.key}>
          <AriaButton className={css.laneRow ?? ""} aria-label={row.name} onPress={row.compare}>
            <span className="b6 ell">{row.service}</span>
            <span className="t2 ell">{row.place}</span>
            <Version of={row.from} />
            <Icon of={ArrowRight} size="s" className="muted" />
            <Version of={row.to} />
            <Icon of={ChevronRight} size="s" className="muted" />
          </AriaButton>
        </li>
      ))}
    </ul>
  );
}

function Version({ of }: { of: string | null }) {
  return (
    <span>
      {of === null ? (
        <span className="muted">{m.compare_since_nothing()}</span>
      ) : (
        <Pill state="outlined">{of}</Pill>
      )}
    </span>
  );
}
