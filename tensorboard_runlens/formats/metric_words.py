"""What people call their metrics in files of their own: "mAP@0.5", "ap50", "f1-score", "val_iou" ...

Used where no framework fixes the names: JSON files, home-made tables, TensorBoard tags. Words are
compared without case, blanks and signs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Optional

MAX_FRACTION = 1.001
"""A larger value cannot be a fraction, rounding aside: the file counts in percent."""

DETECTION_WORDS = {
    "precision": "precision",
    "p": "precision",
    "mp": "precision",
    "boxp": "precision",
    "recall": "recall",
    "r": "recall",
    "mr": "recall",
    "boxr": "recall",
    "f1": "f1",
    "f1score": "f1",
    "map50": "map50",
    "ap50": "map50",
    "map05": "map50",
    "ap05": "map50",
    "mapat50": "map50",
    "mapat05": "map50",
    "map": "map50_95",
    "ap": "map50_95",
    "map5095": "map50_95",
    "ap5095": "map50_95",
    "map0595": "map50_95",
    "map05095": "map50_95",
    "ap05095": "map50_95",
    "map50to95": "map50_95",
    "map5": "map50",
    "ap5": "map50",
    "map595": "map50_95",
    "ap595": "map50_95",
}
"""Of boxes; "map" and "ap" alone are the mean over IoU .5 to .95, as Ultralytics' own attributes are."""

PIXEL_WORDS = {
    "precision": "precision",
    "ppv": "precision",
    "recall": "recall",
    "sensitivity": "recall",
    "tpr": "recall",
    "f1": "f1",
    "f1score": "f1",
    "dice": "f1",
    "dicescore": "f1",
    "dicecoefficient": "f1",
    "dicecoef": "f1",
    "dicecoeff": "f1",
    "dicemetric": "f1",
    "meandice": "f1",
    "mdice": "f1",
    "iou": "iou",
    "jaccard": "iou",
    "jaccardindex": "iou",
    "jaccardscore": "iou",
    "jaccardcoef": "iou",
    "iouscore": "iou",
    "ioucoef": "iou",
    "binaryiou": "iou",
    "onehotmeaniou": "miou",
    "miou": "miou",
    "meaniou": "miou",
    "auc": "auc",
    "rocauc": "auc",
    "auroc": "auc",
    "aucroc": "auc",
    "pixelaccuracy": "pixel_accuracy",
    "pixelacc": "pixel_accuracy",
    "accuracy": "pixel_accuracy",
    "acc": "pixel_accuracy",
}
"""Of segmentation maps; Dice is F1 by another name."""

CLASSIFICATION_WORDS = {
    "accuracy": "top1",
    "acc": "top1",
    "top1": "top1",
    "accuracytop1": "top1",
    "top1accuracy": "top1",
    "top1acc": "top1",
    "acctop1": "top1",
    "acc1": "top1",
    "multiclassaccuracy": "top1",
    "categoricalaccuracy": "top1",
    "sparsecategoricalaccuracy": "top1",
    "binaryaccuracy": "top1",
    "top5": "top5",
    "accuracytop5": "top5",
    "top5accuracy": "top5",
    "top5acc": "top5",
    "acctop5": "top5",
    "acc5": "top5",
    "topkcategoricalaccuracy": "top5",
    "sparsetopkcategoricalaccuracy": "top5",
}

INSTANCE_WORDS = (
    "instances",
    "n",
    "support",
    "samples",
    "count",
    "ninstances",
    "numinstances",
    "ngt",
    "targets",
    "labels",
    "valsamples",
    "valinstances",
    "validationsamples",
    "validationinstances",
    "numsamples",
    "nsamples",
    "gt",
)
IMAGE_WORDS = ("images", "nimages", "numimages", "valimages")

ADDED_BEFORE = re.compile(
    r"^(?:val|valid|validation|test|eval|metrics?|mean|avg|average|pixel|mask|box|overall)(?=.)"
)
"""Words in front of a metric's name that do not change what it measures."""


def key_of(word: str) -> str:
    """A word without case, blanks and signs; "mAP@[0.5:0.95]" -> "map05095"."""
    return re.sub(r"[^a-z0-9]", "", word.lower())


def meaning(word: str, words: Mapping[str, str]) -> Optional[str]:
    """RunLens' name for a metric's name, None for one that is not known."""
    key = key_of(word)
    while key not in words:
        shorter = ADDED_BEFORE.sub("", key)
        if shorter == key:
            return None
        key = shorter
    return words[key]


def number_of(value: Any) -> Optional[float]:
    """The number in a cell of somebody's file, also as text ("85.9", "85.9%"); None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value.strip().rstrip("%")) if isinstance(value, str) else float(value)
    except ValueError:
        return None


def as_fractions(values: Mapping[str, float]) -> tuple[dict[str, float], bool]:
    """(fractions 0..1, whether the file counted in percent); values that are neither are left out, and so
    are those that may be fractions beside percentages: an AUC of .91 is not .0091."""
    known = {name: value for (name, value) in values.items() if 0 <= value <= 100}
    if not any(value > MAX_FRACTION for value in known.values()):
        return ({name: min(value, 1.0) for (name, value) in known.items()}, False)
    sure = {name: value for (name, value) in known.items() if not 0 < value <= MAX_FRACTION}
    return ({name: value / 100 for (name, value) in sure.items()}, True)
