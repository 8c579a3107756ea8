"""Boxes find their objects but fit them loosely.

## What it says
What share of mAP50 is left in mAP50-95, which asks for tighter and tighter boxes, at the end of the training.

## Why it matters
Objects are found; what is missing is where exactly they are. More data of the same kind or another threshold do not
change that. It counts where boxes are measured, cropped or tracked, and does not where objects are only counted.

## How it decides
Over the last ten validated epochs mAP50-95 is less than half of mAP50, mAP50 is at least 0.10, and the share has
stopped rising: it grew by less than two points since the ten epochs before. It is information, and a warning below
two fifths. There is no upper limit: tight boxes are no fault. A training that still runs is not judged.

## Source
Guide 001 gives 50 to 60 % in one place and 50 to 70 % in another, which is why only the lower end counts. Of 131 real
trainings 14 % stay below .50 and 5 % below .40; the median is .73. Small objects have a lower share by nature,
since a pixel of their edge is a larger part of them.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.run import Integers
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import percent

LIMITS = {
    "share_min": Limit(0.50, "The lower end of what guide 001 calls normal."),
    "share_warning": Limit(0.40, "One in twenty of 131 real trainings stays below it."),
    "map50_min": Limit(0.10, "mAP50 below which the model has not learnt to find objects."),
}

EPOCHS = 10
"""Validated epochs of a mean: it is known to half a point in half of real runs."""

RISE_MAX = 0.02
"""Growth of the share since as many epochs before from which it is still rising: four times what chance makes of it."""

SMALL_MIN = 0.5
"""Share of small objects from which they are what the data set is about."""

COLUMNS = (("box", "map50_95"), ("box", "map50"))


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports boxes that stay loose."""
    rows = signals.metrics.rows(COLUMNS)[-2 * EPOCHS :]
    if len(rows) < 2 * EPOCHS or signals.state == "running":
        return None
    (strict, map50) = (float(signals.metrics.at(one, rows[EPOCHS:]).mean()) for one in COLUMNS)
    if map50 < limits["map50_min"]:
        return None
    share = _share(signals, rows[EPOCHS:])
    if share >= limits["share_min"] or share - _share(signals, rows[:EPOCHS]) >= RISE_MAX:
        return None
    return Finding(
        severity="warning" if share < limits["share_warning"] else "info",
        confidence=signals.data.certainty,
        summary=(
            f"{100 * share:.1f} % of mAP50 ({map50:.3f}) is left in mAP50-95 ({strict:.3f}), where"
            f" {percent(limits['share_min'])} or more is usual: {_meaning(signals)}."
        ),
        clause="Boxes fit their objects loosely",
        evidence={"share": share, "map50": map50, "map50_95": strict, "epochs": EPOCHS},
        span=(int(rows[EPOCHS]), int(rows[-1])),
        advice=_advice(signals),
    )


def _share(signals: Signals, rows: Integers) -> float:
    """mAP50-95 as share of mAP50 in these rows, 0 where nothing is found."""
    (strict, map50) = (float(signals.metrics.at(one, rows).mean()) for one in COLUMNS)
    return strict / map50 if map50 > 0 else 0.0


def _many_small(signals: Signals) -> bool:
    return (signals.data.small_share or 0) >= SMALL_MIN


def _meaning(signals: Signals) -> str:
    if _many_small(signals):
        return f"{percent(signals.data.small_share or 0)} of the objects are small, whose boxes are hard to fit"
    return "objects are found, but their boxes fit loosely"


def _advice(signals: Signals) -> list[Advice]:
    if _many_small(signals):
        return [advise(signals, "larger-images"), advise(signals, "small-objects")]
    boxes = advise(signals, "fix-labels", what="loosely drawn boxes")
    return [boxes, advise(signals, "larger-images"), advise(signals, "box-gain")]


RULE = Rule(
    "loose-boxes", check, LIMITS, withdrawn_by=("not-learning", "never-generalised", "too-short")
)
