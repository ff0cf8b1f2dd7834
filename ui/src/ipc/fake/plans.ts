import type { DiffLine, Finding, LostCommit, Plan, PlanRequest } from "../generated/wire";
import { currentRow, rowOf, tell } from "./details";
import { ARGO } from "./owner";
import { environments } from "./world";

const HOUR = 3_600_000;

function finding(
  code: string,
  result: Finding["result"],
  facts: Record<string, string> = {},
  subject: string | null = null,
): Finding {
  return { code, result, subject, facts, key: subject ? `${code}/${subject}` : code };
}

/** Everything that passes where nothing is the matter. */
function passes(service: string, to: string, cluster: string): Finding[] {
  return [
    finding("read-only", "pass"),
    finding("connection", "pass", {}, cluster),
    finding("ledger", "pass"),
    finding("paused", "pass", { name: service }),
    finding("target", "pass", { version: to, origin: "cluster", name: `${service}-6c4d9f8b77` }),
    finding("owner", "pass"),
    finding("in-flight", "pass"),
    finding("permission", "pass"),
    finding("references", "pass", { count: "3" }),
    finding("dry-run", "pass"),
    finding("pod-admission", "pass"),
    finding("disruption-budget", "pass"),
    finding("event-trace", "pass", { allowed: "yes" }),
  ];
}

const WARNINGS: Finding[] = [
  finding(
    "configuration",
    "warn",
    { keys: "gift_wrap, express_cutoff" },
    "ConfigMap checkout-features",
  ),
  finding("migrations", "warn", { count: "1", files: "db/migrations/0058_gift_note.sql" }, "58"),
  finding("autoscaler", "warn", { min: "4", max: "12", replicas: "9" }, "checkout"),
  finding("image", "unknown", { images: "shop/checkout:2.3.7" }, "shop/checkout:2.3.7"),
];

const QUIET: Finding[] = [
  finding("configuration", "pass"),
  finding("migrations", "pass"),
  finding("autoscaler", "pass"),
  finding("image", "pass", { nodes: "4" }),
];

/** What each service of the sample world is there to show. */
function findings(service: string, to: string, cluster: string): Finding[] {
  const plain = passes(service, to, cluster);
  const instead = (...other: Finding[]) => [
    ...plain.filter((one) => !other.some((two) => two.code === one.code)),
    ...QUIET,
    ...other,
  ];
  switch (service) {
    case "checkout":
      return [...plain, ...WARNINGS];
    case "gateway":
      return instead(
        finding(
          "owner",
          "block",
          { owner: "Argo CD Application", name: ARGO.name, ...ARGO.by },
          "Argo CD Application shop-gateway",
        ),
      );
    case "loyalty":
      return instead(finding("paused", "block", { name: service }));
    default:
      return instead();
  }
}

function lines(service: string, from: string, to: string): DiffLine[] {
  const line = (kind: DiffLine["kind"], text: string): DiffLine => ({ kind, text });
  return [
    line("context", "metadata:"),
    line("context", "  labels:"),
    line("context", `    app: ${service}`),
    line("context", "spec:"),
    line("context", "  containers:"),
    line("context", `    - name: ${service}`),
    line("removed", `      image: shop/${service}:${from}`),
    line("added", `      image: shop/${service}:${to}`),
    line("context", "      env:"),
    line("context", "        - name: PRICING_TIMEOUT_MS"),
    line("removed", '          value: "800"'),
    line("added", '          value: "2000"'),
    line("removed", "        - name: GIFT_WRAP"),
    line("removed", '          value: "on"'),
    line("context", "      resources:"),
    line("context", "        limits:"),
    line("removed", "          memory: 768Mi"),
    line("added", "          memory: 512Mi"),
    line("context", "      ports:"),
    line("context", "        - containerPort: 8080"),
    line("context", "  serviceAccountName: shop"),
    line("context", "  terminationGracePeriodSeconds: 30"),
  ];
}

