// The cells of one confusion matrix, looked up by class; nothing here but sums and ratios of counts.

import type { ConfusionAnswer, ConfusionStep } from "../schema";

/** What the numbers are: as counted, shares of the objects of a class, shares of the predictions of a class. */
export type Unit = "count" | "true" | "predicted";

export interface Matrix {
  names: readonly string[];
  /** The index of the background, null where every image has a class. */
  background: number | null;
  /** Cells are counts, else shares of the true class. */
  counted: boolean;
  cell: (predicted: number, truth: number) => number;
  /** Objects of a class, and predictions of it. */
  ofTrue: (truth: number) => number;
  ofPredicted: (predicted: number) => number;
}

export function matrixOf(answer: ConfusionAnswer, step: ConfusionStep | undefined): Matrix | null {
  const { names, background, shares } = answer;
  if (step && step.cells.length > 0) return build(names, background, true, step.cells);
  return shares && build(names, background, false, shares);
}

function build(
  names: readonly string[],
  background: boolean,
  counted: boolean,
  cells: readonly (readonly [number, number, number])[],
): Matrix {
  const size = names.length + 1;
  const values = new Map<number, number>();
  const ofTrue = new Array<number>(size).fill(0);
  const ofPredicted = new Array<number>(size).fill(0);
  for (const [predicted, truth, value] of cells) {
    values.set(predicted * size + truth, value);
    ofTrue[truth] = (ofTrue[truth] ?? 0) + value;
    ofPredicted[predicted] = (ofPredicted[predicted] ?? 0) + value;
  }
  return {
    names,
    background: background ? names.length : null,
    counted,
    cell: (predicted, truth) => values.get(predicted * size + truth) ?? 0,
    ofTrue: (truth) => ofTrue[truth] ?? 0,
    ofPredicted: (predicted) => ofPredicted[predicted] ?? 0,
  };
}

/** A share of the true or of the predicted class; 0 where there is nothing to share. */
export function share(
  matrix: Matrix,
  predicted: number,
  truth: number,
  of: "true" | "predicted",
): number {
  const value = matrix.cell(predicted, truth);
  if (!matrix.counted) return value;
  const whole = of === "true" ? matrix.ofTrue(truth) : matrix.ofPredicted(predicted);
  return whole > 0 ? value / whole : 0;
}

/** Objects of the class that were not found as what they are, and predictions of it that are wrong. */
export function errorsOf(matrix: Matrix, index: number): number {
  const right = matrix.cell(index, index);
  const missed = matrix.ofTrue(index) - right;
  return matrix.counted ? missed + matrix.ofPredicted(index) - right : missed;
}
