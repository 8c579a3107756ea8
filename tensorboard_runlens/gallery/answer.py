"""The gallery of a run as the JSON structs."""

from __future__ import annotations

from typing import Optional

import numpy as np

from tensorboard_runlens import schema
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.gallery.missing import missing
from tensorboard_runlens.gallery.sections import sections
from tensorboard_runlens.gallery.titles import title_of
from tensorboard_runlens.pictures import Picture, pictures_of
from tensorboard_runlens.plain_values import without_absolute_paths
from tensorboard_runlens.run import Run, WorstImage, main_group

LABELS = {"f1": "F1", "iou": "IoU", "miou": "mIoU"}
"""What tells iterations apart, the first of these that was measured."""


def gallery_of(analysis: Analysis) -> schema.Gallery:
    """Which pictures the run has, by section, and which it lacks."""
    pictures = pictures_of(analysis.run)
    return schema.Gallery(
        sections=[
            schema.PictureSection(one.role, one.title, one.note)
            for one in sections(analysis.run, pictures)
        ],
        missing=[
            schema.MissingPictures(one.what, one.why, one.line)
            for one in missing(analysis.run, analysis.state, pictures)
        ],
    )


def pictures_shown(run: Run) -> list[schema.Picture]:
    """Every picture with its title, and the validation image that it shows where that is known."""
    return [_picture(run, one) for one in pictures_of(run)]


def _picture(run: Run, picture: Picture) -> schema.Picture:
    title = title_of(picture)
    return schema.Picture(
        id=picture.id,
        role=picture.role,
        title=title.text,
        same=title.same,
        label=title.label,
        measured=_measured(run, title.iteration),
        shows=None if picture.shows is None else _shown(picture.shows),
    )


def _shown(worst: WorstImage) -> Optional[schema.ShownImage]:
    if worst.image is None and not worst.classes:
        return None
    name = worst.image and without_absolute_paths(worst.image)
    classes = [without_absolute_paths(one) for one in worst.classes]
    return schema.ShownImage(name, worst.missed, worst.false, classes)


def _measured(run: Run, iteration: Optional[int]) -> Optional[str]:
    """How good an iteration was, as "F1 0.690"; None where that is not known."""
    group = main_group(run.history.metrics)
    if group is None or iteration is None:
        return None
    rows = np.flatnonzero(run.history.epoch == iteration)[:1]
    named = run.history.metrics[group]
    values = (
        (word, named[name][row]) for row in rows for (name, word) in LABELS.items() if name in named
    )
    return next((f"{word} {value:.3f}" for (word, value) in values if np.isfinite(value)), None)
