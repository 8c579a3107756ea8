"""How the pictures of a role are headed, and what misleads whoever does not know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tensorboard_runlens.gallery.titles import NORMALISED
from tensorboard_runlens.pictures import ROLES, Picture
from tensorboard_runlens.releases.consequences import MATRIX_CONFIDENCE, consequences
from tensorboard_runlens.run import Run

TITLES = {
    "worst": "Worst validation images",
    "val_batch": "Ground truth and predictions",
    "visualization": "Visualizations by iteration",
    "labels": "Labels",
    "train_batch": "Training batches",
    "confusion": "Confusion matrices",
    "curve": "Curves",
    "plot": "Plots of the program",
}

ERRORS = (
    "Most errors of best.pt first: ground truth in blue, detections in orange. Missed are objects that no"
    " detection of their class stands for, false are detections that stand for none."
)
ANSWERS = "Wrong answers of best.pt, those first that it was surest of."
PAIR = (
    "The same validation images twice: an object without a box among the predictions was missed, a box"
    " without an object is a false detection."
)
TOP_ANSWERS = "Validation images with their classes, and with the classes that were predicted."
COUNTS = "Of the training images, as the program counted them."
MOSAICS = (
    "Training images with augmentation and ground truth, no predictions: they tell whether the labels are"
    " right, not what the model learned."
)
PANELS = (
    "In the order of the iterations. Three panels are image, ground truth and prediction; where there are"
    " four, the pseudo-labels that trained the next iteration are among them."
)
SMOOTHED = "As the program drew it; a dotted line is smoothed."
AXES = "Columns are true classes, rows predicted."
BACKGROUND = (
    "In a normalised matrix the background column adds up to 1 and is no rate of false detections."
)
DRAWS_NORMALISED = ("yolov5", "yolov7")
"""Frameworks whose one picture of the matrix is the normalised one."""


@dataclass(frozen=True)
class Section:
    """The pictures of one role: a title and what to know when looking at them."""

    role: str
    title: str
    note: str


def sections(run: Run, pictures: Sequence[Picture]) -> list[Section]:
    """The roles that the run has pictures of, in the order of their use."""
    present = {picture.role for picture in pictures}
    return [
        Section(role, TITLES[role], " ".join(NOTES[role](run, pictures)))
        for role in ROLES
        if role in present
    ]


def _always(note: str) -> Callable[[Run, Sequence[Picture]], list[str]]:
    return lambda run, pictures: [note]


def _worst(run: Run, pictures: Sequence[Picture]) -> list[str]:
    return [ANSWERS if run.task == "classify" else ERRORS]


def _pairs(run: Run, pictures: Sequence[Picture]) -> list[str]:
    return [TOP_ANSWERS if run.task == "classify" else PAIR]


def _confusion(run: Run, pictures: Sequence[Picture]) -> list[str]:
    if run.task == "classify":
        return [AXES]
    normalised = run.framework in DRAWS_NORMALISED or any(
        NORMALISED in picture.id for picture in pictures
    )
    return [AXES, *([BACKGROUND] if normalised else []), *_drawn_from(run)]


def _drawn_from(run: Run) -> list[str]:
    """Which detections the matrix counts, where the release leaves no doubt and no argument changed it."""
    if run.arguments.get("conf") is not None:
        return []
    known = [one for one in consequences(run) if one.name == MATRIX_CONFIDENCE.name and one.known]
    return [f"This release counts {one.possible[0]}." for one in known]


NOTES: Mapping[str, Callable[[Run, Sequence[Picture]], list[str]]] = {
    "worst": _worst,
    "val_batch": _pairs,
    "visualization": _always(PANELS),
    "labels": _always(COUNTS),
    "train_batch": _always(MOSAICS),
    "confusion": _confusion,
    "curve": lambda run, pictures: [],
    "plot": _always(SMOOTHED),
}
