import type { MatrixRow } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { type LaneRow, LaneRows } from "./LaneRows";
import type { Sides } from "./sides";

/** Where to begin: the services that run different versions in two environments now. */
export function Differing({ onChoose }: { onChoose: (sides: Sides) => void }) {
  const { data } = useRead("matrix", { reference: null });
  if (!data) return null;
  const rows = data.rows.flatMap((row) => differing(row, data.reference, onChoose));
  if (rows.length === 0) return null;
  return (
    <section aria-label={m.compare_differing()}>
      <h3>{m.compare_differing()}</h3>
      <LaneRows rows={rows} />
    </section>
  );
}

/** The reference environment against each of the others that runs something else. */
function differing(
  { service, cells }: MatrixRow,
  reference: string,
  onChoose: (sides: Sides) => void,
): LaneRow[] {
  const own = cells.find((cell) => cell.environment === reference);
  if (!own || own.version === null) return [];
  return cells
    .filter(({ version, drift }) => version !== null && version !== own.version && drift !== "same")
    .map(({ environment, version }) => ({
      key: `${service}/${environment}`,
      service,
      place: m.compare_differing_place({ from: reference, to: environment }),
      from: own.version,
      to: version,
      name: m.compare_differing_lane({
        service,
        from: reference,
        fromVersion: own.version ?? "",
        to: environment,
        toVersion: version ?? "",
      }),
      compare: () =>
        onChoose({
          service,
          a: { kind: "environment", environment: reference },
          b: { kind: "environment", environment },
        }),
    }));
}
