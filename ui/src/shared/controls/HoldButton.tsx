import { type KeyboardEvent, type MouseEvent, type PointerEvent, useEffect, useState } from "react";
import css from "./HoldButton.module.css";
import { useHold } from "./useHold";

/** What a hold asks: 1.2 s, as the design says. */
export const HOLD_MILLISECONDS = 1200;

/**
 * The gesture of a rollback. By pointer it is held for 1.2 s; letting go empties it. By keyboard, or
 * by assistive technology, it is pressed twice: the first press arms it and says so, Esc or leaving
 * disarms it. A key that repeats because it is held down counts once.
 */
export function HoldButton({
  label,
  holdingLabel,
  armedLabel,
  onBegin,
  onConfirm,
  isDisabled = false,
  milliseconds = HOLD_MILLISECONDS,
}: {
  /** "Hold to roll back to 2.3.7" */
  label: string;
  /** "Keep holding" */
  holdingLabel: string;
  /** "Press again to roll back to 2.3.7" */
  armedLabel: string;
  /** The gesture has begun: the first press, or the pointer going down. */
  onBegin?: () => void;
  onConfirm: () => void;
  isDisabled?: boolean;
  milliseconds?: number;
}) {
  const hold = useHold({ milliseconds, onBegin, onConfirm });
  const [byKeyboard, setByKeyboard] = useState(false);
  useEffect(() => {
    if (isDisabled) hold.reset();
  }, [isDisabled, hold.reset]);

  const pointerDown = (event: PointerEvent<HTMLButtonElement>) => {
    if (event.button !== 0 || isDisabled) return;
    setByKeyboard(false);
    event.currentTarget.setPointerCapture?.(event.pointerId);
    hold.start();
  };
  const pointerMove = (event: PointerEvent<HTMLButtonElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const inside =
      event.clientX >= box.left &&
      event.clientX <= box.right &&
      event.clientY >= box.top &&
      event.clientY <= box.bottom;
    if (!inside) hold.stop();
  };
  const keyDown = (event: KeyboardEvent<HTMLButtonElement>) => {
    if (event.key === "Escape" && hold.phase === "armed") {
      event.stopPropagation();
      hold.reset();
      return;
    }
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (event.repeat || isDisabled) return;
    setByKeyboard(true);
    hold.press();
  };
  const keyUp = (event: KeyboardEvent<HTMLButtonElement>) => {
    if (event.key === " ") event.preventDefault();
  };
  // A click without a pointer comes from assistive technology; a pointer's own click says nothing new.
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (event.detail === 0 && !isDisabled) {
      setByKeyboard(true);
      hold.press();
    }
  };

  const words =
    hold.phase === "holding" ? holdingLabel : hold.phase === "armed" ? armedLabel : label;
  return (
    <>
      <button
        type="button"
        className={css.button}
        data-phase={hold.phase}
        aria-disabled={isDisabled || undefined}
        style={{ "--hold": `${milliseconds}ms` } as React.CSSProperties}
        onPointerDown={pointerDown}
        onPointerMove={hold.phase === "holding" ? pointerMove : undefined}
        onPointerUp={hold.stop}
        onPointerCancel={hold.stop}
        onContextMenu={(event) => event.preventDefault()}
        onKeyDown={keyDown}
        onKeyUp={keyUp}
        onClick={click}
        onBlur={hold.reset}
      >
        <span className={css.fill} />
        <svg width="18" height="18" viewBox="0 0 18 18" fill="none" aria-hidden="true">
          <circle cx="9" cy="9" r="7" stroke="currentColor" strokeWidth="2" opacity=".4" />
          <circle cx="9" cy="9" r="3" fill="currentColor" />
        </svg>
        <span className={css.words}>{words}</span>
      </button>
      <span role="status" className="visually-hidden">
        {byKeyboard && hold.phase === "armed" ? armedLabel : ""}
      </span>
    </>
  );
}
