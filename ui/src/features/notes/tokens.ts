/** A piece of a line of Markdown, for light colouring: it changes no letter and no width. */
export type Token = { kind: "text" | "mark" | "strong" | "code" | "link"; text: string };

/** Beyond this many characters a line is left plain. */
const LONGEST = 2000;

const INLINE =
  /(`[^`]+`)|(\*\*[^*]+\*\*)|(\[[^\]]*\]\([^)\s]*\))|(https?:\/\/[^\s)]+)|\b(?=[0-9a-f]*\d)([0-9a-f]{7,40})\b/g;

/** The pieces of a line. `inFence`: the line stands in a fenced code block. */
export function tokens(line: string, inFence = false): Token[] {
  if (line === "" || line.length > LONGEST)
    return line === "" ? [] : [{ kind: "text", text: line }];
  if (isFence(line)) return [{ kind: "mark", text: line }];
  if (inFence) return [{ kind: "code", text: line }];
  const heading = /^(#{1,6} )(.*)$/.exec(line);
  if (heading) {
    return [
      { kind: "mark", text: heading[1] ?? "" },
      { kind: "strong", text: heading[2] ?? "" },
    ];
  }
  const item = /^(\s*(?:[-*+]|\d+\.) |\s*> ?)(.*)$/.exec(line);
  if (item) return [{ kind: "mark", text: item[1] ?? "" }, ...inline(item[2] ?? "")];
  return inline(line);
}

export const isFence = (line: string): boolean => /^\s*(```|~~~)/.test(line);

function inline(text: string): Token[] {
  const parts: Token[] = [];
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > at) parts.push({ kind: "text", text: text.slice(at, found.index) });
    const kind = found[1] ? "code" : found[2] ? "strong" : "link";
    parts.push({ kind, text: found[0] });
    at = found.index + found[0].length;
  }
  if (at < text.length) parts.push({ kind: "text", text: text.slice(at) });
  return parts;
}
