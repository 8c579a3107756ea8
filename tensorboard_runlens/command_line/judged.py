"""The runs that a command is about, judged: all of a logdir, or one with all that its files tell."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Union

from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import Catalog, NotARun, open_run, relations_of
from tensorboard_runlens.command_line.command import Unusable
from tensorboard_runlens.details import Details, look_closer
from tensorboard_runlens.discovery import Unreadable
from tensorboard_runlens.naming import name_below, own_name
from tensorboard_runlens.pointed_out import Shelf, dataset_of
from tensorboard_runlens.relations import Relations
from tensorboard_runlens.run import Run
from tensorboard_runlens.settings import Settings, load, nearest
from tensorboard_runlens.settings.plans import planned_hours
from tensorboard_runlens.settings_notes import notes_on
from tensorboard_runlens.surroundings import Surroundings


@dataclass(frozen=True)
class Scanned:
    """Every run of a logdir judged, what could not be read, notes on the settings, and these."""

    analyses: list[Analysis]
    unreadable: list[Unreadable]
    notes: list[str]
    settings: Settings


def scanned(logdir: str) -> Scanned:
    """Every run below a folder. Raises Unusable where there is none."""
    if not os.path.isdir(logdir):
        raise Unusable("not_found", f"no such folder: {own_name(logdir)}")
    catalog = Catalog([("", logdir)])
    catalog.refresh()
    if not catalog.runs:
        raise Unusable("unreadable", f"no training run under {own_name(logdir)}{_why(catalog)}")
    settings = load(logdir)
    shelf = Shelf()
    (analyses, failed) = _judged(catalog, settings, shelf)
    notes = [*notes_on(settings, catalog.runs), *shelf.notes]
    return Scanned(analyses, [*catalog.unreadable, *failed], notes, settings)


def _judged(
    catalog: Catalog, settings: Settings, shelf: Shelf
) -> tuple[list[Analysis], list[Unreadable]]:
    """Every run judged, and those where that failed: one run must not hide the others."""
    answers_or_failures = [
        _judge(
            run, settings, _surroundings(run, run.name, settings, catalog.related(run.name), shelf)
        )
        for run in catalog.runs.values()
    ]
    return (
        [one for one in answers_or_failures if isinstance(one, Analysis)],
        [one for one in answers_or_failures if isinstance(one, Unreadable)],
    )


def _judge(run: Run, settings: Settings, surroundings: Surroundings) -> Union[Analysis, Unreadable]:
    try:
        return analyse(run, settings, surroundings=surroundings)
    except Exception as error:  # a bug of ours
        return Unreadable(run.name, f"RunLens failed: {type(error).__name__}")


def _surroundings(
    run: Run, name: str, settings: Settings, relations: Relations, shelf: Shelf
) -> Surroundings:
    path = dataset_of(run, name, settings.datasets)
    return Surroundings(
        relations,
        None if path is None else shelf.get(path),
        note=settings.run_notes.get(name),
        tags=settings.run_tags.get(name, ()),
        hours=planned_hours(settings.hours, name),
    )


def _why(catalog: Catalog) -> str:
    return "".join(f"; {one.path}: {one.reason}" for one in catalog.unreadable[:3])


def opened(path: str) -> Run:
    """The run in a folder. Raises Unusable."""
    try:
        return open_run(path)
    except FileNotFoundError as error:
        raise Unusable("not_found", f"no such folder: {own_name(path)}") from error
    except NotARun as error:
        raise Unusable("unreadable", f"{own_name(path)}: {error}") from error


def looked_at(path: str) -> tuple[Analysis, Details, list[str]]:
    """(a run judged with all that its files tell, details, notes on the settings)."""
    (run, details) = look_closer(opened(path))
    settings = nearest(path)
    name = _name_below(settings, run)
    shelf = Shelf()
    surroundings = _surroundings(run, name, settings, relations_of(run), shelf)
    judged = analyse(run, settings, surroundings=surroundings)
    analysis = replace(judged, closer_point=details.operating_point)
    return (analysis, details, [*notes_on(settings), *shelf.notes])


def _name_below(settings: Settings, run: Run) -> str:
    """What a run is called in the logdir that runlens.yaml lies in."""
    return name_below(settings.folder, run.path, run.name) if settings.folder else run.name
