import { useMutation, useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { type CommandError, call, pickSavePath, timeline } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { Button } from "@/shared/controls/Button";
import { EmptyState } from "@/shared/display/EmptyState";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { useActions } from "@/shared/keys/actions";
import { useScreenParts } from "@/shared/layout/ScreenParts";
import { useNavigation } from "@/shared/navigation/navigation";
import { useSelection } from "@/shared/navigation/selection";
import { useZone } from "@/shared/time/zone";
import { useView } from "@/shared/view";
import { decode, type TimelineData } from "@/timeline/columns";
import { failingNow } from "@/timeline/lanes";
import { DAYS, type Period } from "./asked";
import { FIRST_MEMORY, type TimelineMemory } from "./memory";
import { silentEnvironments, withReach } from "./reach";
import { Timeline, type TimelineHandle } from "./Timeline";
import { toCsv } from "./table";
import { useAsked } from "./useAsked";
import { clusterClock } from "./useEngine";
import { compareWithBefore, idOf, laneOf, rollBack, since, versionOf } from "./ways";

const HOUR = 3_600_000;

/** The screen: columns from the backend, and what its keys and buttons lead to. */
export default function TimelineScreen() {
  const [period, setPeriod] = useView<Period>("timeline.period", "three-days");
  const [remembered, setRemembered] = useView<TimelineMemory>("timeline.memory", FIRST_MEMORY);
  const kept = useRead("view_get", { name: "timeline.memory" });
  const { data, now, error, refetch, isPlaceholderData } = useReached(period);
  const { band } = useScreenParts();
  if (error && !data) {
    return (
      <>
        {band}
        <ErrorBand error={error.wire} />
      </>
    );
  }
  // What was chosen the last time is its beginning, so it must be there first.
  if (!data || kept.isPending) return null;
  if (data.laneService.length === 0) {
    return (
      <>
        {band}
        <Nothing />
      </>
    );
  }
  return (
    <Shown
      data={data}
      now={now}
      period={period}
      isOld={isPlaceholderData}
      onPeriod={(next) => {
        setPeriod(next);
        void refetch();
      }}
      remembered={remembered}
      onRemember={setRemembered}
    />
  );
}

/** The columns, and what is not known because a cluster is silent. */
function useReached(period: Period) {
  const { connections } = useAppState();
  const columns = useColumns(period);
  const silent = silentEnvironments(connections);
  const read = columns.data;
  const data = useMemo(() => read && withReach(read.data, silent), [read, silent]);
  const now = useMemo(() => (read ? clusterClock(read.data, read.at) : Date.now), [read]);
  return { ...columns, data, now };
}

/** The columns, and when the desktop's clock read them: shown again later, they have aged. */
interface Read {
  readonly data: TimelineData;
  readonly at: number;
}

function useColumns(period: Period) {
  return useQuery<Read, CommandError>({
    queryKey: ["timeline", period],
    queryFn: async () => {
      const from = Date.now() - DAYS[period] * 24 * HOUR;
      const data = decode(await timeline({ from, to: null }));
      return { data, at: Date.now() };
    },
    placeholderData: (before) => before,
    // Typed arrays are compared by no structure: the new columns replace the old ones.
    structuralSharing: false,
  });
}

type ShownProps = {
  data: TimelineData;
  now: () => number;
  period: Period;
  isOld: boolean;
  onPeriod: (period: Period) => void;
  remembered: TimelineMemory;
  onRemember: (memory: TimelineMemory) => void;
};

function Shown({ data, now, period, isOld, onPeriod, remembered, onRemember }: ShownProps) {
  const { settings } = useAppState();
  const zone = useZone();
  const { go, open, screen } = useNavigation();
  const { selected, select, pairWith } = useSelection();
  const handle = useRef<TimelineHandle>(null);
  const { band, aside } = useScreenParts();
  const csv = useMutation<void, CommandError, Int32Array>({
    mutationFn: (rows) => saveCsv(data, rows, zone),
  });
  const shown = selected?.deployment;
  const meant = useCallback(
    (row: number, at?: number) => idOf(data, row, at, shown),
    [data, shown],
  );
  const chooseThat = useCallback(
    (row: number, deployment: number) => select({ deployment, lane: laneOf(data, row) }),
    [data, select],
  );
  const choose = (row: number | null, at?: number) =>
    row === null ? select(null) : chooseThat(row, meant(row, at));
  const pair = useCallback(
    (row: number | null) =>
      pairWith(row === null ? null : { deployment: idOf(data, row), lane: laneOf(data, row) }),
    [data, pairWith],
  );
  const asked = screen.name === "timeline" ? screen : null;
  useAsked(asked, { data, period, isOld, onPeriod, handle, choose: chooseThat });
  const fails = useMemo(() => failingNow(data).length > 0, [data]);
  useActions([
    {
      id: "timeline.failing",
      title: m.timeline_go_failing(),
      group: "timeline",
      icon: TriangleAlert,
      off: fails ? undefined : m.timeline_failing_none(),
      run: () => handle.current?.goToFailing(),
    },
  ]);
  // What was selected on another screen, or let go in the inspector, is so here, too.
  useEffect(() => handle.current?.follow(shown ?? null), [shown]);
  return (
    <Timeline
      data={data}
      now={now}
      period={period}
      onPeriod={onPeriod}
      remembered={remembered}
      onRemember={onRemember}
      letterKeys={settings.singleLetterKeys}
      handle={handle}
      band={
        <>
          {band}
          {csv.error && (
            <ErrorBand
              error={csv.error.wire}
              actions={
                <Button size="small" onPress={csv.reset}>
                  {m.shared_close()}
                </Button>
              }
            />
          )}
        </>
      }
      aside={aside}
      onSelect={choose}
      onPair={pair}
      onOpenDetails={choose}
      onCompare={(a, b) =>
        go({
          name: "compare",
          service: laneOf(data, a).service,
          left: { kind: "deployment", deployment: meant(a) },
          right: { kind: "deployment", deployment: meant(b) },
        })
      }
      onCompareWithNow={(at, lanes) => go({ name: "compare", since: since(data, at, lanes) })}
      onCompareWithBefore={(row, at) => void compareWithBefore(meant(row, at), go)}
      onRollback={(row, at) => void rollBack(meant(row, at), open)}
      onNote={(row) =>
        go({ name: "notes", service: laneOf(data, row).service, version: versionOf(data, row) })
      }
      onExport={csv.mutate}
    />
  );
}

async function saveCsv(data: TimelineData, rows: Int32Array, zone: string) {
  const path = await pickSavePath({
    title: m.timeline_export_title(),
    name: "timeline.csv",
    extension: "csv",
  });
  if (!path) return;
  const ids = Array.from(rows, (row) => data.ledgerId[row] as number);
  const sources = await call("deployment_sources", { ids });
  const byId = new Map(sources.map((source) => [source.id, source]));
  await call("csv_save", { path, text: toCsv(data, rows, zone, byId) });
}

function Nothing() {
  const { go } = useNavigation();
  return (
    <EmptyState
      title={m.timeline_empty_title()}
      action={
        <Button variant="primary" onPress={() => go({ name: "workspace" })}>
          {m.timeline_empty_action()}
        </Button>
      }
    >
      {m.timeline_empty_text()}
    </EmptyState>
  );
}
