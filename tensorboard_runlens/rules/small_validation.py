"""The validation set is too small to tell differences that people look for.

## What it says
How far recall could be another on other images of the kind, below which differences of two runs or epochs are
noise, and how many more images it takes to tell 5 points, or 1. Also whether the validation set is small against the
training set, where the data set is known.

## Why it matters
Everything that is read off a validation, and the choice of best.pt, is blurred by so much.

## How it decides
Half the 95 % interval of recall (Wilson) at the best epoch, objects counting half since those of one image are
found or missed together. More than five points is information, more than ten a warning; fewer than 100 objects or 50
images are always a warning. Of classification it is the accuracy, and every image counts. Where only the number of
images is known, only that is judged; where neither is, nothing is said.

## Source
Guides 002, 003 and 004 validate on 20, 10 and 13 % of their images, the smallest on 45; guide 004 takes 3 samples of a
class for useless. Doubling the variance is the usual allowance for objects that share an image.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule, finding_of
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.signals.validation import COARSE, FINE, ValidationSize
from tensorboard_runlens.words import count, metric_words, points

LIMITS = {
    "half_width_max": Limit(COARSE, "Five points: what people take for a gain."),
    "half_width_warning": Limit(0.10, "Ten points: two runs that differ by as much look alike."),
    "instances_min": Limit(100, "Fewer objects leave ten points to either side of most recalls."),
    "images_min": Limit(50, "The guides' smallest validation set has 45 images."),
}


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a validation set that says too little, else what is wrong with the sizes of the splits."""
    size = signals.validation
    half = size.half or 0.0
    few = _below(size.objects, limits["instances_min"]) or _below(size.images, limits["images_min"])
    if not few and half <= limits["half_width_max"]:
        return finding_of(signals.data.fault("small-split"))
    return Finding(
        severity="warning" if few or half > limits["half_width_warning"] else "info",
        confidence="high" if half else "moderate",
        summary=_summary(size),
        clause=f"Differences below {points(half)} are noise" if half else "Few validation images",
        evidence={
            "half_width": size.half,
            "images": size.images,
            "objects": size.objects,
            "share": size.share,
            "missing_for_5_points": size.missing.get(COARSE),
            "missing_for_1_point": size.missing.get(FINE),
        },
        advice=_advice(signals, size),
    )


def _below(known: Optional[int], limit: float) -> bool:
    """Whether there are some, and too few: none at all is a fault of the split."""
    return bool(known) and (known or 0) < limit


def _summary(size: ValidationSize) -> str:
    if size.half is None or size.share is None:
        images = count(size.images or 0, "validation image")
        return f"{images}: differences of a few points between runs or epochs are noise."
    metric = metric_words("box", size.metric)
    return (
        f"{_counted(size)} leave {metric} ({size.share:.2f}) uncertain by {points(size.half)} to either"
        " side: smaller differences between runs or epochs are noise."
    )


def _counted(size: ValidationSize) -> str:
    images = f" on {count(size.images, 'image')}" if size.images else ""
    if size.metric == "recall":
        return count(size.objects or 0, "validated object") + images
    return count(size.images or 0, "validation image")


def _advice(signals: Signals, size: ValidationSize) -> list[Advice]:
    said = [f"{images:,} more tell {points(half)}" for (half, images) in size.missing.items()]
    return [advise(signals, "larger-val", what=", ".join(said))]


RULE = Rule("small-validation", check, LIMITS, rank=7, withdrawn_by=("too-short",))
