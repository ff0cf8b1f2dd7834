/** One height, in px, from the plan to the verdict: it is the same sheet, and nothing jumps under the pointer. */
export const SHEET_HEIGHT = 848;
