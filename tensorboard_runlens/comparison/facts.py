"""What there is to know of each compared run, in numbers beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

from tensorboard_runlens import lifecycle
from tensorboard_runlens.comparison.contender import Contender
from tensorboard_runlens.comparison.curve import Curve
from tensorboard_runlens.comparison.losses import end_of_losses
from tensorboard_runlens.statistics.level import FEWEST, Level
from tensorboard_runlens.statistics.noise import running_median, second_difference_sigma

CONVERGED = 0.95
"""Of the best value: what is still to come then is mostly polish (R33)."""

WINDOW = 5
"""Running median that takes single lucky epochs out before it is asked when a curve arrived."""


@dataclass(frozen=True)
class Facts:
    """Of one run; None where unknown. ``level`` is that of the main metric around its best epoch, ``shaking`` its noise
    from epoch to epoch once the first third of the training is over, ``f1_best`` the highest F1 of any epoch, (value,
    epoch). ``converged`` counts the epochs until the main metric was at CONVERGED of its best, ``converged_seconds``
    what they took. Losses are the levels at which the summed losses ended."""

    run: str
    level: Optional[Level]
    shaking: Optional[float]
    f1_best: Optional[tuple[float, int]]
    converged: Optional[int]
    converged_seconds: Optional[float]
    train_loss: Optional[Level]
    val_loss: Optional[Level]
    seconds_per_epoch: Optional[float]


def facts_of(contender: Contender) -> Facts:
    """The facts of one run."""
    (analysis, main) = (contender.analysis, contender.main)
    curve = contender.curves.get(main) if main else None
    converged = None if curve is None else epochs_to_converge(curve)
    per_epoch = lifecycle.epoch_seconds(analysis.run)
    return Facts(
        run=contender.name,
        level=None if curve is None else curve.around_best,
        shaking=None if curve is None else shaking(curve),
        f1_best=_f1_best(contender, main[0]) if main else None,
        converged=converged,
        converged_seconds=converged * per_epoch if converged and per_epoch else None,
        train_loss=end_of_losses(analysis, "train"),
        val_loss=end_of_losses(analysis, "val"),
        seconds_per_epoch=per_epoch,
    )


def shaking(curve: Curve) -> Optional[float]:
    """Standard deviation from epoch to epoch, slopes apart; None for too few epochs."""
    settled = curve.values[len(curve.values) // 3 :]
    return second_difference_sigma(settled) if len(settled) >= FEWEST else None


def epochs_to_converge(curve: Curve) -> Optional[int]:
    """Epochs trained until the smoothed curve was at CONVERGED of its highest; None where it never left 0."""
    smooth = running_median(curve.values, WINDOW)
    if smooth.max() <= 0:
        return None
    return int(curve.epochs[np.argmax(smooth >= CONVERGED * smooth.max())])


def _f1_best(contender: Contender, group: str) -> Optional[tuple[float, int]]:
    """(highest F1, the epoch's number as the framework writes it)."""
    curve = contender.curves.get((group, "f1"))
    if curve is None:
        return None
    row = int(np.argmax(curve.values))
    first = lifecycle.first_epoch_number(contender.analysis.run)
    return (float(curve.values[row]), int(curve.epochs[row]) + first - 1)
