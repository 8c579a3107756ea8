import type { Values } from "./picture";

/** Values on either side that take part in a mean; at the ends it is fewer, as many on both sides. */
const BESIDE = 2;

export const SMOOTH_WORD = `broad lines are centred means of ${2 * BESIDE + 1} values`;

/** The mean around each value, without those that are missing; a gap stays a gap. */
export function smoothed(values: Values): Values {
  return values.map((value, row) => {
    if (value === null) return null;
    const reach = Math.min(BESIDE, row, values.length - 1 - row);
    const around = values
      .slice(row - reach, row + reach + 1)
      .filter((one): one is number => one !== null);
    return around.reduce((sum, one) => sum + one, 0) / around.length;
  });
}
