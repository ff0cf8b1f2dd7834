import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import type { DeploymentDetails } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { LinkButton } from "@/shared/controls/Button";
import { Icon } from "@/shared/display/Icon";
import { useNavigation } from "@/shared/navigation/navigation";
import { useNow } from "@/shared/time/clock";
import { formatDuration, formatMoment } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import css from "./Inspector.module.css";
import { changedWords, rangeWords, sourceWords } from "./words";

/** Who, when, why and what changed, each with how it is known. */
export function Facts({ details }: { details: DeploymentDetails }) {
  return (
    <section className={css.section}>
      <dl className={css.facts}>
        <Fact name={m.inspector_who()}>
          <Who details={details} />
        </Fact>
        <Fact name={m.inspector_when()}>
          <When details={details} />
        </Fact>
        <Fact name={m.inspector_why()}>
          <Why details={details} />
        </Fact>
        {details.changed && (
          <Fact name={m.inspector_changed()}>{changedWords(details.changed)}</Fact>
        )}
      </dl>
    </section>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Who({ details: { who, operation } }: { details: DeploymentDetails }) {
  if (!who) return <span className="muted">{m.inspector_who_unknown()}</span>;
  // Whoever wrote a version did not therefore deploy it.
  if (who.source === "version-author") return m.inspector_author({ name: who.text });
  return (
    <>
      {who.text} <span className="muted">{sourceWords(who)}</span>
      {operation && <OperationLink number={operation} />}
    </>
  );
}

function OperationLink({ number }: { number: string }) {
  const { open, go } = useNavigation();
  const { data } = useRead("operation_list", null);
  const found = data?.operations.find((one) => String(one.number) === number || one.id === number);
  const shown = found ? String(found.number) : number;
  return (
    <div>
      <LinkButton
        onPress={() =>
          found ? open({ name: "operation", operation: found.id }) : go({ name: "operations" })
        }
      >
        {m.inspector_operation({ number: shown })}
      </LinkButton>
    </div>
  );
}

function When({ details }: { details: DeploymentDetails }) {
  const zone = useZone();
  const now = useNow();
  const { started, failed, settled, ended, previousServedUntil, changed } = details;
  const end = failed ?? settled;
  const exact =
    started && end && started.earliest === started.latest && end.earliest === end.latest;
  if (!started && !end) return <span className="muted">{m.inspector_who_unknown()}</span>;
  return (
    <>
      {started && rangeWords(started, zone, now)}
      {end && (
        <>
          {started && (
            <span className={css.arrow}>
              <Icon of={ArrowRight} size="xs" />
            </span>
          )}
          {rangeWords(end, zone, now)}
        </>
      )}{" "}
      {exact && <span className="muted nowrap">{formatDuration(end.latest - started.latest)}</span>}
      {ended && (
        <div className="muted">{m.inspector_until({ to: rangeWords(ended, zone, now) })}</div>
      )}
      {previousServedUntil !== null && changed && (
        <div className="muted">
          {m.inspector_served_until({
            version: changed.previousVersion,
            to: formatMoment(previousServedUntil, zone, now),
          })}
        </div>
      )}
    </>
  );
}

function Why({ details: { why, release } }: { details: DeploymentDetails }) {
  const said = why ?? (release ? { text: release.subject, source: "version-author" } : null);
  if (!said) return <span className="muted">{m.inspector_why_unknown()}</span>;
  const source =
    why === null && release ? `${m.inspector_released()} ${release.tag}` : sourceWords(said);
  return (
    <>
      {said.text} <span className="muted">{source}</span>
    </>
  );
}
