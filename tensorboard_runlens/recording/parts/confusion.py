"""Which classes are taken for which, at several confidences."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.evidence.detections import smallest
from tensorboard_runlens.recording.evidence.matching import Matched
from tensorboard_runlens.recording.evidence.tally import Tally
from tensorboard_runlens.recording.layout import MATRIX_CONFIDENCES
from tensorboard_runlens.recording.parts.matches import looked_at

EPOCH_CONFIDENCE = 0.25
"""The one confidence that an epoch's matrix is recorded at, Ultralytics' own default for detections."""

Arrays = dict[str, npt.NDArray[Any]]


class Confusion:
    """The matrix of best.pt, and with ``confusion`` of every epoch."""

    name = "confusion matrix"

    def __init__(self, tracking: Any) -> None:
        self._options = tracking.options
        self._tally: Optional[Tally] = None
        self._images = 0

    def validating(self, validator: Any) -> None:
        """Counts from zero."""
        self._images = 0
        self._tally = None
        if looked_at(validator, self._options):
            confidences = (EPOCH_CONFIDENCE,) if validator.training else MATRIX_CONFIDENCES
            self._tally = Tally(len(validator.data["names"]), confidences)

    def matched(self, image: Matched) -> None:
        """Another image."""
        if self._tally is not None:
            self._tally.add(image)
            self._images += 1

    def epoch(self, trainer: Any) -> dict[str, Any]:
        """At one confidence."""
        if self._tally is None or not self._complete(trainer.validator):
            return {}
        (rows, counts) = self._tally.matrix()
        self._images = 0
        cells = np.column_stack([rows[:, 1:], counts])
        return {"matrix": {"confidence": EPOCH_CONFIDENCE, "nonzero": cells}}

    def final_arrays(self, validator: Any) -> Arrays:
        """At all confidences; of classification, which has none, the framework's own."""
        if validator.args.task == "classify":
            return of_classification(np.asarray(validator.confusion_matrix.matrix))
        if self._tally is None or not self._complete(validator):
            return {}
        return matrix_arrays(MATRIX_CONFIDENCES, *self._tally.matrix())

    def _complete(self, validator: Any) -> bool:
        """Whether every image was compared: not where another process validated some."""
        return 0 < self._images == int(validator.seen)


def matrix_arrays(confidences: Any, rows: npt.NDArray[Any], counts: npt.NDArray[Any]) -> Arrays:
    """The arrays of final.npz (docs/recorded_data.md)."""
    return {
        "matrix_confidence": np.asarray(confidences, np.float32),
        "matrix_nonzero": smallest(rows, (np.uint16, np.uint32)),
        "matrix_count": smallest(counts, (np.uint32,)),
    }


def of_classification(matrix: npt.NDArray[Any]) -> Arrays:
    """Every image has one answer, whatever its confidence."""
    (predicted, true) = np.nonzero(matrix)
    rows = np.stack([np.zeros(len(predicted), np.int64), predicted, true], 1)
    return matrix_arrays((0,), rows, matrix[predicted, true].astype(np.int64))
