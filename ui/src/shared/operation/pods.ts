import type { Operation, Pod } from "@/ipc";
import { m } from "@/paraglide/messages";

export function podStateWord(state: Pod["state"]): string {
  switch (state) {
    case "ready":
      return m.rollback_pod_ready();
    case "starting":
      return m.rollback_pod_starting();
    case "waiting":
      return m.rollback_pod_waiting();
    case "failed":
      return m.rollback_pod_failed();
    case "ending":
      return m.rollback_pod_ending();
    case "succeeded":
      return m.rollback_pod_succeeded();
  }
}

/** "k8x2p" of "checkout-6c4d9f8b77-k8x2p": what tells two pods of one ReplicaSet apart. */
export function shortPod(name: string): string {
  return name.split("-").at(-1) ?? name;
}

/** The name of a pod's tile, read in full. */
export function podName(pod: Pod): string {
  const words = { version: pod.version, state: podStateWord(pod.state), pod: pod.name };
  return pod.reason
    ? m.rollback_pod_why({ ...words, reason: pod.reason })
    : m.rollback_pod_name(words);
}

/** Something that happened to a pod while the window looked. */
export type PodNote =
  | { kind: "stayed"; at: number; pod: string; state: Pod["state"] }
  | { kind: "seen"; at: number; pod: string; state: Pod["state"] }
  | { kind: "ready"; at: number; pod: string; after: number | null }
  | { kind: "state"; at: number; pod: string; state: Pod["state"]; reason: string | null }
  | { kind: "restarted"; at: number; pod: string; count: number }
  | { kind: "gone"; at: number; pod: string };

/** What was seen of an operation's pods since the window follows it. */
export type PodJournal = {
  pods: readonly Pod[];
  notes: readonly PodNote[];
  /** The pods of the version before, as they were at the first look. */
  before: { ready: number; restarts: number; pods: number } | null;
};

export const EMPTY_JOURNAL: PodJournal = { pods: [], notes: [], before: null };
const LONGEST = 400;

/** Takes the newest state of an operation into its journal. */
export function followPods(journal: PodJournal, operation: Operation, now: number): PodJournal {
  if (operation.pods.length === 0 && journal.pods.length === 0) return journal;
  const first = journal.pods.length === 0;
  const known = new Map(journal.pods.map((pod) => [pod.name, pod]));
  const notes = operation.pods.flatMap((pod): PodNote[] =>
    noteOf(known.get(pod.name), pod, first, operation, now),
  );
  const here = new Set(operation.pods.map((pod) => pod.name));
  const gone = journal.pods
    .filter((pod) => !here.has(pod.name) && operation.pods.length > 0)
    .map((pod): PodNote => ({ kind: "gone", at: now, pod: pod.name }));
  return {
    pods: operation.pods.length > 0 ? operation.pods : journal.pods,
    notes: [...journal.notes, ...notes, ...gone].slice(-LONGEST),
    before: journal.before ?? beforeOf(operation),
  };
}

function noteOf(
  before: Pod | undefined,
  pod: Pod,
  first: boolean,
  operation: Operation,
  now: number,
): PodNote[] {
  const own = pod.version === operation.toVersion;
  if (!before) {
    // The pods that ran already are no news.
    if (first && !own) return [];
    if (wasThere(pod, operation)) {
      return [{ kind: "stayed", at: now, pod: pod.name, state: pod.state }];
    }
    if (pod.state === "ready") return [readyNote(pod, now, operation)];
    return [{ kind: "seen", at: now, pod: pod.name, state: pod.state }];
  }
  const notes: PodNote[] = [];
  if (pod.restarts > before.restarts) {
    notes.push({ kind: "restarted", at: now, pod: pod.name, count: pod.restarts });
  }
  if (pod.state !== before.state || pod.reason !== before.reason) {
    const { state, reason } = pod;
    notes.push(
      state === "ready"
        ? readyNote(pod, now, operation)
        : { kind: "state", at: now, pod: pod.name, state, reason },
    );
  }
  return notes;
}

/** Clocks of nodes are not ours: a pod counts as one from before only if it is older by more than this. */
const SLACK = 5_000;

/** It ran before the change was sent: a rollout that failed had left it. */
function wasThere({ startedAt }: Pod, { sentAt, confirmedAt }: Operation): boolean {
  return startedAt !== null && startedAt < (sentAt ?? confirmedAt) - SLACK;
}

function readyNote(pod: Pod, now: number, operation: Operation): PodNote {
  const { startedAt } = pod;
  const after =
    startedAt === null || wasThere(pod, operation) ? null : Math.max(0, now - startedAt);
  return { kind: "ready", at: now, pod: pod.name, after };
}

function beforeOf({ pods, fromVersion, toVersion }: Operation): PodJournal["before"] {
  const old = pods.filter((pod) => pod.version === fromVersion && fromVersion !== toVersion);
  if (old.length === 0) return null;
  return {
    ready: old.filter((pod) => pod.state === "ready").length,
    restarts: old.reduce((sum, pod) => sum + pod.restarts, 0),
    pods: old.length,
  };
}
