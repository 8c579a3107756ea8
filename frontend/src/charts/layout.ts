// How a picture fills its box: the edges of the plot, and where values lie between them.

import type { Span } from "../view";
import { type Scale, scale } from "./scale";

/** What is left beside the plot for axes and labels, in pixels. */
export interface Margins {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: Scale;
  readonly y: Scale;
}

/** Less would turn the plot inside out. */
const LEAST = 20;

export function layout(
  { width, height }: { width: number; height: number },
  margins: Margins,
  positions: Span,
  values: Span,
): Layout {
  const { left, top } = margins;
  const right = Math.max(left + LEAST, width - margins.right);
  const bottom = Math.max(top + LEAST, height - margins.bottom);
  const x = scale(positions, [left, right]);
  const y = scale(values, [bottom, top]);
  return { width, height, left, right, top, bottom, x, y };
}

/** The ends of a span of positions on the plot, each `reach` beyond; null where it is outside. */
export function edges({ x, left, right }: Layout, [first, last]: Span, reach = 0.5): Span | null {
  const clamp = (position: number) => Math.min(right, Math.max(left, x.at(position)));
  const from = clamp(first - reach);
  const to = clamp(last + reach);
  return to > from ? [from, to] : null;
}

export function isInside({ left, right }: Layout, x: number): boolean {
  return x >= left - 1 && x <= right + 1;
}

/** The plot without its margins, as the style of what lies over it. */
export function placeOf({ left, right, top, bottom }: Layout) {
  const [width, height] = [right - left, bottom - top];
  return `left:${left}px;top:${top}px;width:${width}px;height:${height}px`;
}
