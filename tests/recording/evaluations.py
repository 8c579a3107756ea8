"""A stand-in for Ultralytics that ``runlens evaluate`` can run: it loads any file and finds what it is told to."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Optional

import numpy as np

from tensorboard_runlens.recording.evidence.boxes import Boxes
from tests.recording.trainings import NAMES
from tests.recording.validations import Validator, image

ARGUMENTS = ("imgsz", "single_cls", "classes", "device", "data", "conf", "iou", "max_det", "plots")
FOUND = {"val": ((7, 3), (0, 0), (5, 2)), "test": ((4, 4), (6, 1))}
"""Detections and objects of each image."""


class Framework:
    """What there is to tell the stand-in, and what it was told: a call of ``val`` each in ``calls``."""

    def __init__(self) -> None:
        self.names: Any = NAMES
        self.data_names: Any = NAMES
        self.task = "detect"
        self.loads: Optional[BaseException] = None
        self.validates: Optional[BaseException] = None
        self.calls: list[dict[str, Any]] = []
        self.described: list[str] = []

    def modules(self) -> dict[str, ModuleType]:
        """What is imported of it, by name."""
        (package, utils) = (ModuleType("ultralytics"), ModuleType("ultralytics.utils"))
        package.__version__ = "8.4.190"  # type: ignore[attr-defined]
        package.YOLO = lambda path: Model(self, path)  # type: ignore[attr-defined]
        utils.DEFAULT_CFG_DICT = dict.fromkeys(ARGUMENTS)  # type: ignore[attr-defined]
        return {"ultralytics": package, "ultralytics.utils": utils}


class Model:
    """A loaded checkpoint."""

    def __init__(self, framework: Framework, path: str) -> None:
        if framework.loads is not None:
            raise framework.loads
        (self._framework, self.names, self.task) = (framework, framework.names, framework.task)
        self._callbacks: dict[str, Any] = {}

    def add_callback(self, event: str, callback: Any) -> None:
        self._callbacks[event] = callback

    def val(self, **arguments: Any) -> None:
        """The events and calls of a validation, in the framework's order."""
        print("chatter of the framework")
        framework = self._framework
        framework.calls.append(arguments)
        written = Path(arguments["project"]) / arguments["name"]
        written.mkdir()
        (written / "predictions.json").write_text("[]")
        if Path(arguments["data"]).is_file():
            framework.described.append(Path(arguments["data"]).read_text("utf-8"))
        validator = self._validator(arguments)
        self._callbacks["on_val_start"](validator)
        validator.seen = 0
        for found in validator.images:
            validator.update_metrics(found, {})
        if framework.validates is not None:
            raise framework.validates
        validator.get_stats()
        self._callbacks["on_val_end"](validator)

    def _validator(self, arguments: dict[str, Any]) -> Validator:
        rng = np.random.default_rng(0)
        found = [without_hits(image(rng, *counts)) for counts in FOUND[arguments["split"]]]
        validator = Validator(found, self.task)
        objects = np.concatenate([of_image for (*_, of_image) in found]).astype(int)
        validator.metrics.nt_per_class = np.bincount(objects, minlength=len(NAMES))
        validator.training = False
        validator.data = {"names": self._framework.data_names}
        validator.args = SimpleNamespace(task=self.task, **{"imgsz": 640, **arguments})
        return validator


def without_hits(found: tuple[Any, ...]) -> tuple[Any, ...]:
    """An image in which nothing is right: hits by lot would be more than there are objects. These are of the classes
    that the stand-in measures."""
    (confidence, classes, hits, objects) = found
    return (confidence, classes, np.zeros_like(hits), np.where(objects == 1, 0, objects))


def nothing_matched(task: str, preds: Any, batch: Any) -> Any:
    """In place of boxes, which the stand-in has none of: an image with neither objects nor detections."""
    (none, boxes) = (np.zeros(0, np.int64), np.zeros((0, 4)))
    empty = np.zeros(0, np.float32)
    yield Boxes(
        "image.jpg", (64, 64), (1.0, 1.0), (0.0, 0.0), none, boxes, None, none, empty, boxes, None,
        np.zeros((0, 0), np.float32),
    )  # fmt: skip
