// The abbreviations on the page, each in a sentence.

export const GLOSSARY: Readonly<Record<string, string>> = {
  Precision: "P, the share of detections that are right.",
  Recall: "R, the share of objects that are found.",
  F1: "The harmonic mean of precision and recall: high only where both are.",
  IoU: "Overlap of a detection and its object: shared area divided by joint area, 0 to 1.",
  AP: "Average precision: the area under precision over recall, of one class.",
  mAP50: "Mean of AP over the classes, where a detection counts from an IoU of 0.5 on.",
  "mAP50-95": "The same, averaged over IoU 0.5 to 0.95: boxes must also fit closely.",
  DFL: "Distribution focal loss: how sharply the edges of boxes are predicted.",
  CI: "95 % interval: other images of the kind would give a value inside it in 95 of 100 cases.",
  confidence:
    "How sure the model says it is of a detection; what lies below the chosen one is dropped.",
  fitness: "What the framework chooses its best epoch by, mostly 0.1 mAP50 + 0.9 mAP50-95.",
};
