"""What two runs measured on the same images, if they did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, Optional

import numpy as np

from tensorboard_runlens.comparison.weighted_precision import (
    MAX_DETECTIONS,
    Measured,
    measure,
    measure_classified,
)
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.recorded_archive import evidence
from tensorboard_runlens.formats.recorded_evaluation import evaluations
from tensorboard_runlens.recording.layout import FOLDER
from tensorboard_runlens.run import Detections, Evidence, Problem, Run
from tensorboard_runlens.words import count

EVALUATED = "validated again by runlens evaluate"


@dataclass(frozen=True, eq=False)
class Validation:
    """One validation image by image: ``words`` say which, ``names`` are its classes, ``fingerprint`` its images."""

    words: str
    evidence: Evidence
    names: tuple[str, ...]
    fingerprint: Optional[str]

    @property
    def images(self) -> int:
        """How many were validated."""
        (detections, classified) = (self.evidence.detections, self.evidence.classified)
        if detections is not None:
            return detections.images
        return 0 if classified is None else len(classified.true)

    @property
    def detections(self) -> int:
        """How many there are."""
        detections = self.evidence.detections
        return 0 if detections is None else len(detections.confidence)

    @cached_property
    def measured(self) -> dict[str, Measured]:
        """Metrics by group, with the same draws in every validation of as many images."""
        (detections, classified) = (self.evidence.detections, self.evidence.classified)
        found: dict[str, Optional[Measured]] = {}
        if detections is not None:
            found = {group: measure(detections, group) for group in detections.hits}
        elif classified is not None:
            found = {"classify": measure_classified(classified)}
        return {group: one for (group, one) in found.items() if one is not None}


def validations(run: Run, folder: Folder) -> tuple[list[Validation], list[Problem]]:
    """(those of best.pt that hold every image, the one to compare by first and the training's own last; problems).
    Never raises for what lies in the run's folder."""
    (evaluated, problems) = evaluations(folder)
    found = []
    if "val" in evaluated:
        again = evaluated["val"]
        found.append(Validation(EVALUATED, again.evidence, again.names, None))
    if run.recorded is not None:
        (recorded, damage) = evidence(folder, run.recorded)
        problems = [*problems, *damage]
        if recorded is not None:
            images = run.recorded.images
            fingerprint = images.val_fingerprint if images else None
            words = _words(recorded.epoch, run.axis)
            found.append(Validation(words, recorded, run.recorded.names, fingerprint))
    usable = [one for one in found if one.images and one.detections <= MAX_DETECTIONS]
    problems = [*problems, *(_too_many(one) for one in found if one.detections > MAX_DETECTIONS)]
    return (usable, problems)


def _too_many(validation: Validation) -> Problem:
    said = f"{validation.detections:,} detections; up to {MAX_DETECTIONS:,} are compared"
    return Problem(FOLDER, None, "too_large", said)


def _words(epoch: Optional[int], axis: str) -> str:
    return "validated after training" if epoch is None else f"validated at {axis} {epoch}"


def pair(
    first: Sequence[Validation], second: Sequence[Validation]
) -> Optional[tuple[Validation, Validation]]:
    """A validation of each run on the same images; None where there is no such pair."""
    for pair in product(first, second):
        if apart(*pair) is None:
            return pair
    return None


def other_images(first: Optional[str], second: Optional[str]) -> Optional[str]:
    """What two fingerprints say; None where they are equal or one is not known."""
    if not first or not second or first == second:
        return None
    return f"the validation images or their labels differ (fingerprints {second} and {first})"


def apart(first: Validation, second: Validation) -> Optional[str]:
    """How the images of two validations differ, None where nothing tells them apart."""
    if other_images(first.fingerprint, second.fingerprint):
        return other_images(first.fingerprint, second.fingerprint)
    if first.images != second.images:
        return f"{count(second.images, 'validation image')} against {first.images}"
    (detections, classified) = (first.evidence.detections, first.evidence.classified)
    (others, other) = (second.evidence.detections, second.evidence.classified)
    if detections is not None and others is not None:
        different = _images_with_other_objects(detections, others)
    elif classified is not None and other is not None:
        different = int(np.count_nonzero(classified.true != other.true))
    else:
        return "one finds objects, the other classifies images"
    if not different:
        return None
    return (
        f"the ground truth of {different} of {count(first.images, 'validation image')} differs:"
        " other labels, or another order"
    )


def _images_with_other_objects(first: Detections, second: Detections) -> int:
    """Images whose objects by class are not the same."""
    (one, other) = (set(_truth(found)) for found in (first, second))
    return len({image for (image, _, _) in one ^ other})


def _truth(found: Detections) -> Any:
    return zip(
        *(part.tolist() for part in (found.truth_image, found.truth_class, found.truth_count))
    )
