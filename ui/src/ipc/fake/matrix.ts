import type { Matrix, MatrixCell, StatusWord } from "../generated/wire";
import { currentRow, tell } from "./details";
import type { Handlers } from "./handlers";
import { environments, services, type World } from "./world";

const DAY = 86_400_000;

type Cell = readonly [version: string, part?: Partial<MatrixCell>];

const same: Partial<MatrixCell> = { drift: "same" };
const ahead = (commits: number): Partial<MatrixCell> => ({ drift: "ahead", commits });
const behind = (commits: number): Partial<MatrixCell> => ({ drift: "behind", commits });
const as = (status: StatusWord, part: Partial<MatrixCell> = same) => ({ ...part, status });

/** The matrix of the picture; what it does not name runs the same version everywhere. */
const PICTURE: Record<string, readonly [Cell, Cell, Cell]> = {
  payments: [
    ["1.42.0", as("failed")],
    ["1.41.2", behind(14)],
    ["1.43.0-rc.1", ahead(9)],
  ],
  checkout: [["2.4.1"], ["2.4.1", as("in-progress")], ["2.5.0-beta.1"]],
  cart: [["3.7.9", { rolledBack: true }], ["3.7.9"], ["3.8.1", ahead(11)]],
  identity: [["5.12.3"], ["5.12.3", { inferred: true, drift: "same" }], ["5.12.3"]],
  catalog: [["4.19.0"], ["4.18.6", behind(6)], ["4.19.0"]],
  pricing: [["0.48.2"], ["0.48.2"], ["0.49.0", ahead(4)]],
  shipping: [["6.2.0", { since: -31 * DAY }], ["6.1.8", behind(3)], ["6.2.0"]],
  reviews: [["2.2.0"], ["2.1.7", behind(2)], ["2.2.0"]],
  loyalty: [["1.17.3"], ["1.17.3"], ["1.18.0-rc.2", ahead(9)]],
  tax: [["1.3.0"], ["1.3.0"], ["", { version: null, drift: "absent", deployment: null }]],
};

const PLAIN: Record<string, string> = {
  gateway: "7.0.4",
  search: "2.31.1",
  notifications: "1.9.14",
  inventory: "3.3.5",
  recommendations: "8.4.1",
  fraud: "2.0.9",
};

/** The deployment that the timeline's sample has there; one that it lacks is numbered beyond it. */
export function deploymentId(service: number, environment: number): number {
  const row = currentRow(services[service]?.name ?? "", environments[environment]?.name ?? "");
  return row === null ? 100_000 + service * 10 + environment : tell(row).id;
}

function matrixOf(reference: string | null, world: World): Matrix {
  const now = Date.now();
  const offline = new Set(
    world.app.connections
      .filter((connection) => connection.state === "stale")
      .flatMap((connection) => connection.environments),
  );
  const rows = services.map((service, row) => {
    const plain: Cell = [PLAIN[service.name] ?? "1.0.0"];
    const picture = PICTURE[service.name] ?? [plain, plain, plain];
    const cells = environments.map((environment, column): MatrixCell => {
      const [version, part = {}] = picture[column] ?? plain;
      return {
        environment: environment.name,
        deployment: deploymentId(row, column),
        version,
        status: "healthy",
        rolledBack: false,
        inferred: false,
        stale: offline.has(environment.name),
        drift: version === picture[0]?.[0] ? "same" : "ahead",
        commits: null,
        ...part,
        since: now + (part.since ?? -2 * DAY),
      };
    });
    return { service: service.name, team: service.team, cells };
  });
  return { reference: reference ?? "prod-eu", rows };
}

export const matrixHandlers: Handlers = {
  matrix: ({ reference }, world) => matrixOf(reference, world),
};
