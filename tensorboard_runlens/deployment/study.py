"""The threshold of one run from the best evidence in its folder, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.run import Curves, Problem
from tensorboard_runlens.thresholds.best.estimate import point_of_curves
from tensorboard_runlens.thresholds.calibration import Calibrated, calibration
from tensorboard_runlens.thresholds.counts.counting import Counting, counting
from tensorboard_runlens.thresholds.objective import F1, Objective, parse
from tensorboard_runlens.thresholds.of_run.closer_point import (
    cut_of,
    doubted,
    main_group_known,
    of_validation,
)
from tensorboard_runlens.thresholds.of_run.curve_pictures import (
    Drawn,
    another_training,
    curves_drawn,
    drawn,
    groups_drawn,
    point_of,
    words,
)
from tensorboard_runlens.thresholds.of_run.from_metrics import DETECTIONS, cut_at, point_of_run
from tensorboard_runlens.thresholds.of_run.validations import (
    GROUPS,
    Validation,
    Validations,
    validations,
)
from tensorboard_runlens.thresholds.point import OperatingPoint
from tensorboard_runlens.thresholds.uncertainty.by_class import ClassThreshold, by_class
from tensorboard_runlens.thresholds.uncertainty.of_point import Uncertainty
from tensorboard_runlens.thresholds.uncertainty.ranges import with_ranges

UNKNOWN = Uncertainty()
NO_CURVES = "neither detections nor curves were recorded, only where F1 is best"


class UnknownObjective(ValueError):
    """No objective; the message names those there are."""


class UnknownGroup(ValueError):
    """A group that the run has no threshold for; the message names those it has."""


@dataclass(frozen=True, eq=False)
class Study:
    """What is known of the threshold for one objective and one group, None or empty where nothing tells.

    ``point`` is the operating point. It comes from ``counting``, else from ``curves``, which may be those of the
    pictures in ``drawn``, else from the result table. ``validated`` says in words which validation that was,
    ``uncertainty`` how sure its value is. ``tested`` are the detections of the test split. Nothing below ``cut`` was
    validated.
    """

    objective: Objective
    group: Optional[str]
    groups: tuple[str, ...]
    point: OperatingPoint
    cut: Optional[float] = None
    validation: Optional[Validation] = None
    counting: Optional[Counting] = None
    classes: tuple[ClassThreshold, ...] = ()
    calibrated: Optional[Calibrated] = None
    curves: Optional[Curves] = None
    drawn: Optional[Drawn] = None
    validated: str = ""
    uncertainty: Uncertainty = UNKNOWN
    tested: Optional[Counting] = None
    problems: tuple[Problem, ...] = ()

    @property
    def value(self) -> Optional[float]:
        """The objective at the operating point."""
        if self.uncertainty.value is not None:
            return self.uncertainty.value
        known = {"precision": self.point.precision, "recall": self.point.recall}
        return self.point.f1 if self.objective == F1 else known.get(self.objective.kind)


def study(analysis: Analysis, objective: str = F1.name, group: Optional[str] = None) -> Study:
    """Reads the run's folder. Raises UnknownObjective, UnknownGroup, and nothing for what lies there."""
    wanted = _parsed(objective)
    try:
        folder = Folder(analysis.run.path)
    except OSError:
        return Study(wanted, None, (), OperatingPoint(reason="the run's folder is gone"))
    found = validations(analysis.run, folder)
    groups = _groups(analysis, found)
    if group is not None and group not in groups:
        raise UnknownGroup(_no_such_group(group, groups))
    chosen = group or main_group_known(analysis.run, found) or next(iter(groups), None)
    known = Study(
        wanted,
        chosen,
        groups,
        OperatingPoint(),
        tested=_tested(found.test, chosen),
        problems=found.problems,
    )
    if chosen is None:
        return known
    validation = found.best(chosen)
    if validation is not None and validation.detections is not None:
        return _of_detections(known, analysis, validation)
    recorded = point_of_run(analysis.run, analysis.signals.best_metrics, chosen)
    if validation is not None or recorded.source == "curves":
        return _of_curves(known, analysis, validation, recorded)
    return _of_pictures(known, analysis, drawn(analysis.run, folder, chosen))


