import { useCallback, useEffect, useRef, useState } from "react";

/** Two presses nearer than this are one bouncing key. */
const BOUNCE_MILLISECONDS = 250;
/** How long a first press stays armed. */
const ARMED_MILLISECONDS = 6000;

export type HoldPhase = "idle" | "holding" | "armed";

/** The state of a hold: a timer while held, or two presses. It confirms at most once a gesture. */
export function useHold({
  milliseconds,
  onBegin,
  onConfirm,
}: {
  milliseconds: number;
  onBegin?: (() => void) | undefined;
  onConfirm: () => void;
}) {
  const [phase, setPhase] = useState<HoldPhase>("idle");
  const current = useRef<HoldPhase>("idle");
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const armedAt = useRef(0);
  const actions = useRef({ onBegin, onConfirm });
  actions.current = { onBegin, onConfirm };

  const enter = useCallback((next: HoldPhase) => {
    clearTimeout(timer.current);
    current.current = next;
    setPhase(next);
  }, []);
  const reset = useCallback(() => enter("idle"), [enter]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const confirm = useCallback(() => {
    enter("idle");
    actions.current.onConfirm();
  }, [enter]);

  const start = useCallback(() => {
    enter("holding");
    actions.current.onBegin?.();
    timer.current = setTimeout(confirm, milliseconds);
  }, [confirm, enter, milliseconds]);

  const stop = useCallback(() => {
    if (current.current === "holding") reset();
  }, [reset]);

  const press = useCallback(() => {
    if (current.current === "armed") {
      if (performance.now() - armedAt.current >= BOUNCE_MILLISECONDS) confirm();
      return;
    }
    enter("armed");
    armedAt.current = performance.now();
    actions.current.onBegin?.();
    timer.current = setTimeout(reset, ARMED_MILLISECONDS);
  }, [confirm, enter, reset]);

  return { phase, start, stop, press, reset };
}
