/** Steps of the text size; 200 % is the largest that the window is made for. */
export const ZOOMS: readonly number[] = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2];

/** The next larger or smaller step; the ends stay. */
export function nextZoom(zoom: number, direction: 1 | -1): number {
  const steps =
    direction === 1
      ? ZOOMS.filter((step) => step > zoom + 0.001)
      : ZOOMS.filter((step) => step < zoom - 0.001);
  return (direction === 1 ? steps[0] : steps.at(-1)) ?? zoom;
}
