"""Which report is made of what: a run, several, a logdir; a paper pack; how to train a run again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.report.comparison_document import comparison_report
from tensorboard_runlens.report.document import Report
from tensorboard_runlens.report.logdir_document import logdir_report
from tensorboard_runlens.report.paper_document import paper_report
from tensorboard_runlens.report.recipe import Recipe
from tensorboard_runlens.report.reproduction_document import reproduction_report
from tensorboard_runlens.report.run_document import run_report
from tensorboard_runlens.report.subject import Subject

KINDS = ("run", "paper", "reproduction")


class NoSuchReport(ValueError):
    """What is asked for makes no report; the message says why."""


def report(
    kind: str, subject: Subject, names: Sequence[str], recipe: Optional[Recipe] = None
) -> Report:
    """The report on these runs of the subject, on all of them where none is named. Raises NoSuchReport, and
    CannotCompare for runs that make no comparison."""
    if kind not in KINDS:
        raise NoSuchReport(f"kind is one of {', '.join(KINDS)}")
    if recipe is not None and kind != "reproduction":
        raise NoSuchReport("a recipe is verified by a report of the kind reproduction")
    if kind == "paper":
        return paper_report(subject, names)
    if kind == "reproduction":
        return reproduction_report(subject, _only(subject, names), recipe)
    if not names:
        return logdir_report(subject)
    if len(names) == 1:
        return run_report(subject, _only(subject, names))
    return comparison_report(subject, names)


def _only(subject: Subject, names: Sequence[str]) -> Analysis:
    if len(names) != 1:
        raise NoSuchReport("how to train again is told of one run: name it")
    return next(one for one in subject.analyses if one.run.name == names[0])
