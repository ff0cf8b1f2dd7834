import { ShieldAlert, ShieldCheck } from "lucide-react";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import css from "./Operations.module.css";

/** Whether the hash chain over all operations holds, and what that does not prove. */
export function ChainState({ intact }: { intact: boolean }) {
  return (
    <p
      className={`small ${css.chain} ${intact ? "" : css.broken}`}
      role={intact ? "status" : "alert"}
    >
      <Icon
        of={intact ? ShieldCheck : ShieldAlert}
        size="s"
        className={intact ? "c-ok" : "c-failed"}
      />
      <span>
        <span className="b5">{intact ? m.operation_chain_ok() : m.operation_chain_broken()}</span>{" "}
        <span className="muted">
          {intact ? m.operation_chain_ok_text() : m.operation_chain_broken_text()}
        </span>
      </span>
    </p>
  );
}
