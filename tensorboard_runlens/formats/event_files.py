"""TensorBoard event files: the only record of a run whose result table is missing.

TensorBoard's own loader reads them; it stops quietly at a damaged or half-written record. The tags
are the words of results.csv. Two things need care: Ultralytics logs the metrics once more after
training for best.pt, one step past the last epoch or (before 8.4.52) on it, and early 8.0 releases
logged the training loss of every batch at the same step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

import numpy as np

from tensorboard_runlens.folder import FileRefused, Folder
from tensorboard_runlens.formats import Arguments, Format, results_csv
from tensorboard_runlens.formats.columns import place
from tensorboard_runlens.formats.history import Reading, build
from tensorboard_runlens.formats.table import Table, quoted
from tensorboard_runlens.run import Logged, Problem

MARK = "tfevents"
MIN_STEPS = 3
"""With fewer steps nothing can be said about their distance."""

MAX_EVENT_BYTES = 512 * 2**20
"""Cap of one event file: runs with images in TensorBoard reach some hundred MB."""

Values = dict[str, list[float]]


@dataclass
class Steps:
    """One event file's known scalars: step -> tag -> values in order of writing; and the tags that were not known."""

    by_step: dict[int, Values] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)


def is_event_file(name: str) -> bool:
    """TensorBoard's own test: the name contains "tfevents"."""
    return MARK in name


def recognise(folder: Folder, name: str) -> bool:
    """The folder's first event file stands for all of them; they are read together."""
    return is_event_file(name) and name == _event_files(folder)[0]


def _event_files(folder: Folder) -> list[str]:
    """In the order in which they were begun: their names hold the time."""
    return sorted(name for name in folder.files if is_event_file(name))


def read(folder: Folder, name: str) -> tuple[Table, Reading]:
    """All event files of the folder as one table, a row for each step, and its history."""
    table = Table(name, {}, [], 0)
    rows: list[dict[str, float]] = []
    final: Optional[dict[str, dict[str, float]]] = None
    unknown: dict[str, None] = {}
    for file in _event_files(folder):
        steps = _read_file(folder, file, table)
        (more, last) = _epochs(steps)
        rows += more
        final = last or final
        unknown.update(steps.unknown)
    if not rows:
        table.say(None, "no_known_scalars", _nothing_known(unknown))
    if not _are_epochs(rows):
        said = "scalars are not logged at every step: these steps are not epochs, and are not read"
        table.say(None, "steps_are_no_epochs", said)
        rows = []
    tags = dict.fromkeys(tag for row in rows for tag in row)
    table.columns = {
        tag: np.array([row.get(tag, np.nan) for row in rows], np.float64) for tag in tags
    }
    table.lines = list(range(1, len(rows) + 1))
    table.rows = len(rows)
    reading = build(table)
    logged = reading.logged
    return (
        table,
        Reading(reading.history, Logged(logged.rows, logged.segments, logged.resumed, final)),
    )


def _are_epochs(rows: Sequence[Mapping[str, float]]) -> bool:
    """Whether steps follow one another as epochs do; other programs log every fiftieth batch or so."""
    steps = np.array([row["epoch"] for row in rows])
    return len(steps) < MIN_STEPS or float(np.median(np.abs(np.diff(steps)))) <= 1


def _nothing_known(unknown: Mapping[str, None]) -> str:
    if not unknown:
        return "no scalars in the event files"
    return (
        f"{len(unknown)} scalar tags in the event files, none that RunLens knows (first:"
        f" {quoted(next(iter(unknown)))})"
    )


def _read_file(folder: Folder, name: str, table: Table) -> Steps:
    steps = Steps()
    size = folder.files[name].size
    if size > MAX_EVENT_BYTES:
        table.problems.append(
            Problem(name, None, "refused", f"{size:,} bytes, more than RunLens reads")
        )
        return steps
    try:
        for step, tag, value in _scalars(folder.local_path(name)):
            if place(tag).kind == "other":
                steps.unknown[tag] = None
            else:
                steps.by_step.setdefault(step, {}).setdefault(tag, []).append(value)
    except FileRefused as refusal:
        table.problems.append(Problem(name, None, "refused", str(refusal)))
    except (
        Exception
    ) as error:  # TensorBoard's loader and protobuf raise many kinds; what was read before stays
        table.problems.append(
            Problem(name, None, "damaged", f"reading stopped: {type(error).__name__}")
        )
    return steps


def _scalars(path: str) -> Iterator[tuple[int, str, float]]:
    """(step, tag, value) of every scalar in a file, in order of writing."""
    # Imported here: protobuf and TensorBoard's loader cost a scan of csv files nothing.
    from tensorboard.backend.event_processing import event_file_loader
    from tensorboard.util import tensor_util

    for event in event_file_loader.LegacyEventFileLoader(path).Load():
        for value in event.summary.value:
            kind = value.WhichOneof("value")
            if kind == "simple_value":
                yield (event.step, value.tag, value.simple_value)
            elif kind == "tensor" and _is_scalar(value.tensor):
                yield (
                    event.step,
                    value.tag,
                    float(tensor_util.make_ndarray(value.tensor).reshape(-1)[0]),
                )


def _is_scalar(tensor: Any) -> bool:
    size = 1
    for dimension in tensor.tensor_shape.dim:
        size *= dimension.size
    return size == 1 and tensor.dtype in (1, 2, 3, 9)  # float, double, int32, int64


def _epochs(steps: Steps) -> tuple[list[dict[str, float]], Optional[dict[str, dict[str, float]]]]:
    """(a row for each epoch, the metrics logged once more for best.pt or None)."""
    by_step = steps.by_step
    last = max(
        (step for (step, values) in by_step.items() if _kinds(values) & {"train", "val"}),
        default=None,
    )
    rows: list[dict[str, float]] = []
    final: Optional[dict[str, dict[str, float]]] = None
    for step in sorted(by_step):
        values = by_step[step]
        if last is not None and step > last:
            final = _metrics(values, -1) or final
            continue
        if step == last and _metrics_again(values):
            final = _metrics(values, -1)
            values = {
                tag: logged[:1] if place(tag).kind == "metric" else logged
                for (tag, logged) in values.items()
            }
        rows.append({"epoch": float(step), **{tag: logged[-1] for (tag, logged) in values.items()}})
    return (rows, final)


def _kinds(values: Values) -> set[str]:
    return {place(tag).kind for tag in values}


def _metrics_again(values: Values) -> bool:
    """Whether this step holds more metrics than validation losses, as old releases did after the last epoch."""
    metrics = max(
        (len(logged) for (tag, logged) in values.items() if place(tag).kind == "metric"), default=0
    )
    losses = max(
        (len(logged) for (tag, logged) in values.items() if place(tag).kind == "val"), default=0
    )
    return metrics > losses > 0


def _metrics(values: Values, which: int) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for tag, logged in values.items():
        where = place(tag)
        if where.kind == "metric":
            found.setdefault(where.group, {})[where.name] = logged[which]
    return found


def framework(table: Table, arguments: Arguments) -> str:
    """Who wrote the tags; "events" where they are nobody's in particular."""
    from tensorboard_runlens.formats import results_txt

    known = results_csv.framework(table, arguments)
    if known == "yolov5":
        return results_txt.framework(table, arguments)
    return "events" if known == "unknown" else known


FORMAT = Format("event files", 90, recognise, read, framework, results_csv.task)
