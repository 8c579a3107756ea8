"""TensorBoard event files: the only record of a run whose result table is missing.

TensorBoard's own loader reads them; it stops quietly at a damaged or half-written record. The tags
are the words of results.csv, or home-made. Two things need care in those of frameworks: Ultralytics
logs the metrics once more after training for best.pt, one step past the last epoch or (before
8.4.52) on it, and early 8.0 releases logged the training loss of every batch at the same step.
Everybody else's steps may be epochs or not; see ``event_steps``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Optional

import numpy as np

from tensorboard_runlens import belonging
from tensorboard_runlens.folder import FileRefused, Folder
from tensorboard_runlens.formats import Arguments, Format, event_steps, home_made, results_csv
from tensorboard_runlens.formats.columns import place
from tensorboard_runlens.formats.history import Reading, build
from tensorboard_runlens.formats.table import MAX_COLUMNS, Table, quoted
from tensorboard_runlens.recording.layout import TAG_PREFIX
from tensorboard_runlens.run import Problem

MARK = belonging.EVENT_MARK
MIN_STEPS = 3
"""With fewer steps nothing can be said about their distance."""

MAX_EVENT_BYTES = 512 * 2**20
"""Cap of one event file: runs with images in TensorBoard reach some hundred MB."""

MAX_SCALARS = 2_000_000
"""Values kept of one event file: 5,000 epochs with 25 tags are 125,000, a loss of every batch some 100,000."""

SUMMARY_OF_A_RUN = "_hparams_/session_start_info"
"""torch's add_hparams writes this and one value a metric into a folder below the run's."""

Values = dict[str, list[float]]
Rename = Callable[[str], str]


@dataclass
class Steps:
    """One event file's known scalars: step -> tag -> values in order of writing; and the tags that were not known."""

    by_step: dict[int, Values] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)
    tags: dict[str, None] = field(default_factory=dict)
    summary: bool = False


def is_event_file(name: str) -> bool:
    """TensorBoard's own test: the name contains "tfevents"."""
    return MARK in name


def find(folder: Folder) -> list[str]:
    """The folder's first event file stands for all of them; not where sub-folders hold the rest of the run."""
    return [] if belonging.event_parts(folder) else event_files(folder)[:1]


def event_files(folder: Folder) -> list[str]:
    """In the order in which they were begun: their names hold the time."""
    return sorted(name for name in folder.files if is_event_file(name))


def read(folder: Folder, name: str) -> tuple[Table, Reading]:
    """All event files of the folder as one table, a row for each step or epoch, and its history."""
    table = Table(name, {}, [], 0)
    side = home_made.SIDES.get(folder.name.lower())
    return understood(table, logged(folder, table, lambda tag: of_side(tag, side)))


def of_side(tag: str, side: Optional[str]) -> str:
    """A tag with the side that its folder's name tells, in Keras' habit."""
    return tag if side is None else home_made.sided(tag, side)


def logged(folder: Folder, table: Table, rename: Rename, prefix: str = "") -> list[Steps]:
    """What each event file of a folder holds, in order; ``prefix`` is the folder's path in problems."""
    return [_read_file(folder, name, table, rename, prefix) for name in event_files(folder)]


def understood(table: Table, files: Sequence[Steps]) -> tuple[Table, Reading]:
    """The table that these files make together, later ones after earlier ones, and its history."""
    tags = dict.fromkeys(tag for steps in files for tag in steps.tags)
    final: Optional[dict[str, dict[str, float]]] = None
    if not tags:
        table.say(None, "no_known_scalars", _nothing_known(files))
        rows: list[dict[str, float]] = []
    elif _are_frameworks(tags):
        (rows, final) = _framework_rows(table, files)
    else:
        rows = event_steps.rows(table, tags, [steps.by_step for steps in files])
    _fill(table, rows)
    if not _are_frameworks(tags):
        home_made.as_fractions(table)
    reading = build(table)
    return (table, replace(reading, logged=replace(reading.logged, final=final)))


def _fill(table: Table, rows: Sequence[Mapping[str, float]]) -> None:
    tags = dict.fromkeys(tag for row in rows for tag in row)
    table.columns = {
        tag: np.array([row.get(tag, np.nan) for row in rows], np.float64) for tag in tags
    }
    table.lines = list(range(1, len(rows) + 1))
    table.rows = len(rows)


def _are_frameworks(tags: Iterable[str]) -> bool:
    """Whether a framework named these tags: nobody else's hold its metrics beside its losses, or x/lr0."""
    kinds = {place(tag).kind for tag in tags if tag != "time"}
    return "lr" in kinds or ("metric" in kinds and bool(kinds & {"train", "val"}))


