import type { ReactNode } from "react";
import css from "./StatusGlyph.module.css";

/** Each meaning has a silhouette of its own, so that it is never told by colour alone. */
export type StatusKind =
  | "ok"
  | "warn"
  | "unknown"
  | "failed"
  | "block"
  | "progress"
  | "rollback"
  | "config";

const SHAPES: Record<StatusKind, ReactNode> = {
  failed: (
    <>
      <path d="M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5z" fill="var(--status-failed)" />
      <path
        d="M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2"
        stroke="var(--status-failed-on)"
        strokeWidth="1.9"
        strokeLinecap="round"
      />
    </>
  ),
  ok: (
    <path
      d="M3.2 8.6l3 3 6.6-7"
      stroke="var(--glyph-ok, var(--status-ok))"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  warn: (
    <>
      <path d="M8 1.2l7.2 13H.8z" fill="var(--status-warn)" />
      <path
        d="M8 6v3.6M8 11.8v.1"
        stroke="var(--surface-0)"
        strokeWidth="1.7"
        strokeLinecap="round"
      />
    </>
  ),
  progress: (
    <>
      <circle cx="8" cy="8" r="6" stroke="var(--span-progress)" strokeWidth="1.6" opacity=".45" />
      <path d="M8 2a6 6 0 0 1 0 12z" fill="var(--span-progress)" />
    </>
  ),
  rollback: (
    <path
      d="M7 3.5L2.8 8 7 12.5M3 8h10.4"
      stroke="var(--span-rollback)"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  unknown: (
    <g stroke="var(--status-unknown)" strokeLinecap="round" strokeLinejoin="round">
      <circle cx="8" cy="8" r="6.2" strokeWidth="1.6" strokeDasharray="2.6 2.2" />
      <path d="M6.4 6.4a1.7 1.7 0 1 1 2.3 1.7c-.5.2-.7.5-.7 1M8 11.2v.1" strokeWidth="1.5" />
    </g>
  ),
  config: <path d="M8 2.2L13.8 8 8 13.8 2.2 8z" fill="var(--span-config)" />,
  block: (
    <>
      <circle cx="8" cy="8" r="7" fill="var(--status-failed)" />
      <path d="M4.6 8h6.8" stroke="var(--status-failed-on)" strokeWidth="2" strokeLinecap="round" />
    </>
  ),
};

/**
 * A status as a shape. It stands with its words, so it is hidden from assistive technology unless
 * `label` names it where no words stand. `quiet` greys the check: health is the normal case.
 */
export function StatusGlyph({
  kind,
  size = 14,
  label,
  quiet = false,
}: {
  kind: StatusKind;
  size?: number;
  label?: string;
  quiet?: boolean;
}) {
  const naming = label ? ({ role: "img", "aria-label": label } as const) : { "aria-hidden": true };
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: it is named by aria-label, or hidden beside its words.
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      className={quiet ? css.quiet : undefined}
      {...naming}
    >
      {SHAPES[kind]}
    </svg>
  );
}
