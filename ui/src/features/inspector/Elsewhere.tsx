import type { DeploymentDetails, Elsewhere as Place } from "@/ipc";
import { m } from "@/paraglide/messages";
import { LinkButton } from "@/shared/controls/Button";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { useSelection } from "@/shared/navigation/selection";
import { useNow } from "@/shared/time/clock";
import { formatMoment } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import css from "./Inspector.module.css";
import { statusLook } from "./words";

/** Where else this version ran, and how it went there. */
export function Elsewhere({ details }: { details: DeploymentDetails }) {
  return (
    <section className={css.section}>
      <h3 className={css.elsewhereHead}>{m.inspector_elsewhere({ version: details.version })}</h3>
      {details.elsewhere.length === 0 && (
        <p className="small muted">{m.inspector_elsewhere_none()}</p>
      )}
      <ul>
        {details.elsewhere.map((place) => (
          <Line key={place.environment} place={place} service={details.service} />
        ))}
      </ul>
    </section>
  );
}

function Line({ place, service }: { place: Place; service: string }) {
  const { select } = useSelection();
  const { deployment, environment } = place;
  const never = place.from === null && place.deployment === null;
  const look = statusLook(place.status);
  const words = useWords(place);
  return (
    <li className={css.elsewhere}>
      <span className={css.elsewhereGlyph}>
        <StatusGlyph kind={never ? "unknown" : look.glyph} />
      </span>
      <div className="grow selectable">
        <div className="b5">{environment}</div>
        <div className="small muted">
          {never ? m.inspector_elsewhere_never() : `${words}${words ? ", " : ""}${look.word}`}
        </div>
      </div>
      {deployment !== null && (
        <LinkButton onPress={() => select({ deployment, lane: { service, environment } })}>
          {m.inspector_show()}
        </LinkButton>
      )}
    </li>
  );
}

function useWords({ from, to }: Place): string {
  const zone = useZone();
  const now = useNow();
  if (from === null) return "";
  const moment = (at: number) => formatMoment(at, zone, now);
  return to === null
    ? m.inspector_elsewhere_running({ from: moment(from) })
    : m.inspector_elsewhere_ran({ from: moment(from), to: moment(to) });
}
