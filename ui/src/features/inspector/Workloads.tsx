import type { DeploymentDetails } from "@/ipc";
import { m } from "@/paraglide/messages";
import { LinkButton } from "@/shared/controls/Button";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { useSelection } from "@/shared/navigation/selection";
import css from "./Inspector.module.css";
import { statusLook } from "./words";

/** Where several workloads run the service: a row each, to be selected, compared and rolled back by itself. */
export function Workloads({ details }: { details: DeploymentDetails }) {
  const { select } = useSelection();
  if (details.workloads.length === 0) return null;
  const lane = { service: details.service, environment: details.environment };
  return (
    <section className={css.section}>
      <h3 className={css.elsewhereHead}>
        {m.inspector_workloads({ environment: details.environment })}
      </h3>
      <ul>
        {details.workloads.map(({ namespace, name, version, status, deployment }) => (
          <li key={`${namespace}/${name}`} className={css.elsewhere}>
            <span className={css.elsewhereGlyph}>
              <StatusGlyph kind={statusLook(status).glyph} />
            </span>
            <div className="grow selectable">
              <div className="b5">{name}</div>
              <div className="small muted">
                <span className="mono">{version}</span>, {statusLook(status).word}
              </div>
            </div>
            {details.workload?.namespace === namespace && details.workload.name === name ? (
              <span className="small muted">{m.inspector_workload_this()}</span>
            ) : (
              <LinkButton
                aria-label={m.inspector_workload_show({ name })}
                onPress={() => select({ deployment, lane })}
              >
                {m.inspector_show()}
              </LinkButton>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
