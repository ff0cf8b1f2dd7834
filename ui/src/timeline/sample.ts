/**
 * A believable morning at a shop: three environments, sixteen services, one rollout that failed half
 * an hour ago. For tests, for the fake backend and for looking at the timeline without a cluster.
 */

import { buildTimeline, type DeploymentSpec, type LaneSpec, type TimelineSpec } from "./build";
import { Flag, MarkKind, Status, Tier, type TimelineData } from "./columns";
import { DAY, HOUR, MINUTE } from "./scale";

/** Thursday 19 November 2026, 00:00 in Berlin. */
export const SAMPLE_MIDNIGHT = Date.UTC(2026, 10, 18, 23);
export const SAMPLE_ZONE = "Europe/Berlin";
/** 13:38 there. */
export const SAMPLE_NOW = SAMPLE_MIDNIGHT + 13 * HOUR + 38 * MINUTE;

type Kind =
  | "live"
  | "undone"
  | "rollback"
  | "failed"
  | "progress"
  | "unknown"
  | "degraded"
  | "inferred";
/** Hours after midnight, version, kind. */
type Bar = readonly [start: number, version: string, kind?: Kind];

const at = (hours: number): number => SAMPLE_MIDNIGHT + hours * HOUR;
const PEOPLE = ["Amara O.", "Jonas W.", "Li Wei", "Priya S.", "argocd-controller"];

/** Bars of a lane in order; each ends where the next one settles. */
function lane(
  environment: number,
  picture: readonly Bar[],
  configs: readonly number[] = [],
): LaneSpec {
  const seed = 1 + hash(picture.map((bar) => bar[1]).join()) + 7919 * environment;
  const bars = spreadFirst(picture, seeded(seed));
  const history = pastOf(bars[0] as Bar, seeded(seed));
  const own = bars.map((bar, i) => deploymentOf(bar, bars[i + 1], bars, i, history.length));
  const first = own[0] as DeploymentSpec;
  const deployments = [
    ...history.map((d, i) => ({ ...d, ended: (history[i + 1] ?? first).started })),
    ...own,
  ];
  return { environment, deployments, marks: configs.map((hours) => ({ time: at(hours) })) };
}

/** What ran before the picture begins had begun some time of the day before. */
function spreadFirst(bars: readonly Bar[], random: () => number): Bar[] {
  const [[start, version, kind] = [0, ""], ...rest] = bars;
  return [[start + (random() + random() - 1) * 6, version, kind ?? "live"], ...rest];
}

const STATUS: Record<Kind, Status> = {
  live: Status.Healthy,
  undone: Status.RolledBack,
  rollback: Status.Healthy,
  failed: Status.Failed,
  progress: Status.InProgress,
  unknown: Status.Unknown,
  degraded: Status.Degraded,
  inferred: Status.Unknown,
};

function deploymentOf(
  [start, version, kind = "live"]: Bar,
  next: Bar | undefined,
  bars: readonly Bar[],
  i: number,
  before: number,
): DeploymentSpec {
  const started = at(start);
  const flags =
    (kind === "rollback" ? Flag.Rollback : 0) |
    (kind === "undone" ? Flag.Undone : 0) |
    (kind === "inferred" ? Flag.Inferred : 0);
  const target = bars.findLastIndex((bar, j) => j < i - 1 && bar[1] === version);
  return {
    version,
    started,
    status: STATUS[kind],
    flags,
    who: PEOPLE[(i + version.length) % PEOPLE.length] as string,
    ...(kind === "failed" && { failedAt: started + 7.2 * MINUTE }),
    ...(["live", "rollback", "undone", "degraded"].includes(kind) && { settled: started + 90_000 }),
    ...(next && { ended: at(next[0]) + 90_000 }),
    ...(kind === "rollback" && target >= 0 && { target: before + target }),
    ...(kind === "inferred" && { startedEarliest: started - 40 * MINUTE }),
  };
}

/** Random numbers that are the same each time. */
function seeded(seed: number): () => number {
  let s = seed;
  return () => {
    s = (s * 16807) % 2147483647;
    return s / 2147483647;
  };
}

const hash = (s: string): number =>
  [...s].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 65521, 7);

/** How much is deployed at an hour of the day: most before noon, some in the afternoon, little at night. */
const workload = (clock: number): number =>
  Math.exp(-(((clock - 11) / 3.2) ** 2)) + 0.7 * Math.exp(-(((clock - 15.5) / 2.4) ** 2)) + 0.03;

