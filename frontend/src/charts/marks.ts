// What every chart of a run marks on its epochs.

import type { DetailedRun } from "../schema";
import { shownFinding, type View } from "../view";
import { markWord, ruleWord } from "../words";
import type { Band, Mark, Picture } from "./picture";

export function runMarks(run: DetailedRun): Mark[] {
  const marks: Mark[] = run.marks.map(({ epoch, kind }) => ({
    epoch,
    label: `${markWord(kind)} ${epoch}`,
    color: "muted",
  }));
  const { best } = run.epochs;
  if (best !== null) marks.push({ epoch: best, label: `★ best ${best}`, color: "ok" });
  return marks;
}

export function onsetBand(run: DetailedRun): Band[] {
  const { onset } = run.overfitting;
  if (!onset) return [];
  const [first, last] = onset;
  const window = first === last ? `${first}` : `${first}–${last}`;
  return [{ span: onset, label: `overfit onset ${window}`, color: "warning" }];
}

/** The evidence of the finding that the user asked to see. */
export function evidence(
  run: DetailedRun,
  view: View,
): Pick<Picture, "spotlight"> & { band: Band[] } {
  const finding = shownFinding(run, view);
  if (!finding?.span) return { spotlight: null, band: [] };
  const band = { span: finding.span, label: ruleWord(finding.rule), color: finding.severity };
  return { spotlight: finding.span, band: [band] };
}
