"""Which sub-folders are parts of a run and no runs themselves.

Self-training keeps one folder an iteration, Keras one event file for training and one for
validation, everybody keeps checkpoints apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from tensorboard_runlens.folder import Entry, Folder
from tensorboard_runlens.recording import layout

WEIGHTS_FOLDER = "weights"

ITERATION = re.compile(r"^iteration_(\d{1,6})(?:_|$)")
"""Self-training experiments: iteration_0_supervised, iteration_1_selftrain."""

OWN_FILES = ("results.csv", "results.txt", "args.yaml", "opt.yaml")
"""What a detector's training writes, and an iteration of self-training does not."""

MAX_ASKED = 100
"""Iteration folders that are looked into to tell the two apart; real experiments have ten."""

TRAINING_SIDE = "train"
VALIDATION_SIDES = ("validation", "val", "valid")
"""Keras' TensorBoard callback writes train and validation side by side; others copy the habit."""

NEXT_TRAINING = re.compile(r"^train-?\d+$")
"""Ultralytics' second training is train2: then train and val are runs of their own, not two sides of one."""

EVENT_MARK = "tfevents"

GROUP = re.compile(r"_(train|training|val|valid|validation|eval|test)$", re.IGNORECASE)
"""add_scalars("Loss", {"train": ..., "val": ...}) writes into Loss_train and Loss_val."""

MAX_GROUPS = 50
"""Such sub-folders of one run; a chart has two or three lines."""


def iterations(folder: Folder) -> list[str]:
    """The folders of a self-training's iterations, in order of their number.

    None of them where one holds a result table or arguments of its own: those are trainings of
    active learning, say, and each is a run.
    """
    found = [name for name in folder.folders if ITERATION.match(name)]
    if any(_is_a_run(folder, name) for name in found[:MAX_ASKED]):
        return []
    return sorted(found, key=lambda name: (iteration_number(name), name))


def _is_a_run(folder: Folder, name: str) -> bool:
    below = folder.below(name)
    return below is not None and any(file in below.files for file in OWN_FILES)


def iteration_number(name: str) -> int:
    """iteration_2_selftrain -> 2. Raises ValueError for another name."""
    match = ITERATION.match(name)
    if match is None:
        raise ValueError(f"not an iteration's folder: {name}")
    return int(match[1])


def sides(folder: Folder) -> tuple[str, ...]:
    """(training, validation) sub-folders that hold nothing but event files; () where there is no such pair."""
    if TRAINING_SIDE not in folder.folders:
        return ()
    other = next((name for name in VALIDATION_SIDES if name in folder.folders), None)
    if any(NEXT_TRAINING.match(name) for name in folder.folders):
        return ()
    if other is None or not all(
        _holds_events_only(folder, name) for name in (TRAINING_SIDE, other)
    ):
        return ()
    return (TRAINING_SIDE, other)


def groups(folder: Folder) -> tuple[str, ...]:
    """The sub-folders in which torch's add_scalars keeps each line of a chart, beside the run's own event file."""
    if not any(EVENT_MARK in name for name in folder.files):
        return ()
    named = sorted(name for name in folder.folders if GROUP.search(name))[:MAX_GROUPS]
    kept = [name for name in named if _holds_events_only(folder, name)]
    charts = Counter(GROUP.sub("", name) for name in kept)
    # A chart has several lines; a stem that stands alone is somebody's model with its side in its name.
    return tuple(name for name in kept if charts[GROUP.sub("", name)] > 1)


def event_parts(folder: Folder) -> tuple[str, ...]:
    """The sub-folders with the event files of this run."""
    return sides(folder) or groups(folder)


def _holds_events_only(folder: Folder, name: str) -> bool:
    below = folder.below(name)
    if below is None or below.folders:
        return False  # what lies further down may be runs
    return bool(below.files) and all(
        EVENT_MARK in file or file.endswith(".profile-empty") for file in below.files
    )


def parts(folder: Folder) -> tuple[str, ...]:
    """The sub-folders whose files are this run's, checkpoints apart."""
    return (*iterations(folder), *event_parts(folder))


def files_of_parts(folder: Folder) -> Mapping[str, Entry]:
    """The files in them and those that were recorded, by path relative to the run."""
    return {**dict(_entries(folder)), **_recorded(folder)}


def evaluations(folder: Folder) -> Mapping[str, Entry]:
    """What ``runlens evaluate`` wrote, by path relative to the run: not of the training, but looked at for changes."""
    return _of_recording(folder, layout.EVALUATIONS)


def _recorded(folder: Folder) -> Mapping[str, Entry]:
    return _of_recording(folder, layout.FILES)


def _of_recording(folder: Folder, names: Collection[str]) -> Mapping[str, Entry]:
    below = folder.below(layout.FOLDER)
    files = below.files if below else {}
    return {f"{layout.FOLDER}/{name}": files[name] for name in names if name in files}


def _entries(folder: Folder) -> Iterator[tuple[str, Entry]]:
    for part in parts(folder):
        below = folder.below(part)
        for name, entry in (below.files if below else {}).items():
            yield (f"{part}/{name}", entry)
