import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import { m } from "@/paraglide/messages";
import css from "./Diff.module.css";
import { Icon } from "./Icon";

export type DiffLine = { kind: "add" | "delete" | "context"; text: string };

const SIGN: Record<DiffLine["kind"], string> = { add: "+", delete: "−", context: "" };

/** Tinted lines with their sign in a 20 px gutter. */
export function Diff({ lines, framed = true }: { lines: readonly DiffLine[]; framed?: boolean }) {
  return (
    <div className={`${css.diff} ${framed ? css.framed : ""} selectable`}>
      {lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place.
        <div key={at} className={css[line.kind]}>
          <span className={css.sign} aria-hidden="true">
            {SIGN[line.kind]}
          </span>
          {line.kind !== "context" && (
            <span className="visually-hidden">
              {line.kind === "add" ? m.shared_diff_added() : m.shared_diff_removed()}{" "}
            </span>
          )}
          <span>{line.text}</span>
        </div>
      ))}
    </div>
  );
}

/** A value that changes: the old one in red, the new one in green, with an arrow between. */
export function Change({ from, to }: { from: ReactNode | null; to: ReactNode | null }) {
  return (
    <span className={css.change}>
      <span className={`${css.chip} ${css.old}`}>
        <span className="visually-hidden">{m.shared_diff_removed()} </span>
        {from ?? m.shared_none()}
      </span>
      <Icon of={ArrowRight} size="s" className="muted" />
      <span className={`${css.chip} ${css.new}`}>
        <span className="visually-hidden">{m.shared_diff_added()} </span>
        {to ?? m.shared_none()}
      </span>
    </span>
  );
}
