/**
 * Characters that change the direction of what follows: with them a text can look like another one
 * (a tag, an annotation, a note). They never reach the page: each is shown by its number, `‹U+202E›`,
 * and turned back on the way to the program, so that names stay what they are.
 */

const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const SHOWN = /‹U\+(061C|200[EF]|202[A-E]|206[6-9])›/g;

const show = (mark: string): string =>
  `‹U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}›`;

/** All texts in a value from the program as the page may show them; the value itself where none has marks. */
export const shown = <T>(value: T): T => inTexts(value, (text) => text.replace(DIRECTION, show));

/** What `shown` made readable, as the program knows it. */
export const meant = <T>(value: T): T =>
  inTexts(value, (text) =>
    text.replace(SHOWN, (_, number: string) => String.fromCharCode(Number.parseInt(number, 16))),
  );

function inTexts<T>(value: T, change: (text: string) => string): T {
  return walk(value, change) as T;
}

function walk(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) {
    const changed = value.map((one) => walk(one, change));
    return changed.some((one, at) => one !== value[at]) ? changed : value;
  }
  if (typeof value !== "object" || value === null) return value;
  let changed: Record<string, unknown> | null = null;
  for (const [name, one] of Object.entries(value)) {
    const [key, next] = [change(name), walk(one, change)];
    if (key === name && next === one) continue;
    changed ??= { ...value };
    if (key !== name) delete changed[name];
    changed[key] = next;
  }
  return changed ?? value;
}
