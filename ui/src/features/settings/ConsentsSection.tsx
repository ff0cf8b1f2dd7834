import { useRead, useWrite } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { Section } from "./Section";
import css from "./Settings.module.css";

/** The sign-in programs that this person allowed, each with its exact arguments and a way back. */
export function ConsentsSection() {
  const { data, error } = useRead("exec_consents", null);
  const revoke = useWrite("exec_consent", { stale: ["exec_consents", "contexts_list"] });
  const failure = error ?? revoke.error;
  const allowed = (data ?? []).filter((consent) => consent.allow);
  return (
    <Section title={m.settings_consents()}>
      <p className="small muted">{m.settings_consents_text()}</p>
      {allowed.length === 0 && data && <p className="t2">{m.settings_consents_none()}</p>}
      {allowed.length > 0 && (
        <ul>
          {allowed.map((consent) => (
            <li key={consent.key} className={css.consent}>
              <div className="grow">
                <div className="mono small t1 selectable">{consent.path}</div>
                <div className="mono small muted selectable">{consent.arguments.join(" ")}</div>
                <div className="small muted">
                  {m.settings_consent_for({ context: consent.context })}
                </div>
              </div>
              <Button
                isDisabled={revoke.isPending}
                onPress={() => revoke.mutate({ ...consent, allow: false })}
              >
                {m.settings_consent_revoke()}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {failure && <ErrorBand error={failure.wire} />}
    </Section>
  );
}
