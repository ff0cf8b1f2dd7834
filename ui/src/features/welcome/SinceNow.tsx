import { type ReactNode, useState } from "react";
import { useNow } from "@/shared/time/clock";
import { formatDuration } from "@/shared/time/format";

/** How long ago this was first shown: no spinner without a clock. */
export function SinceNow({ words }: { words?: (duration: string) => ReactNode }) {
  const [since] = useState(Date.now);
  const now = useNow("second");
  const duration = formatDuration(now - since);
  return words ? words(duration) : duration;
}
