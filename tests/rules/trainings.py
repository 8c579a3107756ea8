"""Small trainings as users have them on disk, one for each thing that a rule must tell apart."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Callable, Optional, Union

import numpy as np

from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.dataset.facts import read_dataset
from tensorboard_runlens.relations import UNRELATED, Relations
from tensorboard_runlens.settings import Settings
from tensorboard_runlens.surroundings import Surroundings
from tensorboard_runlens.targets import Target
from tests.builders import write_args
from tests.dataset import datasets
from tests.projects import SELF_TRAINING, write_self_training

NOW = 1_800_000_000.0
"""The moment at which every training is looked at."""

OLD = NOW - 30 * 86400


@dataclass(frozen=True)
class Training:
    """Losses and metric by epoch; ``epochs`` are their numbers, ``args`` is what args.yaml says, and ``data``
    writes the data set that the user pointed out and returns its data.yaml. ``recording`` has what the callback
    recorded of each epoch beside its number, ``manifest`` of the training. ``columns`` stand in results.csv beside the
    usual ones or in their place, a value a row; ``final`` is best.pt's evaluation after training. ``targets`` are what
    its user wants it to reach, ``hours`` what it may take. One that is ``running`` wrote something a minute ago."""

    train: Sequence[float]
    val: Sequence[float]
    map50_95: Sequence[float]
    args: Mapping[str, Any] = field(default_factory=dict)
    epochs: Optional[Sequence[int]] = None
    weights: Sequence[str] = ()
    data: Optional[Callable[[Path], Path]] = None
    recording: Sequence[Mapping[str, Any]] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict)
    columns: Mapping[str, Sequence[float]] = field(default_factory=dict)
    final: Mapping[str, float] = field(default_factory=dict)
    targets: Sequence[Target] = ()
    hours: Optional[float] = None
    running: bool = False

    def __len__(self) -> int:
        return len(self.val)

    def changed(self, **changes: Any) -> Training:
        """The same training with other fields."""
        return replace(self, **changes)


@dataclass(frozen=True)
class SelfTraining:
    """Metrics by iteration, None for one without; ``args`` is what args.yaml says."""

    metrics: Mapping[int, Optional[Mapping[str, Any]]]
    args: Mapping[str, Any] = field(default_factory=dict)

    def changed(self, **changes: Any) -> SelfTraining:
        """The same experiment with other fields."""
        return replace(self, **changes)

    def with_last(self, **metrics: float) -> SelfTraining:
        """The same experiment with other metrics in its last iteration."""
        last = max(self.metrics)
        return self.changed(
            metrics={**self.metrics, last: {**(self.metrics[last] or {}), **metrics}}
        )


Case = Union[Training, SelfTraining]


def write(case: Case, folder: Path) -> Path:
    """Writes the run as its program would; all files are a month old, those of a running one a minute but for the
    first."""
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(case, Training):
        _write_epochs(case, folder)
    else:
        write_self_training(folder, case.metrics)
        if case.args:
            write_args(folder, **case.args)
    set_time(folder, OLD)
    if isinstance(case, Training) and case.running:
        set_time(folder / "results.csv", NOW - 60)
    return folder


def set_time(path: Path, moment: float) -> None:
    """Dates a file, or all that lies in a folder."""
    for one in [path] if path.is_file() else path.rglob("*"):
        os.utime(one, (moment, moment))


def judged(folder: Path) -> Analysis:
    """The analysis of a run as it lies there."""
    return analyse(open_run(str(folder)), now=NOW)


def _write_epochs(training: Training, folder: Path) -> None:
    columns = {**_usual_columns(training), **training.columns}
    lines = [",".join(columns)]
    lines += [",".join(f"{cell:.6g}" for cell in cells) for cells in zip(*columns.values())]
    (folder / "results.csv").write_text("\n".join(lines) + "\n")
    arguments = {"task": "detect", "mode": "train", "epochs": len(training), **training.args}
    (folder / "args.yaml").write_text(
        "".join(f"{key}: {value}\n" for key, value in arguments.items())
    )
    if training.recording or training.manifest:
        _write_recording(training, list(columns["epoch"]), folder / "runlens")
    if training.final:
        (folder / "metrics.json").write_text(json.dumps(training.final))
    for name in training.weights:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"")


def _usual_columns(training: Training) -> dict[str, Sequence[float]]:
    """What Ultralytics writes of a detector: an epoch takes 30 seconds, and the learning rate falls as planned."""
    (rows, score) = (np.arange(len(training)), np.array(training.map50_95, float))
    asked = training.args.get("epochs")
    planned = asked if isinstance(asked, int) else len(training)
    return {
        "epoch": training.epochs or (rows + 1).tolist(),
        "time": (30.0 * (rows + 1)).tolist(),
        "train/box_loss": training.train,
        "metrics/precision(B)": (0.8 * (score > 0)).tolist(),
        "metrics/recall(B)": (0.7 * (score > 0)).tolist(),
        "metrics/mAP50(B)": (np.minimum(score + 0.2, 0.99) * (score > 0)).tolist(),
        "metrics/mAP50-95(B)": training.map50_95,
        "val/box_loss": training.val,
        "lr/pg0": (0.01 * np.maximum(1 - 0.99 * rows / planned, 0.01)).tolist(),
    }


def _write_recording(training: Training, epochs: Sequence[int], folder: Path) -> None:
    manifest = {"format": 1, "framework": "ultralytics", "version": "8.4.190", "device": "GPU"}
    lines = [{"epoch": epoch, **line} for (epoch, line) in zip(epochs, training.recording)]
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({**manifest, **training.manifest}))
    (folder / "epochs.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def analysed(
    case: Case,
    folder: Path,
    settings: Optional[Settings] = None,
    relations: Relations = UNRELATED,
) -> Analysis:
    """The analysis of a training after a detour over the disk."""
    run = open_run(str(write(case, folder)))
    data = case.data if isinstance(case, Training) else None
    dataset = read_dataset(str(data(folder / "data"))) if data else None
    hours = case.hours if isinstance(case, Training) else None
    surroundings = Surroundings(relations, dataset, hours=hours)
    if isinstance(case, Training) and case.targets:
        settings = replace(settings or Settings(), targets=tuple(case.targets))
    return analyse(run, settings, NOW, surroundings=surroundings)


def good_data(folder: Path) -> Path:
    """A data set without a fault, whose 60 validation images have 720 objects."""
    text = "\n".join(
        datasets.box(number, place) for number in (0, 1) for place in range(10, 70, 10)
    )
    return datasets.write(folder, {"train": [text] * 180, "val": [text] * 60})


def overlapping_data(folder: Path) -> Path:
    """A data set of which a validation image is in train, too."""
    path = good_data(folder)
    shutil.copy(folder / "images" / "train" / "0000.png", folder / "images" / "val" / "0000.png")
    return path


def unlabelled_data(folder: Path) -> Path:
    """A data set with every sixth training image without an object."""
    splits = datasets.healthy()
    splits["train"][::6] = [""] * 15
    return datasets.write(folder, splits)


def data_without_a_class(folder: Path) -> Path:
    """A data set whose second class is not validated."""
    splits = datasets.healthy()
    splits["val"] = [datasets.box(0, 11)] * 30
    return datasets.write(folder, splits)


def data_of_few_instances(folder: Path) -> Path:
    """A data set whose second class has five validation instances."""
    splits = datasets.healthy()
    splits["val"][5:] = [datasets.box(0, 11)] * 25
    return datasets.write(folder, splits)


def data_with_repeated_rows(folder: Path) -> Path:
    """A data set in which every third image has its labels twice."""
    splits = datasets.healthy()
    splits["train"][::3] = [f"{text}{text}" for text in splits["train"][::3]]
    return datasets.write(folder, splits)


def data_without_labels(folder: Path) -> Path:
    """A data set whose training labels are not where they should be."""
    splits = datasets.healthy()
    return datasets.write(folder, {**splits, "train": [None] * 90})


def data_without_val(folder: Path) -> Path:
    """A data set without a validation image."""
    return datasets.write(folder, {**datasets.healthy(), "val": []})


def data_of_polygons(folder: Path) -> Path:
    """A data set whose labels are polygons."""
    text = f"{datasets.polygon(0)}\n{datasets.polygon(1)}\n"
    return datasets.write(folder, {"train": [text] * 90, "val": [text] * 30})


def data_of_few_images(folder: Path) -> Path:
    """A data set with twenty validation images."""
    return datasets.write(folder, datasets.healthy(train=60, val=20))


N = 60
_ROWS = np.arange(N)
_WIGGLE = np.exp(np.random.default_rng(11).normal(0, 0.004, N))
_FALLING = 1 + np.exp(-_ROWS / 6)
_TRAIN = (_FALLING * np.linspace(1, 0.6, N)).tolist()
_RISING_SCORE = (0.7 - 0.6 * np.exp(-_ROWS / 15)).tolist()
_STEADY_SCORE = 0.6 - 0.5 * np.exp(-_ROWS / 4)
_RISE = np.maximum(_ROWS - 30, 0) / 29

HEALTHY = Training(_TRAIN, (_FALLING * _WIGGLE).tolist(), _RISING_SCORE)
OVERFITTED = HEALTHY.changed(
    val=(_FALLING * _WIGGLE * (1 + 0.4 * _RISE)).tolist(),
    map50_95=(_STEADY_SCORE - 0.04 * _RISE).tolist(),
)
PAST_BEST = HEALTHY.changed(map50_95=(_STEADY_SCORE - 0.05 * _RISE).tolist())
NEVER_GENERALISED = HEALTHY.changed(
    val=(np.linspace(1, 2, N) * _WIGGLE).tolist(), map50_95=[0.02] * N
)
MOSAIC_STEP = HEALTHY.changed(
    val=(_FALLING * _WIGGLE * np.where(_ROWS < 50, 1, 1.08)).tolist(),
    train=(np.array(_TRAIN) * np.where(_ROWS < 50, 1, 0.9)).tolist(),
    args={"close_mosaic": 10, "mosaic": 1.0},
)
ZERO = HEALTHY.changed(map50_95=[0.0] * N)
DIVERGED = HEALTHY.changed(train=[*_TRAIN[:40], *np.linspace(1, 5, 20).tolist()])
NOT_A_NUMBER = HEALTHY.changed(train=[*_TRAIN[:30], *[float("nan")] * 30])
INTERRUPTED = HEALTHY.changed(args={"epochs": 100, "patience": 50})
STOPPED_EARLY = HEALTHY.changed(
    map50_95=[*_RISING_SCORE[:45], *[0.665, 0.664] * 7, 0.665], args={"epochs": 100, "patience": 15}
)
APPENDED = HEALTHY.changed(epochs=[*range(1, 21), *range(1, 41)])


def first(training: Training, rows: int) -> Training:
    """The beginning of a training."""
    return training.changed(
        train=training.train[:rows],
        val=training.val[:rows],
        map50_95=training.map50_95[:rows],
        columns={name: values[:rows] for (name, values) in training.columns.items()},
    )


WORK = {"data_seconds": 3.0, "compute_seconds": 27.0, "images": 3000, "images_per_second": 100.0}
"""A sound epoch: a tenth of its training time is waiting."""

NORM = {"p5": 10.0, "p50": 30.0, "p95": 90.0, "max": 300.0}


def tracked(
    machine: Callable[[int], Mapping[str, Any]] = lambda row: {},
    norm: Callable[[int], Mapping[str, Any]] = lambda row: {},
    training: Training = HEALTHY,
    **gradients: Any,
) -> Training:
    """A training with a recording: a sound machine and sound gradients, but for what the functions of the row say."""
    lines = [
        {
            "seconds": 40.0,
            "machine": {**WORK, **machine(row)},
            "gradients": {
                "steps": 100,
                "norm": {**NORM, **norm(row)},
                "not_finite": 0,
                **gradients,
            },
        }
        for row in range(len(training))
    ]
    return training.changed(recording=lines)


BEGUN = first(HEALTHY, 0).changed(args={"epochs": 100}, running=True, manifest={"epochs": 100})
"""A tracked training before the end of its first epoch."""

INPUT_BOUND = tracked(
    lambda row: {"data_seconds": 20.0}, training=HEALTHY.changed(args={"workers": 2})
)
FULL_MEMORY = tracked(lambda row: {"memory": {"peak": 95 * 10**8, "total": 10**10}})
SKIPPING = tracked(lambda row: {"amp": {"scale": 64.0, "steps": 100, "skipped_steps": 10}})
SLOWING = tracked(lambda row: {"compute_seconds": 27.0 + row, "images_per_second": 100.0 - row})
EXPLODING = tracked(norm=lambda row: {"p50": 30.0 if row < 30 else 3000.0})
VANISHING = tracked(
    norm=lambda row: {"p50": 30.0 if row < 30 else 0.001}, training=HEALTHY.changed(train=[2.0] * N)
)
ITERATIONS = SelfTraining(dict(enumerate(SELF_TRAINING)))
GAP = ITERATIONS.changed(metrics={0: SELF_TRAINING[0], 1: None, 2: SELF_TRAINING[2]})
REGRESSED = SelfTraining(dict(enumerate([*SELF_TRAINING, SELF_TRAINING[0]])))
AVERAGED_APART = ITERATIONS.with_last(iou=0.6)
