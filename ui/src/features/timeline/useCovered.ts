import { type RefObject, useEffect } from "react";
import type { TimelineEngine } from "@/timeline/engine";

/**
 * Tells the engine how much of the lanes lies under the inspector, which stands beside them in a wide
 * window and over them in a small one. It comes and goes without this component.
 */
export function useCovered(engine: TimelineEngine, body: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = body.current;
    const lanes = element?.firstElementChild;
    if (!element || !lanes) return;
    const measure = () => {
      const aside = element.querySelector(":scope > aside");
      const hidden = aside
        ? lanes.getBoundingClientRect().right - aside.getBoundingClientRect().left
        : 0;
      engine.setCovered(Math.max(0, Math.round(hidden)));
    };
    const sizes = new ResizeObserver(measure);
    const observe = () => {
      sizes.disconnect();
      for (const child of [element, ...element.children]) sizes.observe(child);
      measure();
    };
    const children = new MutationObserver(observe);
    children.observe(element, { childList: true });
    observe();
    return () => {
      sizes.disconnect();
      children.disconnect();
    };
  }, [engine, body]);
}
