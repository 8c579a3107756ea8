"""What a user says of a training, as the manifest's fields (docs/recorded_data.md)."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Mapping
from typing import Any, Callable, Optional

AXES = ("epoch", "iteration")
FRAMEWORK = "recorded"
"""Any program that is not one of those whose files RunLens reads by themselves."""


def description(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest of a training loop. Raises ValueError or TypeError for what no reader would understand."""
    fields = {**_process(), **facts}
    if fields.get("axis", AXES[0]) not in AXES:
        raise ValueError(f"axis is {' or '.join(AXES)}, not {fields['axis']!r}")
    for name, convert in CONVERTED.items():
        if fields.get(name) is not None:
            fields[name] = convert(fields[name])
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
    return {
        split: None if images.get(split) is None else int(images[split])
        for split in ("train", "val")
    }


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
    "arguments": dict,
    "epochs": int,
    "fitness": str,
    "optimizer": _optimizer,
    "device": str,
}
