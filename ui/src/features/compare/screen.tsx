import { ArrowLeftRight, GitCompareArrows, Undo2 } from "lucide-react";
import { useRef, useState } from "react";
import type { Comparison, SideRequest, WireError } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useWorkspace } from "@/shared/appState";
import { Button, IconButton } from "@/shared/controls/Button";
import { Switch } from "@/shared/controls/Choice";
import { CopyButton } from "@/shared/controls/CopyButton";
import { Spinner } from "@/shared/display/Progress";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { useActions } from "@/shared/keys/actions";
import { Region } from "@/shared/keys/regions";
import { Tabs } from "@/shared/layout/Tabs";
import { useNavigation } from "@/shared/navigation/navigation";
import type { CompareSide } from "@/shared/navigation/route";
import { useNow } from "@/shared/time/clock";
import { formatClock, formatDay } from "@/shared/time/format";
import { RunningTime } from "@/shared/time/Time";
import { useZone } from "@/shared/time/zone";
import { useView } from "@/shared/view";
import { CommitsTab } from "./Commits";
import css from "./Compare.module.css";
import { ConfigurationTab } from "./Configuration";
import { Differing } from "./Differing";
import { FilesTab } from "./Files";
import { canRollBack, countsOf } from "./groups";
import { ManifestsTab } from "./Manifests";
import { NotesTab } from "./NotesBetween";
import { report } from "./report";
import { EmptySide, SideCard } from "./SideCard";
import { SinceMoment } from "./SinceMoment";
import { Summary, type TabId, tabName } from "./Summary";
import {
  NO_SIDES,
  type NothingKnown,
  nothingKnown,
  requestOf,
  routeOf,
  type Sides,
  sidesOfRoute,
  withService,
} from "./sides";

/** Everything that differs between two versions, or between what runs in two places. */
export default function Compare() {
  const { screen } = useNavigation();
  return screen.name === "compare" && screen.since ? (
    <SinceMoment since={screen.since} />
  ) : (
    <TwoSides />
  );
}

function TwoSides() {
  const { services } = useWorkspace();
  const { sides, change } = useSides();
  // Kept here: while other sides are read, what was read before is gone.
  const [tab, setTab] = useState<TabId>("summary");
  const known = sides.service === null || services.some(({ name }) => name === sides.service);
  const { service, a, b } = known ? sides : NO_SIDES;
  const asked = { a: requestOf(a, service), b: requestOf(b, service) };
  const choose = (letter: "a" | "b") => (name: string, side: CompareSide) =>
    change({ ...withService({ service, a, b }, name), [letter]: side });
  const swap = () => change({ service, a: b, b: a });
  useActions([
    {
      id: "compare.swap",
      title: m.compare_swap_action(),
      group: "view",
      icon: GitCompareArrows,
      keys: ["x"],
      ...(!(asked.a && asked.b) && { off: m.compare_empty_title() }),
      run: swap,
    },
  ]);
  if (a && b && asked.a && asked.b) {
    return (
      <Comparing
        request={{ a: asked.a, b: asked.b }}
        sides={{ service, a, b }}
        onA={choose("a")}
        onB={choose("b")}
        onSwap={swap}
        tab={tab}
        onTab={setTab}
      />
    );
  }
  return (
    <Choosing
      sides={{ service, a, b }}
      onA={choose("a")}
      onB={choose("b")}
      onSwap={swap}
      onBoth={change}
    />
  );
}

/** The sides of the route; without any, those compared last. */
function useSides() {
  const { screen, go } = useNavigation();
  const [last, setLast] = useView<Sides>("compare.sides", NO_SIDES);
  const routed = sidesOfRoute(screen);
  const change = (next: Sides) => {
    setLast(next);
    go(routeOf(next));
  };
  return { sides: routed ?? last, change };
}

type Choose = (service: string, side: CompareSide) => void;

function Choosing({
  sides,
  error,
  onA,
  onB,
  onSwap,
  onBoth,
}: {
  sides: Sides;
  error?: WireError;
  onA: Choose;
  onB: Choose;
  onSwap: () => void;
  /** Without it nothing is suggested: sides were chosen, and could not be compared. */
  onBoth?: (sides: Sides) => void;
}) {
  const { service, a, b } = sides;
  const unknown = error && nothingKnown(error, sides);
  return (
    <div className={css.choosing}>
      {unknown ? <Unknown of={unknown} /> : error && <ErrorBand error={error} />}
      {!error && (
        <div>
          <h2>{m.compare_empty_title()}</h2>
          <p className="t2">{m.compare_empty_text()}</p>
        </div>
      )}
      <div className={css.sides}>
        <EmptySide letter="A" service={service} side={a} onChoose={onA} />
        <Swap onSwap={onSwap} isDisabled={!a && !b} />
        <EmptySide letter="B" service={service} side={b} onChoose={onB} />
      </div>
      {onBoth && <Differing onChoose={onBoth} />}
    </div>
  );
}

