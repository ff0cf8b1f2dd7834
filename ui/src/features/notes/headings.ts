import { m } from "@/paraglide/messages";
import type { HeadingMark } from "@/shared/display/Markdown";

const LOCALES = ["en", "zh"] as const;

/** The words of both languages: a note keeps its headings whatever the window speaks. */
const MARKS: Record<string, HeadingMark> = Object.fromEntries(
  LOCALES.flatMap((locale) =>
    (
      [
        [m.notes_heading_breaking({}, { locale }), "breaking"],
        [m.notes_heading_features({}, { locale }), "feature"],
        [m.notes_heading_fixes({}, { locale }), "fix"],
        [m.notes_heading_other({}, { locale }), "other"],
        [m.notes_heading_operators({}, { locale }), "operators"],
      ] as const
    ).map(([words, mark]) => [words.toLowerCase(), mark]),
  ),
);

/** The icon of a heading that every note has; none for people's own. */
export function headingMark(words: string): HeadingMark | null {
  return MARKS[words.trim().toLowerCase()] ?? null;
}
