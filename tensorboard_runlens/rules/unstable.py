"""The training breaks down again and again and comes back, or its metric jumps to the end.

## What it says
The metric collapsed several times, or for several epochs, or the validation loss shot up, and each time training found
its way back; or the metric jumps from epoch to epoch until the end.

## Why it matters
Which epoch is the last one is luck, and epochs are lost. A learning rate that is too high, augmentation that is too
strong, and a validation set of a few images look like this. One dip that recovers is fine, and none of this is a
decline: what does not come back is judged by other rules.

## How it decides
A collapse takes a quarter of the level that the metric had reached, five points and six standard deviations of the
noise from epoch to epoch at least, and is over when less than half of it is left; a spike of the summed validation
loss lies 30 % and as many standard deviations above its lowest level. The first tenth of the epochs is warm-up. Two
collapses, or one that lasts three epochs, or three spikes make a finding, as does a second half in which the noise of
the metric is 5 % of its level and a point at least; how sure that is depends on how many epochs that half has. It is a
warning where collapses took five epochs and a fiftieth of all.

## Source
Guides 001, 002 (erratic curves). Of 180 real trainings labelled by eye, 27 as unstable, it finds 21 and 11 more; the
raters of the two halves draw the line at different places, at jitter above all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.run import Floats
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.assess import MODERATE_SCORE, confidence_word
from tensorboard_runlens.statistics.proportion import half_width
from tensorboard_runlens.statistics.unsteady import Spell, collapses, late_noise, spikes
from tensorboard_runlens.words import count, metric_words, percent, points

LIMITS = {
    "collapses_min": Limit(
        2, "Collapses that make a finding: a single dip that recovers is fine.", least=1
    ),
    "lost_min": Limit(
        3, "Epochs lost in collapses that make a finding: so long is no dip.", least=1
    ),
    "spikes_min": Limit(3, "Spikes of the validation loss that make a finding.", least=1),
    "lost_warning": Limit(
        5, "Epochs lost in collapses from which it is a warning: so many are no bad luck any more."
    ),
    "lost_share_warning": Limit(
        0.02, "... and they are one epoch in fifty or more: of a long training five are little."
    ),
    "jitter_min": Limit(
        0.05, "Noise of the metric as a share of its level: nine real trainings in ten have less."
    ),
}

JITTER_POINTS = 0.01
"""... and jumps of less than a point are nobody's concern, however low the level."""

LISTED = 4
"""Breakdowns that are named; more are counted."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports breakdowns that recovered, or else a metric that jumps to the end."""
    if signals.short_by_design or signals.metric is None:
        return None
    metric = np.where(signals.copied_rows, np.nan, signals.metric)
    return _breakdowns(signals, metric, limits) or _jumping(signals, metric, limits)


def _breakdowns(signals: Signals, metric: Floats, limits: Limits) -> Optional[Finding]:
    (fallen, shot) = (collapses(metric), _loss_spikes(signals))
    measured = _measured(metric)
    lost = sum(last - first + 1 for (first, last) in fallen)
    collapsed = len(fallen) >= limits["collapses_min"] or lost >= limits["lost_min"]
    if not collapsed and len(shot) < limits["spikes_min"]:
        return None
    (what, spells) = ("collapsed", fallen) if collapsed else ("shot up", shot)
    subject = _name(signals) if collapsed else "Validation loss"
    return Finding(
        severity=_severity(lost, measured, limits),
        confidence=_confidence(signals, measured),
        summary=(
            f"{subject} {what} {_how_often(spells)} ({_listed(signals, spells)}): training is unstable."
        ),
        clause=f"Unstable: {subject} {what} {_how_often(spells)}",
        evidence={
            "collapses": len(fallen),
            "epochs_lost": lost,
            "spikes": len(shot),
            "first_epochs": [signals.epoch(first) for (first, _) in spells[:LISTED]],
            "n": measured,
        },
        span=(spells[0][0], spells[-1][1]),
        advice=[advise(signals, "lower-lr"), advise(signals, "review-augmentation")],
    )


def _severity(lost: int, measured: int, limits: Limits) -> str:
    many = max(limits["lost_warning"], limits["lost_share_warning"] * measured)
    return "warning" if lost >= many else "info"


def _loss_spikes(signals: Signals) -> list[Spell]:
    if signals.val_total is None:
        return []
    return spikes(np.where(signals.copied_rows, np.nan, signals.val_total))


def _jumping(signals: Signals, metric: Floats, limits: Limits) -> Optional[Finding]:
    late = late_noise(metric)
    if late is None:
        return None
    (noise, level) = late
    window = (_measured(metric) + 1) // 2
    if noise < max(JITTER_POINTS, limits["jitter_min"] * level):
        return None
    images = signals.data.n_val_images
    few = bool(images) and 2 * noise <= half_width(level, images or 1)
    explained = (
        f", no more than {count(images or 0, 'validation image')} can explain" if few else ""
    )
    return Finding(
        severity="info",
        confidence=_confidence(signals, window),
        summary=(
            f"{_name(signals)} jumps by {points(noise)} from epoch to epoch to the end,"
            f" {percent(noise / level)} of its level{explained}."
        ),
        clause=f"{_name(signals)} jumps by {points(noise)} from epoch to epoch",
        evidence={
            "jitter": noise,
            "level": level,
            "threshold": limits["jitter_min"],
            "n_val_images": images,
            "window": window,
        },
        span=(signals.rows // 2, signals.rows - 1),
        advice=_against_jitter(signals, few),
    )


def _against_jitter(signals: Signals, few: bool) -> list[Advice]:
    keys = ("larger-val",) if few else ("lower-lr", "review-augmentation", "larger-val")
    return [advise(signals, key) for key in keys]


def _measured(metric: Floats) -> int:
    return int(np.isfinite(metric).sum())


def _confidence(signals: Signals, epochs: int) -> str:
    return confidence_word(MODERATE_SCORE, epochs, signals.data.n_val_images)


def _name(signals: Signals) -> str:
    (group, name) = (signals.metric_name or "box map50_95").split()
    words = metric_words(group, name)
    return words if words.startswith("m") else words[0].upper() + words[1:]


def _how_often(spells: Sequence[Spell]) -> str:
    if len(spells) > 1:
        return f"{len(spells)} times and came back each time"
    return f"for {count(spells[0][1] - spells[0][0] + 1, 'epoch')} and came back"


def _listed(signals: Signals, spells: Sequence[Spell]) -> str:
    """epochs 10 to 24, 43 and 3 more."""
    named = [
        f"{signals.epoch(first)} to {signals.epoch(last)}"
        if last > first
        else f"{signals.epoch(first)}"
        for (first, last) in spells[:LISTED]
    ]
    more = len(spells) - LISTED
    several = len(spells) > 1 or spells[0][1] > spells[0][0]
    return f"{'epochs' if several else 'epoch'} {', '.join(named)}{f' and {more} more' if more > 0 else ''}"


RULE = Rule(
    "unstable", check, LIMITS, rank=4, withdrawn_by=("diverged", "not-learning", "too-short")
)
