// The field's words for what the JSON names. A value that a newer server added is shown as it is.

import type { Against, Finding, Health, Run, Standing, Version } from "./schema";

export type Level = Health["level"];

/** Shape and word go with every colour, so that nothing depends on seeing colours. */
export const LEVELS: Record<Level, { shape: string; word: string; many?: string }> = {
  critical: { shape: "■", word: "critical" },
  warning: { shape: "▲", word: "warning", many: "warnings" },
  info: { shape: "●", word: "info" },
  ok: { shape: "●", word: "healthy" },
  no_verdict: { shape: "◌", word: "no verdict" },
};

export const RUNNING: { shape: string; word: string; many?: string } = {
  shape: "◐",
  word: "running",
};

/** What a difference to the baseline is. */
export const VERDICTS: Record<Against["verdict"], { shape: string; word: string }> = {
  better: { shape: "▲", word: "better" },
  worse: { shape: "▼", word: "worse" },
  tie: { shape: "≈", word: "tie" },
  not_comparable: { shape: "⊘", word: "not comparable" },
};

/** Whether a training that goes on will beat the baseline; the word stands in the sentence. */
export const OUTLOOKS: Record<NonNullable<Standing["outlook"]>, string> = {
  likely: "▲",
  open: "◇",
  unlikely: "▼",
};

const STATES: Partial<Record<Run["state"], string>> = {
  early_stopped: "early stopped",
  unknown: "state unknown",
};

/** In the order in which they are shown. */
const METRICS: Record<string, string> = {
  map50_95: "mAP50-95",
  map50: "mAP50",
  precision: "Precision",
  recall: "Recall",
  f1: "F1",
  top1: "Top-1",
  top5: "Top-5",
  iou: "IoU",
  miou: "mIoU",
  auc: "AUC",
  pixel_accuracy: "Pixel accuracy",
};

const GROUPS: Record<string, string> = {
  train: "Training loss",
  val: "Validation loss",
  classify: "Classification",
};

const FRAMEWORKS: Partial<Record<Run["framework"], string>> = {
  ultralytics: "Ultralytics",
  yolov5: "YOLOv5",
  yolov7: "YOLOv7",
  selftraining: "U-Net self-training",
  recorded: "own training loop",
  events: "event files",
  unknown: "unknown framework",
};

const TASKS: Partial<Record<Run["task"], string>> = { unknown: "unknown task" };

const MARKS: Record<string, string> = { mosaic_closed: "mosaic off", resumed: "resumed" };

const STAGES: Record<string, string> = {
  step1: "step 1: detectors",
  step2: "step 2: router",
};

/** The chart of the machine panel that shows what a rule is about. */
export const MACHINE_RULES: Partial<Record<string, string>> = {
  "input-bound": "time",
  "throughput-drift": "speed",
  "gpu-memory": "memory",
  "exploding-gradients": "gradients",
  "vanishing-gradients": "gradients",
};

const ENDINGS: Record<string, string> = {
  out_of_memory: "out of memory",
  killed: "killed",
  disk_full: "disk full",
  stopped_by_user: "stopped by the user",
  error: "an error in the program",
};

const ABBREVIATIONS = /^(cpu|gpu|lr|map)\b/;

export const stateWord = (state: Run["state"]): string => STATES[state] ?? state;
/** Not over yet: a stale one may wait for its data. */
export const goesOn = (state: Run["state"]): boolean => state === "running" || state === "stale";
export const metricWord = (name: string): string => METRICS[name] ?? spaced(name);
/** Names of metrics in their usual order, unknown ones last. */
export function inMetricOrder(names: Iterable<string>): string[] {
  const given = new Set(names);
  const known = Object.keys(METRICS).filter((name) => given.has(name));
  return [...new Set([...known, ...given])];
}

export const groupWord = (name: string): string => GROUPS[name] ?? capital(name);

/** mAP50-95, mask mAP50-95, Top-1: the group is named where it is not the usual one. */
export function metricOf(group: string | null, name: string): string {
  const named = group === "mask" || group === "pose";
  return named ? `${groupWord(group).toLowerCase()} ${metricWord(name)}` : metricWord(name);
}
export const frameworkWord = (name: Run["framework"]): string => FRAMEWORKS[name] ?? name;
export const taskWord = (name: Run["task"]): string => TASKS[name] ?? name;
export const stageWord = (stage: string): string => STAGES[stage] ?? stage;
export const endingWord = (ended: string): string => ENDINGS[ended] ?? spaced(ended);
export const markWord = (kind: string): string => MARKS[kind] ?? spaced(kind);

/** overfitting, lr-schedule: Overfitting, LR schedule. */
export function ruleWord(rule: string): string {
  return capital(spaced(rule).replace(ABBREVIATIONS, (letters) => letters.toUpperCase()));
}

/** 8.3.40, 8.3.40–8.3.94, ≤ 8.3.8: the releases that can have written a run. */
export function versionWord(version: Version | null): string {
  const { min = null, max = null } = version ?? {};
  if (min === max) return min ?? "";
  if (min === null) return `≤ ${max}`;
  return max === null ? `≥ ${min}` : `${min}–${max}`;
}

/** The name of a loss; frameworks with one loss leave it without a name. */
export function lossWord(name: string): string {
  return name === "" || name === "loss" ? "loss" : `${name} loss`;
}

export function confidenceWord(confidence: Finding["confidence"]): string {
  return `${confidence} confidence`;
}

export function spaced(name: string): string {
  return name.replace(/[-_]/g, " ");
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
