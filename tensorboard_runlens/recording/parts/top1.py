"""The first answer of a classifier to every validation image, and how sure it was."""

from __future__ import annotations

from functools import partial
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.best import is_best
from tensorboard_runlens.recording.evidence.detections import smallest
from tensorboard_runlens.recording.watched import Watch

Arrays = dict[str, npt.NDArray[Any]]

TOLERANCE = 0.02
"""By which half-precision probabilities of an image may add up to more or less than 1."""


class Top1:
    """Of the best epoch and of best.pt."""

    name = "answers of the classifier"

    def __init__(self, tracking: Any) -> None:
        self._tracking = tracking
        self._watch = Watch()
        self._highest: list[Any] = []

    def validating(self, validator: Any) -> None:
        """The framework keeps the answers, but not how sure they were."""
        self._watch.end()
        self._highest = []
        if validator.args.task == "classify":
            self._watch.begin(validator, "update_metrics", after=self._look)

    def _look(self, *arguments: Any, **named: Any) -> None:
        self._tracking.guarded(self.name, partial(self._batch, *arguments, **named))

    def _batch(self, preds: Any, batch: Any) -> None:
        """Stays on the device: nothing waits for it."""
        self._highest.append((preds.amax(1), preds.sum(1)))

    def validated(self, validator: Any) -> None:
        """The method is the framework's own again."""
        self._watch.end()

    def epoch(self, trainer: Any) -> None:
        """Lets go of what will not be written."""
        if not is_best(trainer):
            self._highest = []

    def best(self, trainer: Any) -> Arrays:
        """Of this epoch."""
        return self._arrays(trainer.validator)

    def final_arrays(self, validator: Any) -> Arrays:
        """Of best.pt."""
        self._watch.end()
        return self._arrays(validator)

    def end(self, trainer: Any) -> None:
        """Also after a validation that was not finished."""
        self._watch.end()

    def _arrays(self, validator: Any) -> Arrays:
        (highest, self._highest) = (self._highest, [])
        if validator.args.task != "classify" or not validator.targets:
            return {}
        answers = np.concatenate([np.asarray(entry.cpu())[:, 0] for entry in validator.pred])
        truth = np.concatenate([np.asarray(entry.cpu()) for entry in validator.targets])
        types = (np.uint8, np.uint16, np.int32)
        arrays = {"top1_class": smallest(answers, types), "true_class": smallest(truth, types)}
        confidence = probabilities(highest)
        if confidence is not None and len(confidence) == len(answers):  # not of several processes
            arrays["top1_confidence"] = confidence
        return arrays


def probabilities(highest: list[Any]) -> Optional[npt.NDArray[np.float32]]:
    """The highest output of each image, from pairs of it and the sum of all; None where they are no probabilities."""
    if not highest:
        return None
    (most, sums) = (
        np.concatenate([np.asarray(entry[index].float().cpu()) for entry in highest])
        for index in range(2)
    )
    if ((most >= 0) & (abs(sums - 1) <= TOLERANCE)).all():
        return np.asarray(most, np.float32)
    return None
