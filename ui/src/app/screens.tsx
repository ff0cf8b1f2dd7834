import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { OverlayName, ScreenName } from "@/shared/navigation/route";

type Part = () => Promise<{ default: ComponentType }>;

/**
 * A feature registers by being there: `features/NAME/screen.tsx` is the screen of that name,
 * `features/NAME/overlay.tsx` what lies over a screen, `features/inspector/aside.tsx` the inspector.
 * Each exports its component as `default` and is loaded when it is first shown.
 */
const screens = import.meta.glob<{ default: ComponentType }>("../features/*/screen.tsx");
const overlays = import.meta.glob<{ default: ComponentType }>("../features/*/overlay.tsx");

function parts<Name extends string>(
  found: Record<string, Part>,
): Partial<Record<Name, LazyExoticComponent<ComponentType>>> {
  const byName: Partial<Record<string, LazyExoticComponent<ComponentType>>> = {};
  for (const [path, load] of Object.entries(found)) {
    const name = path.split("/").at(-2);
    if (name) byName[name] = lazy(load);
  }
  return byName as Partial<Record<Name, LazyExoticComponent<ComponentType>>>;
}

/** Loads the screen that a start most often ends on, while the backend is still asked what to show. */
export function loadFirstScreen(): void {
  void screens["../features/timeline/screen.tsx"]?.();
}

const asides = import.meta.glob<{ default: ComponentType }>("../features/inspector/aside.tsx");

export const SCREENS = parts<ScreenName>(screens);

const found = parts<OverlayName | "drawer">(overlays);

/** The sheet of a rollback is also that of its operation; the drawer shows an object of a cluster. */
export const OVERLAYS = { ...found, operation: found.rollback, cluster: found.drawer };
/** What stands at the right of the timeline while something is selected. */
export const INSPECTOR = parts<"inspector">(asides).inspector;
