/** A part of a text, and whether it is what was typed. */
export type Piece = { text: string; hit: boolean };

const words = (typed: string) => typed.toLowerCase().split(/\s+/).filter(Boolean);

/** Whether every word typed begins a word of the text, or stands in it. */
export function fits(text: string, typed: string): boolean {
  const lower = text.toLowerCase();
  return words(typed).every((word) => lower.includes(word));
}

/** How well a text fits: words that begin with what was typed count more. 0: it does not fit. */
export function score(text: string, typed: string): number {
  if (!fits(text, typed)) return 0;
  const lower = text.toLowerCase();
  const begins = words(typed).filter((word) => new RegExp(`\\b${quoted(word)}`).test(lower));
  return 1 + begins.length + (lower.startsWith(typed.trim().toLowerCase()) ? 2 : 0);
}

function quoted(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The text in pieces, so that what was typed can stand out. */
export function pieces(text: string, typed: string): Piece[] {
  const wanted = words(typed).map(quoted);
  if (wanted.length === 0) return [{ text, hit: false }];
  return text
    .split(new RegExp(`(${wanted.join("|")})`, "gi"))
    .map((part, at) => ({ text: part, hit: at % 2 === 1 }))
    .filter((piece) => piece.text !== "");
}

/** "13:02" or "9:05" typed alone: hours and minutes of a wall clock. */
export function typedClock(typed: string): { hours: number; minutes: number } | null {
  const found = /^\s*([01]?\d|2[0-3]):([0-5]\d)\s*$/.exec(typed);
  return found ? { hours: Number(found[1]), minutes: Number(found[2]) } : null;
}

/** What is written like a time, whether or not there is such a one. */
export const looksLikeTime = (typed: string): boolean =>
  /^\s*(?:\d{4}-\d{1,2}-\d{1,2}(?:[ T]\d{1,2}:\d{2})?|\d{1,3}:\d{2,})\s*$/.test(typed);
