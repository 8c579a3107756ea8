// Order of names and values.

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** train2 before train10, folder by folder. */
export function compareNames(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = collator.compare(left[i] as string, right[i] as string);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

export type Direction = "ascending" | "descending";

export const OPPOSITE: Record<Direction, Direction> = {
  ascending: "descending",
  descending: "ascending",
};

/** A sorted copy. Missing values come last in either direction; equals keep their order. */
export function sortBy<Item>(
  items: readonly Item[],
  value: (item: Item) => number | string | null,
  direction: Direction,
): Item[] {
  const sign = direction === "ascending" ? 1 : -1;
  return items
    .map((item) => ({ item, value: value(item) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null)
        return Number(a.value === null) - Number(b.value === null);
      return sign * compareValues(a.value, b.value);
    })
    .map(({ item }) => item);
}

function compareValues(a: number | string, b: number | string): number {
  return typeof a === "number" && typeof b === "number"
    ? a - b
    : compareNames(String(a), String(b));
}

/**
 * Keeps items where they are: those that were already shown first, in their old order, then the new
 * ones. Used while the pointer is over a table, so that no row moves away from under it.
 */
export function keepOrder<Item>(
  items: readonly Item[],
  shown: readonly string[],
  key: (item: Item) => string,
): Item[] {
  const place = new Map(shown.map((name, index) => [name, index]));
  return sortBy(items, (item) => place.get(key(item)) ?? null, "ascending");
}
