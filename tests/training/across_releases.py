"""Trains twice in an old release of Ultralytics, once tracked, and writes down what its validator held.

    PYTHONPATH=OVERLAY python across_releases.py FOLDER '{"tasks": ["detect"], "epochs": 3}'

The runs land in ``FOLDER/TASK/plain`` and ``tracked``. Beside them lie, of every epoch and of best.pt
at the end (``final``), what the tracked one's validator held, taken from it by another callback than
RunLens' (``held.json``), what went into its metrics (``stats_EPOCH.npz``), and what both runs'
checkpoints hold (``weights.json``). In the last epoch the model is blinded: nothing is found.

Only what is there in every release from RunLens' oldest on is used here.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Optional

import numpy as np
from checkpoints import contents
from old_releases import patch
from PIL import Image, ImageDraw
from shapes import prepare

SIZE = 128
NAMES = ["blue", "green", "red"]  # in the order in which a folder of folders is read
IMAGES = {"train": 24, "val": 7}
EMPTY = 2  # the validation image without an object
IN_VALIDATION = (0, 2)  # no green ones: the row of a class is not its number

FINAL = "final"
RUNS = ("plain", "tracked")
CHECKPOINTS = ("best.pt", "last.pt")
MODELS = {
    "detect": "yolov8n.yaml",
    "segment": "yolov8n-seg.yaml",
    "classify": "yolov8n-cls.yaml",
}
BLIND = -20.0  # confidences of 2e-9, below the 0.001 that is kept


def write_data_set(folder: Path, task: str) -> str:
    """One object an image that fills most of it, as a model without training takes every object to be."""
    rng = np.random.default_rng(0)
    for split, count in IMAGES.items():
        for index in range(count):
            number = index % 3 if split == "train" else IN_VALIDATION[index % 2]
            (image, corners) = picture(number, rng)
            if task == "classify":
                save(image, folder / split / NAMES[number] / f"{index}.png")
                continue
            save(image, folder / "images" / split / f"{index}.png")
            label = folder / "labels" / split / f"{index}.txt"
            label.parent.mkdir(parents=True, exist_ok=True)
            text = " ".join(f"{x:.5f}" for x in (number, *(corners / SIZE).flat))
            label.write_text("" if (split, index) == ("val", EMPTY) else text, encoding="utf-8")
    if task == "classify":
        (folder / "val" / "green").mkdir()
        return str(folder)
    splits = {split: f"images/{split}" for split in IMAGES}
    description = {"path": str(folder), **splits, "names": dict(enumerate(NAMES))}
    (folder / "data.yaml").write_text(json.dumps(description), encoding="utf-8")  # JSON is YAML
    return str(folder / "data.yaml")


def picture(number: int, rng: np.random.Generator) -> tuple[Image.Image, Any]:
    """A rectangle on grey noise, and its corners (4, 2) in pixels."""
    noise = rng.integers(90, 160, (SIZE, SIZE, 3)).astype(np.uint8)
    (left, top) = rng.integers(1, 12, 2).tolist()
    (right, bottom) = rng.integers(SIZE - 12, SIZE - 1, 2).tolist()
    image = Image.fromarray(noise)
    colour = [20, 20, 20]
    colour[2 - number] = 230
    ImageDraw.Draw(image).rectangle([left, top, right, bottom], fill=tuple(colour))
    return image, np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


def save(image: Image.Image, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)


class Observer:
    """Takes what the validator holds: before its metrics are computed, and after."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.epoch = ""
        self.stats: dict[str, list[Any]] = {}
        self.hit = False
        self.held: dict[str, Any] = {}

    def watch(self, model: Any) -> None:
        model.add_callback("on_train_start", self.watch_validator)
        model.add_callback("on_fit_epoch_end", self.take_fitness)

    def watch_validator(self, trainer: Any) -> None:
        """Up to 8.0.235 the validator is told of no callback, and later it shares the trainer's."""
        trainer.validator.add_callback("on_val_batch_end", self.take_stats)
        trainer.validator.add_callback("on_val_end", self.take)
        self.trainer = trainer

    def take_stats(self, validator: Any) -> None:
        found = getattr(validator.metrics, "stats", None) or getattr(validator, "stats", None)
        by_name = isinstance(found, Mapping)
        if by_name:
            self.stats = {key: [np.asarray(one) for one in lists] for (key, lists) in found.items()}
        true_positives = self.stats["tp"] if by_name else [image[0] for image in found or ()]
        self.hit = any(bool(one.any()) for one in true_positives)

    def take(self, validator: Any) -> None:
        self.epoch = str(self.trainer.epoch + 1) if validator.training else FINAL
        metrics = validator.metrics
        if validator.args.task == "classify":
            self.held[self.epoch] = {"matrix": validator.confusion_matrix.matrix.tolist()}
            return
        counts = {name: count(validator, name) for name in ("nt_per_class", "nt_per_image")}
        self.held[self.epoch] = {
            "classes": list(map(int, metrics.ap_class_index)),
            **counts,
            "hit": self.hit,
            **{
                name: {"rows": rows(metric), "confidence": optimum(metric)}
                for (name, metric) in vars(metrics).items()
                if name in ("box", "seg")
            },
        }
        np.savez(self.folder / f"stats_{self.epoch}.npz", **per_detection(self.stats))

    def take_fitness(self, trainer: Any) -> None:
        if self.epoch != FINAL:
            self.held[self.epoch]["fitness"] = float(trainer.fitness)
            self.held[self.epoch]["best"] = bool(trainer.fitness == trainer.best_fitness)


