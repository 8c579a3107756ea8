"""How numbers and names are said in sentences: the field's words, one way everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

METRIC_WORDS = {
    "map50": "mAP50",
    "map50_95": "mAP50-95",
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "top1": "top-1 accuracy",
    "top5": "top-5 accuracy",
    "miou": "mIoU",
    "iou": "IoU",
    "auc": "AUC",
    "pixel_accuracy": "pixel accuracy",
}

GROUP_WORDS = {"mask": "mask ", "pose": "pose ", "box": "", "classify": "", "pixel": ""}
"""Boxes are what a reader expects; masks and keypoints are named."""


def metric_words(group: str, name: str) -> str:
    """mAP50-95, mask mAP50-95, top-1 accuracy ..."""
    return GROUP_WORDS.get(group, "") + METRIC_WORDS.get(name, name)


def percent(share: float) -> str:
    """.061 -> "6 %", .0043 -> "0.4 %"."""
    value = 100 * share
    return f"{value:.1f} %" if abs(value) < 1 else f"{value:.0f} %"


def points(difference: float) -> str:
    """A difference of fractions in percentage points: .023 -> "2.3 points"."""
    value = 100 * difference
    return f"{value:.1f} {'point' if f'{value:.1f}' == '1.0' else 'points'}"


def count(number: int, one: str, many: Optional[str] = None) -> str:
    """1 epoch, 3 epochs."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def first_of(names: Sequence[str], most: int) -> str:
    """The first so many names: toe, square and 3 more."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def epochs(first: int, last: int) -> str:
    """epoch 8, or epochs 8 to 14."""
    return f"epoch {first}" if first == last else f"epochs {first} to {last}"


def release_words(low: Optional[str], high: Optional[str]) -> Optional[str]:
    """8.3.40, 8.3.40 to 8.3.94, 8.3.8 or before: the releases that can have written a run; None where nothing tells."""
    if low == high:
        return low
    if low is None:
        return f"{high} or before"
    return f"{low} or later" if high is None else f"{low} to {high}"


SECONDS_AN_HOUR = 3600.0

DAYS_FROM_H = 72
"""Hours from which on days are easier to grasp."""


def duration(hours: float) -> str:
    """.004 -> "14 seconds", .3 -> "18 minutes", 3.24 -> "3.2 hours", 100 -> "4.2 days"."""
    if SECONDS_AN_HOUR * hours < 1:
        return "less than a second"
    if hours < 1 / 60:
        return count(round(SECONDS_AN_HOUR * hours), "second")
    if hours < 1:
        return count(round(60 * hours), "minute")
    return f"{hours:.1f} hours" if hours < DAYS_FROM_H else f"{hours / 24:.1f} days"


def file_size(size: int) -> str:
    """6_200_000 -> "6.2 MB", as file managers count: 1 MB is a million bytes."""
    for unit, of in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= of:
            return f"{size / of:.1f} {unit}"
    return count(size, "byte")
