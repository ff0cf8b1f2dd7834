import { Button as AriaButton } from "react-aria-components";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { Spinner } from "@/shared/display/Progress";
import { useNavigation } from "@/shared/navigation/navigation";
import { isRunning, stateWord } from "@/shared/operation/outcomes";
import css from "./TaskTray.module.css";

/** A rollback that goes on, in the status bar; pressing it opens its sheet again. */
export function OperationBadge() {
  const { open, go } = useNavigation();
  const { data } = useRead("operation_list", null);
  const running = data?.operations.filter(isRunning) ?? [];
  const [first] = running;
  if (!first) return null;
  const { service, environment } = first;
  return (
    <AriaButton
      className={css.tray ?? ""}
      onPress={() =>
        running.length === 1
          ? open({ name: "operation", operation: first.id })
          : go({ name: "operations" })
      }
    >
      <Spinner size={12} />
      {running.length === 1
        ? m.operation_badge_one({ service, environment, state: stateWord(first) })
        : m.operation_badge({ count: running.length })}
    </AriaButton>
  );
}
