import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from "react";
import { m } from "@/paraglide/messages";
import { Region } from "@/shared/keys/regions";
import css from "./Aside.module.css";

const NARROWEST = 300;
const WIDEST = 720;
const STEP = 16;

const within = (width: number) => Math.min(WIDEST, Math.max(NARROWEST, Math.round(width)));

/**
 * A panel at the right: beside the content from 1400 px on, over it below. Its left edge is dragged,
 * or moved with ← and →, to make it wider.
 */
export function Aside({
  label,
  width,
  onWidth,
  onClose,
  children,
}: {
  label: string;
  /** `null`: as wide as the design says for this window. */
  width: number | null;
  onWidth: (width: number) => void;
  /** Esc inside it. */
  onClose: () => void;
  children: ReactNode;
}) {
  const [dragged, setDragged] = useState<number | null>(null);
  const shown = dragged ?? width;
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const panel = event.currentTarget.parentElement;
    if (!panel || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    setDragged(within(panel.getBoundingClientRect().right - event.clientX));
  };
  const drop = () => {
    if (dragged !== null) onWidth(dragged);
    setDragged(null);
  };
  const nudge = (event: KeyboardEvent<HTMLDivElement>) => {
    const panel = event.currentTarget.parentElement;
    if (!panel || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    event.preventDefault();
    onWidth(within(panel.offsetWidth + (event.key === "ArrowLeft" ? STEP : -STEP)));
  };
  return (
    <Region
      as="aside"
      label={label}
      className={css.aside ?? ""}
      style={shown === null ? undefined : { width: shown }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be dragged or focused. */}
      <div
        role="separator"
        tabIndex={0}
        aria-label={m.shared_resize({ name: label })}
        aria-orientation="vertical"
        aria-valuenow={shown ?? NARROWEST}
        aria-valuemin={NARROWEST}
        aria-valuemax={WIDEST}
        className={css.edge}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onPointerUp={drop}
        onPointerCancel={drop}
        onKeyDown={nudge}
      />
      <div className={css.content}>{children}</div>
    </Region>
  );
}
