import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { call, listen, type Operation, type Operations } from "@/ipc";
import { keyOf } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { operationCourse, operationTitle } from "@/shared/operation/course";
import { hasEnded, isRunning, outcomeWords } from "@/shared/operation/outcomes";
import { keepJournal } from "@/shared/operation/useJournal";

/** Follows every operation: what its pods do is kept, and an end that nobody sees is told by the desktop. */
export function OperationWatch() {
  const client = useQueryClient();
  useEffect(() => {
    const told = new Set<string>();
    return listen("operation", (operation) => {
      keepJournal(client, operation, Date.now());
      if (!hasEnded(operation) || told.has(operation.id)) return;
      told.add(operation.id);
      if (document.visibilityState === "hidden") void tell(operation);
    });
  }, [client]);
  useEffect(() => {
    const told = new Set<string>();
    const hidden = () => {
      if (document.visibilityState === "hidden") void tellOfRunning(client, told);
    };
    document.addEventListener("visibilitychange", hidden);
    return () => document.removeEventListener("visibilitychange", hidden);
  }, [client]);
  return null;
}

/** A window that is closed meanwhile only hides: what goes on without it is said, once for each operation. */
async function tellOfRunning(client: QueryClient, told: Set<string>): Promise<void> {
  const list = client.getQueryData<Operations>(keyOf("operation_list", null));
  for (const operation of list?.operations.filter(isRunning) ?? []) {
    if (told.has(operation.id)) continue;
    told.add(operation.id);
    const { service, environment, toVersion: version } = operation;
    await notice(
      m.operation_hidden({ service }),
      m.operation_hidden_text({ environment, version }),
    );
  }
}

async function tell(operation: Operation): Promise<void> {
  const words = outcomeWords(operation);
  if (!words) return;
  await notice(noticeTitle(operation), `${words.title}. ${words.text}`);
}

function noticeTitle(operation: Operation): string {
  const names = { service: operation.service, version: operation.toVersion };
  const good = operation.state === "verified" && operation.verdict === "good";
  if (operationCourse(operation) !== "back") {
    const title = operationTitle(operation);
    return good ? title : m.operation_notice_look({ title });
  }
  return good ? m.operation_notice_good(names) : m.operation_notice_other(names);
}

/** A notice that fails is no failure of the operation, which stands in the list in any case. */
async function notice(title: string, body: string): Promise<void> {
  try {
    await call("notice", { title, body });
  } catch {
    // The desktop has no notices.
  }
}
