// What passes each confidence, as the server counted it: looked up here, and nothing but differences and the F1 of counts.

import { csv } from "../csv";
import { grouped, metric } from "../format";
import type { Passing, Sweep, SweepClass, ThresholdAnswer } from "../schema";

/** The row whose confidence is nearest. */
export function rowAt(confidences: readonly number[], wanted: number): number {
  let nearest = 0;
  let least = Number.POSITIVE_INFINITY;
  confidences.forEach((one, row) => {
    const distance = Math.abs(one - wanted);
    if (distance < least) {
      least = distance;
      nearest = row;
    }
  });
  return nearest;
}

export function passingOf(sweep: Sweep, row: number): Passing {
  return {
    confidence: sweep.confidence[row] ?? 0,
    f1: sweep.f1[row] ?? null,
    precision: sweep.precision[row] ?? null,
    recall: sweep.recall[row] ?? null,
    found: sweep.found?.[row] ?? null,
    right: sweep.right?.[row] ?? null,
    instances: sweep.instances,
  };
}

/** Where a slider begins that no optimum tells better: the confidence that predicting begins with. */
const USUAL = 0.25;

/** What passes where the slider stands, which is the best until somebody moves it. */
export function passingAt({ at, sweep }: ThresholdAnswer, moved: number | null): Passing | null {
  if (moved === null && at) return at;
  return sweep && passingOf(sweep, rowAt(sweep.confidence, moved ?? USUAL));
}

/** What the detections of a class were at a confidence. */
export interface ClassCounts {
  right: number;
  wrong: number;
  missed: number;
  f1: number | null;
}

export function classCounts({ found, right, instances }: SweepClass, row: number): ClassCounts {
  return counts(found[row] ?? 0, right[row] ?? 0, instances);
}

/** The same of what passes, null where only curves are known. */
export function passedCounts(passing: Passing | null): ClassCounts | null {
  if (passing?.found == null || passing.right === null || passing.instances === null) return null;
  return counts(passing.found, passing.right, passing.instances);
}

function counts(found: number, right: number, instances: number): ClassCounts {
  const all = found + instances;
  return {
    right,
    wrong: found - right,
    missed: instances - right,
    f1: all > 0 ? (2 * right) / all : null,
  };
}

/** "F1 0.893, precision 0.922, recall 0.872" */
export function metricsText({ f1, precision, recall }: Passing): string {
  return `F1 ${metric(f1)}, precision ${metric(precision)}, recall ${metric(recall)}`;
}

/** "17 wrong of 232, 30 of 245 missed", or nothing where only curves are known. */
export function countsText({ found, right, instances }: Passing): string {
  if (found === null || right === null || instances === null) return "";
  return (
    `${grouped(found - right)} wrong of ${grouped(found)},` +
    ` ${grouped(instances - right)} of ${grouped(instances)} missed`
  );
}

export function passingText(passing: Passing): string {
  return [metricsText(passing), countsText(passing)].filter(Boolean).join("; ");
}

/** The sweep for a spreadsheet: one line for each confidence, then the same of each class. */
export function sweepCsv(sweep: Sweep): string {
  const { confidence: all, f1, precision, recall, found, right, instances } = sweep;
  const means = all.map((one, row) => [
    "",
    one,
    f1[row],
    precision[row],
    recall[row],
    found?.[row],
    right?.[row],
    instances,
  ]);
  const classes = sweep.classes.flatMap(({ name, found, right, instances }) =>
    all.map((one, row) => [name, one, "", "", "", found[row], right[row], instances]),
  );
  return csv([HEADER, ...means, ...classes]);
}

const HEADER = ["class", "confidence", "f1", "precision", "recall", "found", "right", "objects"];
