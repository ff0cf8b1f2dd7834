import { type RefObject, useEffect, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import type { FileProblem } from "@/ipc";
import { m } from "@/paraglide/messages";
import { CopyButton } from "@/shared/controls/CopyButton";
import { Spinner } from "@/shared/display/Progress";
import { StatusGlyph } from "@/shared/display/StatusGlyph";
import { Region } from "@/shared/keys/regions";
import { problemWords } from "@/shared/workspace/problems";
import { offsetOf } from "./offset";
import type { Editor } from "./useEditor";
import css from "./Workspace.module.css";

const LINE_HEIGHT = 20;

type Place = Pick<FileProblem, "line" | "column">;

/** The text of `tidemark.toml`: what the form writes, or the text itself to type in; and what is wrong. */
export function FilePane({ editor, at }: { editor: Editor; at?: Place }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const { text, problems, mode } = editor;
  const goTo = ({ line, column }: Place) => {
    const offset = offsetOf(text, line, column);
    area.current?.focus();
    area.current?.setSelectionRange(offset, offset);
    area.current?.scrollTo?.({ top: (line - 4) * LINE_HEIGHT });
  };
  const first = useRef(at);
  useEffect(() => {
    if (!first.current) return;
    goTo(first.current);
    first.current = undefined;
  });
  return (
    <Region as="aside" label={m.workspace_file()} className={css.file ?? ""}>
      <div className={css.fileHead}>
        <span className="mono small b5 grow">tidemark.toml</span>
        <CopyButton text={() => text} label={m.workspace_copy_text()} />
      </div>
      <Text area={area} editor={editor} />
      <div className={css.problems} role="status">
        {problems.length === 0 ? (
          <span className="row g8 small muted">
            {editor.isChecking ? <Spinner /> : <StatusGlyph kind="ok" />}
            {m.workspace_no_problems()}
          </span>
        ) : (
          problems.map((problem, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: several can be alike, as two that are missing at the same place.
            <Problem key={at} problem={problem} onGo={() => goTo(problem)} />
          ))
        )}
        {mode === "text" && !editor.isValid && !editor.isChecking && (
          <p className="small muted">{m.workspace_text_stays()}</p>
        )}
      </div>
    </Region>
  );
}

function Text({ area, editor }: { area: RefObject<HTMLTextAreaElement | null>; editor: Editor }) {
  const [scrolled, setScrolled] = useState(0);
  const lines = editor.text.split("\n").length;
  const marked = new Map(editor.problems.map((problem) => [problem.line, problem.kind]));
  return (
    <div className={css.text}>
      <div className={css.gutter} aria-hidden="true">
        <div style={{ transform: `translateY(${-scrolled}px)` }}>
          {Array.from({ length: lines }, (_, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number.
            <div key={at} data-problem={marked.get(at + 1)}>
              {at + 1}
            </div>
          ))}
        </div>
      </div>
      <textarea
        ref={area}
        className={`mono ${css.area}`}
        aria-label={m.workspace_file_text()}
        wrap="off"
        spellCheck={false}
        readOnly={editor.mode === "form"}
        value={editor.text}
        onChange={(event) => editor.changeText(event.target.value)}
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
      />
    </div>
  );
}

function Problem({ problem, onGo }: { problem: FileProblem; onGo: () => void }) {
  const { line, column, expected } = problem;
  return (
    <AriaButton className={css.problem ?? ""} onPress={onGo}>
      <StatusGlyph kind={problem.kind === "error" ? "failed" : "warn"} />
      <span className="grow">
        <span className="b5">{problemWords(problem)}</span>
        {problem.code === "syntax" && (
          <span className={`mono small t2 ${css.expected}`}>{problem.subject}</span>
        )}
        {expected && (
          <span className={`small t2 ${css.expected}`}>
            {m.workspace_problem_expected({ expected })}
          </span>
        )}
      </span>
      <span className="small muted nowrap">{m.workspace_problem_place({ line, column })}</span>
    </AriaButton>
  );
}
