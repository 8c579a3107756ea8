"""What else is different between two runs, so that a difference in their numbers may not be what it seems."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.comparison.validated import Validation
from tensorboard_runlens.releases.consequences import AVERAGE_PRECISION, MATCHING, consequences
from tensorboard_runlens.run import Run

ARGUMENTS = ("imgsz", "img_size", "conf", "iou", "max_det", "single_cls", "rect", "half")
"""What changes how a validation is measured; all others change the model, which is what is compared."""


def caveats(
    baseline: Analysis,
    other: Analysis,
    pair: Optional[tuple[Validation, Validation]],
) -> Iterator[str]:
    """A phrase for each; of the run first, then of the baseline. ``pair`` are their validations, None where only
    their tables are compared."""
    if other.run.task != baseline.run.task:
        yield f"task {other.run.task} against {baseline.run.task}"
    yield from _arguments(baseline.run, other.run)
    (trained, before) = (len(other.run.history), len(baseline.run.history))
    if trained != before:
        yield f"{trained} {other.run.axis}s against {before}"
    yield from (f"{words} is still training" for words in _running(baseline, other))
    (written, by) = (_writer(other.run), _writer(baseline.run))
    if written != by:
        yield f"written by {written} against {by}"
    behaviour = AVERAGE_PRECISION if pair is None else MATCHING
    yield from _measured_otherwise(baseline.run, other.run, behaviour.name)
    if pair is not None:
        yield from _validations(*pair)


def _arguments(baseline: Run, other: Run) -> Iterator[str]:
    for name in ARGUMENTS:
        (value, before) = (run.arguments.get(name) for run in (other, baseline))
        if value != before:
            yield f"{name} {_shown(value)} against {_shown(before)}"


def _shown(value: Any) -> str:
    return "not stated" if value is None else str(value)[:40]


def _running(baseline: Analysis, other: Analysis) -> Iterator[str]:
    for analysis, words in ((other, "it"), (baseline, "the baseline")):
        if analysis.state == "running":
            yield words


def _writer(run: Run) -> str:
    version = run.version
    if version is None or (version.min is None and version.max is None):
        return run.framework
    same = version.min == version.max
    span = version.min if same else f"{version.min or '...'} to {version.max or '...'}"
    return f"{run.framework} {span}"


def _measured_otherwise(baseline: Run, other: Run, behaviour: str) -> Iterator[str]:
    (here, there) = (
        {one.name: one.possible[0] for one in consequences(run) if one.known}.get(behaviour)
        for run in (other, baseline)
    )
    if here and there and here != there:
        yield f"{behaviour}: {here}, in the baseline {there}"


def _validations(baseline: Validation, other: Validation) -> Iterator[str]:
    if baseline.words != other.words:
        yield f"{other.words}, the baseline {baseline.words}"
    if not (baseline.fingerprint and other.fingerprint):
        yield "no fingerprint of the images is known: that they are the same is told by their ground truth"
    for number, (here, there) in enumerate(zip_longest(other.names, baseline.names)):
        if here != there:
            yield f"class {number} is called {_shown(here)} against {_shown(there)}"
            return
