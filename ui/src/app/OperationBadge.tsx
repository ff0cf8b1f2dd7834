import { useEffect, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { listen, type Operation } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { Spinner } from "@/shared/display/Progress";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { useNavigation } from "@/shared/navigation/navigation";
import { hasEnded, stateGlyph, stateWord } from "@/shared/operation/outcomes";
import css from "./TaskTray.module.css";

/** The operation that ended last while its sheet was closed, until somebody looks at it. */
function useUnseen(): Operation | null {
  const { overlay } = useNavigation();
  const shown = overlay?.name === "operation" ? overlay.operation : null;
  const looking = useRef(shown);
  looking.current = shown;
  const [unseen, setUnseen] = useState<Operation | null>(null);
  useEffect(() => {
    const ended = new Set<string>();
    return listen("operation", (operation) => {
      if (!hasEnded(operation) || ended.has(operation.id)) return;
      ended.add(operation.id);
      if (looking.current !== operation.id) setUnseen(operation);
    });
  }, []);
  useEffect(() => setUnseen((one) => (one?.id === shown ? null : one)), [shown]);
  return unseen;
}

/** A rollback that goes on, in the status bar, or one that ended unseen; pressing it opens its sheet. */
export function OperationBadge() {
  const { open, go } = useNavigation();
  const { data } = useRead("operation_list", null);
  const running = data?.operations.filter((operation) => !hasEnded(operation)) ?? [];
  const unseen = useUnseen();
  const first = running[0] ?? unseen;
  if (!first) return null;
  const { service, environment } = first;
  return (
    <AriaButton
      className={css.tray ?? ""}
      onPress={() =>
        running.length <= 1
          ? open({ name: "operation", operation: first.id })
          : go({ name: "operations" })
      }
    >
      {running.length > 0 ? <Spinner size={12} /> : <StatusGlyph kind={stateGlyph(first)} />}
      {running.length <= 1
        ? m.operation_badge_one({ service, environment, state: stateWord(first) })
        : m.operation_badge({ count: running.length })}
    </AriaButton>
  );
}
