import { GitBranch } from "lucide-react";
import type { MovedTag } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { useNow } from "@/shared/time/clock";
import { formatMoment } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";

const NONE: readonly MovedTag[] = [];

/** Every tag of the workspace that was moved by force, the last one first. */
export function useMovedTags(): readonly MovedTag[] {
  return useRead("moved_tags", null, { retry: false }).data?.tags ?? NONE;
}

/** The moves of one version's tag, the last one first. */
export function movesOf(
  tags: readonly MovedTag[],
  service: string | null,
  version: string,
): readonly MovedTag[] {
  return tags.filter((one) => one.service === service && (one.version ?? one.tag) === version);
}

/** "Tag v1.1.0 was moved from 7b73c4d to c77d665 on 22 Nov 05:03; Tidemark keeps both." */
export function useMoveWords(): (move: MovedTag) => string {
  const zone = useZone();
  const now = useNow();
  return ({ tag, from, to, at }) =>
    m.tag_moved({
      tag,
      from: from.slice(0, 7),
      to: to.slice(0, 7),
      moment: formatMoment(at, zone, now),
    });
}

/** The mark beside whatever shows that version; nothing where its tag never moved. */
export function MovedTagNote({ service, version }: { service: string; version: string }) {
  const moves = movesOf(useMovedTags(), service, version);
  const words = useMoveWords();
  return moves.map((move) => (
    <p key={`${move.from} ${move.at}`} className="row g6 small c-warn selectable">
      <Icon of={GitBranch} size="xs" />
      <span>{words(move)}</span>
    </p>
  ));
}
