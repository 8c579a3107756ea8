// The matrix as a list of what there is in it, the most frequent first.

import { type Column, ItemTable } from "../components/item_table";
import { grouped, percent } from "../format";
import { sortBy } from "../sort";
import { type Matrix, share } from "./confusion_matrix";

interface Cell {
  predicted: number;
  truth: number;
  value: number;
}

export function ConfusionTable({ matrix }: { matrix: Matrix }) {
  const { names, background, counted } = matrix;
  const all = background === null ? names.length : names.length + 1;
  const indices = Array.from({ length: all }, (_, index) => index);
  const cells = indices.flatMap((predicted) =>
    indices.flatMap((truth) => {
      const value = matrix.cell(predicted, truth);
      return value > 0 ? [{ predicted, truth, value }] : [];
    }),
  );
  const columns: Column<Cell>[] = [
    { title: "true class", cell: ({ truth }) => <bdi>{names[truth] ?? "nothing is there"}</bdi> },
    { title: "predicted as", cell: ({ predicted }) => <bdi>{names[predicted] ?? "missed"}</bdi> },
    { title: "count", numeric: true, cell: ({ value }) => grouped(value) },
    {
      title: "share of true",
      numeric: true,
      cell: ({ predicted, truth }) =>
        truth === background ? "" : percent(share(matrix, predicted, truth, "true")),
    },
  ];
  return (
    <ItemTable
      label="Cells of the matrix"
      columns={columns.filter(({ title }) => counted || title !== "count")}
      items={sortBy(cells, ({ value }) => value, "descending")}
      keyOf={({ predicted, truth }) => `${predicted} ${truth}`}
    />
  );
}
