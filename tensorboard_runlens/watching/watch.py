"""One look after the other at a logdir, and what each brings that is new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tensorboard_runlens.analysis import SEVERITIES, Analysis
from tensorboard_runlens.catalog import Catalog
from tensorboard_runlens.judging import Judging
from tensorboard_runlens.naming import own_name
from tensorboard_runlens.pointed_out import Shelf
from tensorboard_runlens.schema.watch import WatchEvent
from tensorboard_runlens.settings_notes import notes_on
from tensorboard_runlens.watching import events
from tensorboard_runlens.watching.events import FINISHED
from tensorboard_runlens.watching.glance import (
    GOING_ON,
    by_key,
    glance_of,
    rule_of,
)
from tensorboard_runlens.watching.identity import same_training
from tensorboard_runlens.watching.memory import Memory, Training
from tensorboard_runlens.watching.noticing import note, notice

DATASET_WAIT_S = 60.0
"""How long a single look waits for a data set to be counted; the next look of a watch has it anyway."""

DAY_S = 86400.0
FORGET_S = 90 * DAY_S
"""A run that is gone for so long is forgotten; a logdir that is not mounted comes back sooner."""

MAX_SAID = 1000
"""Sentences about folders and settings that are said: in a logdir with more, nobody reads them."""


class Watch:
    """Tells what is new below ``logdir`` for a ``memory`` that outlives it, findings from ``level`` on."""

    def __init__(self, logdir: str, level: str, memory: Memory) -> None:
        self._name = own_name(logdir)
        self._level = level
        self._memory = memory
        self._shelf = Shelf()
        self._catalog = Catalog([("", logdir)])
        self._judging = Judging(self._catalog, self._shelf)
        self._failed: Sequence[str] = ()

    def look(self, wait_for_data: bool = False) -> list[Analysis]:
        """Every run judged as it is now; ``wait_for_data`` where no other look will follow."""
        self._catalog.refresh()
        if wait_for_data:
            for run in self._catalog.runs.values():
                self._judging.await_dataset(run, DATASET_WAIT_S)
        (analyses, failed) = self._judging.every()
        self._failed = [f"{one.path}: {one.reason}" for one in (*self._catalog.unreadable, *failed)]
        return analyses

    def new(self, analyses: Sequence[Analysis], now: float) -> list[WatchEvent]:
        """What of it is told now, noted in the memory."""
        return [event for one in self._known(analyses, now) for event in self._told(*one, now)]

    def take_as_known(self, analyses: Sequence[Analysis], now: float) -> None:
        """Notes all that stands there, so that only what comes later is told."""
        for analysis, training in self._known(analyses, now):
            note(training, glance_of(analysis, self._level, now))

    def new_notes(self) -> list[str]:
        """What could not be read or judged and what is wrong with settings, each sentence once."""
        said = self._memory.said
        notes = [*self._failed, *notes_on(self._judging.settings()), *self._shelf.notes]
        new = [one for one in dict.fromkeys(notes) if one not in said][: MAX_SAID - len(said)]
        said.extend(new)
        return new

    def _known(
        self, analyses: Sequence[Analysis], now: float
    ) -> Iterator[tuple[Analysis, Training]]:
        """Each run with what is known of its training, which this look is noted in."""
        trainings = self._memory.trainings
        for analysis in analyses:
            name = analysis.run.name
            training = same_training(trainings.get(name), analysis.run)
            if training is None:
                continue
            trainings[name] = training
            if now - training.looked > DAY_S:
                training.looked = now
            yield (analysis, training)
            training.epochs = analysis.signals.rows
        for name in [name for (name, one) in trainings.items() if now - one.looked > FORGET_S]:
            del trainings[name]

    def _told(self, analysis: Analysis, training: Training, now: float) -> Iterator[WatchEvent]:
        (new, withdrawn) = notice(training, glance_of(analysis, self._level, now))
        keyed = by_key(analysis)
        for key in new:
            (finding, known) = (keyed[key], training.findings[key])
            (known.summary, known.severity) = (finding.summary, finding.severity)
            yield events.found(analysis, finding, self._name, now)
        for key in withdrawn:
            told = training.findings[key]
            yield events.taken_back(analysis, rule_of(key), told, self._name, now)
        if _has_finished(analysis, training) and self._level == SEVERITIES[0]:
            yield events.finished(analysis, self._name, now)


def _has_finished(analysis: Analysis, training: Training) -> bool:
    """Whether a training that was seen running has done all its epochs since; early stopping is its own finding."""
    ran = training.ran
    training.ran = analysis.state == "running" or (ran and analysis.state in GOING_ON)
    return ran and analysis.state == FINISHED
