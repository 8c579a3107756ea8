"""What an Ultralytics training is, once it is ready to start: nothing else in its folder says most of it."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Mapping
from typing import Any, Callable, Optional

from tensorboard_runlens.recording.environment import processes, unknown_options
from tensorboard_runlens.recording.evidence.class_counts import class_counts
from tensorboard_runlens.recording.evidence.label_kinds import label_kinds
from tensorboard_runlens.recording.fitness_formula import fitness_formula
from tensorboard_runlens.recording.layout import MAX_HOURS
from tensorboard_runlens.recording.loaders import LOADERS, dataset_of
from tensorboard_runlens.recording.machine.accelerator import unused_accelerator
from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.process import this_process
from tensorboard_runlens.recording.releases import closes_late, running, shortcomings


def manifest(trainer: Any, options: Options) -> dict[str, Any]:
    """The manifest's fields (docs/recorded_data.md); null where this release or machine does not tell,
    and named in ``missing`` beside what else a recording of this release lacks."""
    fields: dict[str, Any] = {"framework": "ultralytics", "started": time.time()}
    missing = shortcomings(running(), trainer.args.task)
    for name in FIELDS:
        (fields[name], fault) = _asked(name, trainer)
        missing += fault
    (hours, fault) = _hours(options)
    return {**fields, "hours": hours, "missing": missing + fault + unknown_options()}


def _asked(name: str, trainer: Any) -> tuple[Any, list[str]]:
    """(a field or None, what failed): one that fails costs itself only."""
    try:
        return (FIELDS[name](trainer), [])
    except Exception as error:
        return (None, [f"{name}: {type(error).__name__}"])


def _hours(options: Options) -> tuple[Optional[float], list[str]]:
    """What the training may take, and what is wrong with it."""
    hours = options.hours
    if hours is None:
        return (None, [])
    known = isinstance(hours, (int, float)) and not isinstance(hours, bool)
    if known and 0 < hours <= MAX_HOURS:
        return (float(hours), [])
    return (None, [f"hours: must be a number above 0 and at most {MAX_HOURS:,}"])


def _version(module: str) -> Optional[str]:
    """Of what the process has imported: asking must not import anything."""
    version = getattr(sys.modules.get(module), "__version__", None)
    return None if version is None else str(version)


def _names(trainer: Any) -> Optional[list[str]]:
    """Class names in order of their numbers."""
    names = trainer.data.get("names")
    if isinstance(names, Mapping):
        names = [names[number] for number in sorted(names)]
    return None if names is None else [str(name) for name in names]


def _images(trainer: Any) -> dict[str, Optional[int]]:
    found = {split: dataset_of(trainer, split) for split in LOADERS}
    return {split: None if dataset is None else len(dataset) for (split, dataset) in found.items()}


def _class_counts(trainer: Any) -> dict[str, Any]:
    classes = len(_names(trainer) or ())
    return {split: class_counts(dataset_of(trainer, split), classes) for split in LOADERS}


def _labels(trainer: Any) -> Optional[dict[str, Any]]:
    """None for tasks without objects to label: their data sets have lists of labels, too, with nothing in them."""
    if trainer.args.task not in OF_OBJECTS:
        return None
    return {split: label_kinds(dataset_of(trainer, split)) for split in LOADERS}


def _optimizer(trainer: Any) -> dict[str, Any]:
    """The optimizer that trains, which ``optimizer=auto`` leaves open, and the learning rate of each group."""
    groups = trainer.optimizer.param_groups
    rates = [group.get("initial_lr", group["lr"]) for group in groups]
    return {"name": type(trainer.optimizer).__name__, "lr": rates}


def close_mosaic_epoch(trainer: Any) -> Optional[int]:
    """The number of the first epoch without mosaic; None where there is none to close."""
    last = getattr(trainer.args, "close_mosaic", 0)
    if not last or not getattr(trainer.args, "mosaic", 1) or trainer.args.task == "classify":
        return None
    before = int(trainer.epochs - last)
    return max(before, 0) + 1 if before >= 0 or closes_late(running()) else None


def _device(trainer: Any) -> str:
    """The name of the device that this process trains on."""
    kind = str(trainer.device.type)
    if kind != "cuda":
        return kind
    return str(sys.modules["torch"].cuda.get_device_name(trainer.device))


def _devices(trainer: Any) -> list[str]:
    """The names of the devices of all processes on this machine, as the training was given them."""
    if trainer.device.type != "cuda" or processes(trainer) == 1:
        return [_device(trainer)]
    cuda = sys.modules["torch"].cuda
    stated = str(trainer.args.device).strip("[]() ").split(",")
    numbers = [int(one) for one in stated if one.strip().isdigit()]
    return [str(cuda.get_device_name(number)) for number in numbers or range(cuda.device_count())]


OF_OBJECTS = ("detect", "segment", "pose", "obb")
"""Tasks whose labels are objects."""

FIELDS: dict[str, Callable[[Any], Any]] = {
    "version": lambda trainer: _version("ultralytics"),
    "torch": lambda trainer: _version("torch"),
    "python": lambda trainer: platform.python_version(),
    "task": lambda trainer: trainer.args.task,
    "names": _names,
    "images": _images,
    "class_counts": _class_counts,
    "labels": _labels,
    "arguments": lambda trainer: vars(trainer.args),
    "fitness": lambda trainer: fitness_formula(trainer.args.task, running()),
    "epochs": lambda trainer: trainer.epochs,
    "close_mosaic_epoch": close_mosaic_epoch,
    "optimizer": _optimizer,
    "world_size": processes,
    "device": _device,
    "devices": _devices,
    "accelerator": unused_accelerator,
    "process": lambda trainer: this_process(),
}
