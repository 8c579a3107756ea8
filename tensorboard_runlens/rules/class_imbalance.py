"""Some classes have many more instances than others, and the rare ones suffer.

## What it says
How many times as frequent the most frequent class is as the rarest, and whether classes are the worse the rarer they
are.

## Why it matters
Imbalance by itself is no problem: a rare class may be an easy one. Where the rare classes are the worse ones, more
images of them help more than anything done to all classes.

## How it decides
Spearman's rank correlation between instances and the metric over five classes or more is above 0.5, a permutation
test gives it a chance below 5 %, the rarer half of the classes has a metric five points below the more frequent
half, and the most frequent class has three times the instances of the rarest: a warning. Otherwise ten times as many
instances are information. Instances are those trained on, or validated where those are not known.

## Source
Guide 001 (good overall, one class poor: imbalance) and guide 004, whose minority of 13 % did no harm. Rank correlation,
since neither instances nor metrics are of a known distribution.
"""

from __future__ import annotations

from typing import Optional

from tensorboard_runlens.actions import advise
from tensorboard_runlens.dataset.class_checks import IMBALANCE
from tensorboard_runlens.dataset.fault import NAMED, listed
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.signals.classes import Rarity
from tensorboard_runlens.words import metric_words, points

LIMITS = {
    "ratio_min": Limit(
        IMBALANCE, "Times as many instances that are worth a word, as for a data set."
    ),
    "correlation_min": Limit(
        0.5, "Rank correlation of instances and metric that matters: our judgement."
    ),
    "loss_min": Limit(
        0.05, "Points that the rarer half of the classes is worse by: our judgement."
    ),
}

CLASSES_MIN = 5
"""Fewer classes have no order that chance would not give: of four, one in 24 orders is the perfect one."""

CHANCE = 0.05
"""Probability below which a correlation is taken for real."""

RATIO_MIN = 3
"""Times as many instances below which nothing is called rare: guide 004's three did no harm."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports an imbalance that hurts, or that is large."""
    frequency = signals.classes.frequency
    if len(frequency) < 2:
        return None
    (most, least) = (
        max(frequency, key=frequency.__getitem__),
        min(frequency, key=frequency.__getitem__),
    )
    ratio = frequency[most] / frequency[least]
    rarity = signals.classes.rarity
    hurts = ratio >= RATIO_MIN and rarity is not None and _hurts(rarity, limits)
    if not hurts and ratio <= limits["ratio_min"]:
        return None
    return Finding(
        severity="warning" if hurts else "info",
        confidence="moderate" if hurts else "high",
        summary=(
            f"{ratio:.0f} times as many {_counted(signals)} of {most} ({frequency[most]:,}) as of {least}"
            f" ({frequency[least]:,}): {_meaning(signals, rarity, hurts)}."
        ),
        clause="Rare classes suffer" if hurts else "Classes are unequally frequent",
        evidence={
            "ratio": ratio,
            "most": most,
            "least": least,
            "classes": len(frequency),
            "correlation": rarity.correlation if rarity else None,
            "p_value": rarity.p_value if rarity and hurts else None,
            "loss": rarity.loss if rarity else None,
        },
        advice=_advice(signals, hurts),
    )


def _hurts(rarity: Rarity, limits: Limits) -> bool:
    """Whether the rare classes are the worse ones, by more than chance and by enough to matter."""
    if rarity.classes < CLASSES_MIN or rarity.loss < limits["loss_min"]:
        return False
    return rarity.correlation > limits["correlation_min"] and rarity.p_value < CHANCE


def _counted(signals: Signals) -> str:
    return "training instances" if signals.data.trained else "validated instances"


def _meaning(signals: Signals, rarity: Optional[Rarity], hurts: bool) -> str:
    metric = metric_words(signals.classes.group or "", signals.classes.metric or "")
    if rarity is None or rarity.classes < CLASSES_MIN:
        return "compare their metrics"
    if not hurts:
        return f"{metric} does not show that the rare ones suffer"
    return f"the rarer half of the classes has {points(rarity.loss)} less {metric}"


def _advice(signals: Signals, hurts: bool) -> list[Advice]:
    frequency = signals.classes.frequency
    rare = sorted(frequency, key=frequency.__getitem__)[: min(NAMED, len(frequency) // 2)]
    more = advise(signals, "more-of-class", what=listed(rare))
    return [more, advise(signals, "class-weights")] if hurts else [more]


RULE = Rule("class-imbalance", check, LIMITS, withdrawn_by=("not-learning", "too-short"))
