import type { CommitKind, Comparison, SideInfo, SideRequest } from "../generated/wire";
import type { Handlers } from "./handlers";
import { pause } from "./handlers";
import { checkoutCommits, commit, noteInfos } from "./notes";
import type { World } from "./world";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const more = (kind: CommitKind, subjects: readonly string[], seed: number) =>
  subjects.map((subject, at) =>
    commit(
      (0x5be2c70 + (seed + at) * 7919).toString(16),
      kind,
      subject,
      ["Amara Obi", "Mei Ito", "Tom Berg", "Jonas Kern", "Sara Nowak", "李伟"][at % 6] ?? "",
    ),
  );

const COMMITS = [
  ...checkoutCommits,
  ...more(
    "fix",
    [
      "Express cut-off used server time",
      "Refund mail sent in the wrong language",
      "Totals rounded once per line",
    ],
    1,
  ),
  ...more(
    "other",
    [
      "Update 9 dependencies",
      "Tests for the payment step",
      ...Array.from({ length: 15 }, (_, at) => `Refactor step ${at + 1} of the basket`),
    ],
    20,
  ),
];

const YAML = `spec:
  containers:
    - name: checkout
      image: registry.example/shop/checkout:2.3.7
      env:
        - name: PRICING_TIMEOUT_MS
          value: "2000"
        - name: LOG_LEVEL
          value: info
      ports:
        - containerPort: 8080
      readinessProbe:
        httpGet:
          path: /ready
          port: 8080
        periodSeconds: 5
      resources:
        requests:
          cpu: 250m
          memory: 256Mi
        limits:
          memory: 256Mi`;

const NEW_YAML = YAML.replace(":2.3.7", ":2.4.1")
  .replace('"2000"', '"800"')
  .replace("value: info", "value: debug\n        - name: GIFT_WRAP\n          value: on")
  .replace("limits:\n          memory: 256Mi", "limits:\n          memory: 512Mi");

function side(request: SideRequest, which: "a" | "b"): SideInfo {
  const now = Date.now();
  const began = now - 121 * MINUTE;
  const before = began - 9 * DAY - 126 * MINUTE;
  const later = which === "b";
  const service = request.kind === "deployment" ? "checkout" : request.service;
  const environment = request.kind === "environment" ? request.environment : "prod-eu";
  const span = (version: string, from: number, to: number | null, deployment: number) => ({
    version,
    from,
    to,
    here: version === (later ? "2.4.1" : "2.3.7"),
    deployment,
  });
  return {
    service,
    environment,
    version: request.kind === "version" ? request.version : later ? "2.4.1" : "2.3.7",
    deployment: later ? 1010 : 1009,
    status: later ? "degraded" : "healthy",
    from: later ? began : before,
    to: later ? null : began,
    strip: [
      span("2.3.6", before - 6 * HOUR, before, 1008),
      span("2.3.7", before, began, 1009),
      span("2.4.1", began, null, 1010),
    ],
    commit: "9f3ad77".padEnd(40, "0"),
    tag: later ? "v2.4.1" : "v2.3.7",
  };
}

const file = (path: string, added: number | null, removed: number | null, notHere: boolean) => ({
  path,
  added,
  removed,
  notHere,
});

/** The comparison of the picture: checkout 2.3.7 with 2.4.1. */
export function sampleComparison(
  world: World,
  request: { a: SideRequest; b: SideRequest } = {
    a: { kind: "deployment", id: 1009 },
    b: { kind: "deployment", id: 1010 },
  },
): Comparison {
  return {
    a: side(request.a, "a"),
    b: side(request.b, "b"),
    commits: {
      added: COMMITS,
      removed: [],
      authors: 6,
      unavailable: null,
      truncated: false,
    },
    files: {
      files: [
        file("src/basket/gift_wrap.rs", 182, 0, false),
        file("src/delivery/express.rs", 96, 41, false),
        file("src/voucher.rs", 12, 7, false),
        file("migrations/0058_gift_note.sql", 4, 0, false),
        file("assets/gift.webp", null, null, false),
        file("vendor/tax-tables.csv", null, null, true),
      ],
      added: 294,
      removed: 48,
      unavailable: null,
    },
    template: {
      differences: [
        {
          kind: "image",
          container: "checkout",
          name: "image",
          old: "registry.example/shop/checkout:2.3.7",
          new: "registry.example/shop/checkout:2.4.1",
        },
        {
          kind: "setting",
          container: "checkout",
          name: "PRICING_TIMEOUT_MS",
          old: "2000",
          new: "800",
        },
        { kind: "setting", container: "checkout", name: "LOG_LEVEL", old: "info", new: "debug" },
        { kind: "setting", container: "checkout", name: "GIFT_WRAP", old: null, new: "on" },
        {
          kind: "resource",
          container: "checkout",
          name: "limits.memory",
          old: "256Mi",
          new: "512Mi",
        },
      ],
      images: 1,
      settings: 3,
      yamlA: YAML,
      yamlB: NEW_YAML,
    },
    configuration: [
      {
        kind: "ConfigMap",
        name: "checkout-features",
        keys: [
          { key: "express", old: "off", new: "on" },
          { key: "gift_wrap", old: null, new: "on" },
        ],
      },
      {
        kind: "Secret",
        name: "checkout-payment",
        keys: [{ key: "api-key", old: "", new: "" }],
      },
    ],
    configurationUnknown: ["checkout-legacy"],
    notes: noteInfos(world).filter(
      (note) => note.service === "checkout" && note.version.startsWith("2.4"),
    ),
    migrations: ["0058_gift_note.sql"],
  };
}

export const compareHandlers: Handlers = {
  compare: async (request, world) => {
    await pause(120);
    return sampleComparison(world, request);
  },
};
