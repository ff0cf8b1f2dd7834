import { ListFilter } from "lucide-react";
import { useMemo, useState } from "react";
import type { Operations } from "@/ipc";
import { useRead, useWrite } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { ChipMenu } from "@/shared/controls/Chip";
import { SearchField } from "@/shared/controls/Field";
import { EmptyState } from "@/shared/display/EmptyState";
import { Spinner } from "@/shared/display/Progress";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { Region } from "@/shared/keys/regions";
import { useNavigation } from "@/shared/navigation/navigation";
import { useView } from "@/shared/view";
import { ChainState } from "./ChainState";
import { Detail } from "./Detail";
import { fits, type StateFilter, WITHOUT_FILTER } from "./filter";
import { List } from "./List";
import css from "./Operations.module.css";

/** Every operation that the ledger keeps, newest first, with all its steps. */
export default function OperationsScreen() {
  const { data, error, refetch } = useRead("operation_list", null);
  const { go } = useNavigation();
  if (error) {
    return (
      <div className={css.pad}>
        <ErrorBand
          error={error.wire}
          actions={
            <Button size="small" onPress={() => void refetch()}>
              {m.shared_try_again()}
            </Button>
          }
        />
      </div>
    );
  }
  if (!data) {
    return (
      <div className={`row g8 muted ${css.pad}`} role="status">
        <Spinner />
        {m.shared_loading()}
      </div>
    );
  }
  if (data.operations.length === 0) {
    return (
      <EmptyState
        title={m.operation_none()}
        action={
          <Button variant="primary" size="big" onPress={() => go({ name: "timeline" })}>
            {m.operation_none_action()}
          </Button>
        }
      >
        {m.operation_none_text()}
      </EmptyState>
    );
  }
  return <Shown newest={data} />;
}

/** The newest operations, and the older ones that were asked for since. */
function useOlder(newest: Operations) {
  const [pages, setPages] = useState<readonly Operations[]>([]);
  const read = useWrite("operation_list_before");
  const all = [newest, ...pages];
  const operations = all.flatMap((page) => page.operations);
  // What is new pushes the oldest of the newest page out: no row may be lost or stand twice.
  const unique = [...new Map(operations.map((one) => [one.id, one])).values()];
  const last = unique.at(-1);
  return {
    operations: unique,
    older: all.at(-1)?.older ?? false,
    error: read.error,
    isReading: read.isPending,
    more: () => {
      if (!last || read.isPending) return;
      read.mutate(
        { number: last.number },
        { onSuccess: (page) => setPages((before) => [...before, page]) },
      );
    },
  };
}

function Shown({ newest }: { newest: Operations }) {
  const { operations, older, error, isReading, more } = useOlder(newest);
  const { screen } = useNavigation();
  const [filter, setFilter] = useView("operations.filter", WITHOUT_FILTER);
  const asked = screen.name === "operations" ? screen.operation : undefined;
  const [chosen, setChosen] = useState<string | null>(asked ?? null);
  const shown = useMemo(
    () => operations.filter((operation) => fits(operation, filter)),
    [operations, filter],
  );
  const selected = shown.find((one) => one.id === chosen) ?? shown[0] ?? null;
  const places = [...new Set(operations.map((one) => one.environment))].sort();
  const environments = filter.environments.filter((one) => places.includes(one));
  return (
    <div className={css.screen}>
      <Region label={m.operation_filter()} className={css.toolbar ?? ""}>
        <ChipMenu
          mode="several"
          name={m.operation_filter_environment()}
          value={
            environments.length === 0
              ? m.operation_filter_all()
              : m.operation_filter_some({ some: environments.length, all: places.length })
          }
          options={places.map((id) => ({ id, label: id }))}
          selected={environments}
          onChange={(next) => setFilter({ ...filter, environments: next })}
        />
        <ChipMenu
          mode="one"
          name={m.operation_filter_state()}
          value={stateName(filter.state)}
          options={(["all", "running", "good", "not-good"] as const).map((id) => ({
            id,
            label: stateName(id),
          }))}
          selected={filter.state}
          onChange={(state) => setFilter({ ...filter, state })}
        />
        <SearchField
          icon={ListFilter}
          label={m.operation_filter()}
          width={320}
          value={filter.text}
          onChange={(text) => setFilter({ ...filter, text })}
        />
        <span className="grow" />
        <span className="small muted nowrap" role="status">
          {older
            ? m.operation_count_newest({ count: shown.length })
            : m.operation_count({ count: shown.length })}
        </span>
      </Region>
      <ChainState intact={newest.chainIntact} />
      {error && <ErrorBand error={error.wire} />}
      {shown.length === 0 ? (
        <EmptyState
          title={m.operation_none_found()}
          action={
            <Button onPress={() => setFilter(WITHOUT_FILTER)}>
              {m.operation_none_found_action()}
            </Button>
          }
        />
      ) : (
        <div className={css.columns}>
          <List
            operations={shown}
            selected={selected?.id ?? null}
            onSelect={setChosen}
            foot={
              older && (
                <Button isDisabled={isReading} onPress={more}>
                  {m.operation_older()}
                </Button>
              )
            }
          />
          {selected && <Detail key={selected.id} operation={selected} />}
        </div>
      )}
    </div>
  );
}

function stateName(state: StateFilter): string {
  switch (state) {
    case "all":
      return m.operation_filter_all();
    case "running":
      return m.operation_filter_running();
    case "good":
      return m.operation_filter_good();
    case "not-good":
      return m.operation_filter_not_good();
  }
}
