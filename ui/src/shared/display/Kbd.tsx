import type { LucideIcon } from "lucide-react";
import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Command, CornerDownLeft } from "lucide-react";
import { type KeyName, keyLabel } from "@/shared/keys/platform";
import css from "./Kbd.module.css";

const DRAWN: Partial<Record<string, LucideIcon>> = {
  "⌘": Command,
  ArrowUp,
  ArrowDown,
  ArrowLeft,
  ArrowRight,
  Enter: CornerDownLeft,
};

/** A key cap, 18 high. `Mod` is ⌘ on macOS and Ctrl elsewhere; arrows and ⌘ are drawn, the fonts lack them. */
export function Kbd({ of: key }: { of: KeyName }) {
  const label = keyLabel(key);
  const Shape = DRAWN[label];
  return (
    <kbd className={css.cap}>
      {Shape ? <Shape size={10} strokeWidth={2} aria-label={key} /> : label}
    </kbd>
  );
}

/** Several caps side by side, for a chord such as Mod+K. */
export function Chord({ keys }: { keys: readonly KeyName[] }) {
  return (
    <span className={css.chord}>
      {keys.map((key) => (
        <Kbd key={key} of={key} />
      ))}
    </span>
  );
}
