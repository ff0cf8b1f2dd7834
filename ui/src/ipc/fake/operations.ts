import type { Operation, OperationStep, Plan, Pod, WireError } from "../generated/wire";
import { CommandError } from "../host";
import { type Emit, type Handlers, pause } from "./handlers";
import { fakePlan } from "./plans";
import type { World } from "./world";

const NAMES = ["k8x2p", "m4tqz", "v9d7r", "c2lwn", "p6hsj", "b7fkd", "x1r8v", "q3znm", "d5gtw"];
/** How long the fake window of verification is; the demo's is 20 s. */
const VERIFY = 12_000;

type Held = {
  plans: Map<string, Plan>;
  begun: Map<string, { digest: string; at: number }>;
  operations: Operation[];
};

const held = new WeakMap<World, Held>();

function of(world: World): Held {
  const known = held.get(world);
  if (known) return known;
  const made: Held = {
    plans: new Map(),
    begun: new Map(),
    operations: world.app.workspace ? past(Date.now()) : [],
  };
  held.set(world, made);
  return made;
}

function refuse(
  command:
    | "rollback_confirm"
    | "rollback_begin"
    | "operation_get"
    | "operation_cancel"
    | "quit"
    | "rollback_plan",
  code: WireError["code"],
  parameters: Record<string, string> = {},
): never {
  throw new CommandError(command, { code, parameters, details: "", retryable: false });
}

/** Plans, gestures and operations: a rollout of nine pods in a quarter of a minute. */
export const operationHandlers: Handlers = {
  rollback_plan: async (request, world) => {
    await pause(700);
    const undone =
      request.target.kind === "undo-of"
        ? of(world).operations.find(
            (one) => request.target.kind === "undo-of" && one.id === request.target.operation,
          )
        : undefined;
    const made = fakePlan(request, world.app.workspace?.readOnly ?? false);
    if (!made) {
      const { service, environment } = request;
      refuse("rollback_plan", "no-target", { service, environment });
    }
    const plan = undone
      ? {
          ...made,
          from: { ...made.from, version: undone.toVersion, since: undone.rolledOutAt },
          to: { ...made.to, version: undone.fromVersion },
          digest: `${made.digest}undo`,
        }
      : made;
    of(world).plans.set(plan.digest, plan);
    return plan;
  },
  rollback_begin: ({ digest }, world) => {
    const { begun, plans } = of(world);
    if (!plans.has(digest)) refuse("rollback_begin", "plan-gone");
    const id = `confirmation-${begun.size + 1}`;
    begun.set(id, { digest, at: performance.now() });
    return { id };
  },
  rollback_confirm: (request, world, emit) => {
    const { plans, begun, operations } = of(world);
    const started = begun.get(request.confirmation);
    begun.delete(request.confirmation);
    const plan = started && plans.get(started.digest);
    if (!started || !plan) refuse("rollback_confirm", "not-confirmed");
    const wrong = missing(plan, request, performance.now() - started.at);
    if (wrong) refuse("rollback_confirm", wrong, { name: plan.service });
    const operation = blank(plan, request.reason, 1200 + operations.length);
    operations.unshift(operation);
    void run(operation.id, plan, world, emit);
    return operation;
  },
  operation_cancel: ({ id }, world, emit) => {
    const operation = find(id, world);
    if (operation.state !== "waiting") refuse("operation_cancel", "too-late");
    return change(world, emit, id, (one) => ({
      ...one,
      state: "cancelled",
      endedAt: Date.now(),
      steps: [step("cancelled")],
    }));
  },
  operation_get: ({ id }, world) => find(id, world),
  operation_plan: ({ id }, world) => {
    const { digest } = find(id, world);
    return of(world).plans.get(digest) ?? null;
  },
  quit: ({ on }, world) => {
    const runs = of(world).operations.some((one) => one.endedAt === null);
    return runs && !on ? refuse("quit", "operation-running") : null;
  },
  operation_list_before: () => ({ operations: [], older: false, chainIntact: true }),
  operation_list: (_, world) => ({
    operations: of(world).operations,
    older: false,
    chainIntact: true,
  }),
};

type Ended = { acknowledged: string[]; reason: string | null; typedName: string | null };

