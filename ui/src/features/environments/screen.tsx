import { GitCompareArrows, ListFilter, Users, X } from "lucide-react";
import { useDeferredValue, useMemo, useRef } from "react";
import type { Matrix, MatrixCell, MatrixRow } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useAppState, useWorkspace } from "@/shared/appState";
import { Button, IconButton } from "@/shared/controls/Button";
import { ChipMenu } from "@/shared/controls/Chip";
import { SearchField } from "@/shared/controls/Field";
import { Segmented } from "@/shared/controls/Segmented";
import { EmptyState } from "@/shared/display/EmptyState";
import { Kbd } from "@/shared/display/Kbd";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { useActions } from "@/shared/keys/actions";
import { Region } from "@/shared/keys/regions";
import { useScreenParts } from "@/shared/layout/ScreenParts";
import { useNavigation } from "@/shared/navigation/navigation";
import { useSelection } from "@/shared/navigation/selection";
import { useNow } from "@/shared/time/clock";
import { useView } from "@/shared/view";
import { drifting, type Filters, filterRows } from "./drift";
import { Legend } from "./Legend";
import css from "./Matrix.module.css";
import { MatrixGrid } from "./MatrixGrid";

const NO_FILTERS: Filters = { text: "", teams: null, driftOnly: false };
/** A menu item needs an id of at least one character. */
const NO_TEAM = "\u0000none";

/** What runs where: services by environments, measured against one of them. */
export default function Environments() {
  const [chosen, setReference] = useView<string | null>("environments.reference", null);
  const { environments } = useWorkspace();
  const { go } = useNavigation();
  const reference = environments.some((one) => one.name === chosen) ? chosen : null;
  const matrix = useRead("matrix", { reference }, { placeholderData: (before) => before });
  const { band } = useScreenParts();
  if (environments.length === 0 || matrix.data?.rows.length === 0) {
    return (
      <>
        {band}
        <EmptyState
          title={m.environments_empty_title()}
          action={
            <Button variant="primary" size="big" onPress={() => go({ name: "workspace" })}>
              {m.environments_empty_action()}
            </Button>
          }
        >
          {m.environments_empty_text()}
        </EmptyState>
      </>
    );
  }
  if (matrix.error && !matrix.data) {
    return (
      <>
        {band}
        <div className={css.reading}>
          <ErrorBand
            error={matrix.error.wire}
            actions={
              <Button size="small" onPress={() => void matrix.refetch()}>
                {m.shared_try_again()}
              </Button>
            }
          />
        </div>
      </>
    );
  }
  if (!matrix.data) return null;
  return <Shown matrix={matrix.data} onReference={setReference} />;
}

function Shown({
  matrix,
  onReference,
}: {
  matrix: Matrix;
  onReference: (environment: string) => void;
}) {
  const { environments } = useWorkspace();
  const { connections } = useAppState();
  const now = useNow();
  const [filters, setFilters] = useView<Filters>("environments.filters", NO_FILTERS);
  const change = (part: Partial<Filters>) => setFilters({ ...filters, ...part });
  const text = useDeferredValue(filters.text);
  const fitting = useMemo(
    () => filterRows(matrix.rows, { text, teams: filters.teams }),
    [matrix, text, filters.teams],
  );
  const differing = useMemo(() => drifting(fitting, matrix, now), [fitting, matrix, now]);
  const rows = filters.driftOnly ? differing : fitting;
  const pair = usePair(matrix);
  const { band, aside } = useScreenParts();
  return (
    <>
      <Toolbar
        matrix={matrix}
        filters={filters}
        drift={differing.length}
        onChange={change}
        onReference={onReference}
      />
      {band}
      <div className={css.body}>
        <div className={css.main}>
          {rows.length === 0 ? (
            <NothingFits
              onlyDrift={filters.driftOnly && fitting.length > 0}
              reference={matrix.reference}
              onClear={() =>
                setFilters(
                  filters.driftOnly && fitting.length > 0
                    ? { ...filters, driftOnly: false }
                    : NO_FILTERS,
                )
              }
            />
          ) : (
            <MatrixGrid
              matrix={matrix}
              rows={rows}
              environments={environments}
              connections={connections}
              now={now}
              {...pair.grid}
            />
          )}
          {pair.bar}
        </div>
        {aside}
      </div>
    </>
  );
}

function NothingFits({
  onlyDrift,
  reference,
  onClear,
}: {
  onlyDrift: boolean;
  reference: string;
  onClear: () => void;
}) {
  const title = onlyDrift
    ? m.environments_no_drift_title({ environment: reference })
    : m.environments_none_title();
  return (
    <EmptyState
      title={title}
      action={
        <Button size="big" onPress={onClear}>
          {onlyDrift ? m.environments_no_drift_action() : m.environments_none_action()}
        </Button>
      }
    >
      {onlyDrift ? m.environments_no_drift_text() : m.environments_none_text()}
    </EmptyState>
  );
}

