import { type ReactNode, useState } from "react";
import { Field } from "@/shared/controls/Field";

/** Names in one line, separated by commas or spaces. What is typed stays as it is typed. */
export function ListField({
  label,
  hint,
  value,
  onChange,
}: {
  label: string;
  hint: ReactNode;
  value: readonly string[];
  onChange: (value: string[]) => void;
}) {
  const [typed, setTyped] = useState(value.join(", "));
  const shown = parse(typed).join() === value.join() ? typed : value.join(", ");
  return (
    <Field
      label={label}
      hint={hint}
      mono
      size="tall"
      spellCheck="false"
      value={shown}
      onChange={(next) => {
        setTyped(next);
        onChange(parse(next));
      }}
    />
  );
}

function parse(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** An empty field is an absent value. */
export function orNull(text: string): string | null {
  return text.trim() === "" ? null : text;
}
