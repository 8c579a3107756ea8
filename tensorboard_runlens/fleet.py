"""The runs of a TensorBoard server, kept up to date: scanned, judged, and answered from what is kept until it
changes."""

from __future__ import annotations

import math
import operator
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Callable, Optional

import msgspec

from tensorboard_runlens import answers, schema
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.catalog import Catalog
from tensorboard_runlens.closer import closer
from tensorboard_runlens.comparison.against import against_answer, teller
from tensorboard_runlens.comparison.answer import compare_answer
from tensorboard_runlens.comparison.asked import asked
from tensorboard_runlens.confusion.recorded import confusion_of
from tensorboard_runlens.deployment.answer import threshold_answer
from tensorboard_runlens.deployment.study import study
from tensorboard_runlens.details import Details
from tensorboard_runlens.discovery import Unreadable
from tensorboard_runlens.http import Content, json_content
from tensorboard_runlens.judging import Judging
from tensorboard_runlens.kept import Answers, PerRun
from tensorboard_runlens.pointed_out import Shelf
from tensorboard_runlens.run import Run
from tensorboard_runlens.scanning import Scanning
from tensorboard_runlens.settings import Settings
from tensorboard_runlens.settings_notes import notes_on

FIRST_WAIT_S = 0.2
"""How long TensorBoard's page may wait for the first run to be found before the tab is called inactive."""

GLANCE_S = 0.01
"""How often it is looked in that time whether there is one."""

ANSWER_WAIT_S = 1.0
"""How long a request waits: half for the scan, the rest for judging. What takes longer is in a
later answer, and each says how far it has come."""

FIND_WAIT_S = 20.0
"""How long a request for a run waits for the first scan to find it: a link may be opened before it has."""

MAX_CLOSER = 50
"""Runs whose checkpoints are kept read: those that a few people look at."""


@dataclass(frozen=True)
class _Rows:
    """What the Runs page shows: two of them that hold the same objects give the same answer."""

    analyses: list[Analysis]
    unreadable: list[Unreadable]
    progress: schema.Progress
    notes: list[str]
    baseline: Optional[str]

    def same_as(self, other: _Rows) -> bool:
        return (
            (self.unreadable, self.progress, self.notes, self.baseline)
            == (other.unreadable, other.progress, other.notes, other.baseline)
            and len(self.analyses) == len(other.analyses)
            and all(map(operator.is_, self.analyses, other.analyses))
        )


