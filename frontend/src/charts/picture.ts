// What a chart over epochs shows. Colours are names of variables in style.css, so that a chart
// follows the theme.

import type { Format } from "../format";
import type { Span } from "../view";

export type Values = readonly (number | null)[];

export interface Line {
  label: string;
  values: Values;
  /** Where its values lie, for a line with positions of its own: runs differ in length and pace. */
  at?: readonly number[];
  /** Between which values each may lie, shaded behind the line. */
  band?: { low: Values; high: Values };
  /** Rows whose value is no finite number. */
  broken?: readonly number[];
  color: string;
  /** The colour of its labels, where that of the line is too light for text. */
  textColor?: string;
  /** Lines differ by more than their colour. */
  dash?: number[];
  width: number;
}

export interface Band {
  span: Span;
  label: string;
  color: string;
}

export interface Mark {
  epoch: number;
  label: string;
  color: string;
}

export interface Picture {
  /** What a position is, in one word: epoch, hour. */
  axis: string;
  /** What is written along the axis, where that word does not say all. */
  axisTitle?: string;
  /** How positions are written that are not whole numbers. */
  axisFormat?: (position: number) => string;
  /** The positions of the rows: where the pointer stops, and what the table lists. */
  epochs: readonly number[];
  lines: readonly Line[];
  /** Shades what lies between the first two lines. */
  gap: boolean;
  bands: readonly Band[];
  marks: readonly Mark[];
  /** Everything outside of it is dimmed. */
  spotlight: Span | null;
  /** The axis goes on up to here where the values end before. */
  until?: number | null;
  /** How far a span reaches beyond its ends: half an epoch, so that one of a single epoch can be seen. */
  reach?: number;
  better: "higher" | "lower";
  /** The values' axis begins at zero, as it does where higher is better. */
  zero?: boolean;
  /** Draws means over neighbours behind the lines. */
  smooth?: boolean;
  format: Format;
}

/** Where the values of a line lie. */
export function positionsOf({ epochs }: Picture, { at }: Line): readonly number[] {
  return at ?? epochs;
}

/** The row of a line that a position belongs to: its own at or before it, none before its first and after its last. */
export function rowAt(picture: Picture, line: Line, position: number): number | null {
  const positions = positionsOf(picture, line);
  if (position > (positions[positions.length - 1] ?? Number.NEGATIVE_INFINITY)) return null;
  let row = positions.length - 1;
  while (row >= 0 && (positions[row] as number) > position) row--;
  return row < 0 ? null : row;
}

export function valueAt(picture: Picture, line: Line, position: number): number | null {
  const row = rowAt(picture, line, position);
  return row === null ? null : (line.values[row] ?? null);
}

export function positionText({ axisFormat = String }: Picture, position: number): string {
  return axisFormat(position);
}

/** What is written of a line's row: its value, or that it is none. */
export function valueText(
  { format }: Picture,
  { values, broken }: Line,
  row: number | null,
): string {
  return row !== null && broken?.includes(row) ? "not finite" : format(values[row ?? -1]);
}

/** A chart in words: where each line starts, ends, and is best. */
export function describe(picture: Picture): string {
  return `${picture.lines.map((line) => describeLine(picture, line)).join("; ")}.`;
}

function describeLine(picture: Picture, line: Line): string {
  const { axis, better, format } = picture;
  const { label, values, broken = [] } = line;
  const positions = positionsOf(picture, line).map((one) => positionText(picture, one));
  const rows = values.flatMap((value, row) =>
    value === null ? [] : [{ value, at: positions[row] }],
  );
  const first = rows[0];
  const last = rows[rows.length - 1];
  if (!first || !last) return `${label}: no values`;
  const best = rows.reduce((a, b) =>
    (better === "lower" ? b.value < a.value : b.value > a.value) ? b : a,
  );
  const extreme = better === "lower" ? "lowest" : "highest";
  const said =
    `${label} from ${format(first.value)} at ${axis} ${first.at} to ${format(last.value)}` +
    ` at ${axis} ${last.at}, ${extreme} ${format(best.value)} at ${axis} ${best.at}`;
  return broken.length > 0
    ? `${said}, not finite at ${axis} ${broken.map((row) => positions[row]).join(", ")}`
    : said;
}
