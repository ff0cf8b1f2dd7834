import { useCallback, useEffect, useState } from "react";
import type { TimelineData } from "@/timeline/columns";
import type { TimelineState } from "@/timeline/state";

/** The lane of whose workloads one is to be chosen, until one is, or the columns change. */
export function useChoice({ data, selected }: TimelineState) {
  const [asked, setAsked] = useState<{ lane: number; data: TimelineData } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever is selected next is the choice
  useEffect(() => setAsked(null), [selected]);
  const setChosen = useCallback(
    (lane: number | null) => setAsked(lane === null ? null : { lane, data }),
    [data],
  );
  return { chosen: asked?.data === data ? asked.lane : null, setChosen };
}
