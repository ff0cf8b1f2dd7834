/** Where the focus of the matrix is: a row, and a column (-1 is the service's own name). */
export type Place = { row: number; column: number };

export type GridSize = { rows: number; columns: number; page: number };

/** Where a key leads, or `null` when the grid does not know it. */
export function movePlace(
  place: Place,
  key: string,
  { ctrl }: { ctrl: boolean },
  { rows, columns, page }: GridSize,
): Place | null {
  const row = (to: number) => Math.min(rows - 1, Math.max(0, to));
  const column = (to: number) => Math.min(columns - 1, Math.max(-1, to));
  switch (key) {
    case "ArrowUp":
      return { ...place, row: ctrl ? 0 : row(place.row - 1) };
    case "ArrowDown":
      return { ...place, row: ctrl ? rows - 1 : row(place.row + 1) };
    case "ArrowLeft":
      return { ...place, column: column(place.column - 1) };
    case "ArrowRight":
      return { ...place, column: column(place.column + 1) };
    case "PageUp":
      return { ...place, row: row(place.row - page) };
    case "PageDown":
      return { ...place, row: row(place.row + page) };
    case "Home":
      return { row: ctrl ? 0 : place.row, column: -1 };
    case "End":
      return { row: ctrl ? rows - 1 : place.row, column: columns - 1 };
    default:
      return null;
  }
}

/** Which rows are drawn: those that are seen, some beyond, and none twice. */
export function visibleRows(
  scrolled: number,
  height: number,
  rowHeight: number,
  count: number,
): { first: number; last: number } {
  const beyond = 8;
  const seen = Math.max(1, Math.ceil(height / rowHeight));
  const first = Math.max(0, Math.floor(scrolled / rowHeight) - beyond);
  return { first, last: Math.min(count, first + seen + 2 * beyond) };
}
