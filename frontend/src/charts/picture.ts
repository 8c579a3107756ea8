// What a chart over epochs shows. Colours are names of variables in style.css, so that a chart
// follows the theme.

import type { Format } from "../format";
import type { Span } from "../view";

export type Values = readonly (number | null)[];

export interface Line {
  label: string;
  values: Values;
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
  axis: string;
  epochs: readonly number[];
  lines: readonly Line[];
  /** Shades what lies between the first two lines. */
  gap: boolean;
  bands: readonly Band[];
  marks: readonly Mark[];
  /** Everything outside of it is dimmed. */
  spotlight: Span | null;
  /** How far a span reaches beyond its ends: half an epoch, so that one of a single epoch can be seen. */
  reach?: number;
  better: "higher" | "lower";
  /** The values' axis begins at zero, as it does where higher is better. */
  zero?: boolean;
  format: Format;
}

/** A chart in words: where each line starts, ends, and is best. */
export function describe({ axis, epochs, lines, better, format }: Picture): string {
  const sentences = lines.map(({ label, values }) => {
    const rows = values.flatMap((value, row) =>
      value === null ? [] : [{ value, at: epochs[row] }],
    );
    const first = rows[0];
    const last = rows[rows.length - 1];
    if (!first || !last) return `${label}: no values`;
    const best = rows.reduce((a, b) =>
      (better === "lower" ? b.value < a.value : b.value > a.value) ? b : a,
    );
    const extreme = better === "lower" ? "lowest" : "highest";
    return (
      `${label} from ${format(first.value)} at ${axis} ${first.at} to ${format(last.value)}` +
      ` at ${axis} ${last.at}, ${extreme} ${format(best.value)} at ${axis} ${best.at}`
    );
  });
  return `${sentences.join("; ")}.`;
}
