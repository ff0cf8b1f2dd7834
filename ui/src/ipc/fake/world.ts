import { SAMPLE_NOW } from "@/timeline/sample";
import type {
  AppState,
  Connection,
  EnvironmentInfo,
  ExecConsent,
  ServiceInfo,
  Task,
  WireError,
  WorkspaceDraft,
  WorkspaceInfo,
} from "../generated/wire";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Everything that the fake program holds; the handlers change it. */
export type World = {
  app: AppState;
  tasks: Task[];
  sequence: number;
  consents: ExecConsent[];
  views: Map<string, string>;
  /** The `tidemark.toml` of the open workspace. */
  text: string;
  draft: WorkspaceDraft;
};

const TEAMS: readonly (readonly [service: string, team: string])[] = [
  ["payments", "Money"],
  ["checkout", "Storefront"],
  ["cart", "Storefront"],
  ["identity", "Platform"],
  ["gateway", "Platform"],
  ["catalog", "Discovery"],
  ["search", "Discovery"],
  ["pricing", "Money"],
  ["shipping", "Fulfilment"],
  ["notifications", "Platform"],
  ["inventory", "Fulfilment"],
  ["reviews", "Discovery"],
  ["loyalty", "Money"],
  ["recommendations", "Discovery"],
  ["fraud", "Money"],
  ["tax", "Money"],
];

export const services: ServiceInfo[] = TEAMS.map(([name, team]) => ({
  name,
  team,
  repository: `https://git.example/harbor/${name}.git`,
  clone: `/home/lena/harbor/services/${name}`,
  tags: "v{version}",
  dependsOn: name === "checkout" ? ["payments", "cart"] : [],
}));

export const environments: EnvironmentInfo[] = [
  {
    name: "prod-eu",
    tier: "production",
    guard: true,
    cluster: "eu-west-1-prod",
    namespaces: ["shop", "money-*"],
    context: "eu-prod",
  },
  {
    name: "prod-us",
    tier: "production",
    guard: true,
    cluster: "us-east-2-prod",
    namespaces: ["shop", "money-*"],
    context: "us-prod",
  },
  {
    name: "staging",
    tier: "staging",
    guard: false,
    cluster: "stage",
    namespaces: ["shop"],
    context: "stage",
  },
];

export function harborWorkspace(demo: boolean): WorkspaceInfo {
  return {
    name: "Harbor retail",
    path: demo ? null : "/home/lena/harbor/deploy/tidemark.toml",
    timeZone: "Europe/Berlin",
    environments,
    services,
    readOnly: false,
    problems: [],
  };
}

export function harborDraft(): WorkspaceDraft {
  return {
    name: "Harbor retail",
    timeZone: "Europe/Berlin",
    environments: environments.map((environment) => ({
      ...environment,
      was: environment.name,
      verifyWindow: null,
      knownGoodAfter: null,
    })),
    services: services.map(({ tags, ...service }) => ({
      ...service,
      was: service.name,
      path: null,
      tags: tags === "v{version}" ? null : tags,
      container: null,
    })),
  };
}

export const offlineError: WireError = {
  code: "cluster-unreachable",
  parameters: { cluster: "eu-west-1-prod" },
  details:
    "https://10.20.4.10:6443/version: error sending request: connection timed out after 10 s",
  retryable: true,
};

export function connections(now: number, offline: boolean): Connection[] {
  return environments.map(({ name, cluster, context }, at) => {
    const away = offline && at === 0;
    return {
      cluster,
      context,
      environments: [name],
      state: away ? "stale" : "live",
      lastAnswer: away ? now - 47 * MINUTE : now - 4000,
      since: away ? now - 47 * MINUTE : null,
      nextTry: away ? now + 9000 : null,
      error: away ? offlineError : null,
      clockOffset: null,
      account: "lena.m",
      limits: [],
      notLive: [],
    };
  });
}

/** Folders that the picker gives, in turn. */
export const FOLDERS: readonly string[] = [
  "/home/lena/harbor/services",
  "/home/lena/harbor/deploy",
  "/home/lena/harbor/legacy-tax",
];

/** How the fake program starts (`found`: the welcome screen, with folders added before); a plain browser chooses by its address, `?start=demo`. */
export type Start = "welcome" | "found" | "demo" | "workspace" | "offline";

export function createWorld(start: Start, now: number): World {
  const workspace =
    start === "welcome" || start === "found" ? null : harborWorkspace(start === "demo");
  return {
    app: {
      version: "0.1.0",
      platform: "linux",
      demo: start === "demo",
      workspace,
      recent: [
        {
          name: "Harbor retail",
          path: "/home/lena/harbor/deploy/tidemark.toml",
          openedAt: now - DAY,
        },
        { name: "Internal tools", path: "/home/lena/tools/tidemark.toml", openedAt: now - 9 * DAY },
      ],
      settings: {
        theme: "system",
        language: "system",
        timeZone: "local",
        singleLetterKeys: true,
        zoom: 1,
      },
      ledger: {
        path: "/home/lena/.local/share/tidemark/ledger.db",
        state: "ok",
        setAside: null,
        backup: "/home/lena/.local/share/tidemark/backups/ledger-2026-11-19.db",
        backupAt: now - 5 * 60 * MINUTE,
        size: 48_300_000,
        chainIntact: true,
        newestUnread: false,
      },
      logs: "/home/lena/.local/share/tidemark/logs",
      connections: workspace ? connections(now, start === "offline") : [],
      localTimeZone: "Europe/Berlin",
      startProblem: null,
      now: SAMPLE_NOW,
    },
    tasks: [],
    sequence: 0,
    consents: [
      {
        context: "stage",
        path: "/usr/local/bin/kubelogin",
        arguments: ["get-token", "--oidc-issuer-url=https://login.example"],
        environment: [],
        key: "stage",
        allow: true,
      },
    ],
    views: new Map(start === "found" ? [["welcome.folders", JSON.stringify(FOLDERS)]] : []),
    text: "",
    draft: workspace ? harborDraft() : { name: "", timeZone: null, environments: [], services: [] },
  };
}
