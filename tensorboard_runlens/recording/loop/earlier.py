"""What an earlier process recorded in the same folder: a resumed training goes on from there."""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Iterator
from typing import Any, Optional, Union

from tensorboard_runlens.recording.layout import EPOCHS, FOLDER, MANIFEST

MAX_BYTES = 50 * 2**20
"""Of a file: as much as RunLens reads of the epochs of a run."""

RunDir = Union[str, os.PathLike[str]]


def manifest(run_dir: RunDir) -> dict[str, Any]:
    """Empty where there is none that can be read."""
    try:
        found = json.loads(_content(run_dir, MANIFEST))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


class Fitness:
    """Fitness of the epochs that count, by number; an epoch makes those with its number or a later one void."""

    def __init__(self, run_dir: RunDir) -> None:
        self._known: dict[int, float] = {}
        for line in _lines(run_dir):
            self.add(line.get("epoch"), line.get("fitness"))

    @property
    def best(self) -> Optional[int]:
        """The last epoch of the highest fitness."""
        rated = [(fitness, epoch) for (epoch, fitness) in self._known.items()]
        return max(rated)[1] if rated else None

    def add(self, epoch: Any, fitness: Any) -> bool:
        """Whether this epoch is the best so far."""
        if not isinstance(epoch, int):
            return False
        self._known = {known: value for (known, value) in self._known.items() if known < epoch}
        if not isinstance(fitness, (int, float)) or not math.isfinite(fitness):
            return False
        self._known[epoch] = fitness
        return self.best == epoch


def _lines(run_dir: RunDir) -> Iterator[dict[str, Any]]:
    """The lines that can be read."""
    for one in _content(run_dir, EPOCHS).splitlines():
        with contextlib.suppress(ValueError, RecursionError):
            line = json.loads(one)
            if isinstance(line, dict):
                yield line


def _content(run_dir: RunDir, name: str) -> bytes:
    """Empty where it cannot be read. Only a file is opened: reading a pipe or a device may never end."""
    path = os.path.join(run_dir, FOLDER, name)
    with contextlib.suppress(OSError):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                return file.read(MAX_BYTES)
    return b""
