"""Pictures of the validation images that a classifier, best.pt, is wrong about and surest of.

Ultralytics shuffles the images of a classification and keeps no names beside them: what is drawn is
what the network saw.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.layout import MAX_WORST
from tensorboard_runlens.recording.pictures.drawing import with_strip
from tensorboard_runlens.recording.pictures.worst import stored
from tensorboard_runlens.recording.watched import Watch


@dataclass(frozen=True)
class Answer:
    """A wrong one: an image (height, width, 3), the class it was taken for and its own."""

    confidence: float
    predicted: int
    true: int
    pixels: npt.NDArray[np.uint8]


class WorstAnswers:
    """Ranked by confidence; no more images are kept than will be drawn."""

    name = "worst images"

    def __init__(self, tracking: Any) -> None:
        self._tracking = tracking
        self._watch = Watch()
        self._worst: list[Answer] = []

    def validating(self, validator: Any) -> None:
        """Only best.pt's images are wanted."""
        self._watch.end()
        self._worst = []
        if validator.args.task == "classify" and not validator.training:
            self._watch.begin(validator, "update_metrics", after=self._look)

    def _look(self, *arguments: Any, **named: Any) -> None:
        self._tracking.guarded(self.name, partial(self._batch, *arguments, **named))

    def _batch(self, preds: Any, batch: Any) -> None:
        (confidence, predicted) = (np.asarray(entry.float().cpu()) for entry in preds.max(1))
        true = np.asarray(batch["cls"].cpu())
        wrong = np.flatnonzero(predicted.astype(np.int64) != true)
        surest = wrong[np.argsort(-confidence[wrong], kind="stable")][:MAX_WORST]
        for index in surest.tolist():
            self._keep(
                confidence[index], int(predicted[index]), int(true[index]), batch["img"][index]
            )

    def _keep(self, confidence: Any, predicted: int, true: int, image: Any) -> None:
        if len(self._worst) == MAX_WORST and confidence <= self._worst[-1].confidence:
            return
        self._worst.append(Answer(float(confidence), predicted, true, seen(image)))
        self._worst.sort(key=lambda answer: -answer.confidence)
        del self._worst[MAX_WORST:]

    def final(self, validator: Any) -> dict[str, Any]:
        """Draws them."""
        self._watch.end()
        (answers, self._worst) = (self._worst, [])
        if validator.args.task != "classify":
            return {}
        names = validator.data["names"]
        pictures = ((said(answer), drawn(answer, names)) for answer in answers)
        return {"worst": stored(self._tracking.store, pictures)}

    def end(self, trainer: Any) -> None:
        """Also after a validation that was not finished."""
        self._watch.end()


def seen(image: Any) -> npt.NDArray[np.uint8]:
    """The network's input (3, height, width), 0 to 1, as pixels."""
    values = np.asarray(image.float().cpu()).transpose(1, 2, 0)
    return np.ascontiguousarray((values.clip(0, 1) * 255).round().astype(np.uint8))


def drawn(answer: Answer, names: Any) -> bytes:
    """With both names below the image."""
    lines = (
        f"is {names[answer.true]}",
        f"taken for {names[answer.predicted]}, {answer.confidence:.2f}",
    )
    return with_strip(answer.pixels, lines)


def said(answer: Answer) -> dict[str, Any]:
    """The fields of final.json: a wrong answer misses the true class. Which file it was is not known."""
    return {
        "image": None,
        "missed": 1,
        "false": 1,
        "confidence": answer.confidence,
        "predicted": answer.predicted,
        "true": answer.true,
    }
