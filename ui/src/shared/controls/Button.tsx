import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaProps } from "react-aria-components";
import { Icon } from "@/shared/display/Icon";
import css from "./Button.module.css";

export type ButtonProps = Omit<AriaProps, "className" | "style" | "children"> & {
  /** `primary` is inverted ink, one a view; `danger` does not exist: the rollback is the rescue. */
  variant?: "primary" | "secondary" | "ghost";
  /** 36 px when it is the answer, 28 normally, 26 inside a band. */
  size?: "big" | "normal" | "small";
  icon?: LucideIcon;
  /** Stretches to the width of its container. */
  wide?: boolean;
  /** At the right end, such as a key cap. */
  trailing?: ReactNode;
  children: ReactNode;
};

/** A verb with its object. */
export function Button({
  variant = "secondary",
  size = "normal",
  icon,
  wide = false,
  trailing,
  children,
  ...rest
}: ButtonProps) {
  const classes = [css.button, css[variant], css[size], wide && css.wide, trailing && css.trailed];
  return (
    <AriaButton {...rest} className={classes.filter(Boolean).join(" ")}>
      <span className={css.words}>
        {icon && <Icon of={icon} size={size === "big" && variant === "primary" ? "m" : "s"} />}
        {children}
      </span>
      {trailing}
    </AriaButton>
  );
}

/** A button of one icon; `label` names it and shows as its tooltip. */
export function IconButton({
  icon,
  label,
  size = 28,
  iconSize = "s",
  variant = "ghost",
  ...rest
}: Omit<AriaProps, "className" | "style" | "children" | "aria-label"> & {
  icon: LucideIcon;
  label: string;
  size?: 24 | 26 | 28;
  iconSize?: "xs" | "s" | "m";
  variant?: "ghost" | "secondary";
}) {
  return (
    <span title={label} className={css.tip}>
      <AriaButton
        {...rest}
        aria-label={label}
        className={`${css.button} ${css[variant]} ${css.icon} ${css[`edge-${size}`]}`}
      >
        <Icon of={icon} size={iconSize} />
      </AriaButton>
    </span>
  );
}

/** Text that acts, in the accent: for the small ways on beside a fact. */
export function LinkButton({
  children,
  ...rest
}: Omit<AriaProps, "className" | "style" | "children"> & { children: ReactNode }) {
  return (
    <AriaButton {...rest} className={css.link ?? ""}>
      {children}
    </AriaButton>
  );
}
