import type { LucideIcon } from "lucide-react";

/** Edge lengths of the design: 12, 14, 16, 20 px. */
export type IconSize = "xs" | "s" | "m" | "l";

const EDGE: Record<IconSize, number> = { xs: 12, s: 14, m: 16, l: 20 };

/** A line icon beside its words. It is hidden from assistive technology: the words are the name. */
export function Icon({
  of: Shape,
  size = "m",
  className,
}: {
  of: LucideIcon;
  size?: IconSize;
  className?: string | undefined;
}) {
  return (
    <Shape
      size={EDGE[size]}
      strokeWidth={size === "xs" ? 2 : 1.75}
      className={className}
      aria-hidden="true"
    />
  );
}