/** What a gesture lacks, as the program would say it. */
function missing(plan: Plan, end: Ended, lasted: number): WireError["code"] | null {
  if (plan.level === null) return "plan-blocked";
  const open = plan.findings.filter((one) => one.result === "warn" || one.result === "unknown");
  if (open.some((one) => !end.acknowledged.includes(one.key))) return "not-acknowledged";
  if (plan.level === 3 && end.typedName !== plan.service) return "wrong-name";
  if (plan.level === 3 && !end.reason) return "reason-needed";
  return plan.level > 0 && lasted < 1200 ? "held-too-short" : null;
}

function find(id: string, world: World): Operation {
  const found = of(world).operations.find((one) => one.id === id);
  return found ?? refuse("operation_get", "no-such-operation");
}

function change(
  world: World,
  emit: Emit,
  id: string,
  how: (operation: Operation) => Operation,
): Operation {
  const state = of(world);
  state.operations = state.operations.map((one) => (one.id === id ? how(one) : one));
  const operation = find(id, world);
  emit("operation", operation);
  return operation;
}

function step(kind: string, facts: Record<string, string> = {}): OperationStep {
  return { kind, at: Date.now(), facts };
}

function blank(plan: Plan, reason: string | null, number: number): Operation {
  const now = Date.now();
  const { service, environment, tier, guard, kind, workload, account, digest } = plan;
  const { cluster, context, namespace } = plan;
  return {
    id: `operation-${number}`,
    number,
    service,
    environment,
    tier,
    guard,
    cluster,
    context,
    namespace,
    kind,
    workload,
    account,
    digest,
    fromVersion: plan.from.version,
    toVersion: plan.to.version,
    state: "waiting",
    verdict: null,
    code: null,
    facts: {},
    reason,
    confirmedAt: now,
    cancelUntil: now + 3000,
    sentAt: null,
    rolledOutAt: null,
    verifyUntil: null,
    endedAt: null,
    steps: [],
    pods: [],
    desired: plan.sentence.replicas,
    ready: 0,
    revision: null,
    usual: 80_000,
    undoable: false,
    undoOf: null,
  };
}

function pod(name: string, version: string, state: Pod["state"], startedAt: number): Pod {
  return {
    name,
    version,
    state,
    restarts: 0,
    reason: null,
    message: null,
    node: "node-3",
    startedAt,
  };
}

/** Old pods give way to new ones, one at a time. */
function podsAt(operation: Operation, ready: number): Pod[] {
  const { workload, toVersion, fromVersion, desired } = operation;
  const since = Date.now() - 6000;
  const fresh = NAMES.slice(0, Math.min(desired, ready + 1)).map((name, at) =>
    pod(`${workload}-6c4d9f8b77-${name}`, toVersion, at < ready ? "ready" : "starting", since),
  );
  const old = NAMES.slice(0, Math.max(0, desired - ready)).map((name, at) => ({
    ...pod(
      `${workload}-58b9d4c6f-${name}`,
      fromVersion,
      at === 0 && ready > 0 ? "ending" : "ready",
      since,
    ),
    restarts: at === 1 ? 3 : 0,
  }));
  return ready >= desired ? fresh.slice(0, desired) : [...fresh, ...old];
}

async function run(id: string, plan: Plan, world: World, emit: Emit): Promise<void> {
  const going = () => find(id, world).state !== "cancelled";
  const to = (how: (operation: Operation) => Operation) => change(world, emit, id, how);
  const more = (part: Partial<Operation>, ...steps: OperationStep[]) =>
    to((one) => ({ ...one, ...part, steps: [...one.steps, ...steps] }));
  await pause(3000);
  if (!going()) return;
  more({ state: "preparing", cancelUntil: null });
  await pause(500);
  more({}, step("intent"), step("replanned", { digest: plan.digest }));
  await pause(500);
  more({}, step("dry-run"));
  await pause(300);
  more({ state: "sent", sentAt: Date.now() }, step("sent"));
  await pause(400);
  more(
    { state: "rolling-out", undoable: true, revision: 64 },
    step("accepted", { generation: "64" }),
  );
  for (let ready = 0; ready <= plan.sentence.replicas; ready += 1) {
    to((one) => ({ ...one, ready, pods: podsAt(one, ready) }));
    await pause(1100);
  }
  const until = Date.now() + VERIFY;
  more({ state: "verifying", rolledOutAt: Date.now(), verifyUntil: until }, step("rolled-out"));
  await pause(VERIFY);
  more({}, step("manager-dropped", { dropped: "yes" }), step("traced", { written: "yes" }));
  const facts = {
    verdict: "good",
    code: "steady",
    ready: String(plan.sentence.replicas),
    wanted: String(plan.sentence.replicas),
    seconds: "300",
    services: "1",
    endpoints: String(plan.sentence.replicas),
  };
  more(
    { state: "verified", verdict: "good", code: "steady", facts, endedAt: Date.now() },
    step("verified", facts),
  );
}

