import { useMemo, useState } from "preact/hooks";
import { grouped } from "../format";
import { type Direction, OPPOSITE, sortBy } from "../sort";
import { type Column, ItemTable } from "./item_table";
import { SortHeader } from "./sort_header";

export interface SortedColumn<Item> extends Column<Item> {
  key: string;
  hint?: string;
  /** Where a first click starts. */
  first: Direction;
  order: (item: Item) => number | string | null;
}

interface Props<Item> {
  label: string;
  kind: string;
  caption: string;
  /** What the items are called. */
  many: string;
  columns: readonly SortedColumn<Item>[];
  items: readonly Item[];
  keyOf: (item: Item) => string | number;
  /** The column whose lowest values come first until another one is chosen. */
  by: string | undefined;
}

/** More rows than this are shown on demand: nobody reads a thousand rows, and drawing them takes seconds. */
const SHOWN = 100;

/** A table that a click on a title sorts, and nothing else sorts anew. */
export function SortedTable<Item>({ caption, many, columns, items, by, ...rest }: Props<Item>) {
  const [chosen, setChosen] = useState<[string | undefined, Direction]>();
  const [all, setAll] = useState(false);
  const [key, direction] = chosen ?? [by, "ascending"];
  const sorting = columns.find((column) => column.key === key);
  const ordered = useMemo(
    () => (sorting ? sortBy(items, sorting.order, direction) : items),
    [items, sorting, direction],
  );
  const shown = all ? ordered : ordered.slice(0, SHOWN);
  const head = (column: SortedColumn<Item>) => (
    <SortHeader
      key={column.key}
      title={column.title}
      hint={column.hint}
      numeric={column.numeric}
      direction={column === sorting ? direction : null}
      onClick={() =>
        setChosen([column.key, column === sorting ? OPPOSITE[direction] : column.first])
      }
    />
  );
  return (
    <>
      <ItemTable
        {...rest}
        caption={<span class="unseen">{caption}</span>}
        columns={columns}
        items={shown}
        head={head}
      />
      {shown.length < ordered.length && (
        <button type="button" onClick={() => setAll(true)}>
          Show all {grouped(ordered.length)} {many}
        </button>
      )}
    </>
  );
}
