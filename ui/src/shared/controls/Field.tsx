import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import {
  SearchField as AriaSearchField,
  type SearchFieldProps as AriaSearchProps,
  type TextFieldProps as AriaTextProps,
  FieldError,
  Group,
  Input,
  Label,
  Text,
  TextArea,
  TextField,
} from "react-aria-components";
import { Icon } from "@/shared/display/Icon";
import css from "./Field.module.css";

type FieldProps = Omit<AriaTextProps, "className" | "style" | "children"> & {
  /** Stands above; hidden for the eye when `hideLabel`. */
  label: ReactNode;
  hideLabel?: boolean;
  placeholder?: string;
  /** One muted line below. */
  hint?: ReactNode;
  /** Said below in red, and the field is marked invalid. */
  error?: string | undefined;
  mono?: boolean;
  /** 34 px where it is asked for in a sheet, else 28. */
  size?: "normal" | "tall";
  icon?: LucideIcon;
  /** At the right end, inside. */
  trailing?: ReactNode;
  /** Rows of a text area; a single line without it. */
  rows?: number;
};

/** Something that is typed, with its label. */
export function Field({
  label,
  hideLabel = false,
  placeholder,
  hint,
  error,
  mono = false,
  size = "normal",
  icon,
  trailing,
  rows,
  ...rest
}: FieldProps) {
  const typed = `${css.input} ${mono ? "mono" : ""}`;
  return (
    <TextField
      {...rest}
      isInvalid={error !== undefined || rest.isInvalid === true}
      className={css.field ?? ""}
    >
      <Label className={hideLabel ? "visually-hidden" : `label ${css.label}`}>{label}</Label>
      {rows ? (
        <TextArea rows={rows} placeholder={placeholder ?? ""} className={`${css.area} ${typed}`} />
      ) : (
        <Group className={`${css.well} ${css[size]}`}>
          {icon && <Icon of={icon} size="s" />}
          <Input placeholder={placeholder ?? ""} className={typed} />
          {trailing}
        </Group>
      )}
      {hint && (
        <Text slot="description" className={`small muted ${css.below}`}>
          {hint}
        </Text>
      )}
      {error !== undefined && (
        <FieldError className={`small c-failed ${css.below}`}>{error}</FieldError>
      )}
    </TextField>
  );
}

/** A search or filter: Esc empties it and leaves it, Return leaves it as it is. Outlined quietly, as in a toolbar. */
export function SearchField({
  label,
  placeholder,
  icon,
  trailing,
  width,
  size = "normal",
  onLeave,
  ...rest
}: Omit<AriaSearchProps, "className" | "style" | "children"> & {
  label: string;
  placeholder?: string;
  icon: LucideIcon;
  trailing?: ReactNode;
  width?: number | string;
  size?: "normal" | "tall";
  /** Takes the focus to what was searched. */
  onLeave?: () => void;
}) {
  return (
    <AriaSearchField
      {...rest}
      {...(onLeave && {
        onSubmit: onLeave,
        onKeyDown: ({ key }: { key: string }) => {
          if (key === "Escape") onLeave();
        },
      })}
      aria-label={label}
      className={css.search ?? ""}
      style={{ width }}
    >
      <Group className={`${css.well} ${css.quiet} ${css[size]}`}>
        <Icon of={icon} size="s" />
        <Input placeholder={placeholder ?? label} className={css.input ?? ""} />
        {trailing}
      </Group>
    </AriaSearchField>
  );
}
