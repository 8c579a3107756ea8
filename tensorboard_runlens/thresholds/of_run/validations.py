"""The validations of a run that were written down in full, the one that says most about its threshold first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Optional

from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.recorded_archive import evidence
from tensorboard_runlens.formats.recorded_evaluation import Evaluation, evaluations
from tensorboard_runlens.run import (
    ConfusionMatrix,
    Curves,
    Detections,
    Problem,
    Recorded,
    Run,
    Validated,
)
from tensorboard_runlens.thresholds.of_run.recorded_curves import (
    DeployedCurves,
    deployed_curves,
    with_optimum,
)
from tensorboard_runlens.words import count

GROUPS = ("mask", "pose", "box", "pixel")
"""What has a confidence to choose, the main one first."""


@dataclass(frozen=True, eq=False)
class Validation:
    """One validation of best.pt: ``words`` say which. ``epoch`` is None where it was validated after training;
    ``names`` are all classes. ``measured`` is what the framework itself stated of it."""

    words: str
    names: tuple[str, ...]
    measured: Optional[Validated]
    curves: Mapping[str, Curves]
    detections: Optional[Detections] = None
    matrix: Optional[ConfusionMatrix] = None
    epoch: Optional[int] = None
    imgsz: Optional[int] = None
    evaluated: bool = False

    @property
    def images(self) -> Optional[int]:
        """How many images were validated, None where detections do not tell."""
        return None if self.detections is None else self.detections.images

    def has_detections(self, group: str) -> bool:
        """Whether it knows which detections of the group are right."""
        return self.detections is not None and group in self.detections.hits

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that it tells something of, the main one first."""
        known = {*(self.detections.hits if self.detections else ()), *self.curves}
        return tuple(group for group in GROUPS if group in known)


@dataclass(frozen=True, eq=False)
class Validations:
    """Those of the images that best.pt was chosen by, and the one of the test split, which had no part in that."""

    val: tuple[Validation, ...]
    test: Optional[Validation]
    problems: tuple[Problem, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that any tells something of, the main one first."""
        return tuple(group for group in GROUPS if any(group in one.groups for one in self.val))

    @property
    def deployed_curves(self) -> Optional[DeployedCurves]:
        """Those of the first validation that has any."""
        one = next((one for one in self.val if one.curves), None)
        return None if one is None else with_optimum(one.epoch, one.curves, one.measured)

    def best(self, group: str) -> Optional[Validation]:
        """The one to choose a threshold of the group from: detections count before curves."""
        told = [one for one in self.val if group in one.groups]
        best = max(told, key=lambda one: one.has_detections(group), default=None)
        if best is None or best.has_detections(group):
            return best
        return replace(best, detections=None)


def validations(run: Run, folder: Folder) -> Validations:
    """What lies in the run's folder. Never raises for what is there."""
    (evaluated, problems) = evaluations(folder)
    (recorded, damage) = _recorded(run.recorded, folder) if run.recorded else ([], [])
    val = [_evaluation(evaluated["val"])] if "val" in evaluated else []
    test = _evaluation(evaluated["test"]) if "test" in evaluated else None
    return Validations((*val, *recorded), test, (*problems, *damage))


def damage(problems: Sequence[Problem]) -> str:
    """What of the recordings could not be used, in words; empty where all could."""
    return ". ".join(f"{one.file}: {one.problem}" for one in problems)


def _evaluation(found: Evaluation) -> Validation:
    return Validation(
        words=f"best.pt validated again on {count(found.images, 'image')} of {found.split}",
        names=found.names,
        measured=found.measured,
        curves=found.evidence.curves,
        detections=found.evidence.detections,
        matrix=found.evidence.matrix,
        imgsz=found.imgsz,
        evaluated=True,
    )


def _recorded(recorded: Recorded, folder: Folder) -> tuple[Sequence[Validation], Sequence[Problem]]:
    """The archive, else the curves that were written with the metrics."""
    (found, problems) = evidence(folder, recorded)
    curves = deployed_curves(recorded, found)
    if found is None and curves is None:
        return ([], problems)
    epoch = found.epoch if found else curves.epoch if curves else None
    one = Validation(
        words=_words(epoch, recorded.axis or "epoch", found.detections if found else None),
        names=recorded.names,
        measured=recorded.final if epoch is None else recorded.best,
        curves=curves.curves if curves else {},
        detections=found.detections if found else None,
        matrix=found.matrix if found else None,
        epoch=epoch,
    )
    return ([one], problems)


def _words(epoch: Optional[int], axis: str, detections: Optional[Detections]) -> str:
    on = f" on {count(detections.images, 'image')} of val" if detections else ""
    if epoch is None:
        return f"best.pt after training{on}"
    return f"{axis} {epoch}, the best one{on}"
