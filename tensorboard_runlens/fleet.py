"""The runs of a TensorBoard server, kept up to date: one scan at a time, analyses and answers kept
until they change."""

from __future__ import annotations

import logging
import math
import operator
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Callable, Optional

import msgspec

from tensorboard_runlens import answers, lifecycle, schema, settings
from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import Catalog
from tensorboard_runlens.comparison.answer import compare_answer
from tensorboard_runlens.comparison.asked import asked
from tensorboard_runlens.confusion.recorded import confusion_of
from tensorboard_runlens.deployment.answer import threshold_answer
from tensorboard_runlens.deployment.study import study
from tensorboard_runlens.details import Details, look_closer
from tensorboard_runlens.discovery import Unreadable
from tensorboard_runlens.http import Content, json_content
from tensorboard_runlens.pointed_out import Shelf, dataset_of
from tensorboard_runlens.run import Run
from tensorboard_runlens.settings_notes import notes_on
from tensorboard_runlens.surroundings import Surroundings

FRESH_S = 2.0
"""A scan younger than this answers the next request too: several tabs and routes ask together."""

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

STUDIED = ("threshold", "confusion", "compare")
"""Routes whose answers take long to make."""

MAX_STUDIED = 50
"""Answers of these routes that are kept: some 100 kB each, compressed and not."""

