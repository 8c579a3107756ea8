"""Trains a small model of each task twice, once tracked, and writes down what the framework held and printed.

    python tracked.py FOLDER '{"tasks": ["detect", "pose"], "images": [40, 12], ...}'

The runs land in ``FOLDER/TASK/tracked`` and ``plain``. Beside them lie what the validator of the
tracked one held, taken from it by other callbacks than RunLens', of every epoch and of best.pt at
the end (``measured.json``, ``curves_EPOCH.npz``, ``curves_final.npz``), what both checkpoints of both
runs hold (``weights.json``), and what was printed (``printed.txt``).
"""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path
from typing import Any, Union

import numpy as np
from checkpoints import contents
from shapes import prepare, write_data_set
from small import write_model

FINAL = "final"
ATTRIBUTES = ("box", "seg", "pose")
CHECKPOINTS = ("best.pt", "last.pt")
IMAGE_SIZE = 96


class Observer:
    """Takes what the validator holds after every validation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.epoch: Union[int, str] = 0
        self.measured: dict[str, dict[str, Any]] = {}

    def watch(self, model: Any) -> None:
        model.add_callback("on_train_epoch_start", self.begin)
        model.add_callback("on_val_end", self.take)
        model.add_callback("on_fit_epoch_end", self.take_fitness)

    def begin(self, trainer: Any) -> None:
        self.epoch = trainer.epoch + 1

    def take(self, validator: Any) -> None:
        self.epoch = self.epoch if validator.training else FINAL
        metrics = validator.metrics
        if validator.args.task == "classify":
            found = {
                "predicted": np.concatenate([np.asarray(top)[:, 0] for top in validator.pred]),
                "true": np.concatenate([np.asarray(of_batch) for of_batch in validator.targets]),
            }
        else:
            found = {"classes": metrics.ap_class_index, "instances": metrics.nt_per_class}
            found["images"] = metrics.nt_per_image
        groups = [name for name in ATTRIBUTES if hasattr(metrics, name)]
        self.measured[str(self.epoch)] = {
            **{name: values.tolist() for (name, values) in found.items()},
            **{name: rows(getattr(metrics, name)) for name in groups},
        }
        curves = {
            f"{name}_{curve}": getattr(getattr(metrics, name), curve)
            for name in groups
            for curve in ("p_curve", "r_curve", "f1_curve", "all_ap", "px")
        }
        np.savez(self.folder / f"curves_{self.epoch}.npz", **curves)

    def take_fitness(self, trainer: Any) -> None:
        if self.epoch != FINAL:
            self.measured[str(self.epoch)]["fitness"] = trainer.fitness


def rows(metric: Any) -> dict[str, Any]:
    """By class precision, recall, AP50, AP50-95 and F1, and the confidence that they are stated at."""
    from ultralytics.utils.metrics import smooth

    best = smooth(metric.f1_curve.mean(0), 0.1).argmax()
    return {
        "rows": [
            [*map(float, metric.class_result(row)), float(metric.f1[row])]
            for row in range(len(metric.p))
        ],
        "confidence": float(metric.px[best]),
        "f1": float(metric.f1.mean()),
    }


def train(folder: Path, tasks: list[str], images: tuple[int, int], **arguments: Any) -> None:
    prepare(folder)
    for task in tasks:
        (folder / task).mkdir()
        os.chdir(folder / task)
        train_both(folder / task, task, images, arguments)


def train_both(folder: Path, task: str, images: tuple[int, int], given: dict[str, Any]) -> None:
    from ultralytics import YOLO
    from ultralytics.utils import LOGGER

    from tensorboard_runlens import track

    model = write_model(folder, task)
    arguments = {
        "data": str(folder / write_data_set(folder, *images, 0.0, task)),
        "project": str(folder),
        "imgsz": IMAGE_SIZE,
        "device": "cpu",
        "workers": 0,
        "amp": False,
        "pretrained": False,
        **given,
    }
    YOLO(model).train(name="plain", **arguments)
    observer = Observer(folder)
    tracked = track(track(YOLO(model)))
    observer.watch(tracked)
    printer = logging.FileHandler(folder / "printed.txt", encoding="utf-8")
    LOGGER.addHandler(printer)
    tracked.train(name="tracked", **arguments)
    LOGGER.removeHandler(printer)
    weights = {
        run: {name: contents(folder / run / "weights" / name) for name in CHECKPOINTS}
        for run in ("plain", "tracked")
    }
    (folder / "weights.json").write_text(json.dumps(weights), encoding="utf-8")
    (folder / "measured.json").write_text(json.dumps(observer.measured), encoding="utf-8")


if __name__ == "__main__":
    train(Path(sys.argv[1]).resolve(), **json.loads(sys.argv[2]))
