"""Compares the detections of a validation with its objects, image by image, for the parts that want to know."""

from __future__ import annotations

from functools import partial
from typing import Any

from tensorboard_runlens.recording.evidence.boxes import validated_boxes
from tensorboard_runlens.recording.evidence.matching import Matched, claims
from tensorboard_runlens.recording.layout import MATRIX_IOU
from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.watched import Watch

TASKS = ("detect", "segment", "pose", "obb")


class Matches:
    """Of the validation of best.pt, and with ``confusion`` of every epoch. Tells ``matched``."""

    name = "matches"

    def __init__(self, tracking: Any) -> None:
        self._tracking = tracking
        self._watch = Watch()

    def validating(self, validator: Any) -> None:
        """Looks at every batch when the framework is done with it."""
        self._watch.end()
        if looked_at(validator, self._tracking.options):
            after = partial(self._look, validator)
            self._watch.begin(validator, "update_metrics", after=after)

    def _look(self, validator: Any, *arguments: Any, **named: Any) -> None:
        body = partial(self._batch, validator.args.task, *arguments, **named)
        self._tracking.guarded(self.name, body)

    def _batch(self, task: str, preds: Any, batch: Any) -> None:
        for image in validated_boxes(task, preds, batch):
            claimed = claims(image.overlap, image.confidence, MATRIX_IOU)
            self._tracking.tell("matched", Matched(image, claimed))

    def validated(self, validator: Any) -> None:
        """The method is the framework's own again."""
        self._watch.end()

    def final(self, validator: Any) -> None:
        """Likewise."""
        self._watch.end()

    def end(self, trainer: Any) -> None:
        """Also after a validation that was not finished."""
        self._watch.end()


def looked_at(validator: Any, options: Options) -> bool:
    """Whether the images of this validation are compared."""
    return validator.args.task in TASKS and (not validator.training or options.confusion)
