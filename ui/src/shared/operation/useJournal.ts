import { type QueryClient, useQuery } from "@tanstack/react-query";
import type { Operation } from "@/ipc";
import { EMPTY_JOURNAL, followPods, type PodJournal } from "./pods";

const keyOf = (id: string) => ["pod-journal", id] as const;

/** Keeps what happens to an operation's pods, so that a sheet opened later can tell it. */
export function keepJournal(client: QueryClient, operation: Operation, now: number): void {
  client.setQueryData<PodJournal>(keyOf(operation.id), (journal) =>
    followPods(journal ?? EMPTY_JOURNAL, operation, now),
  );
}

/** What was seen of the pods since the window follows that operation. */
export function useJournal(id: string): PodJournal {
  const { data } = useQuery<PodJournal>({
    queryKey: keyOf(id),
    queryFn: () => EMPTY_JOURNAL,
    enabled: false,
    gcTime: Number.POSITIVE_INFINITY,
  });
  return data ?? EMPTY_JOURNAL;
}
