import type { ReactNode } from "react";
import { Spinner } from "@/shared/display/Progress";
import { StatusGlyph, type StatusKind } from "@/shared/display/StatusGlyph";
import css from "./Welcome.module.css";

/** One thing that was found or is tested: a glyph, its name, a muted line, a warning, and what can be done. */
export function Line({
  glyph,
  name,
  text,
  warning,
  right,
}: {
  glyph: StatusKind | "running";
  name: string;
  text?: ReactNode;
  /** What is wrong with it although it works. */
  warning?: string | null;
  right?: ReactNode;
}) {
  return (
    <div className={css.line}>
      <span className={css.glyph}>
        {glyph === "running" ? <Spinner /> : <StatusGlyph kind={glyph} />}
      </span>
      <div className="b5 ell" title={name}>
        {name}
      </div>
      <div className={css.right}>{right}</div>
      {text && <div className={`small muted ${css.detail}`}>{text}</div>}
      {warning && (
        <div className={`row g6 small c-warn ${css.detail}`}>
          <StatusGlyph kind="warn" />
          {warning}
        </div>
      )}
    </div>
  );
}
