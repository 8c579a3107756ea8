"""Ends a training that is past its best, on request: ``track(model, stop="past_best")``.

Through the framework's own early stopping: every release looks at ``trainer.stop`` after the callbacks of an epoch,
tells the other processes, and ends as it does when its patience has run out.
"""

from __future__ import annotations

import math
from typing import Any, Optional

import numpy as np

from tensorboard_runlens.recording.guard import warn
from tensorboard_runlens.recording.loaders import dataset_of
from tensorboard_runlens.recording.manifest import close_mosaic_epoch
from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.results_so_far import SoFar, results_so_far
from tensorboard_runlens.statistics.assess import VERY_FEW_IMAGES
from tensorboard_runlens.statistics.stopping import PastBest, past_best

PAST_BEST = "past_best"
"""The one thing that ``stop`` may say."""


class Stopping:
    """The field ``stopped`` of the epoch after which the training is ended."""

    name = "stopping"

    def __init__(self, tracking: Any) -> None:
        fault = _fault(tracking.options)
        if fault:
            warn(f"the training is not stopped early by RunLens: {fault}")
        self._wanted = tracking.options.stop is not None and fault is None
        self._least = tracking.options.min_epochs

    def start(self, trainer: Any) -> None:
        """Says what it will wait for in vain."""
        lack = _lack(trainer) if self._wanted else None
        if lack:
            warn(f"the training is not stopped early by RunLens: {lack}")

    def epoch(self, trainer: Any) -> dict[str, Any]:
        """Asked once the framework has written its table; what it has stopped itself stays its own."""
        if not self._wanted or trainer.epoch + 1 < self._least or trainer.stop:
            return {}
        results = results_so_far(trainer.csv)
        found = _judged(results, trainer)
        if found is None:
            return {}
        trainer.stop = True
        best_epoch = int(results.done[found.best_row])
        warn(_said(found, results.name, best_epoch, trainer))
        return {"stopped": _recorded(found, results.name, best_epoch)}


def _fault(options: Options) -> Optional[str]:
    """What is wrong with what was asked for, None where nothing is, or nothing was asked."""
    if options.stop is None:
        return None
    if options.stop != PAST_BEST:
        return f"stop may be {PAST_BEST!r}, not {options.stop!r}"
    least = options.min_epochs
    if not isinstance(least, (int, float)) or isinstance(least, bool) or math.isnan(least):
        return f"min_epochs must be a number, not {least!r}"
    return None


def _lack(trainer: Any) -> Optional[str]:
    """Why nothing will ever be sure about this training."""
    if not getattr(trainer.args, "val", True):
        return "its epochs are not validated (val=False)"
    images = _validation_images(trainer)
    if images is not None and images < VERY_FEW_IMAGES:
        return f"{images} validation images are too few to be sure, {VERY_FEW_IMAGES} are needed"
    return None


def _judged(results: SoFar, trainer: Any) -> Optional[PastBest]:
    closes = close_mosaic_epoch(trainer)
    return past_best(
        results.done,
        results.metric,
        results.train,
        results.val,
        int(trainer.epochs),
        n_val_images=_validation_images(trainer),
        close_mosaic_row=None if closes is None else int(np.searchsorted(results.done, closes)),
    )


def _validation_images(trainer: Any) -> Optional[int]:
    dataset = dataset_of(trainer, "val")
    return None if dataset is None else len(dataset)


def _recorded(found: PastBest, metric: str, best_epoch: int) -> dict[str, Any]:
    return {
        "metric": metric,
        "best_epoch": best_epoch,
        "best": found.best,
        "drop": found.drop,
        "excess": found.excess,
        "chance": found.chance,
    }


def _said(found: PastBest, metric: str, best_epoch: int, trainer: Any) -> str:
    """One line for the log."""
    reasons = []
    if found.drop is not None:
        reasons.append(f"{metric} has fallen {100 * found.drop:.1f} points from its best stretch")
    if found.excess is not None:
        reasons.append(f"the validation loss has risen {found.excess:.1%} above its minimum")
    if not reasons:
        reasons.append(f"{metric} has not been higher for {trainer.epoch + 1 - best_epoch} epochs")
    return (
        f"past its best, so the training ends after epoch {trainer.epoch + 1} of {trainer.epochs}:"
        f" {' and '.join(reasons)}; one point more would come with a chance of {found.chance:.0%}."
        f" The highest {metric} was {found.best:.3f} at epoch {best_epoch}"
    )
