"""What one picture shows, as its role and its file name tell: a title, and which pictures can be laid over it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.pictures import Picture

CURVE = re.compile(r"(Box|Mask|Pose)?(F1|PR|P|R)_curve")
CURVES = {
    "F1": "F1 by confidence",
    "P": "Precision by confidence",
    "R": "Recall by confidence",
    "PR": "Precision by recall",
}
BATCH = re.compile(r"((?:train|val|test)_batch(\d+))(?:_(labels|pred))?\.\w+$")
SIDES = {"labels": "ground truth", "pred": "predictions"}
ITERATION = re.compile(r"^iteration_(\d+)")
WORST = re.compile(r"worst_(\d+)\.jpg$")
NORMALISED = "_normalized"
CORRELOGRAM = "_correlogram"


@dataclass(frozen=True)
class Title:
    """Pictures with equal ``same`` show the same images under the same ``text``; ``label`` tells them apart.
    ``iteration`` is the round of self-training that a picture is from."""

    text: str
    same: str
    label: Optional[str] = None
    iteration: Optional[int] = None


def title_of(picture: Picture) -> Title:
    """The title of a picture."""
    batch = BATCH.search(picture.id)
    if batch:
        return _of_batch(picture, batch)
    iteration = ITERATION.search(picture.id)
    if iteration:
        number = int(iteration[1][:9])
        same = picture.id.rpartition("/")[2]
        return Title("Visualization", same, f"iteration {number}", number)
    return Title(_plain(picture), picture.id)


def _of_batch(picture: Picture, batch: re.Match[str]) -> Title:
    words = picture.role.replace("_", " ").capitalize()
    side = SIDES.get(batch[3] or "")
    text = f"{words} {batch[2]}"
    if side is None:
        return Title(text, picture.id)
    return Title(text, picture.id[: batch.start()] + batch[1], side)


def _plain(picture: Picture) -> str:
    curve = CURVE.search(picture.id)
    if curve:
        return ", ".join(filter(None, (CURVES[curve[2]], (curve[1] or "").lower())))
    worst = WORST.search(picture.id)
    if worst:
        return f"Worst image {int(worst[1])}"
    if picture.role == "confusion":
        return "Confusion matrix" + (", normalised" if NORMALISED in picture.id else "")
    if picture.role == "labels":
        return "Places and sizes of labels" if CORRELOGRAM in picture.id else "Labels"
    if picture.role == "plot":
        return "Learning rate" if picture.id.startswith("LR") else "Losses and metrics"
    return "Visualization"
