// Where the labels of a chart stand, so that they do not meet.

export const FONT = "Roboto, system-ui, sans-serif";
export const FONT_SIZE = 11;
export const LABEL_ROW = 14;
export const LABEL_ROWS = 2;

const LINE_HEIGHT = 13;
const APART = 8;

/** The width of a text in pixels. */
export function widthOf(text: string, size = FONT_SIZE): number {
  if (!ruler) return text.length * size;
  ruler.font = `${size}px ${FONT}`;
  return ruler.measureText(text).width;
}

const ruler = document.createElement("canvas").getContext("2d");

/** As much of a text as fits. */
export function fitted(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let length = text.length;
  while (length > 1 && widthOf(`${text.slice(0, length)}…`) > width) length--;
  return `${text.slice(0, length)}…`;
}

export interface TopLabel {
  text: string;
  color: string;
  /** What it names lies there. */
  x: number;
}

export interface PlacedLabel extends TopLabel {
  left: number;
  row: number;
}

/** Labels above the plot, each in the first row where it meets no other, or beside the last of a row. */
export function placeTopLabels(
  labels: readonly TopLabel[],
  [from, to]: readonly [number, number],
): PlacedLabel[] {
  const taken: [number, number][][] = Array.from({ length: LABEL_ROWS }, () => []);
  return labels.flatMap((label) => {
    const width = widthOf(label.text);
    const wish = Math.max(from, Math.min(label.x - width / 2, to - width));
    const places = taken.map((spans, row) => ({
      row,
      left: isFree(spans, wish, width) ? wish : after(spans),
    }));
    const place = places.reduce((a, b) =>
      Math.abs(b.left - wish) < Math.abs(a.left - wish) ? b : a,
    );
    // With more labels than room the last have none; the table and the marks say the same.
    if (place.left + width > to) return [];
    taken[place.row]?.push([place.left, place.left + width]);
    return [{ ...label, ...place }];
  });
}

function isFree(spans: readonly [number, number][], left: number, width: number): boolean {
  return spans.every(([start, end]) => left + width + APART < start || left > end + APART);
}

function after(spans: readonly [number, number][]): number {
  return Math.max(...spans.map(([, end]) => end)) + 2 * APART;
}

/** Pushes labels apart until they do not overlap, first downwards, then back up. */
export function spread<Label extends { y: number }>(
  labels: readonly Label[],
  [top, bottom]: readonly [number, number],
): Label[] {
  const placed = labels.map((label) => ({ ...label })).sort((a, b) => a.y - b.y);
  let limit = top;
  for (const label of placed) {
    label.y = Math.max(label.y, limit);
    limit = label.y + LINE_HEIGHT;
  }
  limit = bottom;
  for (const label of placed.reverse()) {
    label.y = Math.min(label.y, limit);
    limit = label.y - LINE_HEIGHT;
  }
  return placed;
}
