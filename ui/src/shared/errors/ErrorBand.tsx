import type { ReactNode } from "react";
import type { WireError } from "@/ipc";
import { m } from "@/paraglide/messages";
import { CopyButton } from "@/shared/controls/CopyButton";
import css from "./ErrorBand.module.css";
import { errorReport, errorWords } from "./words";

/** What went wrong, the exact words of whoever said so, the next step, and "Copy details". */
export function ErrorBand({ error, actions }: { error: WireError; actions?: ReactNode }) {
  const { title, next } = errorWords(error);
  return (
    <div className={css.band} role="alert">
      <div className="b6 selectable">{title}</div>
      {error.details && <p className={`mono ${css.details}`}>{error.details}</p>}
      <p className={`small t2 ${css.next}`}>{next}</p>
      <div className={css.actions}>
        {actions}
        <CopyButton text={() => errorReport(error)} label={m.shared_copy_details()} />
      </div>
    </div>
  );
}
