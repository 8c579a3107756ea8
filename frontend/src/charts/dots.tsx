// A value with its interval as a dot on a line, for a cell of a table; several values of a row stand
// below each other, joined, so that their intervals can be compared.

import type { Span } from "../view";
import { niceStep, scale, ticks, tickText } from "./scale";

export interface Dot {
  /** Whose value it is. */
  label: string;
  value: number | null;
  /** Where the value may lie. */
  interval: Span | null;
  color: string;
}

interface Props {
  dots: readonly Dot[];
  /** What the line reaches from and to; the same in all rows of a table. */
  domain: Span;
  /** The row in words. */
  summary: string;
}

const WIDTH = 140;
const MARGIN = 6;
const ROW = 8;
/** Numbers along the axis, at most one more, and the room that half of one takes. */
const TICKS = 4;
const ROOM = 14;
/** By which the dots of a row differ beside their colour. */
const SHAPES = [
  "M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z",
  "M-3 -3h6v6h-6z",
  "M0 -4l4 7h-8z",
  "M0 -4.5l4.5 4.5l-4.5 4.5l-4.5 -4.5z",
];

/** The values of a row, one for each run. */
export function Dumbbell({ dots, domain, summary }: Props) {
  const x = across(domain);
  const placed = dots.map((dot, row) => ({ ...dot, y: ROW * (row + 1) }));
  const joined = placed.flatMap(({ value, y }) => (value === null ? [] : [`${x.at(value)} ${y}`]));
  return (
    <svg
      class="dots"
      width={WIDTH}
      height={ROW * (dots.length + 1)}
      role="img"
      aria-label={summary}
    >
      <path d={`M${joined.join("L")}`} stroke="var(--edge)" />
      {placed.map(({ label, value, interval, color, y }, row) => (
        <g key={label} stroke={`var(--${color})`} fill={`var(--${color})`}>
          {interval && <path d={whisker(interval.map(x.at) as [number, number], y)} />}
          {value !== null && (
            <path transform={`translate(${x.at(value)} ${y})`} d={SHAPES[row % SHAPES.length]} />
          )}
        </g>
      ))}
    </svg>
  );
}

/** The numbers that the dots of a column stand under. */
export function DotAxis({ domain }: { domain: Span }) {
  const x = across(domain);
  const step = niceStep(domain[1] - domain[0], TICKS);
  return (
    <svg class="dots" width={WIDTH} height={14} aria-hidden="true">
      {ticks(domain, step).map((tick) => (
        <text key={tick} x={x.at(tick)} y={11} text-anchor={anchor(x.at(tick))}>
          {tickText(tick, step)}
        </text>
      ))}
    </svg>
  );
}

/** The shape and colour of a run's dots, for a legend. */
export function DotKey({ row, color }: { row: number; color: string }) {
  return (
    <svg class="dots" width={10} height={10} viewBox="-5 -5 10 10" aria-hidden="true">
      <path d={SHAPES[row % SHAPES.length]} fill={`var(--${color})`} />
    </svg>
  );
}

function across(domain: Span) {
  return scale(domain, [MARGIN, WIDTH - MARGIN]);
}

function whisker([low, high]: Span, y: number): string {
  return `M${low} ${y}H${high}M${low} ${y - 2.5}v5M${high} ${y - 2.5}v5`;
}

/** The outermost numbers stay within the cell. */
function anchor(x: number): string {
  if (x < ROOM) return "start";
  return x > WIDTH - ROOM ? "end" : "middle";
}