/** That nothing is known of what a side was to be, and what to choose instead. */
function Unknown({ of: { service, environment, at } }: { of: NothingKnown }) {
  const zone = useZone();
  const now = useNow();
  const moment =
    at !== null && m.time_moment({ day: formatDay(at, zone, now), clock: formatClock(at, zone) });
  return (
    <div role="alert">
      <h2>
        {moment
          ? m.compare_unknown_at({ service, environment, moment })
          : m.compare_unknown_now({ service, environment })}
      </h2>
      <p className="t2">{moment ? m.compare_unknown_at_next() : m.compare_unknown_now_next()}</p>
    </div>
  );
}

function Swap({ onSwap, isDisabled = false }: { onSwap: () => void; isDisabled?: boolean }) {
  return (
    <div className={css.swap}>
      <IconButton
        icon={ArrowLeftRight}
        variant="secondary"
        label={m.compare_swap()}
        isDisabled={isDisabled}
        onPress={onSwap}
      />
    </div>
  );
}

function Comparing({
  request,
  sides,
  onA,
  onB,
  onSwap,
  tab,
  onTab,
}: {
  request: { a: SideRequest; b: SideRequest };
  sides: { service: string | null; a: CompareSide; b: CompareSide };
  onA: Choose;
  onB: Choose;
  onSwap: () => void;
  tab: TabId;
  onTab: (tab: TabId) => void;
}) {
  const compared = useRead("compare", request);
  if (compared.error && !compared.data) {
    return (
      <Choosing sides={sides} error={compared.error.wire} onA={onA} onB={onB} onSwap={onSwap} />
    );
  }
  if (!compared.data) return <Reading />;
  const { a, b } = compared.data;
  return (
    <>
      <div className={`${css.sides} ${css.head}`}>
        <SideCard letter="A" info={a} side={sides.a} onChoose={onA} />
        <Swap onSwap={onSwap} />
        <SideCard letter="B" info={b} side={sides.b} onChoose={onB} />
      </div>
      <Differences comparison={compared.data} tab={tab} onTab={onTab} />
    </>
  );
}

function Reading() {
  const since = useRef(Date.now());
  return (
    <div className={css.reading} role="status">
      <Spinner />
      {m.compare_reading()} <RunningTime since={since.current} />
    </div>
  );
}

function Differences({
  comparison,
  tab,
  onTab,
}: {
  comparison: Comparison;
  tab: TabId;
  onTab: (tab: TabId) => void;
}) {
  const [onlyChanged, setOnlyChanged] = useView("compare.only-changed", true);
  const counts = countsOf(comparison);
  const tabs = [
    {
      id: "summary" as const,
      label: tabName("summary"),
      content: <Summary comparison={comparison} onlyChanged={onlyChanged} onTab={onTab} />,
    },
    { id: "commits" as const, content: <CommitsTab comparison={comparison} /> },
    { id: "files" as const, content: <FilesTab comparison={comparison} /> },
    {
      id: "manifests" as const,
      content: <ManifestsTab comparison={comparison} onlyChanged={onlyChanged} />,
    },
    { id: "configuration" as const, content: <ConfigurationTab comparison={comparison} /> },
    { id: "notes" as const, content: <NotesTab comparison={comparison} /> },
  ];
  return (
    <Region label={m.compare_tabs()} className={css.differences ?? ""}>
      <Tabs
        label={m.compare_tabs()}
        value={tab}
        onChange={onTab}
        tabs={tabs.map((one) => {
          const count = one.id === "summary" ? null : counts[one.id];
          return { ...one, label: tabName(one.id), ...(count !== null && { count }) };
        })}
        trailing={
          <div className={css.trailing}>
            <Switch isSelected={onlyChanged} onChange={setOnlyChanged}>
              <span className="small t2">{m.compare_only_changed()}</span>
            </Switch>
            <span className="sep" />
            <CopyReport comparison={comparison} />
            <RollBack comparison={comparison} />
          </div>
        }
      />
    </Region>
  );
}

function CopyReport({ comparison }: { comparison: Comparison }) {
  const zone = useZone();
  const now = useNow();
  return (
    <CopyButton
      size="normal"
      text={() => report(comparison, zone, now)}
      label={m.compare_copy_report()}
    />
  );
}

/** Offered where A is an earlier deployment of B's lane; the sheet it opens plans and asks. */
function RollBack({ comparison }: { comparison: Comparison }) {
  const { open } = useNavigation();
  const { readOnly } = useWorkspace();
  const { a } = comparison;
  const { deployment, environment, service } = a;
  if (!canRollBack(comparison) || deployment === null || environment === null) return null;
  return (
    <>
      {readOnly && <span className="small muted nowrap">{m.compare_roll_back_read_only()}</span>}
      <Button
        variant="primary"
        icon={Undo2}
        isDisabled={readOnly}
        onPress={() =>
          open({ name: "rollback", lane: { service, environment }, target: { deployment } })
        }
      >
        {m.compare_roll_back()}
      </Button>
    </>
  );
}
