"""What a training loop has said of one validation, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Callable, Optional, TypeVar

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.evidence.curves import (
    THINNED_CONFIDENCE,
    as_steps,
    thinned,
    thinned_means,
)
from tensorboard_runlens.recording.evidence.detections import encoded
from tensorboard_runlens.recording.guard import Guard
from tensorboard_runlens.recording.loop.average_precision import CONFIDENCE, Curves
from tensorboard_runlens.recording.loop.by_class import ByClass
from tensorboard_runlens.recording.loop.confidences import Binary, Confidences
from tensorboard_runlens.recording.loop.detected import Detected

DETECTIONS = "detections"
CONFIDENCES = "confidences"
CLASSES = "metrics by class"

KINDS = ("precision", "recall", "f1")
Arrays = dict[str, npt.NDArray[Any]]
Result = TypeVar("Result")


@dataclass(frozen=True)
class Measured:
    """``columns`` and ``means`` as in by_class.py; ``boxes`` and ``pixels`` where such were handed over."""

    columns: dict[str, Any]
    means: dict[str, dict[str, Any]]
    detected: Detected
    boxes: Optional[Curves]
    pixels: Optional[Binary]

    def fields(self) -> dict[str, Any]:
        """Of the epoch's line: metrics by class, and of each group the F1 optimum and its curves."""
        groups = {
            group: {**self.columns.get(group, {}), **found} for (group, found) in self._optima()
        }
        return {**self.columns, **groups}

    def metrics(self) -> dict[str, dict[str, Any]]:
        """group -> name -> fraction, over all classes."""
        pixels = {"pixel": self.pixels.metrics} if self.pixels else {}
        groups = {**self.means, **pixels}
        return {group: {**self.means.get(group, {}), **found} for (group, found) in groups.items()}

    def arrays(self) -> Arrays:
        """Of curves_best.npz (docs/recorded_data.md); empty where there are no curves."""
        groups = dict(self._curves())
        if not groups:
            return {}
        arrays: Arrays = {
            "confidence": CONFIDENCE.astype(np.float32),
            "classes": (self.boxes.classes if self.boxes else np.zeros(1)).astype(np.int32),
            "class_confidence": THINNED_CONFIDENCE.astype(np.float32),
        }
        for group, curves in groups.items():
            for kind in KINDS:
                rows = np.atleast_2d(getattr(curves, kind))
                arrays[f"{group}_{kind}"] = rows.mean(0).astype(np.float32)
                if group == "box" or not self.boxes:  # beside boxes, pixels are of no class
                    arrays[f"{group}_class_{kind}"] = as_steps(thinned(CONFIDENCE, rows))
        return {**arrays, **(encoded(self.detected.all()) if self.boxes else {})}

    def _curves(self) -> Iterator[tuple[str, Any]]:
        if self.boxes:
            yield ("box", self.boxes)
        if self.pixels:
            yield ("pixel", self.pixels)

    def _optima(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for group, curves in self._curves():
            rows = {kind: np.atleast_2d(getattr(curves, kind)) for kind in KINDS}
            means = thinned_means(CONFIDENCE, rows)
            yield (group, {"optimum": curves.optimum, "curves": means})


class Validation:
    """Collects until an epoch is closed."""

    def __init__(self) -> None:
        self.detected = Detected()
        self.confidences = Confidences()
        self.by_class = ByClass()
        self._spoiled: set[str] = set()

    def take(self, part: str, add: Callable[..., None], *values: Any) -> None:
        """Has ``add`` take values. Once it has raised, this part is not measured in this validation."""
        if part in self._spoiled:
            return
        self._spoiled.add(part)
        add(*values)
        self._spoiled.remove(part)

    def measured(self, guard: Guard) -> Measured:
        """What was taken in full."""
        boxes = self._of(DETECTIONS, guard, self.detected.curves)
        pixels = self._of(CONFIDENCES, guard, self.confidences.measured)
        if boxes is not None:
            self._add(boxes)
        columns = self._of(CLASSES, guard, self.by_class.columns) or {}
        means = self._of(CLASSES, guard, self.by_class.means) or {}
        return Measured(columns, means, self.detected, boxes, pixels)

    def _of(self, part: str, guard: Guard, measure: Callable[[], Result]) -> Optional[Result]:
        return None if part in self._spoiled else guard.attempt(part, measure)

    def _add(self, boxes: Curves) -> None:
        """The classes that were detected, at the confidence that the framework would state them at."""
        counts = {"instances": boxes.instances, "images": self.detected.images_with(boxes.classes)}
        rows = {**counts, **boxes.stated()}
        for row, number in enumerate(boxes.classes):
            self.by_class.add(
                "box", int(number), {word: cells[row] for (word, cells) in rows.items()}
            )
