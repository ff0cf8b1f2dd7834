import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { Button as AriaButton } from "react-aria-components";
import { m } from "@/paraglide/messages";
import { Button, IconButton } from "@/shared/controls/Button";
import { Field } from "@/shared/controls/Field";
import { PopoverTrigger } from "@/shared/overlay/Menu";
import { readMoment, writeMoment } from "@/shared/time/moment";
import { useZone } from "@/shared/time/zone";
import type { TimelineEngine } from "@/timeline/engine";
import { spanOf } from "@/timeline/scale";
import css from "./Toolbar.module.css";
import { useTimeline } from "./useEngine";
import { spanLabel } from "./words";

/** "6 h": what the view spans. Opens fields that do what dragging does: a range, a moment, a step aside. */
export function RangeButton({ engine }: { engine: TimelineEngine }) {
  const span = useSyncExternalStore(engine.subscribe, () =>
    spanLabel(spanOf(engine.snapshot().scale)),
  );
  return (
    <PopoverTrigger
      label={m.timeline_range()}
      width={300}
      trigger={
        <AriaButton className={css.span ?? ""} aria-label={`${m.timeline_range()}, ${span}`}>
          {span}
        </AriaButton>
      }
    >
      <RangeFields engine={engine} />
    </PopoverTrigger>
  );
}

function RangeFields({ engine }: { engine: TimelineEngine }) {
  const state = useTimeline(engine);
  const zone = useZone();
  const { scale, cursor, now } = state;
  const [from, setFrom] = useState(() => writeMoment(scale.from, zone));
  const [to, setTo] = useState(() => writeMoment(Math.min(scale.to, now), zone));
  const [moment, setMoment] = useState(() => writeMoment(cursor?.time ?? now, zone));
  const example = writeMoment(now, zone);
  const wrong = (text: string) =>
    readMoment(text, zone) === null ? m.timeline_range_invalid({ example }) : undefined;
  const start = readMoment(from, zone);
  const end = readMoment(to, zone);
  const at = readMoment(moment, zone);
  const order =
    start !== null && end !== null && end <= start ? m.timeline_range_order() : undefined;
  const step = (sign: number) => engine.panBy((sign * scale.width) / 2);
  return (
    <div className={css.range}>
      <Field
        label={m.timeline_range_from()}
        value={from}
        onChange={setFrom}
        error={wrong(from)}
        hint={m.timeline_range_hint({ zone })}
        mono
      />
      <Field
        label={m.timeline_range_to()}
        value={to}
        onChange={setTo}
        error={wrong(to) ?? order}
        mono
      />
      <div className={css.rangeFoot}>
        <span className="row g4">
          <IconButton icon={ChevronLeft} label={m.timeline_earlier()} onPress={() => step(-1)} />
          <Button variant="ghost" onPress={() => engine.goToNow()}>
            {m.timeline_to_now()}
          </Button>
          <IconButton icon={ChevronRight} label={m.timeline_later()} onPress={() => step(1)} />
        </span>
        <Button
          isDisabled={start === null || end === null || order !== undefined}
          onPress={() => start !== null && end !== null && engine.showRange(start, end)}
        >
          {m.timeline_range_show()}
        </Button>
      </div>
      <Field
        label={m.timeline_range_moment()}
        value={moment}
        onChange={setMoment}
        error={wrong(moment)}
        mono
      />
      <div className={css.rangeFoot}>
        <span />
        <Button isDisabled={at === null} onPress={() => at !== null && engine.showMoment(at)}>
          {m.timeline_range_pin()}
        </Button>
      </div>
    </div>
  );
}
