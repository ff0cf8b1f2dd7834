import type { ReactNode } from "react";
import { Spinner } from "@/shared/display/Progress";
import { StatusGlyph, type StatusKind } from "@/shared/display/StatusGlyph";
import css from "./Welcome.module.css";

/** One thing that was found or is tested: a glyph, its name, a muted line, and what can be done. */
export function Line({
  glyph,
  name,
  text,
  right,
}: {
  glyph: StatusKind | "running";
  name: string;
  text?: ReactNode;
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
    </div>
  );
}
