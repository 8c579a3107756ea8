"""What people call their metrics in files of their own: "mAP@0.5", "ap50", "f1-score", "val_iou" ...

Used where no framework fixes the names: JSON files, home-made tables, TensorBoard tags. Words are
compared without case, blanks and signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Optional

from tensorboard_runlens.formats.table import MAX_NAME, quoted
from tensorboard_runlens.words import first_of

MAX_FRACTION = 1.001
"""A larger value cannot be a fraction, rounding aside: the file counts in percent."""

DETECTION_WORDS = {
    "precision": "precision",
    "prec": "precision",
    "p": "precision",
    "mp": "precision",
    "boxp": "precision",
    "recall": "recall",
    "rec": "recall",
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
    "prec": "precision",
    "ppv": "precision",
    "recall": "recall",
    "rec": "recall",
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

REMARK = re.compile(r"([^()]+)\(([^()]+)\)\s*")
"""Precision (pixel), IoU (Jaccard)."""

REMARKS = ("pixel", "pixels", "pixelwise", "val", "validation", "mean")
"""What a remark in brackets may say besides the same metric once more."""

BESIDE_METRICS = ("epoch", "epochs", "id", "index", "classid", "fitness")
"""Numbers that commonly stand beside metrics and are none, so that they need no mention."""

MAX_UNKNOWN = 5
"""Keys that are named where they are not understood."""


def key_of(word: str) -> str:
    """A word without case, blanks and signs; "mAP@[0.5:0.95]" -> "map05095"."""
    return re.sub(r"[^a-z0-9]", "", word.lower())


def meaning(word: str, words: Mapping[str, str]) -> Optional[str]:
    """RunLens' name for a metric's name, None for one that is not known."""
    if len(word) > MAX_NAME:
        return None
    known = _of_key(key_of(word), words)
    remarked = None if known else REMARK.fullmatch(word)
    if remarked is None:
        return known
    (name, remark) = (_of_key(key_of(part), words) for part in remarked.groups())
    return name if name == remark or key_of(remarked[2]) in REMARKS else None


def _of_key(key: str, words: Mapping[str, str]) -> Optional[str]:
    while key not in words:
        shorter = ADDED_BEFORE.sub("", key)
        if shorter == key:
            return None
        key = shorter
    return words[key]


def number_of(value: Any) -> Optional[float]:
    """The number in a cell of somebody's file, also as text: "85.9", and "85.9%" as the fraction .859 that it
    says; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        if isinstance(value, str) and says_percent(value):
            return float(value.strip().rstrip("%")) / 100
        return float(value)
    except ValueError:
        return None


def says_percent(value: Any) -> bool:
    """Whether a cell says itself that it is a percentage: "65.0%"."""
    return isinstance(value, str) and value.rstrip().endswith("%")


def as_fractions(cells: Mapping[str, Any]) -> tuple[dict[str, float], bool]:
    """(fractions 0..1, whether the file counted in percent without saying it) of metrics by RunLens' names.

    Values that are neither are left out, and so are those that may be fractions beside percentages.
    A percent sign speaks for its own value only, and an AUC of at most 1 is a fraction.
    """
    (sure, bare) = _sure(cells)
    if not any(value > MAX_FRACTION for value in bare.values()):
        return ({name: min(value, 1.0) for (name, value) in {**sure, **bare}.items()}, False)
    clear = {name: value / 100 for (name, value) in bare.items() if not 0 < value <= MAX_FRACTION}
    return ({**{name: min(value, 1.0) for (name, value) in sure.items()}, **clear}, True)


def _sure(cells: Mapping[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
    """(what is a fraction without doubt, what may be a fraction or a percentage)."""
    sure: dict[str, float] = {}
    bare: dict[str, float] = {}
    for name, cell in cells.items():
        value = number_of(cell)
        if value is None or not 0 <= value <= 100:
            continue
        if says_percent(cell) or (name == "auc" and value <= MAX_FRACTION):
            sure[name] = value
        else:
            bare[name] = value
    return ({name: value for (name, value) in sure.items() if value <= MAX_FRACTION}, bare)


def unused_number(key: str, value: Any) -> bool:
    """Whether a key that is not understood holds a number that its author may miss."""
    return number_of(value) is not None and key_of(key) not in BESIDE_METRICS


def not_used(keys: Iterable[str]) -> str:
    """What is said of such keys: the first few of them."""
    listed = [quoted(key) for key in dict.fromkeys(keys)]
    return f"numbers that are not used: {first_of(listed, MAX_UNKNOWN)}"
