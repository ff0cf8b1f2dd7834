import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { call, listen, type Operation } from "@/ipc";
import { m } from "@/paraglide/messages";
import { isRunning, outcomeWords } from "@/shared/operation/outcomes";
import { keepJournal } from "@/shared/operation/useJournal";

/** Follows every operation: what its pods do is kept, and an end that nobody sees is told by the desktop. */
export function OperationWatch() {
  const client = useQueryClient();
  useEffect(() => {
    const told = new Set<string>();
    return listen("operation", (operation) => {
      keepJournal(client, operation, Date.now());
      if (isRunning(operation) || told.has(operation.id)) return;
      told.add(operation.id);
      if (document.visibilityState === "hidden") void tell(operation);
    });
  }, [client]);
  return null;
}

/** A notice that fails is no failure of the operation, which stands in the list in any case. */
async function tell(operation: Operation): Promise<void> {
  const words = outcomeWords(operation);
  if (!words) return;
  const names = { service: operation.service, version: operation.toVersion };
  const good = operation.state === "verified" && operation.verdict === "good";
  const title = good ? m.operation_notice_good(names) : m.operation_notice_other(names);
  try {
    await call("notice", { title, body: `${words.title}. ${words.text}` });
  } catch {
    // The desktop has no notices.
  }
}
