"""Training became slower and slower.

## What it says
Later epochs train fewer images a second than earlier ones although nothing was changed.

## Why it matters
It costs time, and it has a cause outside of the model: a hot GPU, other programs, storage or memory that
fills up.

## How it decides
The longest stretch without a planned change (one process, with or without mosaic, its first epoch left
out). Its images a second fall by more than chance allows (Mann-Kendall), and their median of the last third
lies well below that of the first. The test is for chance from one epoch to the next: slow swings of a
machine that others use are reported, too, as they cost the time all the same. Severity is the time
lost. Known of runs that the callback recorded.

## Source
Limits proposed; validation is left out, and so is the closing of mosaic, after which training is faster.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

import numpy as np

from tensorboard_runlens.rules import Advice, Finding, Limit, Limits, Rule
from tensorboard_runlens.run import Floats, Integers
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.trend import falling_p
from tensorboard_runlens.words import SECONDS_AN_HOUR, duration, percent

LIMITS = {
    "epochs_min": Limit(10, "Epochs below which the test of the trend has no power.", least=3),
    "p_max": Limit(
        0.001, "Chance of such a fall without a trend: one in a thousand, as many runs are judged."
    ),
    "fall_min": Limit(
        0.1, "Share of the speed that is lost; less is what other programs cost now and then."
    ),
    "hours_min": Limit(0.02, "Hours lost that are worth a word: a good minute."),
    "hours_warning": Limit(1.0, "Hours lost that are worth looking for the cause."),
}

WARMER_MIN = 5.0
"""Degrees between the thirds that are more than the room's."""


def check(signals: Signals, limits: Limits) -> Optional[Finding]:
    """Reports a speed that falls."""
    rows = signals.machine.steady_rows
    if len(rows) < limits["epochs_min"]:
        return None
    speed = signals.machine.images_per_second[rows]
    (before, after) = _ends(speed)
    if before <= 0 or 1 - after / before < limits["fall_min"] or falling_p(speed) > limits["p_max"]:
        return None
    (fall, hours) = (1 - after / before, _hours_lost(signals, rows, before))
    if hours < limits["hours_min"]:
        return None
    (first, last) = (int(rows[0]), int(rows[-1]))
    warmer = _warmer(signals, rows)
    return Finding(
        severity="warning" if hours >= limits["hours_warning"] else "info",
        confidence="moderate",
        summary=(
            f"Training slowed by {percent(fall)} between epochs {signals.epoch(first)} and"
            f" {signals.epoch(last)}, from {before:.3g} to {after:.3g} images a second"
            f"{_along(warmer)}; {duration(hours)} lost."
        ),
        clause=f"Training slowed by {percent(fall)}",
        evidence={
            "fall": fall,
            "images_per_second": [before, after],
            "hours": hours,
            "slower": _slower(signals, rows),
            "celsius": list(warmer or ()),
        },
        span=(first, last),
        advice=list(_advice(signals, rows, warmer)),
    )


def _ends(values: Floats) -> tuple[float, float]:
    """Medians of the first and of the last third."""
    third = max(len(values) // 3, 1)
    return (float(np.median(values[:third])), float(np.median(values[-third:])))


def _hours_lost(signals: Signals, rows: Integers, speed: float) -> float:
    """What the stretch took longer than at the speed of its beginning."""
    (seconds, reached) = (
        signals.machine.training_seconds[rows],
        signals.machine.images_per_second[rows],
    )
    lost = seconds * (1 - reached / speed)
    return max(float(lost[np.isfinite(lost)].sum()), 0.0) / SECONDS_AN_HOUR


def _warmer(signals: Signals, rows: Integers) -> Optional[tuple[float, float]]:
    """Degrees of the GPU at both ends, where it got warmer."""
    celsius = signals.machine.value("gpu_temperature_celsius")[rows]
    if not np.isfinite(celsius).all():
        return None
    (before, after) = _ends(celsius)
    return (before, after) if after - before >= WARMER_MIN else None


def _along(warmer: Optional[tuple[float, float]]) -> str:
    return (
        "" if warmer is None else f", while the GPU went from {warmer[0]:.0f} to {warmer[1]:.0f} °C"
    )


def _slower(signals: Signals, rows: Integers) -> Optional[str]:
    """Which part of an epoch grew: data or compute; None where that is not known."""
    growth = {}
    for part in ("data", "compute"):
        (before, after) = _ends(signals.machine.value(f"{part}_seconds")[rows])
        growth[part] = after - before
    known = all(np.isfinite(grown) for grown in growth.values())
    return max(growth, key=lambda part: growth[part]) if known else None


def _advice(
    signals: Signals, rows: Integers, warmer: Optional[tuple[float, float]]
) -> Iterator[Advice]:
    if warmer is not None:
        yield Advice("cool-gpu", "Check the cooling and the power limit of the GPU.")
    if _slower(signals, rows) == "data":
        said = "Loading images got slower: look for other programs, full memory or a slow network drive."
        yield Advice("check-storage", said)
    elif warmer is None:
        yield Advice("check-programs", "See in nvidia-smi and top which other programs ran.")


RULE = Rule("throughput-drift", check, LIMITS, rank=7)
