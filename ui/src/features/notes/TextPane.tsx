import { type KeyboardEvent, memo, type RefObject, useMemo } from "react";
import { m } from "@/paraglide/messages";
import { hasMod } from "@/shared/keys/platform";
import css from "./Notes.module.css";
import { replacement, type Tool } from "./text";
import { isFence, tokens } from "./tokens";

/** Beyond this many characters colouring would be felt while typing. */
const COLOURED = 60_000;

/**
 * The Markdown itself: a text area whose letters are drawn, coloured and numbered, by the layer
 * under it. Both wrap alike, so a line's number stands at its first row.
 */
export function TextPane({
  area,
  text,
  readOnly,
  onChange,
  onTool,
}: {
  area: RefObject<HTMLTextAreaElement | null>;
  text: string;
  readOnly: boolean;
  onChange: (text: string) => void;
  onTool: (tool: Tool) => void;
}) {
  const keyDown = (event: KeyboardEvent) => {
    if (readOnly || !hasMod(event.nativeEvent)) return;
    const tool = ({ b: "bold", e: "code" } as const)[event.key.toLowerCase()];
    if (!tool) return;
    event.preventDefault();
    onTool(tool);
  };
  return (
    <div className={css.text}>
      <div className={css.paper}>
        <Lines text={text} />
        <textarea
          ref={area}
          className={css.area}
          aria-label={m.notes_text()}
          value={text}
          readOnly={readOnly}
          spellCheck
          onKeyDown={keyDown}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
    </div>
  );
}

const Lines = memo(function Lines({ text }: { text: string }) {
  const lines = useMemo(() => coloured(text), [text]);
  return (
    <div className={css.lines} aria-hidden="true">
      {lines.map(({ line, fenced }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number.
        <Line key={at} text={line} fenced={fenced} plain={text.length > COLOURED} />
      ))}
    </div>
  );
});

function coloured(text: string): { line: string; fenced: boolean }[] {
  let fenced = false;
  return text.split("\n").map((line) => {
    const inside = fenced;
    if (isFence(line)) fenced = !fenced;
    return { line, fenced: inside };
  });
}

const Line = memo(function Line({
  text,
  fenced,
  plain,
}: {
  text: string;
  fenced: boolean;
  plain: boolean;
}) {
  const parts = plain ? [{ kind: "text" as const, text }] : tokens(text, fenced);
  return (
    <div>
      <span>
        {text === "" && "\u200b"}
        {parts.map((part, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place.
          <span key={at} className={css[part.kind]}>
            {part.text}
          </span>
        ))}
      </span>
    </div>
  );
});

/**
 * Puts a text into the area as if it were typed, so that undo takes it back; where the web view
 * can't, it is only set.
 */
export function typeInto(
  area: HTMLTextAreaElement | null,
  after: { text: string; start?: number; end?: number },
  onChange: (text: string) => void,
): void {
  if (!area) {
    onChange(after.text);
    return;
  }
  const change = replacement(area.value, after.text);
  area.focus();
  area.setSelectionRange(change.start, change.end);
  const done =
    typeof document.execCommand === "function" &&
    (change.text === ""
      ? document.execCommand("delete")
      : document.execCommand("insertText", false, change.text));
  if (!done || area.value !== after.text) onChange(after.text);
  const { start, end = start } = after;
  if (start === undefined) return;
  area.setSelectionRange(start, end ?? start);
  requestAnimationFrame(() => area.setSelectionRange(start, end ?? start));
}
