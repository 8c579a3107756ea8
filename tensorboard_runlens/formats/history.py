"""From rows to epochs: which rows are epochs, of which run, and which values were measured at all.

No epoch is invented. Runs appended to one file are parted, a resumed run's repeated epochs count
once (the last row holds), and rows in which validation was not run are missing values, not zeros.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Callable, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.formats.columns import Place, place
from tensorboard_runlens.formats.table import Table
from tensorboard_runlens.run import Floats, History, Integers, Logged, empty_history

PERCENTAGE = 1.001
"""A finite metric above this is no rounding error of a fraction: its column holds percentages."""

MAX_LISTED = 10
"""Segments that a sentence lists; nine is the most that was seen in one file."""

MAX_EPOCH = 10**7
"""A larger epoch number is a damaged cell."""

Placed = dict[str, tuple[Place, Floats]]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Reading:
    """A result table understood: its history, and how the rows became it."""

    history: History
    logged: Logged


def build(table: Table, planned: Optional[int] = None) -> Reading:
    """Makes the History of a table's last segment; adds to ``table.problems`` what was left out or
    changed.

    The table needs an "epoch" column. ``planned`` is the epoch count that the table itself
    announces.
    """
    if "epoch" not in table.columns:
        return Reading(empty_history(), Logged(table.rows, (), planned=planned))
    (kept, epochs) = _numbered_rows(table)
    planned = _short_rows(table, epochs) or planned
    if not len(epochs):
        return Reading(empty_history(), Logged(table.rows, (), planned=planned))
    starts = _segment_starts(epochs)
    segments = tuple((int(part.min()), int(part.max())) for part in np.split(epochs, starts[1:]))
    if len(segments) > 1:
        listed = ", ".join(f"{first}-{last}" for (first, last) in segments[-MAX_LISTED:])
        if len(segments) > MAX_LISTED:
            listed = f"..., {listed}"
        table.say(
            table.lines[kept[starts[-1]]],
            "appended_runs",
            f"{len(segments)} runs in one file (epochs {listed}); the last one is shown",
        )
    rows = kept[starts[-1] :]
    epochs = epochs[starts[-1] :]
    (used, resumed) = _last_row_of_each_epoch(table, rows, epochs)
    resumed = sorted({*resumed, *_clock_restarts(table, rows, epochs)})
    history = _history(table, epochs[used], rows[used], resumed)
    return Reading(
        history,
        Logged(
            table.rows,
            segments,
            tuple(resumed),
            planned=planned,
            zero=_losses_where(table, rows[used], lambda values: not np.any(values)),
            nan=_losses_where(table, rows[used], lambda values: bool(np.all(np.isnan(values)))),
        ),
    )


def _numbered_rows(table: Table) -> tuple[Integers, Integers]:
    """Row indices with a usable epoch number, and those numbers."""
    values = table.columns["epoch"]
    with np.errstate(invalid="ignore"):
        good = (
            np.isfinite(values)
            & (values >= 0)
            & (values < MAX_EPOCH)
            & (values == np.floor(values))
        )
    for row in np.flatnonzero(~good):
        table.say(table.lines[row], "no_epoch", "no epoch number in this row; it is left out")
    kept = np.flatnonzero(good).astype(np.int64)
    return (kept, values[kept].astype(np.int64))


def _short_rows(table: Table, epochs: Integers) -> Optional[int]:
    """Says what the short rows are. YOLOv5-seg ends a finished run with one that holds the planned epoch count."""
    planned = None
    for line, cells in table.short:
        last = line >= max(table.lines, default=0)
        number = _count(cells[0]) if cells else None
        if last and number is not None and len(epochs) and number > int(epochs[-1]):
            planned = number
            table.say(
                line,
                "final_evaluation",
                "the final evaluation of best.pt, not an epoch; it is left out",
            )
        else:
            table.say(line, "short_row", f"only {len(cells)} cells in this row; it is left out")
    return planned


def _count(cell: str) -> Optional[int]:
    text = cell.strip()
    return int(text) if text.isdecimal() and len(text) < len(str(MAX_EPOCH)) else None


def _segment_starts(epochs: Integers) -> list[int]:
    """Row positions at which a run begins: the first, and each return to or before a segment's first epoch."""
    starts = [0]
    for row, epoch in enumerate(epochs.tolist()):
        if row and epoch <= epochs[starts[-1]] and epoch <= epochs[row - 1]:
            starts.append(row)
    return starts


def _last_row_of_each_epoch(
    table: Table, rows: Integers, epochs: Integers
) -> tuple[Integers, list[int]]:
    """Positions of the rows that hold, in order of epoch, and the epochs at which a resumed process began."""
    last: dict[int, int] = {}
    resumed: list[int] = []
    for position, epoch in enumerate(epochs.tolist()):
        if position and epoch <= epochs[position - 1]:
            resumed.append(epoch)
        last[epoch] = position
    repeated = len(epochs) - len(last)
    if repeated:
        table.say(
            table.lines[rows[0]],
            "repeated_epochs",
            f"{repeated} epochs stand twice after a resume at epoch {resumed[0]}; the later rows hold",
        )
    return (np.array([last[epoch] for epoch in sorted(last)], np.int64), resumed)


