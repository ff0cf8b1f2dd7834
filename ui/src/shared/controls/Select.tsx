import { Check, ChevronDown } from "lucide-react";
import {
  Button as AriaButton,
  Select as AriaSelect,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
} from "react-aria-components";
import { Icon } from "@/shared/display/Icon";
import menu from "@/shared/overlay/Menu.module.css";
import css from "./Select.module.css";

export type SelectOption<Id extends string> = { id: Id; label: string; hint?: string };

/** One of many, from a list that opens. `null` is nothing chosen yet. */
export function Select<Id extends string>({
  label,
  hideLabel = false,
  options,
  value,
  onChange,
  placeholder,
  isDisabled = false,
  size = "normal",
}: {
  label: string;
  hideLabel?: boolean;
  options: readonly SelectOption<Id>[];
  value: Id | null;
  onChange: (id: Id) => void;
  placeholder?: string;
  isDisabled?: boolean;
  /** As of a `Field`: 28 px, or 34. */
  size?: "normal" | "tall";
}) {
  return (
    <AriaSelect
      className={css.select ?? ""}
      value={value}
      isDisabled={isDisabled}
      {...(placeholder && { placeholder })}
      onChange={(id) => {
        const chosen = options.find((option) => option.id === id);
        if (chosen) onChange(chosen.id);
      }}
    >
      <Label className={hideLabel ? "visually-hidden" : `label ${css.label}`}>{label}</Label>
      <AriaButton className={`${css.button} ${css[size]}`}>
        <SelectValue className={`grow ell ${css.value}`}>
          {({ isPlaceholder, selectedText, defaultChildren }) =>
            isPlaceholder ? defaultChildren : selectedText
          }
        </SelectValue>
        <Icon of={ChevronDown} size="xs" className={css.arrow} />
      </AriaButton>
      <Popover className={menu.popover ?? ""} offset={4}>
        <ListBox className={menu.menu ?? ""}>
          {options.map((option) => (
            <ListBoxItem
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
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
