import type { Pod, UnreadPart } from "../generated/wire";
import { currentRow, tell } from "./details";
import { type Handlers, pause } from "./handlers";

const MINUTE = 60_000;

/** The drawer's contents: an object of the sample world as a cluster would show it. */
export const objectHandlers: Handlers = {
  cluster_object: async ({ service, environment }) => {
    await pause(300);
    const now = Date.now();
    const row = currentRow(service, environment);
    const version = row === null ? "1.0.0" : tell(row).version;
    const fails = service === "payments" && environment === "prod-eu";
    const pods = ["x7k2p", "m4tqz", "v9d7r", "c2lwn", "p6hsj", "b7fkd"].map((name, at): Pod => {
      const hangs = fails && at < 3;
      return {
        name: `${service}-${hangs ? "7d9f6c5b8c" : "58b9d4c6f"}-${name}`,
        version: hangs || !fails ? version : "1.41.2",
        state: hangs ? "waiting" : "ready",
        restarts: hangs && at === 0 ? 9 : 0,
        reason: hangs ? (at === 0 ? "CrashLoopBackOff" : "ImagePullBackOff") : null,
        message: hangs ? `Back-off pulling image "shop/${service}:${version}"` : null,
        node: `node-${(at % 4) + 1}`,
        startedAt: now - (hangs ? 43 : 8000) * MINUTE,
      };
    });
    return {
      kind: "Deployment",
      namespace: "shop",
      name: service,
      yaml: yamlOf(service, version),
      replicas: 6,
      ready: fails ? 3 : 6,
      pods,
      events: fails
        ? [
            {
              at: now - 2 * MINUTE,
              warning: true,
              reason: "BackOff",
              message: `Back-off pulling image "shop/${service}:${version}"`,
              object: `Pod ${service}-7d9f6c5b8c-m4tqz`,
              count: 41,
            },
            {
              at: now - 43 * MINUTE,
              warning: false,
              reason: "ScalingReplicaSet",
              message: `Scaled up replica set ${service}-7d9f6c5b8c to 3`,
              object: `Deployment ${service}`,
              count: 1,
            },
          ]
        : [],
      logs: fails
        ? [
            {
              pod: `${service}-7d9f6c5b8c-x7k2p`,
              container: service,
              previous: true,
              lines: [
                "13:36:02 starting payments 1.42.0",
                "13:36:02 reading configuration",
                "13:36:03 error: PAYMENT_LEDGER_URL is not set",
                "13:36:03 exit 1",
              ],
              error: null,
            },
            {
              pod: `${service}-7d9f6c5b8c-x7k2p`,
              container: service,
              previous: false,
              lines: [],
              error: null,
            },
          ]
        : [],
      unread: environment === "prod-us" ? [EVENTS_FORBIDDEN] : [],
      readAt: now,
    };
  },
};

const EVENTS_FORBIDDEN: UnreadPart = {
  part: "events",
  error: {
    code: "forbidden",
    parameters: { cluster: "prod-us", verb: "list", resource: "events" },
    details: "",
    retryable: false,
  },
};

function yamlOf(service: string, version: string): string {
  return [
    "apiVersion: apps/v1",
    "kind: Deployment",
    "metadata:",
    `  name: ${service}`,
    "  namespace: shop",
    "  generation: 64",
    "spec:",
    "  replicas: 6",
    "  revisionHistoryLimit: 10",
    "  selector:",
    "    matchLabels:",
    `      app: ${service}`,
    "  template:",
    "    metadata:",
    "      labels:",
    `        app: ${service}`,
    "    spec:",
    "      containers:",
    `        - name: ${service}`,
    `          image: shop/${service}:${version}`,
    "          env:",
    "            - name: LOG_LEVEL",
    "              value: info",
    "          ports:",
    "            - containerPort: 8080",
    "",
  ].join("\n");
}
