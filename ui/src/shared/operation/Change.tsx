import type { ReactNode } from "react";
import type { Operation } from "@/ipc";
import { m } from "@/paraglide/messages";
import { operationCourse } from "./course";

/** From which version to which; of one that stays, that its pod template alone changes. */
export function Change({ operation, arrow }: { operation: Operation; arrow: ReactNode }) {
  const { fromVersion, toVersion } = operation;
  if (operationCourse(operation) === "configuration")
    return <span>{m.operation_change_configuration({ version: toVersion })}</span>;
  return (
    <>
      <span className="t2">{fromVersion}</span> {arrow} <span>{toVersion}</span>
    </>
  );
}

/** The same as one text, for a name that is read out. */
export function changeText(operation: Operation): string {
  const { fromVersion, toVersion } = operation;
  return operationCourse(operation) === "configuration"
    ? m.operation_change_configuration({ version: toVersion })
    : m.operation_change({ from: fromVersion, to: toVersion });
}
