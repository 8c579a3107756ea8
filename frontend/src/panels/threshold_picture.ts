// The sweep as a chart over confidence.

import type { ConfidencePicture } from "../charts/confidence_chart";
import type { Line, Mark, Picture } from "../charts/picture";
import { between, confidence, metric } from "../format";
import type { Sweep, ThresholdAnswer } from "../schema";
import { metricsText, passingOf, rowAt } from "./sweep";

export type MetricName = "f1" | "precision" | "recall";
export const LINES: readonly (Omit<Line, "values"> & { name: MetricName; word: string })[] = [
  { name: "f1", word: "F1", label: "F1", color: "metric-5", width: 2.5 },
  { name: "precision", word: "precision", label: "P", color: "metric-3", width: 1.5, dash: [2, 3] },
  { name: "recall", word: "recall", label: "R", color: "metric-4", width: 1.5, dash: [8, 3] },
];

export function picture(answer: ThresholdAnswer, sweep: Sweep): ConfidencePicture {
  const { interval, plateau } = answer.operating_point;
  return {
    axis: "confidence",
    epochs: sweep.confidence,
    lines: LINES.map((line) => ({ ...line, values: sweep[line.name] })),
    gap: false,
    bands: plateau ? [{ span: plateau, label: "", color: "ok" }] : [],
    marks: marks(answer),
    interval,
    spotlight: null,
    reach: 0,
    better: "higher",
    format: () => "",
  };
}

function marks({ at, usual, knee }: ThresholdAnswer): Mark[] {
  const found: [typeof at, string, string][] = [
    [at, "★", "ok"],
    [usual, "default", "muted"],
    [knee, "knee", "muted"],
  ];
  return found.flatMap(([passing, word, color]) =>
    passing
      ? [{ epoch: passing.confidence, label: `${word} ${confidence(passing.confidence)}`, color }]
      : [],
  );
}

/** Rows of a table from confidence 0 to 1, both included. */
const ROWS = 21;

/** What the slider reads out, at even steps and at the best. */
export function table(answer: ThresholdAnswer, sweep: Sweep): Picture {
  const even = Array.from({ length: ROWS }, (_, step) => step / (ROWS - 1));
  const { at } = answer;
  const best = at && Number(at.confidence.toFixed(3));
  const epochs = [...new Set([...even, ...(best === null ? [] : [best])])].sort((a, b) => a - b);
  const points = epochs.map((one) =>
    at && one === best ? at : passingOf(sweep, rowAt(sweep.confidence, one)),
  );
  return {
    ...picture(answer, sweep),
    epochs,
    lines: LINES.map((line) => ({
      ...line,
      values: points.map((point) => point[line.name]),
    })),
    format: metric,
  };
}

export function summary({ at, objective_text, operating_point }: ThresholdAnswer): string {
  if (!at) return "Threshold: F1, precision and recall by confidence.";
  const { interval } = operating_point;
  const range = interval ? `, 95 % interval ${between(interval)}` : "";
  return (
    `Threshold: ${objective_text} at confidence ${confidence(at.confidence)}${range},` +
    ` with ${metricsText(at)}.`
  );
}
