import { type Column, ItemTable } from "../components/item_table";
import { type Picture, positionText, valueText } from "./picture";
import { type TableRow, tableRows } from "./table_rows";

/** The numbers of a chart, for those who read numbers better than lines. */
export function EpochTable({ picture }: { picture: Picture }) {
  return (
    <ItemTable
      label={`Values by ${picture.axis}`}
      columns={columnsOf(picture)}
      items={tableRows(picture)}
      keyOf={({ position }) => position}
    />
  );
}

function columnsOf(picture: Picture): Column<TableRow>[] {
  return [
    {
      title: picture.axis,
      numeric: true,
      cell: ({ position }) => positionText(picture, position),
    },
    ...picture.lines.map((line, index) => ({
      title: line.label,
      numeric: true,
      cell: ({ rows }: TableRow) => valueText(picture, line, rows[index] ?? -1),
    })),
  ];
}