def _framework_rows(
    table: Table, files: Sequence[Steps]
) -> tuple[list[dict[str, float]], Optional[dict[str, dict[str, float]]]]:
    rows: list[dict[str, float]] = []
    final: Optional[dict[str, dict[str, float]]] = None
    for steps in files:
        (more, last) = _epochs(_only_frameworks(steps.by_step))
        rows += more
        final = last or final
    if _are_epochs(rows):
        return (rows, final)
    said = "scalars are not logged at every step: these steps are not epochs, and are not read"
    table.say(None, "steps_are_no_epochs", said)
    return ([], final)


def _only_frameworks(by_step: Mapping[int, Values]) -> dict[int, Values]:
    known = {
        step: {tag: values for (tag, values) in found.items() if place(tag).kind != "other"}
        for (step, found) in by_step.items()
    }
    return {step: values for (step, values) in known.items() if values}


def _are_epochs(rows: Sequence[Mapping[str, float]]) -> bool:
    """Whether steps follow one another as epochs do; other programs log every fiftieth batch or so."""
    steps = np.array([row["epoch"] for row in rows])
    return len(steps) < MIN_STEPS or float(np.median(np.abs(np.diff(steps)))) <= 1


def _nothing_known(files: Sequence[Steps]) -> str:
    if any(steps.summary for steps in files):
        return "a summary of hyper-parameters beside a run (add_hparams), not a training"
    unknown = dict.fromkeys(tag for steps in files for tag in steps.unknown)
    if not unknown:
        return "no scalars in the event files"
    return (
        f"{len(unknown)} scalar tags in the event files, none that RunLens knows (first:"
        f" {quoted(next(iter(unknown)))})"
    )


def _read_file(folder: Folder, name: str, table: Table, rename: Rename, prefix: str) -> Steps:
    steps = Steps()
    size = folder.files[name].size
    path = f"{prefix}{name}"
    if size > MAX_EVENT_BYTES:
        said = f"{size:,} bytes, more than RunLens reads"
        table.problems.append(Problem(path, None, "refused", said))
        return steps
    try:
        _collect(steps, folder.local_path(name), rename)
    except FileRefused as refusal:
        table.problems.append(Problem(path, None, "refused", str(refusal)))
    except (
        Exception
    ) as error:  # TensorBoard's loader and protobuf raise many kinds; what was read before stays
        said = f"reading stopped: {type(error).__name__}"
        table.problems.append(Problem(path, None, "damaged", said))
    return steps


def _collect(steps: Steps, path: str, rename: Rename) -> None:
    """Keeps a file's known scalars. Raises FileRefused where there are more than RunLens keeps."""
    names: dict[str, str] = {}
    for count, (step, written, value) in enumerate(_scalars(path)):
        if count >= MAX_SCALARS or len(names) > MAX_COLUMNS:
            raise FileRefused("more values or tags than RunLens reads; those at the start are used")
        if written.startswith(TAG_PREFIX):
            continue  # what the callback added beside the framework's, no epochs of anything
        tag = names.get(written)
        if tag is None:
            tag = names[written] = rename(written)
        if written == SUMMARY_OF_A_RUN:
            steps.summary = True
        elif not home_made.is_known(tag):
            steps.unknown[written] = None
        else:
            steps.tags[tag] = None
            steps.by_step.setdefault(step, {}).setdefault(tag, []).append(value)
    if steps.summary and len(steps.by_step) == 1 and "epoch" not in steps.tags:
        (steps.tags, steps.by_step) = ({}, {})


def _scalars(path: str) -> Iterator[tuple[int, str, float]]:
    """(step, tag, value) of every scalar in a file, in order of writing; of add_hparams its mark."""
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
            elif value.tag == SUMMARY_OF_A_RUN:
                yield (event.step, value.tag, np.nan)


def _is_scalar(tensor: Any) -> bool:
    size = 1
    for dimension in tensor.tensor_shape.dim:
        size *= dimension.size
    return size == 1 and tensor.dtype in (1, 2, 3, 9)  # float, double, int32, int64


def _epochs(
    by_step: Mapping[int, Values],
) -> tuple[list[dict[str, float]], Optional[dict[str, dict[str, float]]]]:
    """(a row for each epoch, the metrics logged once more for best.pt or None)."""
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
        return results_txt.stated(arguments)
    return "events" if known == "unknown" else known


FORMAT = Format("event files", 90, find, read, framework, results_csv.task, source="events")
