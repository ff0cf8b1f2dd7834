import type { ReactNode } from "react";
import css from "./EmptyState.module.css";

type Ghost = { x: number; y: number; width: number };

const GHOSTS: readonly Ghost[] = [
  { y: 0, x: 0, width: 210 },
  { y: 0, x: 214, width: 346 },
  { y: 32, x: 0, width: 120 },
  { y: 32, x: 124, width: 120 },
  { y: 32, x: 248, width: 312 },
  { y: 64, x: 0, width: 400 },
  { y: 64, x: 404, width: 156 },
  { y: 96, x: 0, width: 300 },
  { y: 96, x: 304, width: 90 },
  { y: 96, x: 398, width: 162 },
];

function GhostLanes() {
  return (
    <svg width="560" height="120" viewBox="0 0 560 120" className={css.ghost} aria-hidden="true">
      {GHOSTS.map(({ x, y, width }) => (
        <rect
          key={`${x}/${y}`}
          x={x + 0.5}
          y={y + 0.5}
          width={width - 1}
          height="20"
          rx="4"
          fill="none"
          stroke="var(--span-unknown-stroke)"
          strokeDasharray="4 3"
        />
      ))}
    </svg>
  );
}

/** Nothing to show: ghost lanes, one cause, one action. */
export function EmptyState({
  title,
  children,
  action,
  aside,
}: {
  title: string;
  /** Why, in one or two sentences. */
  children?: ReactNode;
  /** The one button. */
  action?: ReactNode;
  /** A quieter way on, below. */
  aside?: ReactNode;
}) {
  return (
    <div className={css.empty}>
      <GhostLanes />
      <h2 className={css.title}>{title}</h2>
      {children && <p className={`t2 ${css.text}`}>{children}</p>}
      {action && <div className={css.action}>{action}</div>}
      {aside && <div className={css.aside}>{aside}</div>}
    </div>
  );
}
