import { useEffect, useRef, useState } from "react";
import { m } from "@/paraglide/messages";
import { useLocale } from "@/shared/i18n/locale";
import { RunningTime } from "@/shared/time/Time";
import css from "./ManifestDiff.module.css";
import { Spinner } from "./Progress";

/** Lines that stay around each change where the rest is folded. */
const AROUND = 3;

/** Two whole manifests and what differs, line by line and word by word. What draws it is loaded when it is first shown. */
export function ManifestDiff({
  a,
  b,
  labels,
  layout = "unified",
  onlyChanged = false,
  onDrawn,
}: {
  a: string;
  b: string;
  labels: { a: string; b: string };
  layout?: "unified" | "split";
  /** Folds the lines that are the same. */
  onlyChanged?: boolean;
  /** Called once, when the lines stand in the page and have their height. */
  onDrawn?: () => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState(false);
  const [since] = useState(Date.now);
  const locale = useLocale();
  const { a: nameA, b: nameB } = labels;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the folds' words follow the language.
  useEffect(() => {
    let remove = () => {};
    let isGone = false;
    import("./mergeView").then(({ mergeView }) => {
      if (isGone || !place.current) return;
      remove = mergeView(place.current, {
        a,
        b,
        labels: { a: nameA, b: nameB },
        layout,
        around: onlyChanged ? AROUND : null,
        folded: m.shared_diff_folded(),
      });
      setDrawn(true);
    });
    return () => {
      isGone = true;
      remove();
    };
  }, [a, b, nameA, nameB, layout, onlyChanged, locale]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is told once.
  useEffect(() => {
    if (drawn) onDrawn?.();
  }, [drawn]);
  return (
    <div className={`${css.manifest} selectable`} data-layout={layout}>
      {!drawn && (
        <p className={`row g8 small muted ${css.loading}`} role="status">
          <Spinner /> {m.shared_diff_loading()} <RunningTime since={since} />
        </p>
      )}
      <div ref={place} />
    </div>
  );
}