const FIXES: LostCommit[] = [
  { subject: "Voucher applied twice after a retry", release: "2.4.1" },
  { subject: "Wrong VAT line for Swiss addresses", release: "2.4.1" },
  { subject: "Basket lost when the session renews", release: "2.4.0" },
  { subject: "Express cut-off used server time", release: "2.4.0" },
  { subject: "Double click placed two orders", release: "2.4.0" },
  { subject: "Refund mail sent in the wrong language", release: "2.4.0" },
  { subject: "Totals rounded once per line", release: null },
];

const FEATURES: LostCommit[] = [
  "Gift wrap",
  "Express checkout",
  "Saved baskets",
  "Split payment",
].map((subject) => ({ subject, release: "2.4.0" }));

/** A plan as the program would make it of the sample world. */
export function fakePlan(request: PlanRequest, readOnly: boolean): Plan | null {
  const { service, environment, target } = request;
  const row = currentRow(service, environment);
  const place = environments.find((one) => one.name === environment);
  if (row === null || !place) return null;
  const now = tell(row);
  const chosen =
    target.kind === "deployment"
      ? (now.earlier.find((one) => one.deployment === target.id) ?? fallback(target.id))
      : target.kind === "last-known-good"
        ? (now.earlier.find((one) => one.knownGood) ?? now.earlier[0])
        : now.earlier[0];
  if (!chosen) return null;
  const rich = service === "checkout";
  const all = [
    ...findings(service, chosen.version, place.cluster).map((one) =>
      one.code === "read-only" && readOnly ? { ...one, result: "block" as const } : one,
    ),
  ];
  const open = all.some((one) => one.result === "warn" || one.result === "unknown");
  const blocked = all.some((one) => one.result === "block");
  const level = blocked ? null : place.guard ? 3 : open ? 2 : place.tier === "production" ? 1 : 0;
  return {
    digest: `7be0${row}${chosen.deployment}41d2`,
    service,
    environment,
    tier: place.tier,
    guard: place.guard,
    cluster: place.cluster,
    context: place.context ?? "",
    namespace: place.namespaces[0] ?? "shop",
    account: "lena.m",
    groups: ["release-managers"],
    accountConfirmed: true,
    kind: "Deployment",
    workload: service,
    from: side(now.version, now.id, 63, Date.now() - 2 * HOUR - 60_000, null),
    to: side(chosen.version, chosen.deployment, 61, chosen.lastRan, (9 * 24 + 2) * HOUR),
    origin: chosen.fromLedger ? "ledger" : "cluster",
    choice:
      target.kind === "deployment" ? "specified" : target.kind === "undo-of" ? "undo" : target.kind,
    sentence: {
      images: 1,
      settings: 3,
      replicas: 9,
      migrations: rich ? 1 : 0,
      configuration: rich ? 1 : 0,
      fixes: rich ? FIXES.length : 2,
      features: rich ? FEATURES.length : 0,
      atLeast: false,
    },
    differences: [],
    lines: lines(service, now.version, chosen.version),
    findings: all,
    level,
    stays: [
      ...(rich
        ? [
            {
              kind: "database",
              subject: "1",
              facts: { files: "db/migrations/0058_gift_note.sql" },
            },
            {
              kind: "configuration",
              subject: "ConfigMap checkout-features",
              facts: { keys: "gift_wrap, express_cutoff" },
            },
          ]
        : []),
      { kind: "replicas", subject: "9", facts: {} },
    ],
    fixes: FIXES.slice(0, rich ? FIXES.length : 2),
    features: rich ? FEATURES : [],
    notes: [],
    verifyWindow: 5 * 60_000,
    madeAt: Date.now(),
    before: { ready: 6, restarts: 3, endpoints: 6 },
  };
}

function fallback(id: number) {
  const row = rowOf(id);
  if (row < 0) return undefined;
  const told = tell(row);
  return {
    deployment: id,
    version: told.version,
    lastRan: Date.now(),
    ran: null,
    fromLedger: false,
    knownGood: true,
    failed: false,
  };
}

function side(
  version: string,
  deployment: number,
  revision: number,
  since: number,
  ran: number | null,
): Plan["from"] {
  return { version, deployment, revision, since, ran, template: `template of ${version}` };
}
