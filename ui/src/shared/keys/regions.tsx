import { type ComponentProps, useEffect } from "react";

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex="0"]';

/** A part of the window that F6 reaches: title bar, toolbar, lanes, inspector, status bar. */
export function Region({
  label,
  as: Element = "section",
  ...rest
}: { label: string; as?: "section" | "header" | "footer" | "main" | "aside" | "nav" } & Omit<
  ComponentProps<"section">,
  "aria-label" | "ref"
>) {
  return <Element aria-label={label} data-region="" {...rest} />;
}

const last = new WeakMap<Element, HTMLElement>();

function enter(region: HTMLElement): boolean {
  const known = last.get(region);
  const target =
    known && region.contains(known) && known.isConnected
      ? known
      : region.querySelector<HTMLElement>(FOCUSABLE);
  target?.focus();
  return target !== undefined && target !== null;
}

/** Moves the focus to the next region, or with -1 to the one before; empty ones are passed over. */
export function moveRegion(direction: 1 | -1, root: ParentNode = document): void {
  const regions = [...root.querySelectorAll<HTMLElement>("[data-region]")].filter(
    (region) => !region.closest("[inert], [aria-hidden='true']"),
  );
  const focused = document.activeElement;
  const found = regions.findLastIndex((region) => region.contains(focused));
  // From outside every region, forward begins at the first and backward at the last.
  const here = found === -1 && direction === -1 ? 0 : found;
  for (let step = 1; step <= regions.length; step += 1) {
    const region = regions[(here + direction * step + regions.length * 2) % regions.length];
    if (region && enter(region)) return;
  }
}

/** Remembers where in each region the focus was, so that F6 comes back there. */
export function useRegionMemory(): void {
  useEffect(() => {
    const remember = (event: FocusEvent) => {
      const target = event.target;
      if (!(target instanceof HTMLElement)) return;
      const region = target.closest("[data-region]");
      if (region) last.set(region, target);
    };
    document.addEventListener("focusin", remember);
    return () => document.removeEventListener("focusin", remember);
  }, []);
}
