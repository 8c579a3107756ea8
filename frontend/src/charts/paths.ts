// Lines and areas as SVG paths.

export type Point = readonly [x: number, y: number];

/** Cuts at every row that lacks a point: a gap stays a gap. */
export function stretches<Row>(rows: readonly (Row | null)[]): Row[][] {
  const found: Row[][] = [];
  let open: Row[] | null = null;
  for (const row of rows) {
    if (row === null) {
      open = null;
    } else if (open) {
      open.push(row);
    } else {
      open = [row];
      found.push(open);
    }
  }
  return found;
}

export function linePath(points: readonly Point[]): string {
  return `M${thinned(points)
    .map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`)
    .join("L")}`;
}

export function boxPath([left, right]: Point, [top, bottom]: Point): string {
  return `M${left} ${top}H${right}V${bottom}H${left}Z`;
}

/** What lies between two lines over the same positions. */
export function areaPath(upper: readonly Point[], lower: readonly Point[]): string {
  return `${linePath(upper)}L${linePath([...lower].reverse()).slice(1)}Z`;
}

/** More points than this on a column of pixels cannot be told apart. */
const POINTS_PER_PIXEL = 2;

/** Of each column of pixels the first, lowest, highest and last point: what is drawn looks the same, spikes too. */
function thinned(points: readonly Point[]): readonly Point[] {
  const width = Math.abs((points[points.length - 1]?.[0] ?? 0) - (points[0]?.[0] ?? 0));
  if (points.length <= POINTS_PER_PIXEL * (width + 1)) return points;
  const kept: Point[] = [];
  for (let start = 0, end = 0; start < points.length; start = end) {
    const column = columnOf(points[start]);
    while (end < points.length && columnOf(points[end]) === column) end++;
    kept.push(...extremes(points.slice(start, end)));
  }
  return kept;
}

function columnOf(point: Point | undefined): number {
  return Math.floor(point?.[0] ?? 0);
}

function extremes(column: readonly Point[]): Point[] {
  const ys = column.map(([, y]) => y);
  const rows = [0, ys.indexOf(Math.min(...ys)), ys.indexOf(Math.max(...ys)), ys.length - 1];
  return [...new Set(rows.sort((a, b) => a - b))].map((row) => column[row] as Point);
}
