import type { ComponentChildren } from "preact";
import { Scroll } from "./scroll";

/** What a table says of each item. */
export interface Column<Item> {
  title: string;
  numeric?: boolean;
  cell: (item: Item) => ComponentChildren;
}

interface Props<Item, Of extends Column<Item>> {
  label: string;
  /** The table's class in the style sheet. */
  kind?: string;
  caption?: ComponentChildren;
  /** The first one names the row. */
  columns: readonly Of[];
  items: readonly Item[];
  keyOf: (item: Item) => string | number;
  /** The head of a column that has more than its title. */
  head?: (column: Of) => ComponentChildren;
}

/** A row for each item. */
export function ItemTable<Item, Of extends Column<Item>>(props: Props<Item, Of>) {
  const { label, kind = "", caption, columns, items, keyOf, head = Title } = props;
  return (
    <Scroll label={label}>
      <table class={`numbers ${kind}`}>
        {caption && <caption>{caption}</caption>}
        <thead>
          <tr>{columns.map(head)}</tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Row key={keyOf(item)} item={item} columns={columns} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Title({ title, numeric }: { title: string; numeric?: boolean }) {
  return (
    <th key={title} scope="col" class={classOf(numeric)}>
      {title}
    </th>
  );
}

interface RowProps<Item> {
  item: Item;
  columns: readonly Column<Item>[];
}

function Row<Item>({ item, columns }: RowProps<Item>) {
  return (
    <tr>
      {columns.map(({ title, numeric, cell }, index) =>
        index === 0 ? (
          <th key={title} scope="row" class={classOf(numeric)}>
            {cell(item)}
          </th>
        ) : (
          <td key={title} class={classOf(numeric)}>
            {cell(item)}
          </td>
        ),
      )}
    </tr>
  );
}

const classOf = (numeric: boolean | undefined) => (numeric ? "numeric" : undefined);
