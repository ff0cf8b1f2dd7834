import { useState } from "react";
import type { FoundRepository } from "@/ipc";
import { m } from "@/paraglide/messages";
import { Button } from "@/shared/controls/Button";
import { Field } from "@/shared/controls/Field";
import { Sheet } from "@/shared/overlay/Sheet";
import { COMMON_PATTERNS, PatternPreview } from "@/shared/workspace/PatternPreview";
import css from "./Welcome.module.css";

/** Which tags of a repository are versions; every change is tried on its tags at once. */
export function PatternSheet({
  repository,
  start,
  onClose,
  onUse,
}: {
  repository: FoundRepository;
  start: string;
  onClose: () => void;
  onUse: (pattern: string) => void;
}) {
  const [pattern, setPattern] = useState(start);
  const use = () => {
    onUse(pattern);
    onClose();
  };
  return (
    <Sheet
      isOpen
      onClose={onClose}
      title={m.pattern_title({ name: repository.name })}
      width={560}
      foot={
        <>
          <span className="grow" />
          <Button size="big" onPress={onClose}>
            {m.shared_cancel()}
          </Button>
          <Button size="big" variant="primary" isDisabled={pattern === ""} onPress={use}>
            {m.pattern_use()}
          </Button>
        </>
      }
    >
      <form
        className={css.sheet}
        onSubmit={(event) => {
          event.preventDefault();
          use();
        }}
      >
        <Field
          label={m.pattern_field()}
          hint={m.pattern_hint({ example: "{version}" })}
          mono
          size="tall"
          autoFocus
          spellCheck="false"
          value={pattern}
          onChange={setPattern}
        />
        <div>
          <div className="label">{m.pattern_common()}</div>
          <div className={css.chips} style={{ marginTop: 6 }}>
            {COMMON_PATTERNS.map((common) => (
              <Button key={common} size="small" onPress={() => setPattern(common)}>
                <span className="mono small">{common}</span>
              </Button>
            ))}
          </div>
        </div>
        <PatternPreview repository={repository.path} service={repository.name} pattern={pattern} />
      </form>
    </Sheet>
  );
}
