// Order of names and values.

/** More digits than any number in a name has. */
const DIGITS = 20;

/** Text whose order by letters is the natural one: train2 before train10, folder by folder. */
function sortable(value: number | string | null): number | string | null {
  if (typeof value !== "string") return value;
  return value
    .normalize("NFD")
    .toLowerCase()
    .replace(/\d+/g, (digits) => digits.padStart(DIGITS, "0"))
    .replace(/\//g, "\0");
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
    .map((item) => ({ item, value: sortable(value(item)) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null)
        return Number(a.value === null) - Number(b.value === null);
      return a.value < b.value ? -sign : a.value > b.value ? sign : 0;
    })
    .map(({ item }) => item);
}
