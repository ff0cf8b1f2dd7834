import { useState } from "react";
import { useRead } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { useWorkspace } from "@/shared/appState";
import { Button } from "@/shared/controls/Button";
import { Field } from "@/shared/controls/Field";
import { Segmented } from "@/shared/controls/Segmented";
import { Select } from "@/shared/controls/Select";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import type { CompareSide } from "@/shared/navigation/route";
import { movesOf, useMovedTags } from "@/shared/tags/MovedTag";
import { useNow } from "@/shared/time/clock";
import { readMoment, writeMoment } from "@/shared/time/moment";
import { useZone } from "@/shared/time/zone";
import css from "./Compare.module.css";

/** What one side shall be: a version, or what runs in an environment now or ran at a time. */
export function SidePicker({
  service: first,
  side,
  environment: shownEnvironment,
  version: shownVersion,
  closes = false,
  onChoose,
}: {
  service: string | null;
  side: CompareSide | null;
  /** What is shown now, to begin from. */
  environment: string | null;
  version: string | null;
  /** Choosing closes the panel that this stands in. */
  closes?: boolean;
  onChoose: (service: string, side: CompareSide) => void;
}) {
  const { services, environments } = useWorkspace();
  const zone = useZone();
  const now = useNow();
  const [service, setService] = useState(first ?? services[0]?.name ?? null);
  const [kind, setKind] = useState<"version" | "environment">(
    side?.kind === "version" ? "version" : "environment",
  );
  const [version, setVersion] = useState(side?.kind === "version" ? side.version : shownVersion);
  const [environment, setEnvironment] = useState(
    side?.kind === "environment" ? side.environment : shownEnvironment,
  );
  const pinned = side?.kind === "environment" ? side.at : undefined;
  const [when, setWhen] = useState<"now" | "at">(pinned === undefined ? "now" : "at");
  const [moment, setMoment] = useState(() => writeMoment(pinned ?? now, zone));
  const at = readMoment(moment, zone);
  const isFuture = at !== null && at > now;
  const chosen = (): CompareSide | null => {
    if (kind === "version") return version === null ? null : { kind, version };
    if (environment === null) return null;
    if (when === "now") return { kind, environment };
    return at === null || isFuture ? null : { kind, environment, at };
  };
  const momentError = () => {
    if (at === null) return m.compare_moment_wrong({ example: writeMoment(now, zone) });
    return isFuture ? m.compare_moment_future() : undefined;
  };
  const next = chosen();
  // Beside an empty side a choice that is whole acts at once; in the panel of a side it waits for the button.
  const choose = (own: CompareSide) => {
    if (!closes && service) onChoose(service, own);
  };
  return (
    <form className={css.picker} onSubmit={(event) => event.preventDefault()}>
      <Select
        label={m.compare_service()}
        options={services.map(({ name }) => ({ id: name, label: name }))}
        value={service}
        placeholder={m.compare_choose()}
        onChange={(name) => {
          setService(name);
          if (name !== service) setVersion(null);
        }}
      />
      <Segmented
        label={m.compare_kind()}
        value={kind}
        onChange={setKind}
        segments={[
          { id: "environment", label: m.compare_kind_environment() },
          { id: "version", label: m.compare_kind_version() },
        ]}
      />
      {kind === "version" ? (
        <VersionSelect
          service={service}
          value={version}
          onChange={(name) => {
            setVersion(name);
            choose({ kind: "version", version: name });
          }}
        />
      ) : (
        <>
          <Select
            label={m.compare_environment()}
            options={environments.map(({ name }) => ({ id: name, label: name }))}
            value={environment}
            placeholder={m.compare_choose()}
            onChange={(name) => {
              setEnvironment(name);
              if (when === "now") choose({ kind: "environment", environment: name });
            }}
          />
          <Segmented
            label={m.compare_when()}
            value={when}
            onChange={setWhen}
            segments={[
              { id: "now", label: m.compare_when_now() },
              { id: "at", label: m.compare_when_at() },
            ]}
          />
          {when === "at" && (
            <Field
              label={m.compare_moment()}
              mono
              value={moment}
              onChange={setMoment}
              hint={m.compare_moment_hint({ zone })}
              error={momentError()}
            />
          )}
        </>
      )}
      {(closes || (kind === "environment" && when === "at")) && (
        <div className={css.pickerFoot}>
          <Button
            type="submit"
            {...(closes && { slot: "close" })}
            isDisabled={!service || !next}
            onPress={() => service && next && onChoose(service, next)}
          >
            {m.compare_apply()}
          </Button>
        </div>
      )}
    </form>
  );
}

function VersionSelect({
  service,
  value,
  onChange,
}: {
  service: string | null;
  value: string | null;
  onChange: (version: string) => void;
}) {
  const versions = useRead("versions", { service: service ?? "" }, { enabled: service !== null });
  const moved = useMovedTags();
  if (versions.error) return <ErrorBand error={versions.error.wire} />;
  const options = (versions.data?.versions ?? []).map((one) => ({
    id: one.version,
    label: one.version,
    ...hint(one.liveIn, movesOf(moved, service, one.version).length > 0),
  }));
  if (versions.data && options.length === 0) {
    return <p className="small muted">{m.compare_no_versions()}</p>;
  }
  return (
    <Select
      label={m.compare_version()}
      options={options}
      value={options.some((one) => one.id === value) ? value : null}
      placeholder={m.compare_choose()}
      isDisabled={options.length === 0}
      onChange={onChange}
    />
  );
}

/** Where a version runs, and that its tag was moved. */
function hint(liveIn: readonly string[], wasMoved: boolean): { hint?: string } {
  const facts = [
    ...(liveIn.length > 0 ? [m.compare_live_in({ environments: liveIn.join(", ") })] : []),
    ...(wasMoved ? [m.tag_moved_hint()] : []),
  ];
  return facts.length > 0 ? { hint: facts.join(", ") } : {};
}
