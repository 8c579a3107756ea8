"""The runs of a TensorBoard server, kept up to date: one scan at a time, analyses and answers kept
until they change."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens import answers, lifecycle, schema, settings
from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import Catalog
from tensorboard_runlens.http import Content, json_content
from tensorboard_runlens.run import Run

FRESH_S = 2.0
"""A scan younger than this answers the next request too: several tabs and routes ask together."""

FIRST_WAIT_S = 0.05
"""How long TensorBoard's page may wait for the first scan before the tab is called inactive."""

ANSWER_WAIT_S = 1.0
"""How long a request waits for a scan; a longer one goes on beside, and the answer says how far it has come."""

logger = logging.getLogger(__name__)

REMOTE_NOTE = "RunLens reads local folders only; this logdir is remote."


@dataclass(frozen=True)
class _Judged:
    run: Run
    freshness: str
    settings: settings.Settings
    analysis: Analysis


class Fleet:
    """The runs below ``logdirs``, (prefix, path) each; ``name`` is what the page calls them together."""

    def __init__(self, logdirs: Sequence[tuple[str, str]], name: str) -> None:
        self._catalog = Catalog(logdirs)
        self._name = name
        self._lock = threading.Lock()
        self._scan: Optional[threading.Thread] = None
        self._scanned = 0.0
        self._judged: dict[str, _Judged] = {}

    def has_runs(self) -> bool:
        """Whether any run is known; starts the first scan and waits a moment for it."""
        if not self._catalog.runs:
            self._update(FIRST_WAIT_S)
        return bool(self._catalog.runs)

    def analysis(self, name: str) -> Optional[Analysis]:
        """The analysis of one run as its files are now, None for an unknown name."""
        self._update(ANSWER_WAIT_S)
        run = self._catalog.runs.get(name)
        return None if run is None else self._judge(run, self._settings())

    def runs(self) -> Content:
        """The answer of ``runlens scan --json``; waits for the whole scan."""
        self._update(None)
        return json_content(answers.scan_answer(self._analyses(), self._catalog.unreadable))

    def table(self) -> Content:
        """The Runs page's rows as far as they are read."""
        self._update(ANSWER_WAIT_S)
        analyses = answers.best_first(self._analyses())
        latest = _latest(analyses)
        catalog = self._catalog
        return json_content(
            schema.TableAnswer(
                True,
                schema.SCHEMA_VERSION,
                logdir=self._name,
                progress=schema.Progress(
                    len(analyses), len(analyses) if catalog.complete else None, catalog.complete
                ),
                notes=[*self._settings().notes, *([] if catalog.logdirs else [REMOTE_NOTE])],
                rows=[
                    answers.table_row(analysis, analysis.run.name == latest)
                    for analysis in analyses
                ],
                unreadable=answers.unreadable_of(catalog.unreadable),
            )
        )

    def _update(self, wait: Optional[float]) -> None:
        """Starts a scan unless one runs or has just ended, and waits for it as long as told (None: to its end)."""
        with self._lock:
            if self._scan is None and time.monotonic() - self._scanned > FRESH_S:
                self._scan = threading.Thread(
                    target=self._refresh, name="runlens-scan", daemon=True
                )
                self._scan.start()
            scan = self._scan
        if scan is not None:
            scan.join(wait)

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

    def _analyses(self) -> list[Analysis]:
        runs = self._catalog.runs
        wanted = self._settings()
        found = [self._judge(run, wanted) for run in list(runs.values())]
        for gone in set(self._judged) - set(runs):
            self._judged.pop(gone, None)
        return found

    def _judge(self, run: Run, wanted: settings.Settings) -> Analysis:
        """The analysis of a run, made anew when its files, the settings or its freshness have changed."""
        now = time.time()
        freshness = lifecycle.freshness(run, now)
        known = self._judged.get(run.name)
        if known and known.run is run and known.freshness == freshness and known.settings == wanted:
            return known.analysis
        analysis = analyse(run, wanted, now)
        self._judged[run.name] = _Judged(run, freshness, wanted, analysis)
        return analysis


def _latest(analyses: Sequence[Analysis]) -> Optional[str]:
    """The run with the newest file; none where several share that moment, as copies do."""
    times = sorted(
        ((one.run.files.newest, one.run.name) for one in analyses if one.run.files.newest),
        reverse=True,
    )
    if not times or (len(times) > 1 and times[0][0] - times[1][0] < 1.0):
        return None
    return times[0][1]
