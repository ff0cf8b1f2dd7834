import { ChevronDown, ChevronRight } from "lucide-react";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { Pill, type PillState } from "@/shared/display/Tag";
import { type TimelineData, text } from "@/timeline/columns";
import {
  isSilent,
  type LaneState,
  laneState,
  maybeAt,
  NEVER,
  type Place,
  ranAt,
  versionsIn,
  worstState,
} from "@/timeline/lanes";
import { lanesOf, type Rows } from "@/timeline/rows";
import css from "./Lanes.module.css";
import { ownWorkload, serviceLabel, servingLabel, stateLabel, whereLabel } from "./words";

/** What a row's head says, as words and shapes. */
export interface RowFacts {
  readonly name: string;
  readonly team: string | undefined;
  readonly state: LaneState;
  /** Lanes whose versions the columns show, null for none (an open row). */
  readonly lanes: Place | null;
}

export function rowFacts(data: TimelineData, rows: Rows, row: number): RowFacts {
  const below = rows.laneOf.subarray(rows.groupFrom[row], rows.groupTo[row]);
  const lanes = lanesOf(rows, row);
  const isGroup = rows.isGroup[row] === 1;
  const lane = below[0] as number;
  const state = isGroup || below.length > 1 ? worstState(data, below) : laneState(data, lane);
  const byService = rows.grouping === "service";
  const team =
    isGroup && byService && rows.isOpen[row]
      ? text(data, data.serviceTeam[data.laneService[lane] as number])
      : undefined;
  const name =
    rows.level[row] === 3
      ? ownWorkload(data, lane)
      : isGroup === byService
        ? serviceLabel(data, lane)
        : whereLabel(data, lane);
  return { name, team, state, lanes };
}

export function GroupArrow({ open }: { open: boolean }) {
  return (
    <span className={css.arrow}>
      <Icon of={open ? ChevronDown : ChevronRight} size="s" />
    </span>
  );
}

/** The version that ran there at a moment; "same" when nothing differs from now. */
export function AtCell({
  data,
  lanes,
  time,
}: {
  data: TimelineData;
  lanes: Place;
  time: number | null;
}) {
  if (time === null) {
    const serving = servingIn(data, lanes);
    return serving ? (
      <span className={css.serves}>{m.timeline_serves({ version: serving })}</span>
    ) : null;
  }
  const then = versionsIn(data, lanes, (lane) => ranAt(data, lane, time).row);
  const maybe = versionsIn(data, lanes, (lane) => maybeAt(data, lane, time)).filter(
    (version) => !then.includes(version),
  );
  if (then.length === 0) {
    const isKnown = data.laneStaleSince[lanes.from] !== NEVER && maybe.length === 0;
    return (
      <span className={css.same}>{isKnown ? m.timeline_nothing() : m.timeline_not_known()}</span>
    );
  }
  if (maybe.length > 0) {
    const words = m.timeline_either({
      version: versionWord(data, then),
      other: versionWord(data, maybe),
    });
    return (
      <span className={`${css.then} ${css.either}`} title={words}>
        {words}
      </span>
    );
  }
  return then.join() === versionsNow(data, lanes).join() ? (
    <span className={css.same}>{m.timeline_same()}</span>
  ) : (
    <span className={css.then}>{versionWord(data, then)}</span>
  );
}

const versionsNow = (data: TimelineData, lanes: Place): number[] =>
  versionsIn(data, lanes, (lane) => data.laneCurrent[lane] as number);

const versionWord = (data: TimelineData, versions: readonly number[]): string =>
  versions.length > 1 ? m.timeline_mixed() : (text(data, versions[0]) ?? "");

function servingIn(data: TimelineData, { from, end }: Place): string | null {
  for (let lane = from; lane < end; lane++) {
    const current = data.laneCurrent[lane] as number;
    const serving = current >= 0 ? servingLabel(data, current, data.now) : null;
    if (serving) return serving;
  }
  return null;
}

/** What runs there now. */
export function NowCell({
  data,
  lanes,
  state,
}: {
  data: TimelineData;
  lanes: Place;
  state: LaneState;
}) {
  const versions = versionsNow(data, lanes);
  if (versions.length === 0) {
    return (
      <span className={css.same}>
        {isSilent(data, lanes.from) ? m.timeline_not_known() : m.timeline_nothing()}
      </span>
    );
  }
  return (
    <Pill state={PILL[state]}>
      {versionWord(data, versions)}
      <span className="visually-hidden">, {stateLabel(state)}</span>
    </Pill>
  );
}

const PILL: Record<LaneState, PillState> = {
  ok: "outlined",
  progress: "outlined",
  warn: "outlined",
  idle: "outlined",
  failed: "failed",
  unknown: "unknown",
  inferred: "unknown",
};

/** In lane heads the check is grey: health is the normal case. Words stand in the row's name. */
export function LaneGlyph({ state }: { state: LaneState }) {
  return (
    <span className={css.glyph}>
      {state !== "idle" && (
        <StatusGlyph kind={state === "inferred" ? "unknown" : state} quiet={state === "ok"} />
      )}
    </span>
  );
}
