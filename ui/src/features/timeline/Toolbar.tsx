import {
  Calendar,
  ChartGantt,
  Download,
  ListFilter,
  Maximize,
  Minus,
  Plus,
  Server,
  Table2,
  Users,
} from "lucide-react";
import { memo, type RefObject, useMemo } from "react";
import { m } from "@/paraglide/messages";
import { Button, IconButton } from "@/shared/controls/Button";
import { ChipMenu } from "@/shared/controls/Chip";
import { SearchField } from "@/shared/controls/Field";
import { Segmented } from "@/shared/controls/Segmented";
import { Icon } from "@/shared/display/Icon";
import { Kbd } from "@/shared/display/Kbd";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import type { TimelineData } from "@/timeline/columns";
import type { TimelineEngine } from "@/timeline/engine";
import { failingNow } from "@/timeline/lanes";
import { DAYS, type Period } from "./asked";
import { environmentNames, type TimelineMemory, teamNames } from "./memory";
import { RangeButton } from "./RangeButton";
import css from "./Toolbar.module.css";

const PERIODS = Object.keys(DAYS) as Period[];

function periodName(period: Period): string {
  switch (period) {
    case "day":
      return m.timeline_period_day();
    case "three-days":
      return m.timeline_period_three_days();
    case "week":
      return m.timeline_period_week();
    case "month":
      return m.timeline_period_month();
    case "quarter":
      return m.timeline_period_quarter();
  }
}

/** What a chip of several says: "All 3", "prod-eu", "2 of 3". */
function chosenOf(
  chosen: readonly string[] | null,
  all: readonly string[],
  allWords: string,
): string {
  if (!chosen || chosen.length === 0 || chosen.length === all.length) return allWords;
  if (chosen.length === 1) return chosen[0] || m.timeline_no_team();
  return m.timeline_some_of({ some: chosen.length, all: all.length });
}

export interface ToolbarProps {
  engine: TimelineEngine;
  data: TimelineData;
  memory: TimelineMemory;
  onMemory: (change: Partial<TimelineMemory>) => void;
  period: Period;
  onPeriod: (period: Period) => void;
  onFailing: (rows: readonly number[]) => void;
  onExport: () => void;
  filterRef: RefObject<HTMLDivElement | null>;
  onLeaveFilter: () => void;
}

/** Rendered anew only when data or choices change: panning and zooming pass it by. */
export const Toolbar = memo(function Toolbar(props: ToolbarProps) {
  const { engine, data, memory, onMemory, onFailing, onExport } = props;
  const failing = useMemo(() => failingNow(data), [data]);
  return (
    <div className={css.toolbar} role="toolbar" aria-label={m.timeline_label()}>
      <Filters {...props} />
      <span className="grow" />
      {failing.length > 0 && (
        <>
          <button type="button" className={css.failing} onClick={() => onFailing(failing)}>
            <StatusGlyph kind="failed" />
            {m.timeline_failing_now({ count: failing.length })}
          </button>
          <span className="sep" />
        </>
      )}
      <Segmented
        label={m.timeline_grouping()}
        value={memory.grouping}
        onChange={(grouping) => onMemory({ grouping })}
        segments={[
          { id: "service", label: m.timeline_by_service() },
          { id: "environment", label: m.timeline_by_environment() },
        ]}
      />
      {memory.view === "timeline" ? (
        <Zoom engine={engine} />
      ) : (
        <Button variant="ghost" icon={Download} onPress={onExport}>
          {m.timeline_export()}
        </Button>
      )}
      <Segmented
        label={m.timeline_view()}
        value={memory.view}
        onChange={(view) => onMemory({ view })}
        segments={[
          { id: "timeline", label: <ViewIcon of={ChartGantt} name={m.timeline_view_timeline()} /> },
          { id: "table", label: <ViewIcon of={Table2} name={m.timeline_view_table()} /> },
        ]}
      />
    </div>
  );
});

function ViewIcon({ of, name }: { of: typeof Table2; name: string }) {
  return (
    <span title={name} className={css.viewIcon}>
      <Icon of={of} size="s" />
      <span className="visually-hidden">{name}</span>
    </span>
  );
}

function Filters(props: ToolbarProps) {
  const { data, memory, onMemory, period, onPeriod, filterRef, onLeaveFilter } = props;
  const environments = useMemo(() => environmentNames(data), [data]);
  const teams = useMemo(() => teamNames(data), [data]);
  return (
    <>
      <ChipMenu
        icon={Server}
        name={m.timeline_environment()}
        value={chosenOf(
          memory.environments,
          environments,
          m.timeline_all_count({ count: environments.length }),
        )}
        mode="several"
        options={environments.map((name) => ({ id: name, label: name }))}
        selected={memory.environments ?? environments}
        onChange={(ids) => onMemory({ environments: allOrSome(ids, environments) })}
      />
      <ChipMenu
        icon={Users}
        name={m.timeline_team()}
        value={chosenOf(memory.teams, teams, m.timeline_all())}
        mode="several"
        options={teams.map((name) => ({ id: teamId(name), label: name || m.timeline_no_team() }))}
        selected={(memory.teams ?? teams).map(teamId)}
        onChange={(ids) => onMemory({ teams: allOrSome(ids.map(teamOf), teams) })}
      />
      <ChipMenu
        icon={Calendar}
        value={periodName(period)}
        mode="one"
        options={PERIODS.map((id) => ({ id, label: periodName(id) }))}
        selected={period}
        onChange={onPeriod}
      />
      <div className={css.filter} ref={filterRef}>
        <SearchField
          label={m.timeline_filter()}
          icon={ListFilter}
          value={memory.text}
          onChange={(text) => onMemory({ text })}
          onLeave={onLeaveFilter}
          trailing={memory.text === "" && <Kbd of="/" />}
          width="100%"
        />
      </div>
    </>
  );
}

/** A menu item needs an id of at least one character; a service without a team has none. */
const NO_TEAM_ID = "\u0000none";
const teamId = (name: string): string => name || NO_TEAM_ID;
const teamOf = (id: string): string => (id === NO_TEAM_ID ? "" : id);

/** Nothing ticked would show nothing: it means all, as does everything ticked. */
const allOrSome = (ids: readonly string[], all: readonly string[]): readonly string[] | null =>
  ids.length === 0 || ids.length === all.length ? null : ids;

function Zoom({ engine }: { engine: TimelineEngine }) {
  return (
    <div className="row g4">
      <IconButton icon={Minus} label={m.timeline_zoom_out()} onPress={() => engine.zoomBy("out")} />
      <RangeButton engine={engine} />
      <IconButton icon={Plus} label={m.timeline_zoom_in()} onPress={() => engine.zoomBy("in")} />
      <span className={css.fit}>
        <Button variant="ghost" icon={Maximize} onPress={() => engine.fit()}>
          {m.timeline_fit()}
        </Button>
      </span>
    </div>
  );
}
