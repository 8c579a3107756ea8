"""What the run page and ``runlens show`` read of one run beyond a scan: checkpoints, event files, picture heads,
the recording's archives.

They are opened only when somebody looks at the run; a scan of ten thousand runs never does.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Optional

import numpy as np

from tensorboard_runlens.belonging import WEIGHTS_FOLDER
from tensorboard_runlens.file_sizes import sizes_of
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats import event_files
from tensorboard_runlens.formats.checkpoint import Checkpoint, read_checkpoint
from tensorboard_runlens.formats.event_files import Steps
from tensorboard_runlens.formats.recorded_courses import ClassCourses, class_courses
from tensorboard_runlens.formats.table import Table
from tensorboard_runlens.plain.png_text import matplotlib_version
from tensorboard_runlens.releases.evidence import agreed, of_checkpoint, of_version
from tensorboard_runlens.releases.ultralytics import by_steps
from tensorboard_runlens.run import Problem, Run, Version, main_metric
from tensorboard_runlens.thresholds.of_run.closer_point import closer_point
from tensorboard_runlens.thresholds.of_run.recorded_curves import DeployedCurves
from tensorboard_runlens.thresholds.of_run.validations import Validations, validations
from tensorboard_runlens.thresholds.point import OperatingPoint
from tensorboard_runlens.words import count, metric_words

logger = logging.getLogger(__name__)

CHECKPOINTS = ("best.pt", "last.pt")
"""The two that every framework writes; period checkpoints tell nothing more."""


MAX_EVENT_BYTES = 32 * 2**20
"""Event files beside a result table are read up to here: TensorBoard's loader takes a second for it."""


EPOCHS_APART = 1
"""Epochs that one of the two may lack: a run may be killed between writing them."""

METRIC_APART = 0.002
"""Both hold the same number rounded to five decimals; beyond this they are of two trainings."""


@dataclass(frozen=True)
class Details:
    """Facts about a run that its result table does not hold. ``drawn_by`` is the Matplotlib that drew its curves,
    ``curves`` are those that were recorded, ``courses`` how its classes fared. ``operating_point`` is what detections
    or a picture tell, None where neither does. ``sizes`` are bytes by path."""

    checkpoints: tuple[Checkpoint, ...] = ()
    drawn_by: Optional[str] = None
    curves: Optional[DeployedCurves] = None
    operating_point: Optional[OperatingPoint] = None
    courses: Optional[ClassCourses] = None
    sizes: Mapping[str, int] = field(default_factory=dict)


NO_DETAILS = Details()


def look_closer(run: Run) -> tuple[Run, Details]:
    """(the run with what more of its files tell, or itself; the details). Never raises."""
    try:
        folder = Folder(run.path)
    except OSError:
        return (run, NO_DETAILS)  # gone since it was read
    found = validations(run, folder)
    (closer, details) = _facts(run, folder, found)
    point = _closer_point(run, folder, found)
    courses = class_courses(folder)
    sizes = sizes_of(run, folder)
    return (closer, replace(details, operating_point=point, courses=courses, sizes=sizes))


def closer_run(run: Run) -> Run:
    """The run as of ``look_closer``, for whom its operating point is of no use: that takes longest. Never raises."""
    try:
        folder = Folder(run.path)
    except OSError:
        return run  # gone since it was read
    return _facts(run, folder, validations(run, folder))[0]


def _facts(run: Run, folder: Folder, found: Validations) -> tuple[Run, Details]:
    """All but the operating point."""
    checkpoints = tuple(_checkpoints(run, folder))
    events = _events(run, folder)
    problems = (
        *(problem for one in checkpoints for problem in one.problems),
        *_disagreements(run, events),
        *found.problems,
    )
    version = _version(run, checkpoints, events)
    by_checkpoint = run.framework == "unknown" and version is not None
    changed = replace(
        run,
        framework="ultralytics" if by_checkpoint else run.framework,
        version=version,
        logged=replace(run.logged, final=run.logged.final or _final(events)),
        problems=(*run.problems, *problems),
    )
    known = (run.framework, run.version, run.logged, run.problems)
    same = known == (changed.framework, changed.version, changed.logged, changed.problems)
    details = Details(checkpoints, _drawn_by(run, folder), found.deployed_curves)
    return (run if same else changed, details)


