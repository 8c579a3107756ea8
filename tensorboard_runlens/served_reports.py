"""A report as the answer to a request: made of the runs that the server keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Optional

from tensorboard_runlens import http
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.details import NO_DETAILS, Details
from tensorboard_runlens.fleet import Fleet
from tensorboard_runlens.kept import Answers
from tensorboard_runlens.report.formats import all_formats, nothing_beside
from tensorboard_runlens.report.kinds import NoSuchReport, report
from tensorboard_runlens.report.output import file_name
from tensorboard_runlens.report.subject import Subject


class Reports:
    """The reports of a server, one at a time: some take seconds, and those who wait are served others meanwhile.
    What was made is kept until a run of it changes."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._kept = Answers()

    def get(self, names: Sequence[str], kind: str, wanted: str) -> Optional[http.Content]:
        """The report as a file to save, None for an unknown name. Raises NoSuchReport, and CannotCompare."""
        form = all_formats().get(wanted)
        if form is None:
            raise NoSuchReport(f"format is one of {', '.join(all_formats())}")
        subject = _subject(self._fleet, names)
        if subject is None:
            return None

        def make(_: Sequence[Analysis]) -> http.Content:
            made = report(kind, subject, names)
            return http.content(form.render(made, nothing_beside), form.mimetype)

        question = ("report", kind, wanted, str(self._fleet.baseline), *names)
        found = self._kept.content(question, subject.analyses, make)
        return replace(found, file=file_name(f"runlens_{kind}_{_called(self._fleet, names)}", form))


def _called(fleet: Fleet, names: Sequence[str]) -> str:
    if not names:
        return fleet.name
    return names[0] if len(names) == 1 else f"{len(names)}_runs"


def _subject(fleet: Fleet, names: Sequence[str]) -> Optional[Subject]:
    """All runs where none is named."""

    def closer(analysis: Analysis) -> tuple[Analysis, Details]:
        return fleet.closer(analysis.run.name) or (analysis, NO_DETAILS)

    if not names:
        (analyses, unreadable) = fleet.everything()
        return Subject(fleet.name, analyses, closer, unreadable, (), fleet.baseline, fleet.limits)
    found = [fleet.closer(name) for name in names]
    analyses = [one[0] for one in found if one is not None]
    if len(analyses) < len(names):
        return None
    return Subject(fleet.name, analyses, closer, limits=fleet.limits)
