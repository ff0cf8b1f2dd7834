import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { type CommandError, type Context, type ContextTest, call, type WireError } from "@/ipc";
import { keyOf, useRead } from "@/ipc/query";
import { useView } from "@/shared/view";

/** So many are tested without being asked; a kubeconfig can hold hundreds. */
const TESTED_AT_ONCE = 6;

/** How the test of a context is. */
export type ContextState =
  | { kind: "untested" }
  /** Its sign-in program has to be looked at first. */
  | { kind: "consent" }
  | { kind: "testing" }
  | { kind: "ok"; test: ContextTest }
  | { kind: "failed"; error: WireError };

export type TestedContext = {
  context: Context;
  state: ContextState;
  /** It takes part in "Continue with these". */
  isUsed: boolean;
  test: () => void;
};

function needsConsent(context: Context): boolean {
  return context.exec !== null && !context.exec.consented;
}

/** The contexts of the kubeconfig, the current one first, each with the state of its test. */
export function useContexts() {
  const list = useRead("contexts_list", null, { staleTime: 0, refetchOnWindowFocus: true });
  const [left, setLeft] = useView<readonly string[]>("welcome.contexts.left", []);
  const [asked, setAsked] = useState<readonly string[]>([]);
  const contexts = [...(list.data?.contexts ?? [])].sort(
    (one, other) => Number(other.current) - Number(one.current),
  );
  const free = contexts.filter((context) => context.exec === null).slice(0, TESTED_AT_ONCE);
  const isTested = (context: Context) =>
    context.execProblem === null &&
    !needsConsent(context) &&
    (free.includes(context) || asked.includes(context.name));
  const tested = useQueries({
    queries: contexts.map((context) => ({
      queryKey: keyOf("context_test", { context: context.name }),
      queryFn: () => call("context_test", { context: context.name }),
      enabled: isTested(context),
    })),
    combine: (results): TestedContext[] =>
      results.flatMap((result, at) => {
        const context = contexts[at];
        if (!context) return [];
        const ask = () => {
          setAsked((names) => [...new Set([...names, context.name])]);
          // A program that was not found may have been installed meanwhile.
          if (context.execProblem) void list.refetch();
          if (isTested(context)) void result.refetch();
        };
        const state = stateOf(context, isTested(context), result);
        return [{ context, state, isUsed: !left.includes(context.name), test: ask }];
      }),
  });
  return {
    contexts: tested,
    errors: list.data?.errors ?? [],
    error: list.error,
    isLoading: list.isPending,
    readAgain: () => void list.refetch(),
    use: (name: string, isUsed: boolean) =>
      setLeft(isUsed ? left.filter((one) => one !== name) : [...left, name]),
  };
}

function stateOf(
  context: Context,
  isTested: boolean,
  result: { data?: ContextTest | undefined; error: unknown; isFetching: boolean },
): ContextState {
  if (context.execProblem) return { kind: "failed", error: context.execProblem };
  if (needsConsent(context)) return { kind: "consent" };
  if (result.isFetching) return { kind: "testing" };
  if (result.error) return { kind: "failed", error: (result.error as CommandError).wire };
  if (result.data) return { kind: "ok", test: result.data };
  return isTested ? { kind: "testing" } : { kind: "untested" };
}