class Fleet:
    """The runs below ``logdirs``, (prefix, path) each; ``name`` is what the page calls them
    together, ``notes`` what it tells about them."""

    def __init__(
        self, logdirs: Sequence[tuple[str, str]], name: str, notes: Sequence[str] = ()
    ) -> None:
        self._catalog = Catalog(logdirs)
        self._shelf = Shelf()
        self._judging = Judging(self._catalog, self._shelf)
        self._name = name
        self._notes = list(notes)
        self._scanning = Scanning(self._catalog)
        self._looking = threading.Lock()
        self._closer: dict[str, tuple[Analysis, Analysis, Details]] = {}
        self._row = PerRun(answers.table_row)
        self._table: Optional[tuple[_Rows, Content]] = None
        self._against: Optional[tuple[Analysis, PerRun[schema.Against]]] = None
        self._answers = Answers()

    def look(self) -> None:
        """Starts a scan and does not wait for it."""
        self._scanning.going_on()

    def has_runs(self) -> bool:
        """Whether any run is known; waits a moment for the first one."""
        until = time.monotonic() + FIRST_WAIT_S
        scan = None if self._catalog.runs else self._scanning.going_on()
        while scan and scan.is_alive() and not self._catalog.runs and time.monotonic() < until:
            scan.join(GLANCE_S)
        return bool(self._catalog.runs)

    def run(self, name: str) -> Optional[Run]:
        """One run as its files are now, None for an unknown name."""
        self._scanning.wait(ANSWER_WAIT_S)
        if name not in self._catalog.runs and not self._catalog.complete:
            self._scanning.wait(FIND_WAIT_S)
        return self._catalog.runs.get(name)

    def judged(self) -> list[Analysis]:
        """Every run of the logdir as it was last judged; none until all of them were, since a part ranks wrongly."""
        return self._judging.complete()

    def limits(self, rule: str) -> Mapping[str, float]:
        """The user's own limits of a rule by name; none where runlens.yaml says nothing of it."""
        return self._judging.settings().limits.get(rule, {})

    def closer(self, name: str) -> Optional[tuple[Analysis, Details]]:
        """One run judged, with what its checkpoints tell; they are read again only when it was judged anew."""
        run = self.run(name)
        if run is None:
            return None
        self._judging.await_dataset(run, ANSWER_WAIT_S)
        analysis = self._judging.judge(run, self._judging.settings())
        known = self._closer.get(name)
        if known is not None and known[0] is analysis:
            return known[1:]
        with self._looking:
            known = self._closer.get(name)
            if known is None or known[0] is not analysis:
                known = (analysis, *closer(analysis, self._judging.settings()))
                self._closer.pop(name, None)
                self._closer[name] = known
                if len(self._closer) > MAX_CLOSER:
                    del self._closer[next(iter(self._closer))]
        return known[1:]

    def threshold(self, name: str, objective: str, group: Optional[str]) -> Optional[Content]:
        """The confidence to deploy a run with, None for an unknown name; made anew only when its files have changed.

        Raises ValueError for an unknown objective or group.
        """
        return self._once(
            ("threshold", objective, group or ""),
            [name],
            lambda of: threshold_answer(of[0], study(of[0], objective, group)),
        )

    def confusion(self, name: str) -> Optional[Content]:
        """How the run's classes are taken for each other, None for an unknown name."""
        return self._once(("confusion",), [name], lambda of: confusion_of(of[0]))

    def comparison(self, names: Sequence[str], baseline: Optional[str]) -> Optional[Content]:
        """Runs against the first one or what runlens.yaml sets as baseline, None for an unknown name.

        Raises CannotCompare for what makes no comparison.
        """
        wanted = asked(names, baseline, self._judging.settings())
        runs = [*names] if wanted.run is None else [wanted.run, *names]
        return self._once(
            ("compare", baseline or ""),
            runs,
            lambda of: compare_answer(wanted.compare(dict(zip(runs, of)))),
        )

    def against(self, name: str) -> Optional[Content]:
        """Every run that is judged against one by their tables, None for an unknown name."""
        run = self.run(name)
        if run is None:
            return None
        baseline = self._judging.judge(run, self._judging.settings())
        (analyses, _) = self._analyses(time.monotonic() + ANSWER_WAIT_S)
        return self._answers.once(
            ("against", name), analyses, lambda of: against_answer(name, of, self._told(baseline))
        )

    def _told(self, baseline: Analysis) -> PerRun[schema.Against]:
        """What was told of each run against this one; kept of the baseline that was asked for last."""
        (before, told) = self._against or (None, None)
        if told is None or before is not baseline:
            told = PerRun(teller(baseline))
            self._against = (baseline, told)
        return told

    def _once(
        self,
        question: tuple[str, ...],
        names: Sequence[str],
        make: Callable[[Sequence[Analysis]], msgspec.Struct],
    ) -> Optional[Content]:
        """What is made of the analyses of these runs, kept as long as they are the same; None for an unknown name.
        ``question`` has the route first."""
        found = [self.closer(name) for name in names]
        analyses = [one[0] for one in found if one is not None]
        if len(analyses) < len(names):
            return None
        return self._answers.once((*question, *names), analyses, make)

    def runs(self) -> Content:
        """The answer of ``runlens scan --json``; waits for the whole scan."""
        return json_content(answers.scan_answer(*self.everything()))

    def everything(self) -> tuple[list[Analysis], list[Unreadable]]:
        """Every run judged, best first, and what could not be read; waits for the whole scan."""
        self._scanning.wait(None)
        (analyses, failed) = self._analyses()
        return (answers.best_first(analyses), [*self._catalog.unreadable, *failed])

    @property
    def settings(self) -> Settings:
        """What runlens.yaml says now."""
        return self._judging.settings()

    @property
    def baseline(self) -> Optional[str]:
        """What runlens.yaml sets as baseline, a run or not."""
        return self._judging.settings().baseline

    @property
    def name(self) -> str:
        """What the page calls the runs together."""
        return self._name

    def table(self) -> Content:
        """The Runs page's rows as far as they are read."""
        until = time.monotonic() + ANSWER_WAIT_S
        self._scanning.wait(ANSWER_WAIT_S / 2)
        rows = self._rows(until)
        known = self._table
        if known and known[0].same_as(rows):
            return known[1]
        made = json_content(
            answers.table_answer(
                self._name,
                rows.progress,
                rows.notes,
                rows.baseline,
                rows.analyses,
                rows.unreadable,
                self._row,
            )
        )
        self._table = (rows, made)
        return made

    def _rows(self, until: float) -> _Rows:
        catalog = self._catalog
        # Before the runs: a scan that ends meanwhile must not make a part of them look like all.
        complete = catalog.complete
        total = len(catalog.runs)
        unreadable = catalog.unreadable
        wanted = self._judging.settings()
        (analyses, failed) = self._analyses(until)
        read = len(analyses) + len(failed)
        return _Rows(
            analyses,
            [*unreadable, *failed],
            schema.Progress(read, total if complete else None, complete and read >= total),
            [
                *self._notes,
                *notes_on(wanted, catalog.runs if complete else None),
                *self._shelf.notes,
            ],
            wanted.baseline,
        )

    def _analyses(self, until: float = math.inf) -> tuple[list[Analysis], list[Unreadable]]:
        """Every run judged, and those where that failed; what was made of runs that are gone is let go."""
        runs = self._catalog.runs
        found = self._judging.every(until)
        self._row.forget_others(runs)
        if self._against:
            self._against[1].forget_others(runs)
        return found
