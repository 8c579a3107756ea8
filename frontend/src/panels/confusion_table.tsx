// The matrix as a list of what there is in it, the most frequent first.

import { Scroll } from "../components/scroll";
import { grouped, percent } from "../format";
import { sortBy } from "../sort";
import { type Matrix, share } from "./confusion_matrix";

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
  return (
    <Scroll label="Cells of the matrix">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">true class</th>
            <th scope="col">predicted as</th>
            {counted && (
              <th scope="col" class="numeric">
                count
              </th>
            )}
            <th scope="col" class="numeric">
              share of true
            </th>
          </tr>
        </thead>
        <tbody>
          {sortBy(cells, ({ value }) => value, "descending").map(({ predicted, truth, value }) => (
            <tr key={`${predicted} ${truth}`}>
              <th scope="row">
                <bdi>{names[truth] ?? "nothing is there"}</bdi>
              </th>
              <td>
                <bdi>{names[predicted] ?? "missed"}</bdi>
              </td>
              {counted && <td class="numeric">{grouped(value)}</td>}
              <td class="numeric">
                {truth === background ? "" : percent(share(matrix, predicted, truth, "true"))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