MAX_STUDIED_BYTES = 100 * 2**20
"""... of all together, the newest apart: those of thousands of classes have tens of MB each."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Judged:
    run: Run
    freshness: str
    settings: settings.Settings
    surroundings: Surroundings
    analysis: Analysis


@dataclass(frozen=True)
class _Rows:
    """What the Runs page shows: two of them that hold the same objects give the same answer."""

    analyses: list[Analysis]
    unreadable: list[Unreadable]
    progress: schema.Progress
    notes: list[str]

    def same_as(self, other: _Rows) -> bool:
        return (
            (self.unreadable, self.progress, self.notes)
            == (other.unreadable, other.progress, other.notes)
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
        self._name = name
        self._notes = list(notes)
        self._lock = threading.Lock()
        self._judging = threading.Lock()
        self._scan: Optional[threading.Thread] = None
        self._scanned = -FRESH_S
        self._judged: dict[str, _Judged] = {}
        self._looking = threading.Lock()
        self._closer: dict[str, tuple[Analysis, Analysis, Details]] = {}
        self._table: Optional[tuple[_Rows, Content]] = None
        self._making = {route: threading.Lock() for route in STUDIED}
        self._studied: dict[tuple[str, ...], tuple[Sequence[Analysis], Content]] = {}

    def look(self) -> None:
        """Starts a scan and does not wait for it."""
        self._scanning()

    def has_runs(self) -> bool:
        """Whether any run is known; waits a moment for the first one."""
        until = time.monotonic() + FIRST_WAIT_S
        scan = None if self._catalog.runs else self._scanning()
        while scan and scan.is_alive() and not self._catalog.runs and time.monotonic() < until:
            scan.join(GLANCE_S)
        return bool(self._catalog.runs)

    def run(self, name: str) -> Optional[Run]:
        """One run as its files are now, None for an unknown name."""
        self._update(ANSWER_WAIT_S)
        if name not in self._catalog.runs and not self._catalog.complete:
            self._update(FIND_WAIT_S)
        return self._catalog.runs.get(name)

    def judged(self) -> list[Analysis]:
        """Every run of the logdir as it was last judged; none until all of them were, since a part ranks wrongly."""
        (runs, judged) = (self._catalog.runs, dict(self._judged))
        if not self._catalog.complete or set(runs) - set(judged):
            return []
        return [judged[name].analysis for name in runs]

    def closer(self, name: str) -> Optional[tuple[Analysis, Details]]:
        """One run judged, with what its checkpoints tell; they are read again only when it was judged anew."""
        run = self.run(name)
        if run is None:
            return None
        self._await_dataset(run)
        analysis = self._judge(run, self._settings())
        known = self._closer.get(name)
        if known is not None and known[0] is analysis:
            return known[1:]
        with self._looking:
            known = self._closer.get(name)
            if known is None or known[0] is not analysis:
                known = (analysis, *self._look_closer(analysis))
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
        wanted = asked(names, baseline, self._settings())
        runs = [*names] if wanted.run is None else [wanted.run, *names]
        return self._once(
            ("compare", baseline or ""),
            runs,
            lambda of: compare_answer(wanted.compare(dict(zip(runs, of)))),
        )

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
        key = (*question, *names)
        known = self._known_answer(key, analyses)
        if known is not None:
            return known
        with self._making[question[0]]:  # one at a time; who asks for the same meanwhile waits
            known = self._known_answer(key, analyses)
            if known is None:
                known = json_content(make(analyses))
                self._keep(key, (analyses, known))
        return known

    def _known_answer(
        self, key: tuple[str, ...], analyses: Sequence[Analysis]
    ) -> Optional[Content]:
        """What was answered last, if it was about these very analyses."""
        (before, content) = self._studied.get(key, ((), None))
        same = len(before) == len(analyses) and all(map(operator.is_, before, analyses))
        return content if same else None

    def _keep(self, key: tuple[str, ...], answer: tuple[Sequence[Analysis], Content]) -> None:
        """The newest answers only."""
        with self._lock:
            self._studied.pop(key, None)
            self._studied[key] = answer
            while len(self._studied) > (MAX_STUDIED if self._size() <= MAX_STUDIED_BYTES else 1):
                del self._studied[next(iter(self._studied))]

    def _size(self) -> int:
        """Bytes of the answers that are kept."""
        kept = (content for (_, content) in self._studied.values())
        return sum(len(one.body) + len(one.compressed) for one in kept)

    def _look_closer(self, analysis: Analysis) -> tuple[Analysis, Details]:
        (run, details) = look_closer(analysis.run)
        if run is not analysis.run:
            analysis = analyse(run, self._settings(), surroundings=analysis.surroundings)
        return (replace(analysis, closer_point=details.operating_point), details)

    def runs(self) -> Content:
        """The answer of ``runlens scan --json``; waits for the whole scan."""
        self._update(None)
        (analyses, failed) = self._analyses(self._settings())
        return json_content(answers.scan_answer(analyses, [*self._catalog.unreadable, *failed]))

    def table(self) -> Content:
        """The Runs page's rows as far as they are read."""
        until = time.monotonic() + ANSWER_WAIT_S
        self._update(ANSWER_WAIT_S / 2)
        rows = self._rows(until)
        known = self._table
        if known and known[0].same_as(rows):
            return known[1]
        latest = _latest(rows.analyses)
        made = json_content(
            schema.TableAnswer(
                True,
                schema.SCHEMA_VERSION,
                logdir=self._name,
                progress=rows.progress,
                notes=rows.notes,
                rows=[
                    answers.table_row(analysis, analysis.run.name == latest)
                    for analysis in rows.analyses
                ],
                unreadable=answers.unreadable_of(rows.unreadable),
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
        wanted = self._settings()
        (analyses, failed) = self._analyses(wanted, until)
        read = len(analyses) + len(failed)
        return _Rows(
            answers.best_first(analyses),
            [*unreadable, *failed],
            schema.Progress(read, total if complete else None, complete and read >= total),
            [
                *self._notes,
                *notes_on(wanted, catalog.runs if complete else None),
                *self._shelf.notes,
            ],
        )

    def _update(self, wait: Optional[float]) -> None:
        """Waits for a scan, unless one has just ended, as long as told (None: to its end)."""
        scan = self._scanning()
        if scan is not None:
            scan.join(wait)

    def _scanning(self) -> Optional[threading.Thread]:
        """The scan that goes on; a new one unless one has just ended."""
        with self._lock:
            if self._scan is None and time.monotonic() - self._scanned > FRESH_S:
                self._scan = threading.Thread(
                    target=self._refresh, name="runlens-scan", daemon=True
                )
                self._scan.start()
            return self._scan

    def _refresh(self) -> None:
        try:
            self._catalog.refresh()
        except Exception:  # the next request tries again; what was read before stays
            logger.exception("RunLens could not finish looking through the logdir")
        finally:
            with self._lock:
                self._scan = None
                self._scanned = time.monotonic()

    def _settings(self) -> settings.Settings:
        return (
            settings.load(self._catalog.logdirs[0][1])
            if self._catalog.logdirs
            else settings.Settings()
        )

    def _analyses(
        self, wanted: settings.Settings, until: float = math.inf
    ) -> tuple[list[Analysis], list[Unreadable]]:
        """Every run judged, and those where that failed; once it is ``until``, only what is known already."""
        runs = self._catalog.runs
        found: list[Analysis] = []
        failed: list[Unreadable] = []
        for run in list(runs.values()):
            try:
                analysis = (
                    self._judge(run, wanted)
                    if time.monotonic() < until
                    else self._judged_before(run)
                )
            except Exception as error:  # one run must not hide the others
                logger.exception("RunLens failed to judge a run")
                failed.append(Unreadable(run.name, f"RunLens failed: {type(error).__name__}"))
                continue
            if analysis:
                found.append(analysis)
        for gone in set(self._judged) - set(runs):
            self._judged.pop(gone, None)
        return (found, failed)

    def _judge(self, run: Run, wanted: settings.Settings) -> Analysis:
        """The analysis of a run, made anew when its files, the settings or its freshness have changed."""
        now = time.time()
        with (
            self._judging
        ):  # whoever asks for the same meanwhile waits for it instead of doing it again
            known = self._known(run, wanted, now)
            if known:
                return known
            surroundings = self._surroundings(run, wanted)
            analysis = analyse(run, wanted, now, surroundings=surroundings)
            self._judged[run.name] = _Judged(
                run, lifecycle.freshness(run, now), wanted, surroundings, analysis
            )
            return analysis

    def _surroundings(self, run: Run, wanted: settings.Settings) -> Surroundings:
        relations = self._catalog.related(run.name)
        (note, tags) = (wanted.run_notes.get(run.name), wanted.run_tags.get(run.name, ()))
        path = dataset_of(run, run.name, wanted.datasets)
        if path is None:
            return Surroundings(relations, note=note, tags=tags)
        (data, counting) = (self._shelf.ready(path), self._shelf.counting(path))
        return Surroundings(relations, data, counting, note, tags)

    def _await_dataset(self, run: Run) -> None:
        """Small data sets are counted before the page that shows them is answered."""
        path = dataset_of(run, run.name, self._settings().datasets)
        if path is not None:
            self._shelf.wait(path, ANSWER_WAIT_S)

    def _judged_before(self, run: Run) -> Optional[Analysis]:
        """What was said of the run last: a row that is shown does not go away while it is judged anew."""
        known = self._judged.get(run.name)
        return known.analysis if known and known.run is run else None

    def _known(self, run: Run, wanted: settings.Settings, now: float) -> Optional[Analysis]:
        known = self._judged.get(run.name)
        if known is None or known.run is not run or known.settings != wanted:
            return None
        if not known.surroundings.same_as(self._surroundings(run, wanted)):
            return None
        return known.analysis if known.freshness == lifecycle.freshness(run, now) else None


def _latest(analyses: Sequence[Analysis]) -> Optional[str]:
    """The run with the newest file; none where several share that moment, as copies do."""
    times = sorted(
        ((one.run.files.newest, one.run.name) for one in analyses if one.run.files.newest),
        reverse=True,
    )
    if not times or (len(times) > 1 and times[0][0] - times[1][0] < 1.0):
        return None
    return times[0][1]
