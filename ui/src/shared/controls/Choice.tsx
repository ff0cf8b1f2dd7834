import { Check } from "lucide-react";
import type { ReactNode } from "react";
import {
  Checkbox as AriaCheckbox,
  type CheckboxProps as AriaCheckboxProps,
  Switch as AriaSwitch,
  type SwitchProps as AriaSwitchProps,
  Label,
  Radio,
  RadioGroup,
} from "react-aria-components";
import { Icon } from "@/shared/display/Icon";
import css from "./Choice.module.css";

/** A box to tick, with its words right of it. */
export function Checkbox({
  children,
  ...rest
}: Omit<AriaCheckboxProps, "className" | "style" | "children"> & { children?: ReactNode }) {
  return (
    <AriaCheckbox {...rest} className={css.checkbox ?? ""}>
      {({ isSelected, isIndeterminate }) => (
        <>
          <span className={css.box} data-on={isSelected || isIndeterminate || undefined}>
            {isIndeterminate ? (
              <span className={css.dash} />
            ) : (
              isSelected && <Icon of={Check} size="xs" />
            )}
          </span>
          {children}
        </>
      )}
    </AriaCheckbox>
  );
}

/** A switch that acts at once. */
export function Switch({
  children,
  ...rest
}: Omit<AriaSwitchProps, "className" | "style" | "children"> & { children?: ReactNode }) {
  return (
    <AriaSwitch {...rest} className={css.switch ?? ""}>
      <span className={css.track}>
        <span className={css.thumb} />
      </span>
      {children}
    </AriaSwitch>
  );
}

/** One of several ways, each a card with a bold name, a line of why, and facts at the right. */
export type RadioCard<Id extends string> = {
  id: Id;
  title: ReactNode;
  text?: ReactNode;
  facts?: ReactNode;
  isDisabled?: boolean;
};

export function RadioCards<Id extends string>({
  label,
  cards,
  value,
  onChange,
}: {
  label: string;
  cards: readonly RadioCard<Id>[];
  value: Id | null;
  onChange: (id: Id) => void;
}) {
  return (
    <RadioGroup
      className={css.cards ?? ""}
      value={value}
      onChange={(id) => {
        const chosen = cards.find((card) => card.id === id);
        if (chosen) onChange(chosen.id);
      }}
    >
      <Label className="visually-hidden">{label}</Label>
      {cards.map((card) => (
        <Radio
          key={card.id}
          value={card.id}
          isDisabled={card.isDisabled ?? false}
          className={css.card ?? ""}
        >
          <span className={css.radio} />
          <span className={css.cardBody}>
            <span className={`b6 ${css.cardTitle}`}>{card.title}</span>
            {card.text && <span className="t2">{card.text}</span>}
          </span>
          {card.facts && <span className={`small muted ${css.facts}`}>{card.facts}</span>}
        </Radio>
      ))}
    </RadioGroup>
  );
}
