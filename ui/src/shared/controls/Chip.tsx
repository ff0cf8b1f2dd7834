import { Check, ChevronDown, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import {
  Button as AriaButton,
  type ButtonProps as AriaButtonProps,
  Menu,
  MenuItem,
  MenuTrigger,
  Popover,
} from "react-aria-components";
import { Icon } from "@/shared/display/Icon";
import menu from "@/shared/overlay/Menu.module.css";
import css from "./Chip.module.css";

export type ChipOption<Id extends string> = { id: Id; label: string; hint?: string };

/** The face of a filter: a muted name, the value in full ink, an arrow. Opens what its parent triggers. */
export function Chip({
  icon,
  name,
  children,
  ...rest
}: Omit<AriaButtonProps, "className" | "style" | "children"> & {
  icon?: LucideIcon;
  /** The muted name; a chip whose value speaks for itself has none. */
  name?: string;
  children: ReactNode;
}) {
  return (
    <AriaButton {...rest} className={css.chip ?? ""}>
      {icon && <Icon of={icon} size="s" />}
      {name && <span>{name}</span>}
      <b>{children}</b>
      <Icon of={ChevronDown} size="xs" />
    </AriaButton>
  );
}

type Common<Id extends string> = {
  icon?: LucideIcon;
  name?: string;
  /** What the chip says is chosen: "All 3", "prod-eu". */
  value: ReactNode;
  options: readonly ChipOption<Id>[];
  isDisabled?: boolean;
};

/**
 * A filter as a chip with a menu. With `selected` as one id it is a choice of one; with a list it is
 * a choice of several, and the menu stays open while ticking.
 */
export function ChipMenu<Id extends string>({
  icon,
  name,
  value,
  options,
  isDisabled = false,
  ...choice
}: Common<Id> &
  (
    | { mode: "one"; selected: Id; onChange: (id: Id) => void }
    | { mode: "several"; selected: readonly Id[]; onChange: (ids: Id[]) => void }
  )) {
  const selected = choice.mode === "one" ? [choice.selected] : [...choice.selected];
  return (
    <MenuTrigger>
      <Chip {...(icon && { icon })} {...(name && { name })} isDisabled={isDisabled}>
        {value}
      </Chip>
      <Popover className={menu.popover ?? ""} placement="bottom start" offset={4}>
        <Menu
          aria-label={name ?? String(value)}
          className={menu.menu ?? ""}
          selectionMode={choice.mode === "one" ? "single" : "multiple"}
          disallowEmptySelection={choice.mode === "one"}
          selectedKeys={selected}
          onSelectionChange={(keys) => {
            const chosen = options
              .filter((option) => keys === "all" || keys.has(option.id))
              .map((option) => option.id);
            if (choice.mode === "several") choice.onChange(chosen);
            else if (chosen[0] !== undefined) choice.onChange(chosen[0]);
          }}
        >
          {options.map((option) => (
            <MenuItem
              key={option.id}
              id={option.id}
              textValue={option.label}
              className={menu.item ?? ""}
            >
              {({ isSelected }) => (
                <>
                  <span className={menu.tick}>{isSelected && <Icon of={Check} size="s" />}</span>
                  <span className="grow ell">{option.label}</span>
                  {option.hint && <span className="small muted">{option.hint}</span>}
                </>
              )}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
