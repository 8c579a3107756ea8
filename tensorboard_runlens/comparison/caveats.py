"""What else is different between two runs, so that a difference in their numbers may not be what it seems."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.commands import image_size
from tensorboard_runlens.comparison.contender import Contender
from tensorboard_runlens.comparison.lineage import COPIES, lineage
from tensorboard_runlens.comparison.same_data import Sameness
from tensorboard_runlens.comparison.validated import Validation
from tensorboard_runlens.releases.consequences import AVERAGE_PRECISION, MATCHING, consequences
from tensorboard_runlens.releases.evidence import span
from tensorboard_runlens.run import Run
from tensorboard_runlens.weights import BEST
from tensorboard_runlens.words import count, release_words

ARGUMENTS = ("conf", "iou", "max_det", "single_cls", "rect", "half")
"""What changes how a validation is measured, beside the image size; all others change the model, which is what is
compared."""


def caveats(
    first: Contender,
    second: Contender,
    data: Sameness,
    pair: Optional[tuple[Validation, Validation]],
) -> Iterator[str]:
    """A phrase for each; of the run first, then of the baseline. ``pair`` are their validations, None where only
    their tables are compared."""
    (baseline, other) = (first.analysis, second.analysis)
    origin = tuple(lineage(first, second))
    yield from origin
    copies = COPIES in origin
    if pair is None and data.doubt and not copies:
        yield data.doubt
    if other.run.task != baseline.run.task:
        yield f"task {other.run.task} against {baseline.run.task}"
    if other.run.stage != baseline.run.stage:
        yield f"stage {_shown(other.run.stage)} against {_shown(baseline.run.stage)}"
    yield from _arguments(baseline.run, other.run)
    (trained, before) = (len(other.run.history), len(baseline.run.history))
    if trained != before:
        yield f"{count(trained, other.run.axis)} against {before}"
    yield from (f"{words} is still training" for words in _running(baseline, other))
    if _released_apart(baseline.run, other.run):
        yield f"written by {_writer(other.run)} against {_writer(baseline.run)}"
    behaviour = AVERAGE_PRECISION if pair is None else MATCHING
    yield from _measured_otherwise(baseline.run, other.run, behaviour.name)
    if pair is not None:
        yield from _validations(*pair)
    elif not (data.apart or copies):
        yield from _images_would_tell(first, second)


def _images_would_tell(baseline: Contender, other: Contender) -> Iterator[str]:
    """What would tell more than two tables do, for runs that can be validated again."""
    lacking = [one for one in (baseline, other) if not one.validations]
    frameworks = {one.analysis.run.framework for one in (baseline, other)}
    there = all(one.analysis.weights.use in BEST for one in lacking)
    if lacking and there and frameworks == {"ultralytics"}:
        which = "both" if len(lacking) > 1 else lacking[0].name
        yield f"compared by their tables; image by image it can be done after runlens evaluate on {which}"


def _arguments(baseline: Run, other: Run) -> Iterator[str]:
    """What another framework does not state tells nothing: it calls things otherwise."""
    sizes = [image_size(run.arguments) for run in (other, baseline)]
    if sizes[0] != sizes[1]:
        yield "imgsz {} against {}".format(*map(_shown, sizes))
    for name in ARGUMENTS:
        stated = [name in run.arguments for run in (other, baseline)]
        (value, before) = (run.arguments.get(name) for run in (other, baseline))
        if value != before and (all(stated) or other.framework == baseline.framework):
            yield f"{name} {_shown(value)} against {_shown(before)}"


def _shown(value: Any) -> str:
    return "not stated" if value is None else str(value)[:40]


def _running(baseline: Analysis, other: Analysis) -> Iterator[str]:
    for analysis, words in ((other, "it"), (baseline, "the baseline")):
        if analysis.state == "running":
            yield words


def _released_apart(baseline: Run, other: Run) -> bool:
    """Whether no release can have written both."""
    if other.framework != baseline.framework:
        return True
    known = [(run.version.min, run.version.max) for run in (baseline, other) if run.version]
    return span(known) is None


def _writer(run: Run) -> str:
    words = release_words(run.version.min, run.version.max) if run.version else None
    return run.framework if words is None else f"{run.framework} {words}"


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
