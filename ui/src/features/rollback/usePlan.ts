import { useEffect, useMemo, useRef, useState } from "react";
import { asWireError, call, type Finding, type Operation, type Plan, type WireError } from "@/ipc";
import { useRead } from "@/ipc/query";
import { HOLD_MILLISECONDS } from "@/shared/controls/HoldButton";
import type { Lane } from "@/shared/navigation/route";
import { needsAcknowledgement } from "@/shared/operation/findings";
import { type AskedTarget, targetRequest, useCandidates } from "./targets";

/** Makes a plan and makes it again; the plan before is kept, so that what moved can be told. */
export function usePlan(lane: Lane, asked: AskedTarget, before: Plan | null) {
  const [old, setOld] = useState(before);
  const [known, setKnown] = useState<Plan | undefined>(undefined);
  const { candidates, settled } = useCandidates(lane, asked, known);
  const target = useMemo(
    () => (settled ? targetRequest(asked, candidates) : null),
    [asked, candidates, settled],
  );
  const request = { ...lane, target: target ?? { kind: "last-known-good" as const } };
  const planned = useRead("rollback_plan", request, { enabled: target !== null, gcTime: 0 });
  const plan = planned.isFetching ? undefined : planned.data;
  useEffect(() => {
    if (planned.data) setKnown(planned.data);
  }, [planned.data]);
  const absent = settled && target === null;
  return {
    plan,
    before: old,
    candidates,
    /** The version that was asked for never ran there. */
    absent,
    error: planned.isFetching ? null : (planned.error?.wire ?? null),
    startedAt: usePlanningSince(plan === undefined),
    again: () => {
      setOld(planned.data ?? old);
      void planned.refetch();
    },
  };
}

function usePlanningSince(planning: boolean): number {
  const since = useRef(Date.now());
  const was = useRef(true);
  if (planning && !was.current) since.current = Date.now();
  was.current = planning;
  return since.current;
}

/**
 * What a person has said so far: acknowledged, why, and the typed name. What was acknowledged holds for that very
 * change: another target, other pods, a check that came out otherwise are acknowledged anew.
 */
export function useAnswers(plan: Plan | undefined) {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const open = plan?.findings.filter(needsAcknowledgement) ?? [];
  const mark = (finding: Finding) =>
    [plan?.from.template, plan?.to.template, finding.result, finding.key].join(" ");
  const isTicked = (finding: Finding) => ticked.has(mark(finding));
  const acknowledge = (finding: Finding, on: boolean) => {
    const next = new Set(ticked);
    if (on) next.add(mark(finding));
    else next.delete(mark(finding));
    setTicked(next);
  };
  const acknowledged: ReadonlySet<string> = new Set(
    open.filter(isTicked).map((finding) => finding.key),
  );
  const missing = open.filter((finding) => !isTicked(finding));
  return { acknowledged, acknowledge, missing, reason, setReason, typed, setTyped };
}

export type Answers = ReturnType<typeof useAnswers>;

const rest = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));

/**
 * The gesture, as the backend measures it: its clock starts at `begin`, and a confirmation counts only
 * when that clock shows the time of a hold. So the end waits until the reply to the begin is as old.
 */
export function useGesture(
  plan: Plan | undefined,
  answers: Answers,
  onConfirmed: (operation: Operation, plan: Plan) => void,
) {
  const [confirming, setConfirming] = useState(false);
  const [error, setError] = useState<WireError | null>(null);
  const begun = useRef<Promise<{ id: string; at: number }> | null>(null);
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);

  const begin = () => {
    if (!plan) return;
    setError(null);
    const started = call("rollback_begin", { digest: plan.digest }).then(({ id }) => ({
      id,
      at: performance.now(),
    }));
    started.catch(() => {});
    begun.current = started;
  };

  const send = async (of: Plan, started: Promise<{ id: string; at: number }>) => {
    const { id, at } = await started;
    if ((of.level ?? 0) > 0) await rest(at + HOLD_MILLISECONDS - performance.now());
    // The sheet was closed meanwhile: nothing was confirmed.
    if (!alive.current) return;
    const operation = await call("rollback_confirm", {
      confirmation: id,
      digest: of.digest,
      acknowledged: [...answers.acknowledged],
      reason: answers.reason.trim() || null,
      typedName: of.level === 3 ? answers.typed.trim() : null,
    });
    onConfirmed(operation, of);
  };

  const confirm = () => {
    if (!plan || !begun.current || confirming) return;
    setConfirming(true);
    send(plan, begun.current)
      .catch((thrown: unknown) => {
        if (alive.current) setError(asWireError(thrown));
      })
      .finally(() => {
        if (alive.current) setConfirming(false);
      });
  };

  return { begin, confirm, confirming, error, forget: () => setError(null) };
}

/** Why the gesture is off, in the order in which a person mends it; `null` when it is on. */
export type Off =
  | { why: "blocked" }
  | { why: "acknowledge"; count: number }
  | { why: "reason" }
  | { why: "name" };

export function gestureOff(
  plan: Plan,
  answers: Pick<Answers, "missing" | "reason" | "typed">,
): Off | null {
  if (plan.level === null) return { why: "blocked" };
  if (answers.missing.length > 0) return { why: "acknowledge", count: answers.missing.length };
  if (plan.level < 3) return null;
  if (answers.reason.trim() === "") return { why: "reason" };
  return answers.typed.trim() === plan.service ? null : { why: "name" };
}