/** Two and a half days before what the picture shows: mostly by day, some failed and were taken back. */
function pastOf(first: Bar, random: () => number): DeploymentSpec[] {
  const out: DeploymentSpec[] = [];
  for (let hour = -58; hour < first[0] - 0.5; hour += 1 + random() * 4) {
    const clock = ((hour % 24) + 24) % 24;
    if (random() > workload(clock)) continue;
    const started = at(hour);
    const patch = Math.floor((hour + 60) / 6);
    const failed = random() < 0.012;
    out.push({
      version: `${first[1].replace(/-.*/, "").replace(/\d+$/, "")}${patch}`,
      started,
      status: failed ? Status.Failed : Status.Healthy,
      who: PEOPLE[Math.floor(random() * PEOPLE.length)] as string,
      ...(failed ? { failedAt: started + 6 * MINUTE } : { settled: started + 80_000 }),
    });
    if (!failed) continue;
    const target = out.length - 2;
    const back = out[target];
    if (!back) continue;
    out.push({
      version: back.version,
      started: started + 14 * MINUTE,
      settled: started + 15 * MINUTE,
      status: Status.Healthy,
      flags: Flag.Rollback,
      target,
      who: "Amara O.",
    });
    hour += 1;
  }
  return out;
}

function closed(
  name: string,
  team: string,
  bars: readonly Bar[],
  configs: readonly number[] = [],
): TimelineSpec["services"][number] {
  const random = seeded(hash(name) + 1);
  const older = (bars[0] as Bar)[1];
  const newest = (bars[bars.length - 1] as Bar)[1];
  const other = (environment: number, from: number) =>
    lane(environment, [
      [-9, older],
      [from + random() * 2, newest],
    ]);
  return { name, team, lanes: [lane(0, bars, configs), other(1, 11.2), other(2, 7.9)] };
}

export interface SampleOptions {
  /** Silences prod-eu's cluster since 12:51. */
  readonly stale?: boolean;
  /** Puts a service first that shows what is rare: a gap, a range, a restart, an old version that still serves. */
  readonly rare?: boolean;
}

/** The whole world. */
export function sampleSpec(options: SampleOptions = {}): TimelineSpec {
  const spec: TimelineSpec = {
    now: SAMPLE_NOW,
    from: SAMPLE_NOW - 3 * DAY + HOUR,
    to: SAMPLE_NOW,
    environments: [
      { name: "prod-eu", cluster: "eu-west-1-prod", tier: Tier.Production, guard: true },
      { name: "prod-us", cluster: "us-east-1-prod", tier: Tier.Production },
      { name: "staging", cluster: "eu-west-1-test", tier: Tier.Staging },
    ],
    services: options.rare ? [rareService(), ...services()] : services(),
  };
  if (!options.stale) return spec;
  const silent = at(12.85);
  // What the window knows of a silent cluster ended with its last answer.
  const silence = (one: LaneSpec): LaneSpec =>
    one.environment !== 0
      ? one
      : {
          ...one,
          staleSince: silent,
          deployments: one.deployments.map((d) =>
            d.started < silent
              ? d
              : { ...d, started: d.started - 72 * MINUTE, failedAt: silent - 60 * MINUTE },
          ),
        };
  return { ...spec, services: spec.services.map((s) => ({ ...s, lanes: s.lanes.map(silence) })) };
}

export const sampleTimeline = (options: SampleOptions = {}): TimelineData =>
  buildTimeline(sampleSpec(options));

function rareService(): TimelineSpec["services"][number] {
  const settled = (hours: number, version: string, part: Partial<DeploymentSpec> = {}) => ({
    version,
    started: at(hours),
    settled: at(hours) + 40 * MINUTE,
    status: Status.Healthy,
    ...part,
  });
  return {
    name: "ledger",
    team: "Money",
    lanes: [
      {
        environment: 0,
        deployments: [
          settled(-20, "9.0.0"),
          {
            version: "9.1.0",
            started: at(10),
            failedAt: at(10.6),
            oldServesUntil: Number.POSITIVE_INFINITY,
            status: Status.Failed,
          },
        ],
      },
      {
        environment: 1,
        deployments: [
          settled(-20, "8.8.0"),
          settled(10.5, "9.0.0", {
            startedEarliest: at(9.2),
            flags: Flag.Inferred,
            status: Status.Unknown,
          }),
        ],
        marks: [{ time: at(8.7), kind: MarkKind.Restart }, { time: at(12) }],
      },
      {
        environment: 2,
        workload: "ledger",
        deployments: [
          settled(-20, "9.0.0"),
          settled(11, "9.2.0"),
          {
            version: "9.3.0",
            started: at(12),
            failedAt: at(12.2),
            status: Status.Failed,
            flags: Flag.Undone,
            ended: at(12.6),
          },
          settled(12.6, "9.2.0", { flags: Flag.Rollback, target: 1, settled: at(12.65) }),
        ],
        gaps: [{ from: at(8.6), to: at(11), count: 2 }],
      },
      {
        environment: 2,
        workload: "ledger-worker",
        deployments: [settled(-20, "9.0.0"), settled(9.5, "9.1.0")],
      },
    ],
  };
}

