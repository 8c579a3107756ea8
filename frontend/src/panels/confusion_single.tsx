// One class cannot be taken for another: three numbers say it all.

import { grouped, percent } from "../format";
import { type Matrix, share } from "./confusion_matrix";

export function SingleClass({ matrix }: { matrix: Matrix }) {
  const { names, background, counted } = matrix;
  const number = (predicted: number, truth: number) =>
    counted
      ? grouped(matrix.cell(predicted, truth))
      : percent(share(matrix, predicted, truth, "true"));
  return (
    <dl class="three">
      <div>
        <dd>{number(0, 0)}</dd>
        <dt>
          <bdi>{names[0]}</bdi> found
        </dt>
      </div>
      {background !== null && (
        <>
          {counted && (
            <div>
              <dd>{number(0, background)}</dd>
              <dt>found where nothing is</dt>
            </div>
          )}
          <div>
            <dd>{number(background, 0)}</dd>
            <dt>missed</dt>
          </div>
        </>
      )}
    </dl>
  );
}