function Toolbar({
  matrix,
  filters,
  drift,
  onChange,
  onReference,
}: {
  matrix: Matrix;
  filters: Filters;
  drift: number;
  onChange: (part: Partial<Filters>) => void;
  onReference: (environment: string) => void;
}) {
  const filter = useRef<HTMLDivElement>(null);
  useActions([
    {
      id: "environments.filter",
      title: m.environments_filter(),
      group: "view",
      icon: ListFilter,
      keys: ["/"],
      run: () => filter.current?.querySelector("input")?.focus(),
    },
  ]);
  const teams = [...new Set(matrix.rows.map((row) => row.team ?? ""))].sort();
  const { environments } = useWorkspace();
  return (
    <Region label={m.environments_toolbar()} className={css.toolbar ?? ""}>
      <Segmented
        label={m.environments_shown()}
        value={filters.driftOnly ? "drift" : "all"}
        onChange={(id) => onChange({ driftOnly: id === "drift" })}
        segments={[
          { id: "all", label: m.environments_matrix() },
          { id: "drift", label: m.environments_drift_only(), count: drift },
        ]}
      />
      <ChipMenu
        icon={Users}
        name={m.environments_team()}
        value={teamsValue(filters.teams, teams)}
        mode="several"
        options={teams.map((team) => ({
          id: team || NO_TEAM,
          label: team || m.environments_no_team(),
        }))}
        selected={(filters.teams ?? teams).map((team) => team || NO_TEAM)}
        onChange={(ids) =>
          onChange({
            teams:
              ids.length === 0 || ids.length === teams.length
                ? null
                : ids.map((id) => (id === NO_TEAM ? "" : id)),
          })
        }
      />
      <ChipMenu
        name={m.environments_reference()}
        value={matrix.reference}
        mode="one"
        options={environments.map(({ name }) => ({ id: name, label: name }))}
        selected={matrix.reference}
        onChange={onReference}
      />
      <div className={css.filter} ref={filter}>
        <SearchField
          label={m.environments_filter()}
          icon={ListFilter}
          value={filters.text}
          onChange={(text) => onChange({ text })}
          trailing={filters.text === "" && <Kbd of="/" />}
          width="100%"
        />
      </div>
      <span className="grow" />
      <Legend />
    </Region>
  );
}

function teamsValue(chosen: readonly string[] | null, all: readonly string[]): string {
  if (!chosen) return m.environments_all();
  if (chosen.length === 1) return chosen[0] || m.environments_no_team();
  return m.environments_some_of({ some: chosen.length, all: all.length });
}

/** What is selected for the inspector, and the second of a pair to compare. */
function usePair(matrix: Matrix) {
  const { selected, partner, select, pairWith } = useSelection();
  const { go } = useNavigation();
  const toSelected = (row: MatrixRow, cell: MatrixCell) =>
    cell.deployment === null
      ? null
      : {
          deployment: cell.deployment,
          lane: { service: row.service, environment: cell.environment },
        };
  const compare = () => {
    if (!selected || !partner) return;
    go({
      name: "compare",
      service: selected.lane.service,
      left: { kind: "deployment", deployment: selected.deployment },
      right: { kind: "deployment", deployment: partner.deployment },
    });
  };
  useActions([
    {
      id: "environments.compare",
      title: m.environments_compare_action(),
      group: "selection",
      icon: GitCompareArrows,
      keys: ["c"],
      off: partner ? undefined : m.environments_compare_off(),
      run: compare,
    },
  ]);
  const pair = (row: MatrixRow, cell: MatrixCell) => {
    const next = toSelected(row, cell);
    if (!next) return;
    if (next.deployment === partner?.deployment) pairWith(null);
    else if (!selected) select(next);
    else if (next.deployment === selected.deployment) select(partner);
    else pairWith(next);
  };
  const label = (deployment: number) => {
    for (const row of matrix.rows) {
      const cell = row.cells.find((one) => one.deployment === deployment);
      if (cell) return `${row.service} ${cell.version} ${cell.environment}`;
    }
    return null;
  };
  const both = selected && partner ? [selected, partner] : null;
  return {
    grid: {
      isSelected: (cell: MatrixCell) =>
        cell.deployment !== null && cell.deployment === selected?.deployment,
      isPaired: (cell: MatrixCell) =>
        cell.deployment !== null && cell.deployment === partner?.deployment,
      onOpen: (row: MatrixRow, cell: MatrixCell) => {
        const next = toSelected(row, cell);
        if (next) select(next);
      },
      onPair: pair,
      onClear: () => select(null),
    },
    bar: both && (
      <div className={css.bar} role="status">
        <span className="b6">{m.environments_pair()}</span>
        <span className="small t2">
          {both.map((one) => label(one.deployment) ?? one.lane.environment).join(", ")}
        </span>
        <Button icon={GitCompareArrows} onPress={compare} trailing={<Kbd of="C" />}>
          {m.environments_compare()}
        </Button>
        <IconButton icon={X} label={m.environments_clear()} onPress={() => pairWith(null)} />
      </div>
    ),
  };
}