def _clock_restarts(table: Table, rows: Integers, epochs: Integers) -> list[int]:
    """Epochs at which the time column counts from zero again, as a resumed process does."""
    if "time" not in table.columns:
        return []
    seconds = table.columns["time"][rows]
    with np.errstate(invalid="ignore"):
        return [int(epoch) for epoch in epochs[1:][seconds[1:] < seconds[:-1]]]


def _history(table: Table, epochs: Integers, rows: Integers, resumed: Sequence[int]) -> History:
    placed = {name: (place(name), column[rows]) for (name, column) in table.columns.items()}
    seconds = next((values for (where, values) in placed.values() if where.kind == "seconds"), None)
    metrics: dict[str, dict[str, Floats]] = {}
    for where, values in placed.values():
        if where.kind == "metric":
            metrics.setdefault(where.group, {})[where.name] = values
    val = _by_kind(placed, "val")
    skipped = _validation_skipped(val, metrics)
    unmeasured = skipped | _losses_not_measured(val) if val else skipped
    val = {name: np.where(unmeasured, np.nan, values) for (name, values) in val.items()}
    metrics = {
        group: {
            name: _fractions(table, f"{group} {name}", np.where(skipped, np.nan, values))
            for (name, values) in named.items()
        }
        for (group, named) in metrics.items()
    }
    _say_skipped(table, epochs, skipped)
    return History(
        epoch=epochs,
        train=_used(_by_kind(placed, "train")),
        val=_used(val),
        metrics=metrics,
        lr=_by_kind(placed, "lr"),
        seconds=None if seconds is None else running_time(seconds, np.isin(epochs, resumed)),
        other={name: values for (name, (where, values)) in placed.items() if where.kind == "other"},
    )


def _fractions(table: Table, name: str, values: Floats) -> Floats:
    """The metric without values that are no fraction; a column of percentages is left out whole."""
    with np.errstate(invalid="ignore"):
        strange = (values < 0) | (values > 1)
        if np.any(strange & np.isfinite(values) & (values > PERCENTAGE)):
            strange = np.ones(len(values), np.bool_)
    if np.any(strange):
        table.say(
            None,
            "not_a_fraction",
            f"{name}: not between 0 and 1 in {int(strange.sum())} of {len(values)} rows; left out there",
        )
    return np.where(strange, np.nan, values)


def _by_kind(placed: Placed, kind: str) -> dict[str, Floats]:
    return {where.name: values for (where, values) in placed.values() if where.kind == kind}


def _validation_skipped(
    val: Mapping[str, Floats], metrics: Mapping[str, Mapping[str, Floats]]
) -> Mask:
    """Rows in which every metric and every validation loss is exactly zero: frameworks write that for "not run"."""
    measures = [values for named in metrics.values() for values in named.values()]
    if not val or not measures:
        return np.zeros(len((measures or [*val.values()] or [np.empty(0)])[0]), np.bool_)
    (losses, scores) = (np.vstack([*val.values()]), np.vstack(measures))
    zero: Mask = ~np.any(losses, axis=0) & ~np.any(scores, axis=0)
    # YOLOv9 never writes validation losses: there zero metrics are measured, by a model that has not learnt yet.
    if not np.any(losses) and np.any(scores) and _starts_low(scores):
        return np.zeros_like(zero)
    return zero


def _losses_not_measured(val: Mapping[str, Floats]) -> Mask:
    """Rows in which every validation loss is exactly zero, in a table that has others: no loss was written there."""
    losses = np.vstack([*val.values()]) if val else np.zeros((1, 0))
    mask: Mask = ~np.any(losses, axis=0) & bool(np.any(losses))
    return mask


def _starts_low(metrics: Floats) -> bool:
    """Whether zero metrics come only before the first success, as in a model that has not learnt yet."""
    measured = np.flatnonzero(np.any(metrics != 0, axis=0))
    return (
        bool(np.all(np.any(metrics[:, measured[0] :] != 0, axis=0)))
        and measured[0] < metrics.shape[1] // 2
    )


def _say_skipped(table: Table, epochs: Integers, skipped: Mask) -> None:
    if np.any(skipped):
        table.say(
            None,
            "validation_not_run",
            f"validation was not run in {int(skipped.sum())} of {len(epochs)} epochs; their zeros are missing values",
        )


def _used(losses: Mapping[str, Floats]) -> dict[str, Floats]:
    """Losses that were measured: a component that is zero or missing in every row is unused, not perfect."""
    return {
        name: values
        for (name, values) in losses.items()
        if np.any(np.nan_to_num(values, nan=0.0) != 0)
    }


def _losses_where(table: Table, rows: Integers, holds: Callable[[Floats], bool]) -> tuple[str, ...]:
    """The losses of whose values in all rows this holds."""
    losses = [(place(name), column[rows]) for (name, column) in table.columns.items()]
    return tuple(
        f"{where.kind} {where.name}"
        for (where, values) in losses
        if where.kind in ("train", "val") and len(values) and holds(values)
    )


def running_time(seconds: Floats, resumed: Mask) -> Floats:
    """Training time so far: where a resumed process counts from zero again, the time before is added.

    ``resumed`` (n,) marks rows known to begin a process; others are seen where the clock falls.
    """
    finite = np.where(np.isfinite(seconds), seconds, np.nan)
    before = np.concatenate([[np.nan], finite[:-1]])
    with np.errstate(invalid="ignore"):
        restarts = (finite < before) | (resumed & np.isfinite(before))
    so_far: Floats = finite + np.cumsum(np.where(restarts, before, 0.0))
    return so_far
