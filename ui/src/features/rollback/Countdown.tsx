import { useQueryClient } from "@tanstack/react-query";
import { Square } from "lucide-react";
import { useEffect, useState } from "react";
import type { Operation, Plan } from "@/ipc";
import { keyOf, useWrite } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { Change } from "@/shared/operation/Change";
import css from "./Operation.module.css";
import { WhereItActs } from "./WhereItActs";

/** Stops an operation before its first write; the backend says whether that was in time. */
export function useStop(id: string) {
  const client = useQueryClient();
  const cancel = useWrite("operation_cancel", {
    onSuccess: (operation) => {
      // The event that tells of the end may have come before this reply.
      client.setQueryData<Operation>(keyOf("operation_get", { id }), (known) =>
        known && known.state !== "waiting" ? known : operation,
      );
    },
  });
  return {
    stop: () => {
      if (!cancel.isPending) cancel.mutate({ id });
    },
    stopping: cancel.isPending || cancel.isSuccess,
    error: cancel.error?.wire ?? null,
  };
}

export type Stop = ReturnType<typeof useStop>;

const WINDOW = 3000;

function useLeft(until: number | null): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, (until ?? now) - now);
}

/** Three seconds, large, with what will happen. */
export function Countdown({ operation, stop }: { operation: Operation; stop: Stop }) {
  const left = useLeft(operation.cancelUntil);
  const seconds = Math.ceil(left / 1000);
  const share = Math.min(1, left / WINDOW);
  const words = stop.stopping ? m.rollback_stopping() : m.rollback_countdown({ seconds });
  return (
    <div className={css.countdown}>
      <svg width="96" height="96" viewBox="0 0 96 96" aria-hidden="true">
        <circle cx="48" cy="48" r="42" className={css.ringBack} />
        <circle
          cx="48"
          cy="48"
          r="42"
          className={css.ring}
          pathLength={1}
          strokeDasharray={`${share} 1`}
          transform="rotate(-90 48 48)"
        />
        <text x="48" y="60" textAnchor="middle" className={css.ringText}>
          {seconds}
        </text>
      </svg>
      <div>
        <div className={css.countdownWords} role="status">
          {words}
        </div>
        <p className="t2">
          {operation.service}, {operation.environment}:{" "}
          <Change
            operation={operation}
            arrow={
              <svg
                className={css.inlineArrow}
                width="16"
                height="10"
                viewBox="0 0 16 10"
                role="img"
                aria-label={m.operation_change_to()}
              >
                <path d="M1 5h13M10.500 1.500L14 5l-3.500 3.500" />
              </svg>
            }
          />
        </p>
        <p className="small muted">{m.rollback_countdown_text()}</p>
      </div>
      {stop.error && (
        <div className={css.stopError}>
          <ErrorBand error={stop.error} />
        </div>
      )}
    </div>
  );
}

export function CountdownFoot({
  operation,
  plan,
  stop,
}: {
  operation: Operation;
  plan: Plan | null;
  stop: Stop;
}) {
  return (
    <>
      <WhereItActs place={operation} plan={plan} />
      <span className="grow" />
      <Button
        variant="primary"
        size="big"
        icon={Square}
        autoFocus
        isDisabled={stop.stopping}
        onPress={stop.stop}
      >
        {stop.stopping ? m.rollback_stopping() : m.rollback_stop()}
      </Button>
    </>
  );
}
