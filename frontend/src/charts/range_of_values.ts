// Which values the y axis of a chart reaches.

import type { Span } from "../view";
import { type Picture, positionsOf } from "./picture";

export interface ValueRange {
  span: Span;
  /** Values that the axis does not reach, for they would squeeze all others. */
  above: readonly number[];
}

/** A share of all values that is not the few of a spike. */
const USUAL = 0.95;
/** Values this many times beyond the usual ones squeeze them into the lowest third. */
const FAR = 3;
/** Then the axis reaches this many times beyond the usual ones. */
const ROOM = 1.5;
/** Of fewer values none can be called a spike. */
const LEAST_VALUES = 20;

/** Nothing measured is larger, and no span of values smaller than its inverse. */
const LARGEST = 1e90;

/** `whole`: the axis reaches every value. */
export function rangeOfValues(picture: Picture, positions: Span, whole: boolean): ValueRange {
  const values = shownValues(picture, positions).sort((a, b) => a - b);
  const usual = values[Math.floor(USUAL * (values.length - 1))] ?? 0;
  const most = values[values.length - 1] ?? 0;
  const spiked = values.length >= LEAST_VALUES && usual > 0 && most > FAR * usual;
  const limit = spiked && !whole ? ROOM * usual : most;
  const within = values.filter((value) => value <= limit);
  const [least, greatest] = [within[0], within[within.length - 1]];
  const span = isFromZero(picture) ? fromZero(greatest) : around(least, greatest);
  return { span, above: values.slice(within.length) };
}

function shownValues(picture: Picture, [first, last]: Span): number[] {
  return picture.lines.flatMap((line) => {
    const positions = positionsOf(picture, line);
    return [line.values, line.band?.low, line.band?.high].flatMap((values = []) =>
      values.filter((value, row): value is number => {
        const position = positions[row];
        const inside = position !== undefined && position >= first && position <= last;
        return inside && value !== null && Math.abs(value) <= LARGEST;
      }),
    );
  });
}

function isFromZero({ better, zero }: Picture): boolean {
  return better === "higher" || zero === true;
}

function fromZero(most: number | undefined): Span {
  if (!most || most < 1 / LARGEST) return [0, 1];
  return [0, most <= 1 ? Math.min(1, most * 1.08) : most * 1.08];
}

function around(least: number | undefined, most: number | undefined): Span {
  if (least === undefined || most === undefined) return [0, 1];
  const margin = Math.max(most - least || Math.abs(most) || 1, 1 / LARGEST) * 0.06;
  return [least - margin, most + margin];
}
