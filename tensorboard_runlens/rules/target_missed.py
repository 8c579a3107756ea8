"""A target that the user set is missed.

## What it says
The best epoch, or a class of the best model, stays below a value that stands under `targets` in
`runlens.yaml`. Of several the one missed by most is named; the run's targets list all of them.

## Why it matters
The target is the user's own: a model below it is not what was asked for, however healthy its training.

## How it decides
The value lies below the target, or the lower end of its range, by more than the last digit that is
shown; those that are missed for sure come first. Trainings that go on or broke off are not judged.
Where the number of validated instances of each class is known and the 95 % interval that they allow
holds the target, they cannot tell on which side of it the class or the model is, and confidence is low.

## Source
The user. Guide 004 sets such targets by class (60 to 75 % for toe_drain), guide 003 for F1.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.plain_values import without_absolute_paths
from tensorboard_runlens.rules import Advice, Finding, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.signals.goals import MISSED, Reached
from tensorboard_runlens.words import count, metric_words, points

UNFINISHED = ("running", "stale", "interrupted", "empty")
"""States in which a run need not have come to where it would have."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports the target that is missed by most."""
    if signals.state in UNFINISHED:
        return None
    missed = [one for one in signals.targets if one.status == MISSED]
    if not missed:
        return None
    worst = min(missed, key=lambda one: (not one.sure, one.margin))
    (target, value, margin) = (worst.target, worst.value or 0.0, worst.margin or 0.0)
    what = f"{metric_words(worst.group, target.metric)}{_of(worst)}"
    return Finding(
        severity="info",
        confidence=_confidence(worst),
        summary=(
            f"{what} is {value:.3f}, {points(-margin)} below your target of {target.least:.3f}"
            f"{_doubt(worst)}{_others(len(missed) - 1)}."
        ),
        clause=f"{what} misses your target by {points(-margin)}",
        evidence={
            "metric": target.metric,
            "class": _class(worst),
            "value": value,
            "threshold": target.least,
            "n": worst.instances,
            "missed": len(missed),
        },
        advice=_advice(signals, worst),
    )


def _of(reached: Reached) -> str:
    name = _class(reached)
    return f" of {name}" if name is not None else ""


def _class(reached: Reached) -> Optional[str]:
    name = reached.target.class_name
    return None if name is None else without_absolute_paths(name)


def _confidence(reached: Reached) -> str:
    if not reached.sure:
        return "low"
    return "high" if reached.interval else "moderate"


def _doubt(reached: Reached) -> str:
    if reached.sure or reached.instances is None:
        return ""
    return f", which is within what {count(reached.instances, 'instance')} can tell"


def _others(number: int) -> str:
    return (
        f"; {count(number, 'other target')} {'is' if number == 1 else 'are'} missed, too"
        if number
        else ""
    )


def _advice(signals: Signals, reached: Reached) -> list[Advice]:
    name = _class(reached)
    if not reached.sure:
        of_class = "" if name is None else f" of {name}"
        return [advise(signals, "larger-val", f"more instances{of_class}")]
    if name is None:
        model = [] if signals.overfitting.loss_overfits else [advise(signals, "larger-model")]
        return [advise(signals, "more-data"), *model]
    return [advise(signals, "more-of-class", name)]


RULE = Rule("target-missed", check, rank=9, withdrawn_by=("too-short", "not-learning"))
