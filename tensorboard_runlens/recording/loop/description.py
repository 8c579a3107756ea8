"""What a user says of a training, as the manifest's fields (docs/recorded_data.md)."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Mapping
from typing import Any, Callable, Optional

from tensorboard_runlens.recording.guard import Guard

AXES = ("epoch", "iteration")
FRAMEWORK = "recorded"
"""Any program that is not one of those whose files RunLens reads by themselves."""


def description(facts: Mapping[str, Any], guard: Guard) -> dict[str, Any]:
    """The manifest of a training loop. Raises ValueError for an axis that no reader would understand; any other
    argument that makes no sense costs itself only."""
    fields = {**_process(), **facts}
    if fields.get("axis", AXES[0]) not in AXES:
        raise ValueError(f"axis is {' or '.join(AXES)}, not {fields['axis']!r}")
    for name, convert in CONVERTED.items():
        if fields.get(name) is not None:
            fields[name] = guard.run(f"{name} of describe()", convert, fields[name])
    return fields


def _process() -> dict[str, Any]:
    torch = sys.modules.get("torch")
    return {
        "framework": FRAMEWORK,
        "torch": None if torch is None else str(torch.__version__),
        "python": platform.python_version(),
        "started": time.time(),
    }


def class_names(names: Any) -> list[str]:
    """In order of their numbers; of ``{0: "disc", 1: "ring"}`` the values."""
    if isinstance(names, Mapping):
        names = [names[number] for number in sorted(names)]
    if isinstance(names, str):
        raise TypeError("names is a list of class names")
    return [str(name) for name in names]


def _images(images: Any) -> dict[str, Optional[int]]:
    if not isinstance(images, Mapping):
        raise TypeError("images are counted as in {'train': 400, 'val': 100}")
    return {
        split: None if images.get(split) is None else int(images[split])
        for split in ("train", "val")
    }


def _arguments(arguments: Any) -> dict[str, Any]:
    """Of a mapping, or of what a parser of the command line returns."""
    return dict(arguments if isinstance(arguments, Mapping) else vars(arguments))


def _optimizer(optimizer: Any) -> dict[str, Any]:
    """Of a name, of torch's optimizer, or of a mapping that is the field already."""
    if isinstance(optimizer, Mapping):
        return dict(optimizer)
    if isinstance(optimizer, str):
        return {"name": optimizer}
    rates = [float(group["lr"]) for group in optimizer.param_groups]
    return {"name": type(optimizer).__name__, "lr": rates}


CONVERTED: dict[str, Callable[[Any], Any]] = {
    "task": str,
    "names": class_names,
    "images": _images,
    "arguments": _arguments,
    "epochs": int,
    "fitness": str,
    "optimizer": _optimizer,
    "device": str,
}
