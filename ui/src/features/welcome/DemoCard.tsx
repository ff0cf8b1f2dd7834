import { Sparkles } from "lucide-react";
import { useWrite } from "@/ipc/query";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { Icon } from "@/shared/display/Icon";
import { Spinner } from "@/shared/display/Progress";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { ErrorBand } from "@/shared/errors/ErrorBand";
import { useNavigation } from "@/shared/navigation/navigation";
import { SinceNow } from "./SinceNow";
import css from "./Welcome.module.css";

type Bar = { x: number; y: number; width: number; look: "past" | "live" | "unknown" | "rollback" };

const BARS: readonly Bar[] = [
  { y: 0, x: 0, width: 120, look: "past" },
  { y: 0, x: 122, width: 98, look: "live" },
  { y: 26, x: 0, width: 60, look: "past" },
  { y: 26, x: 62, width: 50, look: "unknown" },
  { y: 26, x: 114, width: 106, look: "rollback" },
  { y: 52, x: 0, width: 160, look: "past" },
  { y: 52, x: 162, width: 58, look: "live" },
];

function Picture() {
  return (
    <svg viewBox="0 0 222 78" aria-hidden="true">
      {BARS.map(({ x, y, width, look }) => (
        <rect
          key={`${x}/${y}`}
          x={x + 0.5}
          y={y + 0.5}
          width={width}
          height="17"
          rx="4"
          fill={`var(--span-${look}-fill)`}
          stroke={`var(--span-${look}-stroke)`}
          strokeDasharray={look === "unknown" ? "4 3" : undefined}
        />
      ))}
      <rect x="220" y="-6" width="1.5" height="84" fill="var(--now)" />
    </svg>
  );
}

/** The demo: sample services, and nothing real in reach. */
export function DemoCard({ isFirst }: { isFirst: boolean }) {
  const { go } = useNavigation();
  const open = useWrite("demo_open", {
    stale: ["app_state"],
    onSuccess: () => go({ name: "timeline" }),
  });
  const promises = [m.welcome_demo_find(), m.welcome_demo_rollback(), m.welcome_demo_note()];
  return (
    <section className={css.card}>
      <div className={css.heading}>
        <Icon of={Sparkles} className="c-accent" />
        <h2>{m.welcome_demo()}</h2>
      </div>
      <p className={`t2 ${css.text}`}>{m.welcome_demo_text()}</p>
      <div className={css.picture}>
        <Picture />
      </div>
      {open.error ? (
        <div className={css.promises}>
          <ErrorBand error={open.error.wire} />
        </div>
      ) : (
        <ul className={css.promises}>
          {promises.map((promise) => (
            <li key={promise} className="row g8 t2">
              <StatusGlyph kind="ok" />
              {promise}
            </li>
          ))}
        </ul>
      )}
      <span className="grow" />
      <div className={css.buttons}>
        <Button
          size="big"
          variant={isFirst ? "primary" : "secondary"}
          isDisabled={open.isPending}
          onPress={() => open.mutate(null)}
        >
          {open.isPending && <Spinner />}
          {open.isPending ? m.welcome_demo_opening() : m.welcome_demo_open()}
          {open.isPending && (
            <span className="muted">
              <SinceNow />
            </span>
          )}
        </Button>
      </div>
    </section>
  );
}
