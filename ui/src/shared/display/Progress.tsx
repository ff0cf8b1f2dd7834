import type { ReactNode } from "react";
import css from "./Progress.module.css";

/** Something goes on. It stands beside words and a clock, never alone. Still, with reduced motion. */
export function Spinner({ size = 14 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 18 18"
      fill="none"
      className={css.spinner}
      aria-hidden="true"
    >
      <circle cx="9" cy="9" r="7.5" stroke="var(--span-progress)" strokeWidth="2.4" opacity=".3" />
      <path
        d="M9 1.5a7.5 7.5 0 0 1 6.5 11.2"
        stroke="var(--span-progress)"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
    </svg>
  );
}

/** A screen or a pane is being read, in words; said only where it takes its time. */
export function Reading({ children }: { children: ReactNode }) {
  return (
    <p className={`row g8 small muted ${css.reading}`} role="status">
      <Spinner /> {children}
    </p>
  );
}

/** How far something is. */
export function Progress({ label, done, total }: { label: string; done: number; total: number }) {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  return (
    <div
      role="progressbar"
      tabIndex={-1}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      className={css.track}
    >
      <span className={css.done} style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
