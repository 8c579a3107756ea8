"""What Ultralytics chooses best.pt by, in words: it differs by task and by release, and no file of a run says it."""

from __future__ import annotations

from typing import Any, Optional

from tensorboard_runlens.releases.consequences import CLASSIFICATION_FITNESS, FITNESS, Behaviour
from tensorboard_runlens.releases.evidence import Release
from tensorboard_runlens.run import Version

BY_RELEASE: dict[str, tuple[Behaviour[Any], str]] = {
    "detect": (FITNESS, ""),
    "obb": (FITNESS, ""),
    "segment": (FITNESS, ", sum of box and mask"),
    "pose": (FITNESS, ", sum of box and pose"),
    "classify": (CLASSIFICATION_FITNESS, ""),
}
"""Task -> the forms that it has had, and what is added up."""

IN_EVERY_RELEASE = {"semantic": "mIoU", "depth": "delta1"}
"""Tasks of 8.4 that have had one form so far."""


def fitness_formula(task: str, version: Optional[Release]) -> Optional[str]:
    """The formula in a release; None where the task or the release is not known."""
    if task in IN_EVERY_RELEASE:
        return IN_EVERY_RELEASE[task]
    if task not in BY_RELEASE or version is None:
        return None
    (behaviour, summed) = BY_RELEASE[task]
    text = ".".join(map(str, version))
    (form,) = behaviour.possible(Version(text, text, "the process"))
    return form.words + summed
