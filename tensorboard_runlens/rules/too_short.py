"""Too few epochs for a verdict.

## What it says
So early every curve moves with the warm-up; a fall or a jump of the metric means nothing yet.

## Why it matters
A test run of three epochs is often taken for a result. It is none, good or bad.

## How it decides
Fewer than ten epochs were logged, or fewer than ten of them were validated. Trainings that are short
by design are exempt: PartiNet's step 2 (the router, 10 to 20 epochs) and rounds of self-training.

## Source
Guide 002: three epochs are a test run, 50 and more are typical. With fewer than ten rows the
overfitting test has no power.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

import numpy as np

from tensorboard_runlens.actions import advise
from tensorboard_runlens.lifecycle import planned_epochs
from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.words import count, metric_words

LIMITS = {"epochs_min": Limit(10, "Epochs below which no curve carries a verdict.", least=10)}

EPOCHS_TYPICAL = 50
"""Epochs that guide 002 calls typical."""

JUMP = 0.05
"""A metric that fell by more than five points between two epochs is named as unsteady."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a run that is too short to be judged."""
    if (
        not signals.rows
        or signals.short_by_design
        or signals.validated_rows >= limits["epochs_min"]
    ):
        return None
    planned = planned_epochs(signals.run)
    needed = int(limits["epochs_min"])
    unsteady = _unsteady(signals)
    return Finding(
        severity="info",
        confidence="high",
        summary=f"{_what(signals)}; a verdict needs {needed}{unsteady}.",
        clause=f"No verdict yet ({_what(signals)}, needs {needed})",
        evidence={
            "epochs": signals.rows,
            "validated": signals.validated_rows,
            "epochs_needed": needed,
            "unsteady": bool(unsteady),
        },
        span=(0, signals.rows - 1) if signals.rows else None,
        advice=[_advice(signals, planned, needed)],
    )


def _what(signals: Signals) -> str:
    if signals.rows > signals.validated_rows:
        return f"{signals.validated_rows} of {count(signals.rows, 'epoch')} validated"
    return f"{count(signals.rows, 'epoch')} logged"


def _unsteady(signals: Signals) -> str:
    if signals.metric is None or signals.metric_name is None:
        return ""
    values = signals.metric[np.isfinite(signals.metric)]
    if len(values) < 2 or float(np.diff(values).min()) > -JUMP:
        return ""
    (group, name) = signals.metric_name.split()
    listed = " to ".join(f"{value:.3f}" for value in values.tolist())
    return f"; {metric_words(group, name)} is unsteady: {listed}"


def _advice(signals: Signals, planned: Optional[int], needed: int) -> Advice:
    if signals.state == "running":
        return Advice("wait", f"Wait until {needed} epochs are done.")
    if signals.state == "early_stopped":
        return advise(signals, "more-patience", "it ran out before a verdict was possible")
    if planned is None or planned >= needed:
        return Advice("train-longer", "Train on before comparing or deploying.")
    longer = advise(signals, "train-longer", change=("epochs", planned, EPOCHS_TYPICAL))
    return replace(
        longer, text=f"Train for {EPOCHS_TYPICAL} epochs or more before comparing or deploying."
    )


RULE = Rule("too-short", check, LIMITS)
