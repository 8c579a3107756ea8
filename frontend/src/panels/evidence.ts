// Where the evidence of a finding stands: on which tab of the Run page, in which of its panels.

import { announce } from "../components/announcements";
import { go, place } from "../place";
import type { DetailedRun, Finding } from "../schema";
import { keyed, type View } from "../view";
import { ruleWord } from "../words";

export interface Evidence {
  tab: string;
  panel: string;
}

const LOSSES: Evidence = { tab: "overview", panel: "losses" };

const ELSEWHERE: readonly (readonly [string, string, string])[] = [
  [
    "overview",
    "metrics",
    "past-best undertrained plateau not-learning frozen-validation best-not-last box-mask-gap" +
      " precision-recall-gap capacity-limited iteration-regressed missed-pixels loose-boxes" +
      " identity-mismatch early-stopped target-missed best-matches-no-epoch",
  ],
  ["classes", "classes", "weak-class class-imbalance missing-class"],
  [
    "classes",
    "data",
    "data-faults data-overlap empty-labels small-validation empty-split few-instances" +
      " no-instances polygon-labels",
  ],
  ["speed", "learning-rate", "lr-schedule lr-level lr-ignored"],
  ["speed", "speed", "slow-epochs cpu-training late-end"],
  [
    "speed",
    "machine",
    "gpu-memory gpu-unused input-bound throughput-drift skipped-steps exploding-gradients" +
      " vanishing-gradients",
  ],
  ["config", "config", "conf-raised patience-unreachable"],
  ["files", "files", "interrupted appended-runs missing-iteration"],
];

export function evidenceOf(rule: string): Evidence {
  const found = ELSEWHERE.find(([, , rules]) => rules.split(" ").includes(rule));
  return found ? { tab: found[0], panel: found[1] } : LOSSES;
}

/** Leads to the evidence of a finding; a second time takes it away again. */
export function show(run: DetailedRun, view: View, key: string): void {
  const finding = keyed(run.findings).find((one) => one.key === key)?.finding;
  if (!finding) return;
  if (view.shown.value === key) {
    view.shown.value = null;
    return;
  }
  const { tab } = evidenceOf(finding.rule);
  view.shown.value = key;
  view.zoom.value = null;
  // The chart brings up the loss that the finding is about, whatever was chosen before.
  if (finding.evidence.component) go({ loss: null }, "replace");
  if (tab !== (place.value.tab ?? "overview")) go({ tab }, "push");
  announce(said(finding, run.axis));
}

function said({ rule, span, summary }: Finding, axis: string): string {
  const where = span ? `${axis}s ${span[0]} to ${span[1]} are shown.` : summary;
  return `${ruleWord(rule)}: ${where}`;
}
