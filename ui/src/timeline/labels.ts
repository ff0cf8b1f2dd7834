/** A version is shown whole or not at all. Widths are measured once a text and weight. */

export type LabelWeight = "live" | "past";

/** Width of a label in CSS pixels. */
export type Measure = (text: string, weight: LabelWeight) => number;

/** Space a label keeps to the right edge of its bar. */
export const LABEL_MARGIN = 6;

/** Whether a text of that width stands whole between its start and the bar's right edge. */
export const fits = (width: number, from: number, to: number): boolean =>
  width <= to - LABEL_MARGIN - from;

/** Remembers what a measure said. Forget it when fonts arrive or the theme changes. */
export function remembering(measure: Measure): Measure & { forget(): void } {
  const known = { live: new Map<string, number>(), past: new Map<string, number>() };
  const ask = (text: string, weight: LabelWeight): number => {
    const cached = known[weight].get(text);
    if (cached !== undefined) return cached;
    const width = measure(text, weight);
    known[weight].set(text, width);
    return width;
  };
  return Object.assign(ask, {
    forget() {
      known.live.clear();
      known.past.clear();
    },
  });
}