def _parsed(objective: str) -> Objective:
    try:
        return parse(objective)
    except ValueError as error:
        raise UnknownObjective(str(error)) from error


def _groups(analysis: Analysis, found: Validations) -> tuple[str, ...]:
    """Every group of which anything is known, the main one first."""
    known = {*found.groups, *groups_drawn(analysis.run), *_in_table(analysis)}
    return tuple(group for group in GROUPS if group in known)


def _tested(test: Optional[Validation], group: Optional[str]) -> Optional[Counting]:
    if test is None or group is None or test.detections is None or not test.has_detections(group):
        return None
    return counting(test.detections, group)


def _in_table(analysis: Analysis) -> list[str]:
    metrics = analysis.signals.best_metrics
    return [group for group in DETECTIONS if metrics.get(group, {}).get("precision") is not None]


def _no_such_group(group: str, groups: Sequence[str]) -> str:
    if not groups:
        return "nothing is known of this run's threshold, whatever the group"
    return f"this run has no {group[:20]!r}: it has {', '.join(groups)}"


def _of_detections(known: Study, analysis: Analysis, validation: Validation) -> Study:
    assert validation.detections is not None and known.group is not None
    counted = counting(validation.detections, known.group)
    ranged = with_ranges(counted, known.objective)
    common = ranged.point.confidence
    return replace(
        known,
        point=of_validation(analysis.run, validation, ranged.point),
        cut=cut_of(analysis.run, validation),
        validation=validation,
        validated=validation.words,
        counting=counted,
        uncertainty=ranged.uncertainty,
        classes=() if common is None else by_class(counted, known.objective, common),
        calibrated=calibration(validation.detections, known.group),
    )


def _of_curves(
    known: Study, analysis: Analysis, validation: Optional[Validation], recorded: OperatingPoint
) -> Study:
    """F1 is best where the framework recorded that it is; other objectives are RunLens' estimate."""
    if validation is None:
        words = "best.pt after training" if recorded.epoch is None else f"epoch {recorded.epoch}"
        found = recorded if known.objective == F1 else OperatingPoint(reason=NO_CURVES)
        return replace(known, point=found, cut=cut_at(analysis.run), validated=words)
    assert known.group is not None
    curves = validation.curves[known.group]
    if known.objective == F1 and recorded.source == "curves":
        found = recorded
    else:
        found = of_validation(analysis.run, validation, point_of_curves(curves, known.objective))
    return replace(
        known,
        point=found,
        cut=cut_of(analysis.run, validation),
        validation=validation,
        validated=validation.words,
        curves=curves,
    )


def _of_pictures(known: Study, analysis: Analysis, found: Optional[Drawn]) -> Study:
    """What the pictures show; where they show nothing, what the result table has."""
    table = point_of_run(analysis.run, analysis.signals.best_metrics, known.group)
    if table.source == "results":
        known = replace(known, validated=f"the best {analysis.run.axis} of the result table")
    if found is None:
        return replace(known, point=table)
    cut = cut_at(analysis.run)
    shown = point_of(found)
    curves = curves_drawn(found)
    if shown.status == "unreadable":
        kept = shown if table.f1 is None else replace(table, reason=shown.reason)
        return replace(known, point=kept, drawn=found)
    shown = replace(shown, reason=shown.reason or another_training(shown, table))
    if known.objective != F1:
        shown = _other_objective(known.objective, curves)
    return replace(
        known,
        point=doubted(shown, cut),
        cut=cut,
        validated=words(analysis.run, found),
        curves=curves,
        drawn=found,
    )


def _other_objective(objective: Objective, curves: Optional[Curves]) -> OperatingPoint:
    if curves is None:
        said = "the pictures of precision and recall are not there, or could not be read"
        return OperatingPoint(source="picture", reason=said)
    return replace(point_of_curves(curves, objective), source="picture")
