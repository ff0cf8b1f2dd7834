import type { ReactNode } from "react";
import css from "./Settings.module.css";

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={css.section} aria-label={title}>
      <h3>{title}</h3>
      <div className={css.body}>{children}</div>
    </section>
  );
}

/** A name at the left and its control at the right. */
export function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={css.line}>
      <span className="t2">{name}</span>
      {children}
    </div>
  );
}
