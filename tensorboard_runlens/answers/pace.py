"""How fast a run learnt and ran, as the JSON structs: learning rate, seconds an epoch, what is left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

import numpy as np

from tensorboard_runlens import lifecycle, schema
from tensorboard_runlens.actions.learning_rate import chosen_by_itself
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.answers.numbers import series
from tensorboard_runlens.plain_values import number, without_absolute_paths
from tensorboard_runlens.rules.slow_epochs import LIMITS
from tensorboard_runlens.run import Floats
from tensorboard_runlens.signals import Signals

FALLEN = 0.9
"""A group that has lost a tenth of its first rate by the end of warm-up falls there; others rise."""

ROUNDED = 1.02
"""A logged rate within two per cent of the implied one is that one, rounded."""


def schedule(analysis: Analysis) -> Optional[schema.Schedule]:
    """The learning rate against its arguments; None where no rate was logged."""
    signals = analysis.signals
    if not signals.run.history.lr or not signals.rows:
        return None
    (known, rate) = (signals.schedule, signals.schedule.rate)
    warm = known.warm_row
    return schema.Schedule(
        expected=None if known.implied is None else series(known.implied.rate),
        why_not=known.unknown_because,
        warmup=(signals.epoch(0), signals.epoch(warm)) if warm > 0 else None,
        peak=number(known.peak),
        final=None if rate is None else number(float(rate[-1])),
        notes=[without_absolute_paths(note) for note in _notes(signals)],
    )


def _notes(signals: Signals) -> Iterator[str]:
    yield from _agreement(signals)
    yield from _biases(signals)
    yield from _chosen(signals)


def _agreement(signals: Signals) -> Iterator[str]:
    misfit = signals.schedule.misfit
    if misfit is None:
        return
    row = int(misfit.argmax())
    if misfit[row] <= ROUNDED:
        yield "The logged rate follows the schedule that the arguments imply."
    else:
        yield (
            f"The logged rate differs most from the arguments' schedule at {signals.unit} {signals.epoch(row)},"
            f" by a factor of {misfit[row]:.2f}."
        )


def _biases(signals: Signals) -> Iterator[str]:
    """Groups whose rate falls in warm-up."""
    warm = signals.schedule.warm_row
    falling = [
        name
        for (name, values) in signals.run.history.lr.items()
        if warm > 0 and _falls(values[: warm + 1])
    ]
    if falling:
        yield (
            f"{', '.join(falling)} falls during warm-up while the others rise: that is how the"
            " frameworks warm up biases."
        )


def _falls(values: Floats) -> bool:
    return bool(values[-1] < FALLEN * values[0])


def _chosen(signals: Signals) -> Iterator[str]:
    """What optimizer=auto took."""
    run = signals.run
    if not chosen_by_itself(run):
        return
    optimizer = run.recorded.optimizer if run.recorded else None
    used = signals.schedule.initial
    rate = "" if used is None else f" and a rate of {used:.3g}"
    yield f"optimizer=auto chose {optimizer or 'the optimizer'}{rate}; lr0 and momentum of the arguments are not used."


def pace(analysis: Analysis) -> Optional[schema.Pace]:
    """What the training took; None where no time is known."""
    (signals, run) = (analysis.signals, analysis.run)
    seconds = signals.times.taken
    if not np.isfinite(seconds).any():
        return None
    median = lifecycle.epoch_seconds(run)
    (lasting, single) = (LIMITS["lasting_min"].value, LIMITS["single_min"].value)
    return schema.Pace(
        seconds=series(seconds),
        median=number(median),
        slow=[signals.epoch(int(row)) for row in signals.times.slow(lasting, single)],
        total=number(lifecycle.total_seconds(run)),
        left=number(lifecycle.seconds_left(run)) if signals.state == "running" else None,
        images_per_second=_rate(signals, median),
    )


def _rate(signals: Signals, median: Optional[float]) -> Optional[float]:
    """Training images by second; a round of self-training is no pass over them."""
    images = signals.data.n_train_images
    if signals.unit != "epoch" or not images or not median:
        return None
    return number(images / median)