function services(): TimelineSpec["services"] {
  return [
    {
      name: "payments",
      team: "Money",
      lanes: [
        lane(0, [
          [-9, "1.41.2"],
          [12.92, "1.42.0", "failed"],
        ]),
        lane(1, [[-9, "1.41.2"]], [10.42]),
        lane(2, [
          [-9, "1.42.0-rc.2"],
          [9.1, "1.42.0"],
          [12.2, "1.43.0-rc.1"],
        ]),
      ],
    },
    {
      name: "checkout",
      team: "Storefront",
      lanes: [
        lane(
          0,
          [
            [-9, "2.3.7"],
            [11.62, "2.4.1", "degraded"],
          ],
          [12.55],
        ),
        lane(1, [
          [-9, "2.3.7"],
          [9.55, "2.4.0", "undone"],
          [10.72, "2.3.7", "rollback"],
          [13.12, "2.4.1", "progress"],
        ]),
        lane(2, [
          [-9, "2.4.0"],
          [8.8, "2.4.1"],
          [11.9, "2.5.0-beta.1"],
        ]),
      ],
    },
    {
      name: "cart",
      team: "Storefront",
      lanes: [
        lane(
          0,
          [
            [-9, "3.7.9"],
            [8.75, "3.8.0", "undone"],
            [10.5, "3.7.9", "rollback"],
          ],
          [9.5],
        ),
        lane(1, [[-9, "3.7.9"]]),
        lane(2, [
          [-9, "3.8.0"],
          [12.85, "3.8.1"],
        ]),
      ],
    },
    {
      name: "identity",
      team: "Platform",
      lanes: [
        lane(0, [
          [-9, "5.12.2", "unknown"],
          [9.9, "5.12.3"],
        ]),
        lane(1, [
          [-9, "5.12.2"],
          [12.05, "5.12.3", "unknown"],
        ]),
        lane(
          2,
          [
            [-9, "5.12.3"],
            [11.4, "5.13.0"],
          ],
          [12.6],
        ),
      ],
    },
    closed("gateway", "Platform", [[-9, "7.0.4"]], [9.15, 12.3]),
    closed("catalog", "Discovery", [
      [-9, "4.18.6"],
      [12.4, "4.19.0"],
    ]),
    closed("search", "Discovery", [
      [-9, "2.30.4"],
      [8.45, "2.31.0"],
      [11.45, "2.31.1"],
    ]),
    closed(
      "pricing",
      "Money",
      [
        [-9, "0.48.1"],
        [10.1, "0.48.2"],
      ],
      [11.0],
    ),
    closed("shipping", "Fulfilment", [
      [-9, "6.1.8"],
      [9.35, "6.2.0"],
    ]),
    closed("notifications", "Platform", [
      [-9, "1.9.13"],
      [8.3, "1.9.14", "undone"],
      [8.95, "1.9.13", "rollback"],
      [10.9, "1.9.14"],
    ]),
    closed("inventory", "Fulfilment", [[-9, "3.3.5"]]),
    closed("reviews", "Discovery", [
      [-9, "2.1.7"],
      [12.75, "2.2.0"],
    ]),
    closed("loyalty", "Money", [
      [-9, "1.17.2"],
      [9.7, "1.17.3"],
    ]),
    closed("recommendations", "Discovery", [
      [-9, "8.4.0"],
      [10.25, "8.4.1"],
    ]),
    closed("fraud", "Money", [[-9, "2.0.9"]], [11.7]),
    closed("tax", "Money", [
      [-9, "1.2.8"],
      [12.1, "1.3.0"],
    ]),
  ];
}

/**
 * Many lanes with many deployments, for measuring: `services` × 3 environments over 90 days. The
 * same each time.
 */
export function largeTimeline(services: number, deployments: number): TimelineData {
  const random = seeded(42);
  const lanes = services * 3;
  const each = Math.floor(deployments / lanes);
  const from = SAMPLE_NOW - 90 * DAY;
  const spanOf = (90 * DAY) / each;
  return buildTimeline({
    now: SAMPLE_NOW,
    from,
    to: SAMPLE_NOW,
    environments: sampleSpec().environments,
    services: Array.from({ length: services }, (_, s) => ({
      name: `service-${String(s).padStart(3, "0")}`,
      team: ["Money", "Storefront", "Platform", "Discovery"][s % 4] as string,
      lanes: [0, 1, 2].map((environment) => ({
        environment,
        deployments: Array.from({ length: each }, (_, i) => {
          const started = from + (i + random() * 0.8) * spanOf;
          const failed = random() < 0.03;
          const back = !failed && i > 1 && random() < 0.03;
          return {
            version: `${s % 9}.${Math.floor(i / 10)}.${i % 10}`,
            started,
            status: failed ? Status.Failed : Status.Healthy,
            flags: back ? Flag.Rollback : 0,
            ...(back && { target: i - 2 }),
            ...(failed ? { failedAt: started + 5 * MINUTE } : { settled: started + 2 * MINUTE }),
          };
        }),
      })),
    })),
  });
}
