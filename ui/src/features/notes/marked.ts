/** A piece of an excerpt; `found` where the search found it. */
export type Piece = { text: string; found: boolean };

/** Reads an excerpt: what was found stands between U+0002 and U+0003. */
export function pieces(excerpt: string): Piece[] {
  const parts: Piece[] = [];
  let found = false;
  let text = "";
  const end = () => {
    if (text !== "") parts.push({ text, found });
    text = "";
  };
  for (const letter of excerpt) {
    if (letter !== "\u0002" && letter !== "\u0003") {
      text += letter;
      continue;
    }
    end();
    found = letter === "\u0002";
  }
  end();
  return parts;
}
