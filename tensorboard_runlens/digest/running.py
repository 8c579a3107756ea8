"""The trainings that go on: how far they are, when they end, and how they stand to the baseline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Optional

from tensorboard_runlens import lifecycle
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.comparison.standing import standing
from tensorboard_runlens.digest.since import MAX_S
from tensorboard_runlens.digest.trained import Trained
from tensorboard_runlens.plain_values import number
from tensorboard_runlens.schema.digest import StillRunning
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import SECONDS_AN_HOUR, duration


def running(
    trainings: Sequence[Trained], baseline: Optional[Analysis], now: float
) -> list[StillRunning]:
    """Those of these that go on, the one that ends first before the others; ``baseline`` is a run or None."""
    going_on = [
        _running(one, baseline, now) for one in trainings if one.analysis.state == "running"
    ]
    return sorted(going_on, key=lambda one: math.inf if one.ends is None else one.ends)


def _running(one: Trained, baseline: Optional[Analysis], now: float) -> StillRunning:
    (run, signals) = (one.analysis.run, one.analysis.signals)
    return StillRunning(
        run=one.name,
        epoch=signals.last_epoch,
        planned=lifecycle.planned_epochs(run),
        per_epoch=number(lifecycle.epoch_seconds(run)),
        ends=_ends(one, now),
        standing=None if baseline is None else standing(baseline, one.analysis),
        said=_said(signals),
    )


def _ends(one: Trained, now: float) -> Optional[float]:
    """When the plan is done at the usual pace, not before now; None where that is unknown or decades away."""
    left = lifecycle.seconds_left(one.analysis.run)
    if left is None or not left < MAX_S:
        return None
    return round(max(one.end + left, now), 3)


def _said(signals: Signals) -> str:
    (planned, per_epoch) = (
        lifecycle.planned_epochs(signals.run),
        lifecycle.epoch_seconds(signals.run),
    )
    if signals.last_epoch is None:
        return f"In its first {signals.unit}."
    whole = "" if planned is None else f" of {planned}"
    pace = "" if per_epoch is None else f", {duration(per_epoch / SECONDS_AN_HOUR)} each"
    return f"{signals.unit.capitalize()} {signals.last_epoch}{whole} done{pace}."
