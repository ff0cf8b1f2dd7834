import type { ReactNode } from "react";
import css from "./Tag.module.css";

export type TagMeaning =
  | "neutral"
  | "failed"
  | "ok"
  | "warn"
  | "unknown"
  | "rollback"
  | "live"
  | "config";

/** 20 px high, in the soft fill of its meaning; the words carry the meaning, the colour helps. */
export function Tag({
  meaning = "neutral",
  children,
}: {
  meaning?: TagMeaning;
  children: ReactNode;
}) {
  return <span className={`${css.tag} ${css[meaning]}`}>{children}</span>;
}

export type PillState = "plain" | "outlined" | "failed" | "unknown" | "past" | "rollback";

/** A version in mono, always whole: a cut version is a lie. */
export function Pill({ state = "plain", children }: { state?: PillState; children: ReactNode }) {
  return <span className={`${css.pill} ${css[`pill-${state}`]}`}>{children}</span>;
}
