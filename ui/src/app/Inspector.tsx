import { Suspense } from "react";
import { m } from "@/paraglide/messages";
import { Aside } from "@/shared/layout/Aside";
import { useSelection } from "@/shared/navigation/selection";
import { useView } from "@/shared/view";
import { ErrorBoundary } from "./ErrorBoundary";
import { INSPECTOR } from "./screens";

/** What is selected in the timeline, at its right; its width is remembered. */
export function Inspector() {
  const { selected, select } = useSelection();
  const [width, setWidth] = useView<number | null>("inspector.width", null);
  if (!selected || !INSPECTOR) return null;
  return (
    <Aside
      label={m.shell_inspector()}
      width={width}
      onWidth={setWidth}
      onClose={() => select(null)}
    >
      <ErrorBoundary key={selected.deployment}>
        <Suspense fallback={null}>
          <INSPECTOR />
        </Suspense>
      </ErrorBoundary>
    </Aside>
  );
}
