import type { ReactNode } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import css from "./Segmented.module.css";

export type Segment<Id extends string> = { id: Id; label: ReactNode; count?: number };

/** One of a few, side by side: segments of 24 in a well of 28. */
export function Segmented<Id extends string>({
  label,
  segments,
  value,
  onChange,
  isDisabled = false,
}: {
  label: string;
  segments: readonly Segment<Id>[];
  value: Id;
  onChange: (id: Id) => void;
  isDisabled?: boolean;
}) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      isDisabled={isDisabled}
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const chosen = segments.find((segment) => keys.has(segment.id));
        if (chosen) onChange(chosen.id);
      }}
      className={css.well ?? ""}
    >
      {segments.map((segment) => (
        <ToggleButton key={segment.id} id={segment.id} className={css.segment ?? ""}>
          {segment.label}
          {segment.count !== undefined && <span className={css.count}>{segment.count}</span>}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