/** What was done before: one of each end. */
function past(now: number): Operation[] {
  const day = 86_400_000;
  const one = (
    number: number,
    ago: number,
    service: string,
    environment: string,
    versions: [string, string],
    end: Partial<Operation>,
    kinds: string[],
  ): Operation => {
    const at = now - ago;
    const facts = end.facts ?? {};
    return {
      id: `operation-${number}`,
      number,
      service,
      environment,
      tier: environment === "staging" ? "staging" : "production",
      guard: environment !== "staging",
      cluster: environment === "prod-us" ? "us-east-2-prod" : "eu-west-1-prod",
      context: environment === "prod-us" ? "us-prod" : "eu-prod",
      namespace: "shop",
      kind: "Deployment",
      workload: service,
      account: number % 2 === 0 ? "lena.m" : "amara.o",
      fromVersion: versions[0],
      toVersion: versions[1],
      state: "verified",
      verdict: null,
      code: null,
      facts,
      reason: number % 3 === 0 ? null : "Errors at the payment step, incident 318",
      confirmedAt: at,
      cancelUntil: null,
      sentAt: kinds.includes("sent") ? at + 5000 : null,
      rolledOutAt: kinds.includes("rolled-out") ? at + 89_000 : null,
      verifyUntil: null,
      endedAt: at + 390_000,
      steps: kinds.map((kind, index) => ({
        kind,
        at: at + 3000 + index * 1200 + (index > 4 ? 80_000 : 0),
        facts: index === kinds.length - 1 ? facts : kind === "accepted" ? { generation: "61" } : {},
      })),
      pods: [],
      desired: 6,
      ready: 6,
      revision: 61,
      usual: 80_000,
      undoable: kinds.includes("accepted"),
      undoOf: null,
      digest: `7be0${number}41d2`,
      ...end,
    };
  };
  const begun = ["intent", "replanned", "dry-run", "sent", "accepted"];
  const whole = [...begun, "rolled-out", "manager-dropped", "traced", "verified"];
  const good = {
    verdict: "good",
    code: "steady",
    ready: "6",
    wanted: "6",
    seconds: "300",
    services: "1",
    endpoints: "6",
  };
  const bad = {
    verdict: "bad",
    code: "rollout-failed",
    reason: "ImagePullBackOff",
    message: 'Back-off pulling image "shop/search:2.30.2"',
    pods: "3",
  };
  return [
    one(
      1196,
      3 * 3_600_000,
      "checkout",
      "prod-us",
      ["2.4.0", "2.3.7"],
      { verdict: "good", code: "steady", facts: good },
      whole,
    ),
    one(
      1195,
      2 * day,
      "search",
      "prod-eu",
      ["2.31.0", "2.30.2"],
      { verdict: "bad", code: "rollout-failed", facts: bad },
      [...begun, "verified"],
    ),
    one(
      1194,
      3 * day,
      "cart",
      "prod-eu",
      ["3.8.0", "3.7.9"],
      { state: "superseded", facts: { by: "kubectl-client-side-apply" } },
      [...begun, "superseded"],
    ),
    one(
      1193,
      5 * day,
      "pricing",
      "prod-us",
      ["0.48.2", "0.48.1"],
      { state: "failed", code: "plan-moved", facts: { code: "plan-moved", moved: "live" } },
      ["intent", "failed"],
    ),
    one(1192, 9 * day, "tax", "prod-eu", ["1.9.14", "1.9.13"], { state: "never-arrived" }, [
      "intent",
      "replanned",
      "dry-run",
      "sent",
      "never-arrived",
    ]),
    one(
      1191,
      17 * day,
      "payments",
      "prod-us",
      ["1.41.0", "1.40.3"],
      {
        verdict: "inconclusive",
        code: "watch-broken",
        facts: { verdict: "inconclusive", code: "watch-broken", reason: "no answer for 90 s" },
      },
      [...begun, "verified"],
    ),
  ];
}
