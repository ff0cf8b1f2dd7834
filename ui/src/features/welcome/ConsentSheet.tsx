import { ShieldAlert } from "lucide-react";
import type { ExecPlugin } from "@/ipc";
import { useWrite } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { Icon } from "@/shared/display/Icon";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { Sheet } from "@/shared/overlay/Sheet";
import css from "./Welcome.module.css";

/** What a kubeconfig wants to run, whole, before it runs. The focus is on the refusal. */
export function ConsentSheet({
  plugin,
  onClose,
  onAllowed,
}: {
  plugin: ExecPlugin;
  onClose: () => void;
  onAllowed: () => void;
}) {
  const { context, path, environment, key } = plugin;
  const consent = useWrite("exec_consent", {
    stale: ["contexts_list", "exec_consents"],
    onSuccess: () => {
      onAllowed();
      onClose();
    },
  });
  const allow = () =>
    consent.mutate({ context, path, arguments: plugin.arguments, environment, key, allow: true });
  return (
    <Sheet
      isOpen
      onClose={onClose}
      title={m.consent_title({ context })}
      icon={<Icon of={ShieldAlert} className="c-warn" />}
      width={600}
      foot={
        <>
          <span className="grow" />
          <Button size="big" autoFocus onPress={onClose}>
            {m.consent_refuse()}
          </Button>
          <Button size="big" variant="primary" isDisabled={consent.isPending} onPress={allow}>
            {m.consent_allow()}
          </Button>
        </>
      }
    >
      <div className={css.sheet}>
        <p className="t2">{m.consent_text()}</p>
        {plugin.changed && <p className="c-warn">{m.consent_changed()}</p>}
        <dl className={css.program}>
          <dt className="label">{m.consent_program()}</dt>
          <dd className="mono small selectable">{path}</dd>
          <dt className="label">{m.consent_arguments()}</dt>
          <dd className="mono small selectable">
            {plugin.arguments.length === 0 && (
              <span className="muted">{m.consent_no_arguments()}</span>
            )}
            {plugin.arguments.map((argument, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: arguments have no identity but their place.
              <div key={at}>{argument}</div>
            ))}
          </dd>
          {environment.length > 0 && (
            <>
              <dt className="label">{m.consent_variables()}</dt>
              <dd className="mono small selectable">{environment.join(", ")}</dd>
            </>
          )}
        </dl>
        <p className="small muted">{m.consent_scope()}</p>
        {consent.error && <ErrorBand error={consent.error.wire} />}
      </div>
    </Sheet>
  );
}
