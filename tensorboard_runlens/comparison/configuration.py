"""Training arguments that differ between the compared runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from tensorboard_runlens.plain_values import as_text
from tensorboard_runlens.run import Run

OF_THE_PLACE = ("name", "project", "save_dir", "exist_ok", "verbose", "plots")
"""Arguments that say where a training ran, not what was trained."""

MAX_ARGUMENTS = 300
"""Arguments that are listed: Ultralytics has 110, a stranger's file may have any number."""

Row = tuple[str, tuple[Optional[str], ...]]
"""An argument and its value in each run, None where it is not stated."""


def configuration(runs: Sequence[Run]) -> list[Row]:
    """In the order of the runs' files. Runs without any argument do not make all the others' differ."""
    stated = [run.arguments for run in runs if run.arguments]
    rows: list[Row] = []
    for key in dict.fromkeys(key for arguments in stated for key in arguments):
        if key in OF_THE_PLACE or _all_alike([arguments.get(key) for arguments in stated]):
            continue
        rows.append((as_text(key), tuple(_value(run, key) for run in runs)))
    return rows[:MAX_ARGUMENTS]


def _value(run: Run, key: str) -> Optional[str]:
    return as_text(run.arguments[key]) if key in run.arguments else None


def _all_alike(values: Sequence[object]) -> bool:
    """Nothing and an empty text are the same."""
    return len({None if value in (None, "") else as_text(value) for value in values}) == 1
