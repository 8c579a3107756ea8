"""A few numbers of every epoch as scalars, so that they stand among TensorBoard's own charts.

Five at most: TensorBoard's slow mode keeps every value as an object, and nine made its start on a run of
300 epochs a tenth slower (benchmarks/tensorboard_start.py). The RunLens tab shows the others.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Iterator, Mapping
from typing import Any, Optional, Union

from tensorboard_runlens.recording.event_file import FrameworkFile, OwnFile, event_file
from tensorboard_runlens.recording.layout import TAG_PREFIX
from tensorboard_runlens.run import main_group

Named = Iterator[tuple[str, Any]]


class Scalars:
    """One record an epoch, at the epoch's number; what an epoch does not have is left out."""

    name = "TensorBoard scalars"

    def __init__(self, tracking: Any) -> None:
        self._miss = tracking.miss
        self._run_dir: Any = None
        self._file: Optional[Union[FrameworkFile, OwnFile]] = None

    def start(self, trainer: Any) -> None:
        if importlib.util.find_spec("tensorboard") is None:
            self._miss("scalars for TensorBoard, which is not installed")
            return
        self._run_dir = trainer.save_dir

    def logged(self, line: Mapping[str, Any]) -> None:
        """Writes the scalars; where they go is decided with the first ones."""
        values = scalars(line)
        if self._run_dir is None or not values:
            return
        if self._file is None:
            self._file = event_file(self._run_dir)
        self._file.write(values, line["epoch"])


def scalars(line: Mapping[str, Any]) -> dict[str, float]:
    """The values of an epoch's line by tag; none that is missing or not finite."""
    named = (*_metrics(line), *_machine(line.get("machine") or {}))
    return {
        f"{TAG_PREFIX}{name}": float(value)
        for (name, value) in named
        if value is not None and math.isfinite(value)
    }


def _metrics(line: Mapping[str, Any]) -> Named:
    """Of the group that the run is judged by: the framework's optimum, and the class that is worst."""
    group = line.get(main_group(line) or "") or {}
    optimum = group.get("optimum") or {}
    yield ("f1", optimum.get("f1"))
    yield ("confidence", optimum.get("confidence"))
    finite = [value for value in group.get("ap50_95", ()) if math.isfinite(value)]
    yield ("worst_class_map50_95", min(finite, default=None))


def _machine(machine: Mapping[str, Any]) -> Named:
    yield ("data_wait_share", _share(machine.get("data_seconds"), machine.get("compute_seconds")))
    utilisation = (machine.get("gpu") or {}).get("utilisation") or {}
    yield ("gpu_utilisation", utilisation.get("mean"))


def _share(part: Optional[float], rest: Optional[float]) -> Optional[float]:
    if part is None or rest is None or not part + rest:
        return None
    return part / (part + rest)
