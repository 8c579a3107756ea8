// A cell of a confusion matrix as a sentence.

import { grouped, percent } from "../format";
import { type Matrix, share, type Unit } from "./confusion_matrix";

/** "4 of 75 disc (5 %) were predicted as square" */
export function cellText(matrix: Matrix, predicted: number, truth: number, unit: Unit): string {
  const { names, background } = matrix;
  if (truth === background) return falsePositives(matrix, predicted);
  const right = predicted === truth ? ", which is right" : "";
  if (predicted === background) return `${ofTrue(matrix, predicted, truth)} missed`;
  return unit === "predicted"
    ? `${ofPredicted(matrix, predicted, truth)} ${names[truth]}${right}`
    : `${ofTrue(matrix, predicted, truth)} predicted as ${names[predicted]}${right}`;
}

function falsePositives(matrix: Matrix, predicted: number): string {
  const background = matrix.names.length;
  if (matrix.counted) return `${ofPredicted(matrix, predicted, background)} where nothing is`;
  const part = percent(share(matrix, predicted, background, "true"));
  return `${part} of the false positives are predicted as ${matrix.names[predicted]}`;
}

function ofTrue(matrix: Matrix, predicted: number, truth: number): string {
  const name = matrix.names[truth];
  const part = percent(share(matrix, predicted, truth, "true"));
  if (!matrix.counted) return `${part} of ${name} were`;
  const count = matrix.cell(predicted, truth);
  const verb = count === 1 ? "was" : "were";
  return `${grouped(count)} of ${grouped(matrix.ofTrue(truth))} ${name} (${part}) ${verb}`;
}

function ofPredicted(matrix: Matrix, predicted: number, truth: number): string {
  const count = matrix.cell(predicted, truth);
  const part = percent(share(matrix, predicted, truth, "predicted"));
  const all = `${grouped(matrix.ofPredicted(predicted))} predictions of ${matrix.names[predicted]}`;
  return `${grouped(count)} of ${all} (${part}) ${count === 1 ? "is" : "are"}`;
}

/** What stands in a cell; nothing where there is nothing. */
export function cellNumber(matrix: Matrix, predicted: number, truth: number, unit: Unit): string {
  const value = matrix.cell(predicted, truth);
  if (value === 0) return "";
  if (matrix.counted && unit === "count") return grouped(value);
  const part = share(matrix, predicted, truth, unit === "predicted" ? "predicted" : "true");
  return `${Math.round(100 * part)}%`;
}
