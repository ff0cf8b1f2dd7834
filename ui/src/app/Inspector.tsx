import { Suspense } from "react";
import { m } from "@/paraglide/messages";
import { Aside } from "@/shared/layout/Aside";
import { useSelection } from "@/shared/navigation/selection";
import { useView } from "@/shared/view";
import { ErrorBoundary } from "./ErrorBoundary";
import { INSPECTOR } from "./screens";

/** What is pinned or selected, at the right of the screen; its width is remembered. */
export function Inspector() {
  const { inspected, select, pin } = useSelection();
  const [width, setWidth] = useView<number | null>("inspector.width", null);
  if (!inspected || !INSPECTOR) return null;
  return (
    <Aside
      label={m.shell_inspector()}
      width={width}
      onWidth={setWidth}
      onClose={() => {
        pin(null);
        select(null);
      }}
    >
      <ErrorBoundary key={inspected.deployment}>
        <Suspense fallback={null}>
          <INSPECTOR />
        </Suspense>
      </ErrorBoundary>
    </Aside>
  );
}
