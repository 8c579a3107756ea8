"""``python -m tensorboard_runlens.alarm RUN``: what will waste the night, while there is time to change it.

A training that is tracked starts this beside itself in its first epochs (recording/lookout.py): judging takes modules
and time that a training is not to give. Prints a finding a line, as JSON with ``rule`` and ``said``.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence

from tensorboard_runlens.analysis import analyse, level_of
from tensorboard_runlens.catalog import NotARun, open_run
from tensorboard_runlens.naming import name_below
from tensorboard_runlens.plain_values import without_absolute_paths
from tensorboard_runlens.recording.lookout import MAX_SECONDS
from tensorboard_runlens.rules import Finding
from tensorboard_runlens.run import Run
from tensorboard_runlens.settings import Settings, nearest
from tensorboard_runlens.settings.plans import planned_hours
from tensorboard_runlens.settings.values import words_of
from tensorboard_runlens.surroundings import Surroundings

ALARMS = (
    *("no-instances", "empty-split", "few-instances", "data-overlap", "polygon-labels"),
    *("lr-ignored", "patience-unreachable", "non-finite", "skipped-steps"),
    *("gpu-unused", "input-bound", "late-end"),
)
"""Rules that are said however mild their finding is: in the first epochs a change costs least."""

OF_THE_END = ("interrupted",)
"""Rules that whoever runs this knows better: the training goes on."""

MAX_SAID = 1000
"""Characters of a line in the training's log: sentence and remedy take 300, class names some more."""

NICENESS = 10
"""Leaves nine tenths of a busy processor to the training; at 19 a look would take longer than it is given."""


def alarms(run: Run, settings: Settings) -> list[Finding]:
    """What to say of a training that has just begun, the weightiest first. The data set that runlens.yaml may name is
    left alone: reading it takes long."""
    name = name_below(settings.folder, run.path, run.name) if settings.folder else run.name
    surroundings = Surroundings(hours=planned_hours(settings.hours, name))
    findings = analyse(run, settings, surroundings=surroundings).findings
    return [one for one in findings if one.rule not in OF_THE_END and _is_alarm(one)]


def _is_alarm(finding: Finding) -> bool:
    return finding.rule in ALARMS or level_of(finding) > 0


def _lines(findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        parts = [finding.summary, *(advice.text for advice in finding.advice[:1])]
        said = words_of(without_absolute_paths(" ".join(parts)), MAX_SAID)
        yield json.dumps({"rule": finding.rule, "said": said})


def main(path: str) -> None:
    """Prints the alarms of a run; nothing where there is no run to read yet."""
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):  # a sandbox may forbid it
            os.nice(NICENESS)
    if hasattr(signal, "alarm"):
        signal.alarm(MAX_SECONDS)  # also where whoever started this is gone
    with contextlib.suppress(NotARun, FileNotFoundError):
        for line in _lines(alarms(open_run(path), nearest(path))):
            print(line)


if __name__ == "__main__":
    main(sys.argv[1])
