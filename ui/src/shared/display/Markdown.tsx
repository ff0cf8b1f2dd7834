import { type MouseEvent, useEffect, useRef } from "react";
import { call } from "@/ipc";
import css from "./Markdown.module.css";

/** What a heading announces; its icon stands before it. */
export type HeadingMark = "breaking" | "feature" | "fix" | "other" | "operators";

const LINKS = /^(https?:|mailto:)/i;

/**
 * A note as the backend rendered and sanitised it (`Note.html`, `markdown_render`); never put anything
 * else here. Its links open outside: the window itself goes nowhere. `mark` tints words that were
 * searched for.
 */
export function Markdown({
  html,
  mark = "",
  headings,
  onLinkFailed,
}: {
  html: string;
  mark?: string;
  /** Which headings have an icon. */
  headings?: (words: string) => HeadingMark | null;
  onLinkFailed?: () => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new HTML is marked anew.
  useEffect(() => (place.current ? markWords(place.current, mark) : undefined), [html, mark]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new HTML has new headings.
  useEffect(() => {
    for (const heading of place.current?.querySelectorAll<HTMLElement>("h2, h3") ?? []) {
      const found = headings?.(heading.textContent ?? "") ?? null;
      if (found) heading.dataset.mark = found;
    }
  }, [html, headings]);
  const follow = (event: MouseEvent) => {
    const link = (event.target as Element).closest?.("a");
    if (!link) return;
    event.preventDefault();
    const path = link.getAttribute("href") ?? "";
    if (LINKS.test(path)) call("link_open", { path }).catch(() => onLinkFailed?.());
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the links inside are what is pressed.
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click.
    <div
      ref={place}
      className={`${css.markdown} selectable`}
      onClick={follow}
      onAuxClick={follow}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised in Rust, by ammonia, before it comes here.
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}

/** Tints the words with the platform's highlights, which leave the document as it is. */
function markWords(place: Element, text: string): (() => void) | undefined {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 || typeof Highlight === "undefined" || !CSS.highlights) return;
  const highlight = new Highlight();
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const content = node.textContent?.toLowerCase() ?? "";
    for (const word of words) {
      for (let at = content.indexOf(word); at >= 0; at = content.indexOf(word, at + word.length)) {
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, at + word.length);
        highlight.add(range);
      }
    }
  }
  CSS.highlights.set("found", highlight);
  return () => CSS.highlights.delete("found");
}
