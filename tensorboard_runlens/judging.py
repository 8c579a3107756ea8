"""The runs of a catalog judged, each again only when its files, the settings, its relatives or its freshness change."""

from __future__ import annotations

import logging
import math
import threading
import time
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens import lifecycle
from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import Catalog
from tensorboard_runlens.discovery import Unreadable
from tensorboard_runlens.pointed_out import Shelf, dataset_of
from tensorboard_runlens.run import Run
from tensorboard_runlens.settings import Settings, load
from tensorboard_runlens.settings.plans import planned_hours
from tensorboard_runlens.surroundings import Surroundings

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Judged:
    run: Run
    freshness: str
    settings: Settings
    surroundings: Surroundings
    analysis: Analysis


class Judging:
    """What is said of each run of ``catalog``, with the data sets on ``shelf``."""

    def __init__(self, catalog: Catalog, shelf: Shelf) -> None:
        self._catalog = catalog
        self._shelf = shelf
        self._lock = threading.Lock()
        self._judged: dict[str, _Judged] = {}

    def complete(self) -> list[Analysis]:
        """Every run as it was last judged; none until all of them were."""
        (runs, judged) = (self._catalog.runs, dict(self._judged))
        if not self._catalog.complete or set(runs) - set(judged):
            return []
        return [judged[name].analysis for name in runs]

    def settings(self) -> Settings:
        """What runlens.yaml of the first logdir says now."""
        return load(self._catalog.logdirs[0][1]) if self._catalog.logdirs else Settings()

    def every(self, until: float = math.inf) -> tuple[list[Analysis], list[Unreadable]]:
        """Every run judged, and those where that failed; once it is ``until``, only what is known already."""
        (runs, wanted) = (self._catalog.runs, self.settings())
        found: list[Analysis] = []
        failed: list[Unreadable] = []
        for run in list(runs.values()):
            try:
                analysis = (
                    self.judge(run, wanted)
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

    def judge(self, run: Run, wanted: Settings) -> Analysis:
        """The analysis of a run, made anew when its files, the settings or its freshness have changed."""
        now = time.time()
        with self._lock:  # whoever asks for the same meanwhile waits instead of doing it again
            known = self._known(run, wanted, now)
            if known:
                return known
            surroundings = self._surroundings(run, wanted)
            freshness = lifecycle.freshness(run, now)  # before: a process may end meanwhile
            analysis = analyse(run, wanted, now, surroundings=surroundings)
            self._judged[run.name] = _Judged(run, freshness, wanted, surroundings, analysis)
            return analysis

    def _surroundings(self, run: Run, wanted: Settings) -> Surroundings:
        relations = self._catalog.related(run.name)
        (note, tags) = (wanted.run_notes.get(run.name), wanted.run_tags.get(run.name, ()))
        hours = planned_hours(wanted.hours, run.name)
        path = dataset_of(run, run.name, wanted.datasets)
        if path is None:
            return Surroundings(relations, note=note, tags=tags, hours=hours)
        (data, counting) = (self._shelf.ready(path), self._shelf.counting(path))
        return Surroundings(relations, data, counting, note, tags, hours)

    def await_dataset(self, run: Run, seconds: float) -> None:
        """Small data sets are counted before the page that shows them is answered."""
        path = dataset_of(run, run.name, self.settings().datasets)
        if path is not None:
            self._shelf.wait(path, seconds)

    def _judged_before(self, run: Run) -> Optional[Analysis]:
        """What was said of the run last: a row that is shown does not go away while it is judged anew."""
        known = self._judged.get(run.name)
        return known.analysis if known and known.run is run else None

    def _known(self, run: Run, wanted: Settings, now: float) -> Optional[Analysis]:
        known = self._judged.get(run.name)
        if known is None or known.run is not run or known.settings != wanted:
            return None
        if not known.surroundings.same_as(self._surroundings(run, wanted)):
            return None
        return known.analysis if known.freshness == lifecycle.freshness(run, now) else None
