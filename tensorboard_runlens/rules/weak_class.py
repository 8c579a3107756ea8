"""Single classes are much worse than the others.

## What it says
Which classes are weak, how far below the others the weakest lies, and whether its objects are missed or other things
are taken for them; which class is the easiest. Classes with fewer than 10 validated instances are not
judged, and named as not known.

## Why it matters
The mean over the classes hides it: a model of good mAP may be useless for the class that it was trained for.

## How it decides
Each class's metric is drawn towards the mean of all, the more the fewer of its instances were validated (empirical
Bayes; the variance of a share, doubled since objects of one image are found or missed together). A class is weak
when what it is at most, in 90 of 100 cases, lies 10 points below the median of the other classes, drawn likewise; over
many classes at most a tenth of those named are so by chance (Benjamini and Hochberg). A deficit of 20 points is
a warning, less is information. Below 30 instances confidence is low, below 100 moderate. Where nobody counted the
instances, 30 are assumed and confidence is low.

## Source
Guides 001 and 002 (one class poor while the others are good; easiest and hardest class); guide 004 found 3 validation
instances of a class unusable and 18 acceptable.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.dataset.fault import listed
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.signals.classes import ScoredClass
from tensorboard_runlens.words import count, metric_words

LIMITS = {
    "deficit_min": Limit(
        0.10, "Points below the median of the others that are worth naming: our judgement."
    ),
    "deficit_warning": Limit(0.20, "Twice as many points: our judgement, too."),
}

FEW = 30
"""Instances below which a class is uncertain: the 95 % interval of a share is 25 points wide to either side."""

ENOUGH = 100
"""Instances from which it is sure: 14 points to either side."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports classes far below the others."""
    classes = signals.classes
    weak = classes.weak(limits["deficit_min"])
    if not weak:
        return None
    (worst, easiest) = (weak[0], classes.scored[-1])
    deficit = classes.median_of_others - worst.believed
    metric = metric_words(classes.group or "", classes.metric or "")
    judged = count(len(classes.scored), "class", "classes")
    return Finding(
        severity="warning" if deficit >= limits["deficit_warning"] else "info",
        confidence=_confidence(worst),
        summary=(
            f"{len(weak)} of {judged} {'is' if len(weak) == 1 else 'are'} far below the others: {worst.name} has"
            f" {metric} {worst.value:.2f} (others' median {classes.median_of_others:.2f}, easiest: {easiest.name},"
            f" {easiest.value:.2f}){_errors(worst)}{_others(signals, weak)}."
        ),
        clause=f"Weak on {listed([one.name for one in weak])}",
        evidence={
            "classes": [one.name for one in weak],
            "values": [one.value for one in weak],
            "median_of_others": classes.median_of_others,
            "deficit": deficit,
            "upper": worst.upper,
            "instances": worst.instances,
            "easiest": easiest.name,
            "hardest": classes.scored[0].name,
            "not_known": list(classes.left_out),
        },
        advice=_advice(signals, weak),
    )


def _confidence(worst: ScoredClass) -> str:
    if worst.instances is None or worst.instances < FEW:
        return "low"
    return "high" if worst.instances >= ENOUGH else "moderate"


def _errors(worst: ScoredClass) -> str:
    """What goes wrong with the class, in words."""
    if worst.errors is None or not (worst.errors.missed or worst.errors.false):
        return ""
    (missed, false) = (worst.errors.missed, worst.errors.false)
    if missed >= false:
        return f"; it is missed {missed:,} of {worst.instances:,} times, {false:,} detections of it are wrong"
    return f"; {false:,} detections of it are wrong, {missed:,} of {worst.instances:,} are missed"


def _others(signals: Signals, weak: list[ScoredClass]) -> str:
    more = f"; weak too: {listed([one.name for one in weak[1:]])}" if len(weak) > 1 else ""
    left_out = signals.classes.left_out
    return f"{more}; too few instances to tell: {listed(left_out)}" if left_out else more


def _advice(signals: Signals, weak: list[ScoredClass]) -> list[Advice]:
    names = listed([one.name for one in weak])
    labels = advise(signals, "fix-labels", what=names)
    more = advise(signals, "more-of-class", what=names)
    last = "rebalance-val" if signals.classes.left_out else "class-weights"
    errors = weak[0].errors
    false = errors is not None and errors.false > errors.missed
    return [*((labels, more) if false else (more, labels)), advise(signals, last)]


RULE = Rule("weak-class", check, LIMITS, withdrawn_by=("not-learning", "too-short"))
