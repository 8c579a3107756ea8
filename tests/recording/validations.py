"""Stand-ins for Ultralytics' validators from 8.3.154 on: they hold a list an image, and clear it with the metrics."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.ultralytics import Callback
from tests.recording.trainings import CONFIDENCE, NAMES, metric, trainer


class Validator:
    """Finds what it is told to, image by image: (confidences, classes, hits, objects' classes).

    With ``repeats`` it leaves its numbers as they are, as releases up to 8.3.78 do without a hit.
    """

    repeats = False

    def __init__(self, images: Sequence[Any], task: str = "detect") -> None:
        self.args = SimpleNamespace(task=task)
        self.data = {"names": NAMES}
        self.training = True
        self.seen = 0
        self.images = images
        self.metrics = metrics()

    def update_metrics(self, preds: Any, batch: Any) -> None:
        (confidence, classes, hits, objects) = preds
        self.seen += 1
        for key, entry in zip(
            ("conf", "pred_cls", "tp", "target_cls"), (confidence, classes, hits, objects)
        ):
            self.metrics.stats[key].append(np.asarray(entry))

    def get_stats(self) -> dict[str, float]:
        for entries in self.metrics.stats.values():
            entries.clear()
        if not self.repeats:
            self.metrics.box.p = self.metrics.box.p.copy()
        return {"fitness": 0.5}


def metrics(classes: Sequence[int] = (0, 2)) -> SimpleNamespace:
    """With curves that differ by class."""
    box = metric(classes)
    box.p_curve = np.stack([CONFIDENCE ** (1 + number) for number in classes])
    box.r_curve = 1 - box.p_curve
    stats: dict[str, list[Any]] = {key: [] for key in ("tp", "conf", "pred_cls", "target_cls")}
    counts = {"nt_per_class": np.array([5, 0, 7]), "nt_per_image": np.array([3, 0, 4])}
    return SimpleNamespace(box=box, stats=stats, **counts)


def image(rng: np.random.Generator, detections: int, objects: int) -> tuple[Any, ...]:
    """Detections and objects by lot."""
    confidence = np.sort(rng.random(detections).astype(np.float32))[::-1]
    classes = rng.integers(0, len(NAMES), detections).astype(np.float32)
    hits = rng.random((detections, 10)) < 0.5
    return confidence, classes, hits, rng.integers(0, len(NAMES), objects).astype(np.float32)


def begin(run: Path, validator: Any, options: Options = Options()) -> SimpleNamespace:  # noqa: B008
    """A tracked training with this validator."""
    begun = trainer(run)
    begun.validator = validator
    begun.best_fitness = None
    fire("on_train_start", begun, options)
    return begun


def validate(validator: Any) -> None:
    """The events and calls of a validation, in the framework's order."""
    fire("on_val_start", validator)
    validator.seen = 0
    for found in validator.images:
        validator.update_metrics(found, {})
    validator.get_stats()
    fire("on_val_end", validator)


def epoch(begun: SimpleNamespace, number: int, fitness: float) -> None:
    """An epoch that is validated with this result."""
    begun.epoch = number - 1
    fire("on_train_epoch_end", begun)
    validate(begun.validator)
    begun.fitness = fitness
    if begun.best_fitness is None or fitness > begun.best_fitness:
        begun.best_fitness = fitness
    fire("on_fit_epoch_end", begun)


def final(begun: SimpleNamespace) -> None:
    """Best.pt, validated once more."""
    begun.validator.training = False
    validate(begun.validator)
    begun.epoch += 1
    fire("on_fit_epoch_end", begun)


def fire(event: str, source: Any, options: Options = Options()) -> None:  # noqa: B008
    Callback(event, options)(source)


def archive(run: Path, name: str) -> dict[str, Any]:
    with np.load(run / "runlens" / name, allow_pickle=False) as found:
        return {key: found[key] for key in found.files}
