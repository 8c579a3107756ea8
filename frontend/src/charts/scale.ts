// Where values lie on a chart, and the round numbers written along its axes.

import type { Span } from "../view";

/** Values as positions in pixels, and back. */
export interface Scale {
  readonly domain: Span;
  readonly range: Span;
  at(value: number): number;
  value(position: number): number;
}

/** Pixels beyond every chart: browsers take seconds for the dashes of a line that leads a million away. */
const OUTSIDE = 2e4;

export function scale(domain: Span, range: Span): Scale {
  const [low, high] = domain;
  const [from, to] = range;
  const perValue = (to - from) / (high - low);
  return {
    domain,
    range,
    at: (value) => from + Math.max(-OUTSIDE, Math.min(OUTSIDE, (value - low) * perValue)),
    value: (position) => low + (position - from) / perValue,
  };
}

/** 1, 2 or 5 times a power of ten: the smallest such step that makes at most so many of the span. */
export function niceStep(span: number, most: number): number {
  const rough = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5].find((one) => one * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** The multiples of the step within the domain. */
export function ticks([low, high]: Span, step: number): number[] {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => (first + n) * step);
}

/** Multiples of a step with the decimals that the step needs: of .5 it is one; tiny ones as powers: 1.2e-5. */
export function tickText(tick: number, step: number): string {
  if (step < 1e-4) return tick ? Number(tick.toPrecision(3)).toExponential() : "0";
  return tick.toFixed(Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
}
