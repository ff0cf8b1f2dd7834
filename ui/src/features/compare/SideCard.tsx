import { ChevronDown } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import type { SideInfo, StripSpan } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Icon } from "@/shared/display/Icon";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { Tag } from "@/shared/display/Tag";
import type { CompareSide } from "@/shared/navigation/route";
import { PopoverTrigger } from "@/shared/overlay/Menu";
import { useNow } from "@/shared/time/clock";
import { formatMoment } from "@/shared/time/format";
import { useZone } from "@/shared/time/zone";
import css from "./Compare.module.css";
import { SidePicker } from "./SidePicker";
import { spanWords, statusFace } from "./words";

type Choose = (service: string, side: CompareSide) => void;

/** One side: which version, where and when, how it fared, and what ran around it. */
export function SideCard({
  letter,
  info,
  side,
  onChoose,
}: {
  letter: "A" | "B";
  info: SideInfo;
  side: CompareSide;
  onChoose: Choose;
}) {
  const zone = useZone();
  const now = useNow();
  const status = info.status && statusFace(info.status);
  return (
    <section className={css.side} aria-label={letterName(letter)}>
      <div className="row g8">
        <b className={css.letter}>{letter}</b>
        <PopoverTrigger
          label={m.compare_change_side({ side: letter })}
          placement="bottom start"
          width={320}
          trigger={
            <AriaButton
              className={css.where ?? ""}
              aria-label={`${m.compare_change_side({ side: letter })}: ${info.service} ${info.environment ? atMoment(info.environment, side, zone, now) : ""}`}
            >
              <span className="b5 ell">{info.service}</span>
              {info.environment && (
                <>
                  <span className="muted">{m.compare_in()}</span>
                  <span className="b5 nowrap">{atMoment(info.environment, side, zone, now)}</span>
                </>
              )}
              <Icon of={ChevronDown} size="xs" />
            </AriaButton>
          }
        >
          <SidePicker
            service={info.service}
            side={side}
            environment={info.environment}
            version={info.version}
            closes
            onChoose={onChoose}
          />
        </PopoverTrigger>
        <span className="grow" />
        {status ? (
          <Tag meaning={status.meaning}>
            <StatusGlyph kind={status.glyph} size={12} />
            {status.words}
          </Tag>
        ) : (
          <Tag meaning="unknown">{m.compare_tag_only()}</Tag>
        )}
      </div>
      <div className={css.versionLine}>
        <span className={`${css.version} selectable`}>{info.version}</span>
        <span className="small muted ell selectable">{spanWords(info, zone, now)}</span>
      </div>
      {info.strip.length > 0 && (
        <Strip info={info} now={now} onChoose={(id) => onChoose(info.service, deployment(id))} />
      )}
    </section>
  );
}

/** An environment with the moment at which it is looked at, where one was chosen. */
function atMoment(environment: string, side: CompareSide, zone: string, now: number): string {
  if (side.kind !== "environment" || side.at === undefined) return environment;
  return m.compare_side_at({ side: environment, moment: formatMoment(side.at, zone, now) });
}

export function letterName(letter: "A" | "B"): string {
  return letter === "A" ? m.compare_side_a() : m.compare_side_b();
}

const deployment = (id: number): CompareSide => ({ kind: "deployment", deployment: id });

/** The spans around the side in its lane, by their length; each can be chosen in its stead. */
function Strip({
  info,
  now,
  onChoose,
}: {
  info: SideInfo;
  now: number;
  onChoose: (deployment: number) => void;
}) {
  const zone = useZone();
  const words = (span: StripSpan) =>
    `${formatMoment(span.from, zone, now)} – ${span.to === null ? m.compare_when_now() : formatMoment(span.to, zone, now)}`;
  return (
    <fieldset
      className={css.strip}
      aria-label={m.compare_strip({ environment: info.environment ?? "" })}
    >
      {info.strip.map((span) => (
        <AriaButton
          key={span.deployment}
          className={css.span ?? ""}
          aria-label={m.compare_strip_choose({ version: span.version, span: words(span) })}
          aria-pressed={span.here}
          data-here={span.here || undefined}
          data-status={span.here ? (info.status ?? undefined) : undefined}
          style={{ flexGrow: stripShare(span, now) }}
          onPress={() => {
            if (!span.here) onChoose(span.deployment);
          }}
        >
          <span className={css.spanStart} />
          <span>{span.version}</span>
        </AriaButton>
      ))}
    </fieldset>
  );
}

/** Roughly by length: the square root lets an hour be seen beside a month. */
export function stripShare({ from, to }: Pick<StripSpan, "from" | "to">, now: number): number {
  return Math.sqrt(Math.max(60_000, (to ?? now) - from) / 60_000);
}

/** A side that is still to be chosen. */
export function EmptySide({
  letter,
  service,
  side,
  onChoose,
}: {
  letter: "A" | "B";
  service: string | null;
  side: CompareSide | null;
  onChoose: Choose;
}) {
  return (
    <section className={css.side} aria-label={m.compare_change_side({ side: letter })}>
      <div className="row g8">
        <b className={css.letter}>{letter}</b>
        <h3>{m.compare_change_side({ side: letter })}</h3>
        {side && <Chosen side={side} service={service} />}
      </div>
      <SidePicker
        key={service ?? ""}
        service={service}
        side={side}
        environment={null}
        version={null}
        onChoose={onChoose}
      />
    </section>
  );
}

function Chosen({ side, service }: { side: CompareSide; service: string | null }) {
  const zone = useZone();
  const now = useNow();
  const words =
    side.kind === "version"
      ? `${service ?? ""} ${side.version}`
      : side.kind === "environment"
        ? `${service ?? ""} ${atMoment(side.environment, side, zone, now)}`
        : `#${side.deployment}`;
  return <Tag meaning="live">{words}</Tag>;
}
