/**
 * The timeline by itself over sample data, for looking at it while working on it. Served by
 * `npm run dev` at /src/features/timeline/dev/; never part of the app.
 * Query: theme, lang, pin (HH:MM), select (1), stale (1), rare (1), large (1), grouping, view, span (hours).
 */

import { useEffect, useRef } from "react";
import { createRoot } from "react-dom/client";
import "@/shared/styles";
import { applyLocale } from "@/shared/i18n/locale";
import { ZoneProvider } from "@/shared/time/zone";
import { failingNow } from "@/timeline/lanes";
import {
  largeTimeline,
  SAMPLE_MIDNIGHT,
  SAMPLE_NOW,
  SAMPLE_ZONE,
  sampleTimeline,
} from "@/timeline/sample";
import { FIRST_MEMORY } from "../memory";
import { Timeline, type TimelineHandle } from "../Timeline";

const query = new URLSearchParams(location.search);
document.documentElement.dataset.theme = query.get("theme") ?? "dark";
applyLocale(query.get("lang") === "zh" ? "zh" : "en");

const data = query.has("large")
  ? largeTimeline(500, 100_000)
  : sampleTimeline({ stale: query.has("stale"), rare: query.has("rare") });

const nothing = () => undefined;
const now = () => SAMPLE_NOW;

function Page() {
  const handle = useRef<TimelineHandle>(null);
  useEffect(() => {
    const pin = query.get("pin")?.split(":").map(Number);
    const timer = setTimeout(() => {
      if (query.has("select")) handle.current?.goTo(failingNow(data)[0] ?? 0);
      if (pin) {
        const [hour = 0, minute = 0] = pin;
        handle.current?.showMoment(SAMPLE_MIDNIGHT + hour * 3_600_000 + minute * 60_000);
      }
    }, 100);
    return () => clearTimeout(timer);
  }, []);
  const aside = (
    <aside
      style={{
        width: "var(--inspector-w)",
        flex: "none",
        borderLeft: "1px solid var(--line-hair)",
        background: "var(--surface-1)",
      }}
    />
  );
  return (
    <div
      style={{ position: "fixed", inset: "44px 0 26px", display: "flex", flexDirection: "column" }}
    >
      <Timeline
        data={data}
        now={now}
        period="three-days"
        onPeriod={nothing}
        onPair={nothing}
        onExport={nothing}
        onSelect={nothing}
        onOpenDetails={nothing}
        onCompare={nothing}
        onCompareWithNow={nothing}
        onCompareWithBefore={nothing}
        onRollback={nothing}
        onNote={nothing}
        handle={handle}
        aside={window.innerWidth >= 1400 && aside}
        remembered={{
          ...FIRST_MEMORY,
          open: query.has("large") ? null : ["ledger", "payments", "checkout", "cart", "identity"],
          grouping: query.get("grouping") === "environment" ? "environment" : "service",
          view: query.get("view") === "table" ? "table" : "timeline",
          span: Number(query.get("span") ?? 6.1) * 3_600_000,
        }}
      />
    </div>
  );
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <ZoneProvider value={SAMPLE_ZONE}>
      <Page />
    </ZoneProvider>,
  );
}
