"""Masks are much worse than the boxes around them.

## What it says
By how much the masks' mAP stays behind the boxes', and whether masks miss their objects (mAP50 is lower, too) or only
their edges are coarse (mAP50-95 is lower, mAP50 is not).

## Why it matters
The objects are found, so that a larger model or a longer training is not what is missing. Coarse edges come from the
resolution that masks are trained at, or from rough polygons; masks that miss small objects from the images' size, and
other ones from wrong polygons.

## How it decides
Means of boxes and masks over the last ten validated epochs. Masks miss their objects where their mAP50 is more than
10 points lower, or below three quarters of the boxes': a warning. Where only mAP50-95 is lower, by more than 15 points
or below three quarters, their edges are coarse: information, since that is frequent, and thin objects have coarse
masks by nature. Masks that are a little worse are normal: up to a tenth of the boxes' mAP nothing is said. A training
that still runs is not judged.

## Source
Guide 001 (good boxes with much worse masks; a slightly lower mask mAP is normal). 51 real segmentation runs: half have
a gap below 5 points of mAP50-95, three in four below 18; in mAP50 half below 2, three in four below 4. Two models
trained on the same data at 640 pixels had a gap of 29 and 33 points of mAP50, at 1280 pixels of 2. `mask_ratio` is a
downsampling factor: finer masks need a lower one, although guide 001 says higher.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import points

LIMITS = {
    "gap_max": Limit(0.15, "Points of mAP50-95: three in four of 51 real runs stay below 18."),
    "share_min": Limit(0.75, "The masks' mAP as share of the boxes', for models of low mAP."),
    "misplaced_min": Limit(
        0.10,
        "Points of mAP50 from which masks miss their objects: three in four runs stay below 4.",
    ),
}

EPOCHS = 10
"""Validated epochs that are compared: their mean is known to half a point in half of real runs."""

BOX_MIN = 0.05
"""mAP50-95 of boxes below which a share of it is chance."""

COLUMNS = (("box", "map50_95"), ("mask", "map50_95"), ("box", "map50"), ("mask", "map50"))


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports masks that stay behind their boxes."""
    rows = signals.metrics.rows(COLUMNS)[-EPOCHS:]
    if len(rows) < EPOCHS or signals.state == "running":
        return None
    (box, mask, box50, mask50) = (float(signals.metrics.at(one, rows).mean()) for one in COLUMNS)
    (gap, gap50) = (box - mask, box50 - mask50)
    misplaced = gap50 > limits["misplaced_min"] or mask50 < limits["share_min"] * box50
    coarse = gap > limits["gap_max"] or mask < limits["share_min"] * box
    if box < BOX_MIN or not (misplaced or coarse):
        return None
    (group, low, high) = ("mAP50", mask50, box50) if misplaced else ("mAP50-95", mask, box)
    return Finding(
        severity="warning" if misplaced else "info",
        confidence=signals.data.certainty,
        summary=(
            f"{points(high - low)} of {group} between boxes ({high:.3f}) and masks ({low:.3f}):"
            f" {_meaning(misplaced)}."
        ),
        clause="Masks miss their objects" if misplaced else "Masks have coarse edges",
        evidence={
            "gap": gap,
            "gap_map50": gap50,
            "share": mask / box,
            "epochs": EPOCHS,
            "misplaced": misplaced,
        },
        span=(int(rows[0]), int(rows[-1])),
        advice=_advice(signals, misplaced),
    )


def _meaning(misplaced: bool) -> str:
    if misplaced:
        return "objects are found, but their masks cover them poorly"
    return "objects are found and covered, but the edges of the masks are coarse"


def _advice(signals: Signals, misplaced: bool) -> list[Advice]:
    (finer, larger) = (advise(signals, "finer-masks"), advise(signals, "larger-images"))
    polygons = advise(signals, "fix-labels", what="the masks")
    return [larger, polygons, finer] if misplaced else [finer, larger, polygons]


RULE = Rule(
    "box-mask-gap", check, LIMITS, withdrawn_by=("not-learning", "never-generalised", "too-short")
)
