"""What results.csv holds of a training that goes on: metric and losses of every epoch, also of those before a resume.

The framework's own table is the one place where all of them stand, whatever happened to the training before.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional, Union

import numpy as np

from tensorboard_runlens.run import Floats

METRICS = (("mAP50-95", "metrics/mAP50-95("), ("top-1 accuracy", "metrics/accuracy_top1"))
"""What a training is judged by and how its columns begin; of boxes and masks or keypoints the mean counts."""

MAX_BYTES = 50 * 2**20
"""Of a table: as much as RunLens reads of one of a finished run."""

SIDES = (TRAIN, VAL) = ("train/", "val/")


@dataclass(frozen=True)
class SoFar:
    """``done`` epochs and what was measured after each, shape (n,), NaN where it was not: the ``metric``, a fraction,
    and the sums of the losses that training and validation share. ``name`` is the metric's."""

    name: str
    done: Floats
    metric: Floats
    train: Floats
    val: Floats


def results_so_far(path: Union[str, os.PathLike[str]]) -> SoFar:
    """The epochs that count. Raises OSError where there is no table, ValueError where it has none of METRICS."""
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        (header, *lines) = csv.reader(file.read(MAX_BYTES).splitlines())
    names = [name.strip() for name in header]
    rows = _that_count(lines)
    columns = dict(zip(names, np.array([_numbers(row, len(names)) for row in rows.values()]).T))
    for said, begin in METRICS:
        measured = [column for (name, column) in columns.items() if name.startswith(begin)]
        if measured:
            (train, val) = _losses(columns)
            name = said if len(measured) == 1 else f"mean {said}"
            return SoFar(name, np.array([*rows], np.float64), np.mean(measured, axis=0), train, val)
    raise ValueError("results.csv has no mAP50-95 and no top-1 accuracy")


def _that_count(lines: Sequence[Sequence[str]]) -> dict[int, Sequence[str]]:
    """Lines by epoch: one makes those before it with its number or a later one void, since a training was resumed."""
    rows: dict[int, Sequence[str]] = {}
    for line in lines:
        if not line or not line[0].strip().isdigit():
            continue
        epoch = int(line[0])
        while rows and next(reversed(rows)) >= epoch:
            rows.popitem()
        rows[epoch] = line
    return rows


def _numbers(row: Sequence[str], count: int) -> list[float]:
    """The cells of a row, NaN for one that is missing or no number."""
    cells = [_number(cell) for cell in row[:count]]
    return cells + [float("nan")] * (count - len(cells))


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def _losses(columns: dict[str, Floats]) -> tuple[Floats, Floats]:
    """Sums of training and validation losses, of the components that both have."""
    components = [name[len(VAL) :] for name in columns if name.startswith(VAL)]
    shared = [one for one in components if all(_used(columns.get(side + one)) for side in SIDES)]
    if not shared:
        nothing = np.full(len(next(iter(columns.values()))), np.nan)
        return (nothing, nothing)
    (train, val) = (np.sum([columns[side + one] for one in shared], axis=0) for side in SIDES)
    return (train, val)


def _used(column: Optional[Floats]) -> bool:
    return column is not None and bool(np.any(np.isfinite(column) & (column != 0)))