def count(validator: Any, name: str) -> Any:
    found = getattr(validator.metrics, name, getattr(validator, name, None))
    return None if found is None else np.asarray(found).tolist()


def rows(metric: Any) -> list[list[float]]:
    """By class precision, recall, AP50, AP50-95 and F1."""
    return [
        [*map(float, metric.class_result(row)), float(metric.f1[row])]
        for row in range(len(metric.p))
    ]


def optimum(metric: Any) -> Optional[float]:
    """The confidence that these are stated at, None where the release does not keep the curves."""
    from ultralytics.utils.metrics import smooth

    if not hasattr(metric, "px"):
        return None
    return float(metric.px[smooth(metric.f1_curve.mean(0), 0.1).argmax()])


def per_detection(stats: dict[str, list[Any]]) -> dict[str, Any]:
    """The lists by image as arrays by detection; empty where the release has other lists."""
    if not stats:
        return {}
    joined = {key: np.concatenate(lists) for (key, lists) in stats.items() if "target" not in key}
    image = np.repeat(np.arange(len(stats["conf"])), [len(one) for one in stats["conf"]])
    return {**joined, "image": image, "target_cls": np.concatenate(stats["target_cls"])}


def fill_masks(trainer: Any) -> None:
    """Has the model begin with masks that fill their boxes."""
    for model in (trainer.model, trainer.ema.ema):
        head = model.model[-1]
        for branch in getattr(head, "cv4", ()):
            branch[-1].bias.data.fill_(1)
        if hasattr(head, "proto"):
            head.proto.cv3.bn.bias.data.fill_(1)


def blind(trainer: Any) -> None:
    """Makes sure that the last epoch's validation finds nothing."""
    if trainer.epoch == trainer.epochs - 1:
        for branch in getattr(trainer.ema.ema.model[-1], "cv3", ()):
            branch[-1].weight.data.zero_()
            branch[-1].bias.data.fill_(BLIND)


def train(folder: Path, tasks: list[str], epochs: int) -> None:
    patch()
    prepare(folder)
    import_integrations()
    for task in tasks:
        train_both(folder / task, task, epochs)


def import_integrations() -> None:
    """As the first training of a process does: in 8.4.36 that draws a random number, after the seed was set."""
    from ultralytics.utils.callbacks import add_integration_callbacks

    class Trainer:
        def __init__(self) -> None:
            self.callbacks: Any = defaultdict(list)

    add_integration_callbacks(Trainer())


def train_both(folder: Path, task: str, epochs: int) -> None:
    from ultralytics import YOLO

    from tensorboard_runlens import track

    arguments = {
        "data": write_data_set(folder / "data", task),
        "project": str(folder),
        "epochs": epochs,
        "imgsz": SIZE,
        "batch": 4,
        "nbs": 4,
        "optimizer": "AdamW",
        "lr0": 0.006,
        "warmup_epochs": 0.0,
        "mosaic": 0.0,
        "workers": 0,
        "device": "cpu",
        "amp": False,
        "pretrained": False,
        "plots": False,
    }
    os.chdir(folder)
    observer = Observer(folder)
    for run in RUNS:
        model = YOLO(MODELS[task])
        model.add_callback("on_train_start", fill_masks)
        model.add_callback("on_train_epoch_end", blind)
        if run == "tracked":
            observer.watch(track(model, gradients=True, confusion=True))
        model.train(name=run, **arguments)
    weights = {
        run: {name: contents(folder / run / "weights" / name) for name in CHECKPOINTS}
        for run in RUNS
    }
    (folder / "weights.json").write_text(json.dumps(weights), encoding="utf-8")
    (folder / "held.json").write_text(json.dumps(observer.held), encoding="utf-8")


if __name__ == "__main__":
    train(Path(sys.argv[1]).resolve(), **json.loads(sys.argv[2]))