def _closer_point(run: Run, folder: Folder, found: Validations) -> Optional[OperatingPoint]:
    """What detections or a picture tell; nothing where that fails, since a bug of ours must not cost the page."""
    try:
        return closer_point(run, folder, found)
    except Exception:
        logger.exception("RunLens could not estimate a threshold")
        return None


def _checkpoints(run: Run, folder: Folder) -> Iterator[Checkpoint]:
    below = folder.below(WEIGHTS_FOLDER)
    for name in CHECKPOINTS:
        path = f"{WEIGHTS_FOLDER}/{name}"
        if below is not None and name in below.files:
            yield _named(read_checkpoint(below, name), path)
        elif name in folder.files:
            yield read_checkpoint(folder, name)


def _named(checkpoint: Checkpoint, path: str) -> Checkpoint:
    """The checkpoint under its path relative to the run."""
    problems = tuple(replace(problem, file=path) for problem in checkpoint.problems)
    return replace(checkpoint, file=path, problems=problems)


def _events(run: Run, folder: Folder) -> list[Steps]:
    """What lies in event files beside the table of an Ultralytics run; empty where they are the run itself."""
    names = event_files.event_files(folder)
    results = run.files.by_role.get("results", ())
    size = sum(folder.files[name].size for name in names)
    if run.framework != "ultralytics" or not results or size > MAX_EVENT_BYTES:
        return []
    return event_files.logged(folder, Table("", {}, [], 0), lambda tag: tag)


def _final(events: list[Steps]) -> Optional[Mapping[str, Mapping[str, float]]]:
    """The metrics of best.pt, logged once more after training."""
    if not events:
        return None
    return event_files.understood(Table("", {}, [], 0), events)[1].logged.final


def _disagreements(run: Run, events: list[Steps]) -> Iterator[Problem]:
    """Where the event files tell another story than the result table."""
    events = [one for one in events if one.tags or one.unknown]  # not the callback's, not a graph
    if not events or not len(run.history):
        return
    told = event_files.understood(Table("", {}, [], 0), events)[1].history
    (rows, logged) = (len(run.history), len(told))
    if abs(rows - logged) > EPOCHS_APART:
        said = f"{count(logged, 'epoch')} in the event files, {count(rows, 'epoch')} in the result table"
        yield Problem("events", None, "disagreement", said)
        return
    main = main_metric(run.history.metrics)
    values = told.metrics.get(main[0], {}).get(main[1]) if main else None
    if main is None or values is None or rows != logged:
        return
    apart = np.abs(values - run.history.metrics[main[0]][main[1]])
    if np.any(apart > METRIC_APART):
        row = int(np.nanargmax(apart))
        table = run.history.metrics[main[0]][main[1]]
        said = (
            f"{metric_words(*main)} differs between event files and result table, most at epoch"
            f" {run.history.epoch[row]}: {values[row]:.3f} and {table[row]:.3f}"
        )
        yield Problem("events", None, "disagreement", said)


def _version(
    run: Run, checkpoints: tuple[Checkpoint, ...], events: list[Steps]
) -> Optional[Version]:
    """The release that wrote the run: that of best.pt, else of last.pt, else what the scan and the events tell."""
    if run.framework not in ("ultralytics", "unknown"):
        return run.version
    named = next((one.version for one in checkpoints if one.version), None)
    evidence = [of_checkpoint(named), of_version(run.version)]
    evidence += [by_steps(steps.by_step) for steps in events[-1:]]
    return agreed(evidence)


def _drawn_by(run: Run, folder: Folder) -> Optional[str]:
    curves = (name for name in run.files.by_role.get("curve", ()) if name in folder.files)
    return next(
        (found for found in (matplotlib_version(folder, name) for name in curves) if found), None
    )
