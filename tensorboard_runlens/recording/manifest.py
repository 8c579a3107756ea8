"""What an Ultralytics training is, once it is ready to start: nothing else in its folder says most of it."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Mapping
from typing import Any, Optional


def manifest(trainer: Any) -> dict[str, Any]:
    """The manifest's fields (docs/recorded_data.md); null where this release or machine does not tell."""
    return {
        "framework": "ultralytics",
        "version": _version("ultralytics"),
        "torch": _version("torch"),
        "python": platform.python_version(),
        "started": time.time(),
        "task": trainer.args.task,
        "names": _names(trainer),
        "images": {
            "train": _images(trainer, "train_loader"),
            "val": _images(trainer, "test_loader"),
        },
        "arguments": vars(trainer.args),
        "optimizer": _optimizer(trainer),
        "world_size": max(1, getattr(trainer, "world_size", None) or 1),
        "device": _device(trainer),
    }


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


def _images(trainer: Any, loader: str) -> Optional[int]:
    dataset = getattr(getattr(trainer, loader, None), "dataset", None)
    return None if dataset is None else len(dataset)


def _optimizer(trainer: Any) -> dict[str, Any]:
    """The optimizer that trains, which ``optimizer=auto`` leaves open, and the learning rate of each group."""
    groups = trainer.optimizer.param_groups
    rates = [group.get("initial_lr", group["lr"]) for group in groups]
    return {"name": type(trainer.optimizer).__name__, "lr": rates}


def _device(trainer: Any) -> str:
    """The name of the device that this process trains on."""
    kind = str(trainer.device.type)
    if kind != "cuda":
        return kind
    return str(sys.modules["torch"].cuda.get_device_name(trainer.device))
