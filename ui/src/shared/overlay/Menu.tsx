import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuSection as AriaMenuSection,
  Popover as AriaPopover,
  Dialog,
  DialogTrigger,
  Header,
  type PopoverProps,
  Separator,
} from "react-aria-components";
import { Icon } from "@/shared/display/Icon";
import { Chord } from "@/shared/display/Kbd";
import type { KeyName } from "@/shared/keys/platform";
import css from "./Menu.module.css";

export { DialogTrigger, MenuTrigger } from "react-aria-components";

/** The list that a `MenuTrigger` opens below its button. */
export function MenuList({
  label,
  placement = "bottom start",
  children,
}: {
  label: string;
  placement?: NonNullable<PopoverProps["placement"]>;
  children: ReactNode;
}) {
  return (
    <AriaPopover className={css.popover ?? ""} placement={placement} offset={4}>
      <AriaMenu aria-label={label} className={css.menu ?? ""}>
        {children}
      </AriaMenu>
    </AriaPopover>
  );
}

/** One action of a menu. */
export function MenuItem({
  id,
  icon,
  label,
  hint,
  keys,
  isDisabled = false,
  onAction,
}: {
  id?: string;
  icon?: LucideIcon;
  label: string;
  hint?: ReactNode;
  keys?: readonly KeyName[];
  isDisabled?: boolean;
  onAction: () => void;
}) {
  return (
    <AriaMenuItem
      {...(id && { id })}
      textValue={label}
      isDisabled={isDisabled}
      onAction={onAction}
      className={css.item ?? ""}
    >
      {icon && <Icon of={icon} size="s" />}
      <span className="grow ell">{label}</span>
      {hint && <span className={`small muted ell ${css.hint}`}>{hint}</span>}
      {keys && <Chord keys={keys} />}
    </AriaMenuItem>
  );
}

export function MenuSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <AriaMenuSection>
      <Header className={css.heading ?? ""}>{title}</Header>
      {children}
    </AriaMenuSection>
  );
}

export function MenuSeparator() {
  return <Separator className={css.separator ?? ""} />;
}

/** A small panel that a button opens: `<PopoverTrigger label trigger={<Button/>}>contents</PopoverTrigger>`. */
export function PopoverTrigger({
  label,
  trigger,
  placement = "bottom end",
  width,
  children,
}: {
  label: string;
  trigger: ReactNode;
  placement?: NonNullable<PopoverProps["placement"]>;
  width?: number;
  children: ReactNode;
}) {
  return (
    <DialogTrigger>
      {trigger}
      <AriaPopover
        className={css.popover ?? ""}
        placement={placement}
        offset={6}
        {...(width && { style: { width } })}
      >
        <Dialog aria-label={label} className={css.panel ?? ""}>
          {children}
        </Dialog>
      </AriaPopover>
    </DialogTrigger>
  );
}
