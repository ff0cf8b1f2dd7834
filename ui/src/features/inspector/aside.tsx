import { Pin, PinOff, X } from "lucide-react";
import type { DeploymentDetails } from "@/ipc";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useAppState } from "@/shared/appState";
import { Button, IconButton } from "@/shared/controls/Button";
import { CopyButton } from "@/shared/controls/CopyButton";
import { Spinner } from "@/shared/display/Progress";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { Tag } from "@/shared/display/Tag";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { useSelection } from "@/shared/navigation/selection";
import { underSwitch } from "@/shared/operation/offered";
import { useNow } from "@/shared/time/clock";
import { RelativeTime } from "@/shared/time/Time";
import { useZone } from "@/shared/time/zone";
import { Elsewhere } from "./Elsewhere";
import { Evidence } from "./Evidence";
import { Facts } from "./Facts";
import css from "./Inspector.module.css";
import { Offer, Ways } from "./Offer";
import { detailsReport } from "./report";
import { Workloads } from "./Workloads";
import { ageFrom, caseWords, statusLook } from "./words";

/** What is known of the deployment that is pinned or selected, and what can be done about it. */
export default function Inspector() {
  const { inspected } = useSelection();
  if (!inspected) return null;
  return <Inspected id={inspected.deployment} />;
}

function Inspected({ id }: { id: number }) {
  const { data, error, refetch } = useRead("deployment_details", { id });
  const { workspace } = useAppState();
  if (error) {
    return (
      <div className={css.section}>
        <div className="row">
          <span className="grow" />
          <Close />
        </div>
        <ErrorBand
          error={error.wire}
          actions={
            <Button size="small" onPress={() => void refetch()}>
              {m.shared_try_again()}
            </Button>
          }
        />
      </div>
    );
  }
  if (!data) {
    return (
      <div className={css.section} role="status">
        <div className="row g8 muted">
          <Spinner />
          {m.inspector_reading()}
        </div>
      </div>
    );
  }
  return <Details details={underSwitch(data, workspace?.readOnly ?? false)} />;
}

function Close() {
  const { select, pin } = useSelection();
  const close = () => {
    pin(null);
    select(null);
  };
  return <IconButton icon={X} label={m.inspector_close()} onPress={close} />;
}

/** Pinned, the inspector stays on its deployment while the selection moves on. */
function PinButton() {
  const { inspected, pinned, pin } = useSelection();
  return (
    <IconButton
      icon={pinned ? PinOff : Pin}
      variant={pinned ? "secondary" : "ghost"}
      label={pinned ? m.inspector_unpin() : m.inspector_pin()}
      onPress={() => pin(pinned ? null : inspected)}
    />
  );
}

function Details({ details }: { details: DeploymentDetails }) {
  const now = useNow();
  const zone = useZone();
  return (
    <article aria-label={`${details.service} ${details.version}, ${details.environment}`}>
      <div className={css.top}>
        <Head details={details} />
        <p className={`t2 ${css.case}`}>{caseWords(details, now)}</p>
        <Offer details={details} />
        <Ways details={details} />
      </div>
      <Workloads details={details} />
      <Facts details={details} />
      <Evidence details={details} />
      <Elsewhere details={details} />
      <div className={css.section}>
        <CopyButton
          variant="secondary"
          size="normal"
          text={() => detailsReport(details, zone, now)}
          label={m.inspector_copy_details()}
        />
      </div>
    </article>
  );
}

function Head({ details }: { details: DeploymentDetails }) {
  const look = statusLook(details.status);
  const at = ageFrom(details);
  return (
    <>
      <div className={css.statusRow}>
        <div className={css.status}>
          <Tag meaning={look.tag}>
            <StatusGlyph kind={look.glyph} />
            {look.word}
          </Tag>
          {details.kind !== "version" && (
            <Tag meaning={details.kind === "configuration" ? "config" : "neutral"}>
              {details.kind === "configuration"
                ? m.inspector_kind_configuration()
                : m.inspector_kind_restart()}
            </Tag>
          )}
          {at !== null && (
            <span className="small muted nowrap">
              <RelativeTime at={at} />
            </span>
          )}
        </div>
        <PinButton />
        <Close />
      </div>
      <div className={css.name}>
        <h2 className="selectable">{details.service}</h2>
        <span className={`mono selectable ${css.version}`}>{details.version}</span>
        <span className="grow" />
        <span className="t2 b5">{details.environment}</span>
      </div>
    </>
  );
}
