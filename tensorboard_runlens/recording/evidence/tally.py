"""Confusion by confidence, counted as images come in."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.evidence.matching import NO_OBJECT, Matched

Numbers = npt.NDArray[Any]

MAX_LOOSE = 2**18
"""Cells that are kept one by one before they are counted together: 2 MB."""


class Tally:
    """How many detections of a class stand for objects of a class, at each of some confidences.

    The class after the last is the background: what a false detection stands for, and what stands for
    a missed object. Counted are cells (level, predicted, true): the first ``level`` confidences are
    those that let the detection pass; of a missed object, those that miss it begin at ``level``.
    """

    def __init__(self, classes: int, confidences: tuple[float, ...]) -> None:
        self._background = classes
        self._confidences = np.asarray(confidences, np.float32)
        self._shape = (len(confidences) + 1, classes + 1, classes + 1)
        self._cells = np.zeros(0, np.int64)
        self._counts = np.zeros(0, np.int64)
        self._loose: list[npt.NDArray[np.int64]] = []
        self._waiting = 0

    def add(self, matched: Matched) -> None:
        """Another image. Raises ValueError for a class that there is not."""
        image = matched.image
        claims = matched.claimed != NO_OBJECT
        level = (image.confidence[:, None] > self._confidences).sum(1)
        true = np.full(len(level), self._background)
        true[claims] = image.true_classes[matched.claimed[claims]]
        seen_until = np.zeros(len(image.true_classes), np.int64)
        seen_until[matched.claimed[claims]] = level[claims]
        missed = np.full(len(seen_until), self._background)
        self._put(level, image.classes, true)
        self._put(seen_until, missed, image.true_classes)

    def _put(self, level: Numbers, predicted: Numbers, true: Numbers) -> None:
        self._loose.append(np.ravel_multi_index((level, predicted, true), self._shape))
        self._waiting += len(level)
        if self._waiting > MAX_LOOSE:
            self._count()

    def _count(self) -> None:
        loose = np.concatenate([self._cells, *self._loose])
        counts = np.concatenate([self._counts, np.ones(self._waiting, np.int64)])
        (self._cells, where) = np.unique(loose, return_inverse=True)
        self._counts = np.bincount(where.ravel(), counts, len(self._cells)).astype(np.int64)
        (self._loose, self._waiting) = ([], 0)

    def matrix(self) -> tuple[Numbers, Numbers]:
        """The cells that are not zero, rows (index of the confidence, predicted, true), and their counts."""
        self._count()
        (level, predicted, true) = np.unravel_index(self._cells, self._shape)
        missed = predicted == self._background
        rows: list[Numbers] = []
        counts: list[Numbers] = []
        for index in range(len(self._confidences)):
            counted = np.where(missed, level <= index, level > index)
            cells = np.stack([np.full(len(level), index), predicted, true], 1)[counted]
            (unique, where) = np.unique(cells, axis=0, return_inverse=True)
            rows.append(unique)
            counts.append(np.bincount(where.ravel(), self._counts[counted], len(unique)))
        return np.concatenate(rows), np.concatenate(counts).astype(np.int64)
