"""What the callback computes and writes at 80 classes, on a validation that is made up:

    PYTHONPATH=. OMP_NUM_THREADS=1 python benchmarks/many_classes.py

An epoch without the encoding of detections, which is done only when the best epoch is a new one; that
encoding for 5,000 images of 300 detections each, as many as COCO's validation can have; a batch's two events.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

import numpy as np

from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.tracking import Tracking
from tensorboard_runlens.recording.ultralytics import BATCHES as BATCH_EVENTS
from tensorboard_runlens.recording.ultralytics import Callback

CLASSES = 80
IMAGES = 5000
DETECTIONS = 300
OBJECTS = 7
"""An image's; COCO has 7.3 on average."""

EPOCHS = 20
BATCHES = 20_000


class Validator:
    """What an Ultralytics validator (8.3.154 and later) holds after the images of an epoch."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.training = True
        self.args = SimpleNamespace(task="detect")
        self.data = {"names": dict(enumerate(names()))}
        self.seen = IMAGES
        self._made_up = stats(rng)
        self.metrics: Any = None

    def validate(self, rng: np.random.Generator) -> None:
        """New arrays, as after every validation."""
        self.metrics = SimpleNamespace(
            box=metric(rng),
            stats={key: list(entries) for (key, entries) in self._made_up.items()},
            nt_per_class=rng.integers(1, 1000, CLASSES),
            nt_per_image=rng.integers(1, 1000, CLASSES),
        )

    def get_stats(self) -> None:
        for entries in self.metrics.stats.values():
            entries.clear()


def names() -> list[str]:
    return [f"class {number}" for number in range(CLASSES)]


def stats(rng: np.random.Generator) -> dict[str, list[Any]]:
    """An entry an image. A detection has 10 flags, mostly none of them set."""
    columns = {
        "tp": rng.random((IMAGES, DETECTIONS, 10)) < 0.02,
        "conf": -np.sort(-rng.beta(0.5, 20, (IMAGES, DETECTIONS))).astype(np.float32),
        "pred_cls": rng.integers(0, CLASSES, (IMAGES, DETECTIONS)).astype(np.float32),
        "target_cls": rng.integers(0, CLASSES, (IMAGES, OBJECTS)).astype(np.float32),
    }
    return {name: list(column) for (name, column) in columns.items()}


def metric(rng: np.random.Generator) -> SimpleNamespace:
    curves = {name: rng.random((CLASSES, 1000)) for name in ("p_curve", "r_curve", "f1_curve")}
    values = {name: rng.random(CLASSES) for name in ("p", "r", "f1")}
    return SimpleNamespace(
        all_ap=rng.random((CLASSES, 10)),
        ap_class_index=np.arange(CLASSES),
        px=np.linspace(0, 1, 1000),
        **curves,
        **values,
    )


def trainer(run: Path, validator: Validator) -> SimpleNamespace:
    return SimpleNamespace(
        save_dir=run,
        callbacks={},
        start_epoch=0,
        epoch=0,
        epochs=300,
        epoch_time=100.0,
        fitness=None,
        best_fitness=1.0,
        args=SimpleNamespace(task="detect"),
        data={"names": dict(enumerate(names()))},
        optimizer=SimpleNamespace(param_groups=[{"lr": 0.01}]),
        train_loader=SimpleNamespace(dataset=range(118_287), batch_size=16),
        test_loader=SimpleNamespace(dataset=range(IMAGES)),
        device=SimpleNamespace(type="cpu"),
        validator=validator,
    )


def fire(events: Sequence[str], source: Any) -> float:
    """CPU seconds that the callbacks of these events take."""
    callbacks = [Callback(event, Options()) for event in events]
    start = time.process_time()
    for callback in callbacks:
        callback(source)
    return time.process_time() - start


def epoch(running: Any, rng: np.random.Generator, best: bool) -> float:
    """One epoch's CPU seconds."""
    validator = running.validator
    validator.validate(rng)
    running.fitness = running.best_fitness if best else 0.5
    spent = fire(["on_train_epoch_start", "on_train_epoch_end"], running)
    spent += fire(["on_val_start"], validator)
    start = time.process_time()
    validator.get_stats()  # clears thousands of lists' entries, and has them copied before
    spent += time.process_time() - start
    spent += fire(["on_val_end"], validator) + fire(["on_fit_epoch_end"], running)
    running.epoch += 1
    return spent


def called(bodies: Sequence[Any], running: Any) -> float:
    """CPU seconds of all batches' events."""
    start = time.process_time()
    for _ in range(BATCHES):
        for body in bodies:
            body(running)
    return time.process_time() - start


def main() -> None:
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        validator = Validator(rng)
        running = trainer(Path(folder), validator)
        tracking = Tracking(running, Options())
        running._runlens = validator._runlens = tracking
        tracking.tell("start", running)
        plain = [epoch(running, rng, best=False) for _ in range(EPOCHS)]
        best = epoch(running, rng, best=True)
        bodies = [body for event in BATCH_EVENTS.values() for body in tracking.straight(event)]
        batches = called(bodies, running)
        written = {path.name: path.stat().st_size for path in Path(folder).rglob("*.*")}
        fire(["teardown"], running)
    total = IMAGES * DETECTIONS
    print(f"\nat {CLASSES} classes, made up, CPU time")
    print(f"an epoch                         {median(plain[1:]) * 1000:9.2f} ms")
    print(
        f"its line                         {written['epochs.jsonl'] / (EPOCHS + 1) / 1000:9.1f} kB"
    )
    print(f"encoding {total:,} detections   {(best - median(plain[1:])) * 1000:9.0f} ms")
    print(f"their file                       {written['curves_best.npz'] / 1e6:9.2f} MB")
    print(f"an event of a batch              {batches / len(bodies) / BATCHES * 1e6:9.2f} us")


if __name__ == "__main__":
    main()
