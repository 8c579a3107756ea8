"""The operating point of a run that somebody looks at: detections and pictures tell it, and no scan opens those."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from tensorboard_runlens.folder import Folder
from tensorboard_runlens.run import Run
from tensorboard_runlens.thresholds.counts.counting import counting
from tensorboard_runlens.thresholds.objective import F1
from tensorboard_runlens.thresholds.of_run.curve_pictures import drawn, groups_drawn, point_of
from tensorboard_runlens.thresholds.of_run.from_metrics import cut_at, point_of_run
from tensorboard_runlens.thresholds.of_run.validations import GROUPS, Validation, Validations
from tensorboard_runlens.thresholds.point import OperatingPoint
from tensorboard_runlens.thresholds.uncertainty.ranges import with_ranges


def closer_point(run: Run, folder: Folder, found: Validations) -> Optional[OperatingPoint]:
    """That of the main group by F1; None where the metrics of the run tell as much."""
    group = main_group_known(run, found)
    if group is None:
        return None
    validation = found.best(group)
    if validation is not None and validation.detections is not None:
        counted = counting(validation.detections, group)
        return of_validation(run, validation, with_ranges(counted, F1).point)
    if validation is not None or point_of_run(run, {}, group).source == "curves":
        return None
    pictures = drawn(run, folder, group)
    if pictures is None:
        return None
    shown = point_of(pictures)
    if shown.status == "unreadable" and run.history.metrics:
        return None
    return doubted(shown, cut_at(run))


def main_group_known(run: Run, found: Validations) -> Optional[str]:
    """The first group of the best evidence there is, the result table apart."""
    of_pictures = groups_drawn(run)
    known = (*found.groups, *(group for group in GROUPS if group in of_pictures))
    return next(iter(known), None)


def of_validation(run: Run, validation: Validation, point: OperatingPoint) -> OperatingPoint:
    """The point with what is known of the validation it comes from."""
    return doubted(replace(point, epoch=validation.epoch), cut_of(run, validation))


def cut_of(run: Run, validation: Validation) -> Optional[float]:
    """The training's ``conf=``; an evaluation is RunLens' own and has none."""
    return None if validation.evaluated else cut_at(run)


def doubted(found: OperatingPoint, cut: Optional[float]) -> OperatingPoint:
    """Approximate where the best confidence may lie below what was validated."""
    if found.status != "exact" or cut is None or (found.confidence or 0.0) > cut:
        return found
    return replace(found, status="approximate", reason=f"nothing below conf={cut:g} was validated")
