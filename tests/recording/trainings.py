"""Stand-ins for Ultralytics' trainer and validator: the attributes that the callbacks look at, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Optional

import numpy as np

from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.ultralytics import BATCHES, Callback

NAMES = {0: "disc", 1: "square", 2: "ring"}
CONFIDENCE = np.linspace(0, 1, 1000)


def metric(classes: Sequence[int], shift: float = 0.0) -> SimpleNamespace:
    """A metric in which every number tells its class, and F1 is best at confidence 0.4."""
    number = np.asarray(classes, float)[:, None]
    ap = 0.5 + number / 10 - np.arange(10) / 100 + shift
    f1_curve = (0.6 + number / 10) * (1 - (CONFIDENCE - 0.4) ** 2)
    return SimpleNamespace(
        p=0.7 + number[:, 0] / 10,
        r=0.6 + number[:, 0] / 10,
        f1=0.6 + number[:, 0] / 10,
        all_ap=ap,
        ap_class_index=list(classes),
        px=CONFIDENCE,
        f1_curve=f1_curve,
    )


def metrics(classes: Sequence[int] = (0, 2), **groups: SimpleNamespace) -> SimpleNamespace:
    return SimpleNamespace(
        box=metric(classes),
        nt_per_class=np.array([5, 0, 7]),
        nt_per_image=np.array([3, 0, 4]),
        **groups,
    )


class AdamW:
    param_groups = ({"lr": 0.002, "initial_lr": 0.001}, {"lr": 0.002})


def trainer(run: Path, start_epoch: int = 0) -> SimpleNamespace:
    """A trainer that is ready to start, in a run folder that is there."""
    run.mkdir(exist_ok=True)
    return SimpleNamespace(
        save_dir=run,
        callbacks={},
        start_epoch=start_epoch,
        epoch=start_epoch,
        epochs=100,
        epoch_time=2.5,
        fitness=None,
        args=SimpleNamespace(task="detect", optimizer="auto", data="/home/anna/data/shapes.yaml"),
        data={"names": NAMES},
        optimizer=AdamW(),
        train_loader=SimpleNamespace(dataset=range(40)),
        test_loader=SimpleNamespace(dataset=range(10)),
        world_size=0,
        device=SimpleNamespace(type="cpu"),
        validator=SimpleNamespace(args=SimpleNamespace(task="detect"), metrics=None),
    )


def fire(event: str, source: Any) -> None:
    if event in BATCHES:
        for callback in source.callbacks[event]:
            callback(source)
    else:
        Callback(event, Options())(source)


def train_epoch(
    running: SimpleNamespace, epoch: int, measured: Optional[Any] = None, fitness: float = 0.0
) -> None:
    """One epoch by its number in results.csv, validated where something was measured."""
    running.epoch = epoch - 1
    fire("on_train_epoch_end", running)
    if measured is not None:
        running.validator.metrics = measured
        running.fitness = fitness
        fire("on_val_end", running.validator)
    fire("on_fit_epoch_end", running)


def validate_best_once_more(running: SimpleNamespace) -> None:
    """What Ultralytics does after the last epoch."""
    running.epoch += 1
    running.validator.metrics = metrics()
    fire("on_val_end", running.validator)
    fire("on_fit_epoch_end", running)


def lines(run: Path) -> list[dict[str, Any]]:
    text = (run / "runlens" / "epochs.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def manifest(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run / "runlens" / "manifest.json").read_text("utf-8"))
    return found
