/**
 * Two texts and what differs between them, drawn by CodeMirror's merge view: word by word, long stretches that are the
 * same folded. Read-only. Loaded when a whole manifest is first looked at; short diffs are `Diff`'s.
 */
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { wholeWords } from "./wholeWords";

export type MergeOptions = {
  a: string;
  b: string;
  /** The names of the two sides, for those who don't see them. */
  labels: { a: string; b: string };
  layout: "unified" | "split";
  /** Lines that stay around each change; `null`: nothing is folded. */
  around: number | null;
  /** `$` lines the same. */
  folded: string;
};

/** So many lines are worth folding. */
const FOLDS = 3;

/** Draws the diff into `parent`; returns what takes it away. */
export function mergeView(parent: HTMLElement, options: MergeOptions): () => void {
  const { a, b, labels, around } = options;
  const shared = {
    gutter: false,
    diffConfig: { override: wholeWords },
    ...(around !== null && { collapseUnchanged: { margin: around, minSize: FOLDS } }),
  };
  if (options.layout === "split") {
    const view = new MergeView({
      parent,
      a: { doc: a, extensions: quiet(labels.a, options) },
      b: { doc: b, extensions: quiet(labels.b, options) },
      ...shared,
    });
    return () => view.destroy();
  }
  const unified = unifiedMergeView({
    original: a,
    mergeControls: false,
    ...shared,
  });
  const name = `${labels.a} / ${labels.b}`;
  const view = new EditorView({ parent, doc: b, extensions: [quiet(name, options), unified] });
  return () => view.destroy();
}

/** An editor that is only read: its text can be reached by keyboard, selected and copied. */
function quiet(label: string, { folded, layout }: MergeOptions): Extension {
  return [
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({
      tabindex: "0",
      "aria-label": label,
      "aria-readonly": "true",
    }),
    EditorView.cspNonce.of(styleNonce()),
    EditorState.phrases.of({ "$ unchanged lines": folded }),
    layout === "split" ? EditorView.lineWrapping : [],
    LOOK,
  ];
}

/** The content security policy takes style elements with this nonce only; index.html says where it comes from. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
}

const sign = (text: string) => ({
  content: `"${text}"`,
  position: "absolute",
  left: "8px",
  width: "20px",
  textAlign: "center",
});
const added = {
  backgroundColor: "var(--diff-add-bg)",
  color: "var(--diff-add-text)",
};
const removed = {
  backgroundColor: "var(--diff-del-bg)",
  color: "var(--diff-del-text)",
};
/** A word that differs: a stronger tint and a line below, so that it is not colour alone. */
const word = (ink: string) => ({
  background: `color-mix(in srgb, ${ink} 22%, transparent)`,
  boxShadow: `inset 0 -1px 0 ${ink}`,
  borderRadius: "2px",
});

const LOOK = EditorView.theme({
  "&": { color: "var(--text-muted)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { font: "inherit", lineHeight: "inherit" },
  ".cm-content": { padding: "0", caretColor: "transparent" },
  ".cm-line, .cm-deletedChunk .cm-deletedLine": {
    position: "relative",
    padding: "0 12px 0 28px",
  },
  "&.cm-merge-a .cm-changedLine, &.cm-merge-b .cm-deletedChunk .cm-deletedLine": removed,
  "&.cm-merge-b .cm-changedLine": added,
  "&.cm-merge-b .cm-deletedChunk": { padding: "0", backgroundColor: "transparent" },
  "&.cm-merge-a .cm-changedLine::before, .cm-deletedChunk .cm-deletedLine::before": sign("−"),
  "&.cm-merge-b .cm-changedLine::before": sign("+"),
  "&.cm-merge-a .cm-changedText, &.cm-merge-b .cm-deletedChunk .cm-deletedText":
    word("var(--diff-del-text)"),
  "&.cm-merge-b .cm-changedText": word("var(--diff-add-text)"),
  ".cm-collapsedLines": {
    padding: "2px 28px",
    font: "400 12px / 18px var(--font-ui)",
    color: "var(--text-muted)",
    background: "var(--surface-2)",
  },
  ".cm-collapsedLines::before, .cm-collapsedLines::after": { content: "none" },
  ".cm-mergeSpacer": { background: "var(--surface-2)" },
});
