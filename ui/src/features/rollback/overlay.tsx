import { useState } from "react";
import type { Plan } from "@/ipc";
import { useNavigation } from "@/shared/navigation/navigation";
import { OperationSheet } from "./OperationSheet";
import { PlanSheet } from "./PlanSheet";

/**
 * One sheet from the plan to the verdict. It stands for the overlay `rollback` (a plan) and for
 * `operation` (what became of one); the plan that was confirmed is kept from the one to the other.
 */
export default function RollbackOverlay() {
  const { overlay, open } = useNavigation();
  const [confirmed, setConfirmed] = useState<{ operation: string; plan: Plan } | null>(null);
  const [before, setBefore] = useState<Plan | null>(null);
  if (overlay?.name === "rollback") {
    return (
      <PlanSheet
        key={JSON.stringify([overlay.lane, overlay.target])}
        lane={overlay.lane}
        target={overlay.target}
        before={before}
        onConfirmed={(operation, plan) => {
          setConfirmed({ operation: operation.id, plan });
          open({ name: "operation", operation: operation.id });
        }}
      />
    );
  }
  if (overlay?.name === "operation") {
    const plan = confirmed?.operation === overlay.operation ? confirmed.plan : null;
    return (
      <OperationSheet
        key={overlay.operation}
        id={overlay.operation}
        plan={plan}
        onPlanAgain={(lane, target) => {
          // Its opposite is another change, not the same one planned again.
          const isOpposite = target && "undo" in target && target.undo === overlay.operation;
          setBefore(isOpposite ? null : plan);
          open({ name: "rollback", lane, ...(target && { target }) });
        }}
      />
    );
  }
  return null;
}
