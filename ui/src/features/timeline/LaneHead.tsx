import { ChevronDown, ChevronRight } from "lucide-react";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { Pill, type PillState } from "@/shared/display/Tag";
import { type TimelineData, text } from "@/timeline/columns";
import { isSilent, type LaneState, laneState, NEVER, ranAt, worstState } from "@/timeline/lanes";
import type { Rows } from "@/timeline/rows";
import css from "./Lanes.module.css";
import { serviceLabel, servingLabel, stateLabel, versionLabel, whereLabel } from "./words";

/** What a row's head says, as words and shapes. */
export interface RowFacts {
  readonly name: string;
  readonly team: string | undefined;
  readonly state: LaneState;
  /** Lane whose versions the columns show, -1 for none (an open group). */
  readonly lane: number;
}

export function rowFacts(data: TimelineData, rows: Rows, row: number): RowFacts {
  const lane = rows.lane[row] as number;
  const group = rows.group[row] as number;
  if (rows.isGroup[row]) {
    const lanes = rows.laneOf.subarray(rows.groupFrom[row], rows.groupTo[row]);
    const byService = rows.grouping === "service";
    const name = byService ? data.serviceName[group] : data.environmentName[group];
    const team = byService && rows.isOpen[row] ? text(data, data.serviceTeam[group]) : undefined;
    return { name: text(data, name) ?? "", team, state: worstState(data, lanes), lane };
  }
  const name = rows.grouping === "service" ? whereLabel(data, lane) : serviceLabel(data, lane);
  return { name, team: undefined, state: laneState(data, lane), lane };
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
  lane,
  time,
}: {
  data: TimelineData;
  lane: number;
  time: number | null;
}) {
  const current = data.laneCurrent[lane] as number;
  if (time === null) {
    const serving = current >= 0 ? servingLabel(data, current, data.now) : null;
    return serving ? (
      <span className="micro muted nowrap">{m.timeline_serves({ version: serving })}</span>
    ) : null;
  }
  const ran = ranAt(data, lane, time);
  if (ran.row < 0) {
    const isKnown = data.laneStaleSince[lane] !== NEVER;
    return (
      <span className={css.same}>{isKnown ? m.timeline_nothing() : m.timeline_not_known()}</span>
    );
  }
  const same = current >= 0 && data.version[ran.row] === data.version[current];
  return same ? (
    <span className={css.same}>{m.timeline_same()}</span>
  ) : (
    <span className={css.then}>{versionLabel(data, ran.row)}</span>
  );
}

/** What runs there now. */
export function NowCell({
  data,
  lane,
  state,
}: {
  data: TimelineData;
  lane: number;
  state: LaneState;
}) {
  const current = data.laneCurrent[lane] as number;
  if (current < 0) {
    return (
      <span className={css.same}>
        {isSilent(data, lane) ? m.timeline_not_known() : m.timeline_nothing()}
      </span>
    );
  }
  return (
    <Pill state={PILL[state]}>
      {data.laneMixed[lane] ? m.timeline_mixed() : versionLabel(data, current)}
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
