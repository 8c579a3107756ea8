"""What the terminal shows of a threshold: the number first, then how sure it is and what to do with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from tensorboard_runlens.report.text import printable
from tensorboard_runlens.schema.threshold import Passing, ThresholdAnswer, ThresholdClass
from tensorboard_runlens.thresholds.objective import parse
from tensorboard_runlens.words import count

MAX_CLASS_LINES = 100
"""Classes that are listed; COCO has 80."""

VERDICTS = {
    "own": "a threshold of its own is worth it",
    "common": "keep the common one",
    "too_few": "keep the common one, it has too few objects",
    "no_objects": "it has no objects",
    "unknown": "",
}


UNTESTED = (
    "test: not validated; the images that chose the threshold flatter it: report the number on test"
)

GROUPS = {"box": "boxes", "mask": "masks", "pose": "keypoints", "pixel": "pixels"}


def threshold(answer: ThresholdAnswer) -> str:
    """The answer in full."""
    return "\n".join(printable(line) for line in _lines(answer))


def _lines(answer: ThresholdAnswer) -> Iterator[str]:
    yield from _first(answer)
    yield from _value(answer)
    if answer.usual is not None:
        yield f"at 0.25, which programs take unless told: {_passing(answer.usual)}"
    if answer.knee is not None:
        yield f"above {answer.knee.confidence:.3g} precision rises more slowly: {_passing(answer.knee)}"
    for one in answer.definitions:
        yield f"{one.text}: {one.confidence:.3g} (F1 {one.f1:.3f})"
    for line in answer.classes[:MAX_CLASS_LINES]:
        yield _class(line, answer.objective)
    if len(answer.classes) > MAX_CLASS_LINES:
        yield f"and {len(answer.classes) - MAX_CLASS_LINES:,} more classes (--json has them all)"
    yield from _how_sure(answer)
    if answer.deploy is not None:
        yield from (f"use it: {command}" for command in answer.deploy.commands)
        yield f"in plain words: {answer.deploy.customer}"


def _first(answer: ThresholdAnswer) -> Iterator[str]:
    point = answer.operating_point
    of = f" of {GROUPS.get(answer.group or '', answer.group)}" if len(answer.groups) > 1 else ""
    if point.confidence is None:
        yield f"unknown: {answer.reason}"
        return
    about = "" if point.status == "exact" else f" ({point.status})"
    yield f"{point.confidence:.3g}{about}: the confidence{of} with {answer.objective_text}"
    if point.interval is not None:
        yield f"    on other images of the kind the best one lies from {_span(point.interval)}"
    if point.plateau is not None:
        yield f"    from {_span(point.plateau)} none is measurably worse here"
    if answer.reason:
        yield f"    {answer.reason}"


def _value(answer: ThresholdAnswer) -> Iterator[str]:
    point = answer.operating_point
    if answer.at is not None:
        yield f"it gives {_passing(answer.at)}"
    elif point.f1 is not None:
        yield f"it gives {_means(point.f1, point.precision, point.recall)}"
    if answer.value_interval is not None:
        (word, sign) = _objective(answer.objective)
        ends = sorted(sign * end for end in answer.value_interval)
        yield (
            f"    on other images {word} is about {_number(answer.expected, sign)}"
            f" ({ends[0]:.3f} to {ends[1]:.3f}); here, where it was chosen, {_number(answer.value, sign)}"
        )


def _objective(name: str) -> tuple[str, int]:
    """What the objective measures in words, and -1 for a cost, of which the least is best."""
    if name.startswith("cost"):
        return ("the cost per object", -1)
    if name.startswith("f"):
        return (name.upper(), 1)
    return (f"{name.partition('@')[0]} of all classes together", 1)


def _class(line: ThresholdClass, objective: str) -> str:
    name = line.name if line.name.startswith("class ") else f"class {line.name}"
    if line.confidence is None:
        return f"{name}: {VERDICTS[line.verdict] or line.reason}"
    interval = f" ({_span(line.interval)})" if line.interval else ""
    (word, sign) = _objective(objective)
    common = _at_common(line.common, objective)
    beside = f", {_number(common, sign)} at the common one" if common is not None else ""
    n = "" if line.instances is None else f", n = {line.instances}"
    own = f" {line.advised:.3g}:" if line.verdict == "own" and line.advised is not None else ""
    said = "; ".join(part for part in (VERDICTS[line.verdict], line.reason) if part)
    return (
        f"{name}: estimated best at {line.confidence:.3g}{interval}, {word} {_number(line.value, sign)}"
        f"{beside}{n};{own} {said}"
    )


def _at_common(common: Optional[Passing], objective: str) -> Optional[float]:
    """The objective of a class that has objects, None where they were not counted."""
    if common is None or common.found is None or not common.instances:
        return None
    return float(parse(objective).of_counts(common.right, common.found, common.instances))


def _how_sure(answer: ThresholdAnswer) -> Iterator[str]:
    if answer.calibration is not None:
        yield f"calibration: {answer.calibration.text}"
    if answer.tested is not None:
        yield f"test: {answer.tested.text}"
    elif answer.operating_point.source == "detections" and answer.operating_point.confidence:
        yield UNTESTED
    for picture in answer.pictures:
        said = f": {picture.reason}" if picture.reason else ""
        yield f"picture {picture.file}: {picture.status}{said}"
    if answer.validated:
        yield f"measured: {answer.validated}"
    if answer.sure and answer.operating_point.interval is None:
        yield f"how sure: {answer.sure}"


def _passing(at: Passing) -> str:
    if at.found == 0 and at.instances is not None:
        return f"nothing passes, {at.instances} of {count(at.instances, 'object')} missed"
    means = _means(at.f1, at.precision, at.recall)
    if at.found is None or at.right is None or at.instances is None:
        return means
    wrong = f"{at.found - at.right} wrong of {at.found}"
    missed = f"{at.instances - at.right} of {count(at.instances, 'object')} missed"
    return f"{means}; {wrong}, {missed}"


def _means(f1: Optional[float], precision: Optional[float], recall: Optional[float]) -> str:
    """What is known of the three."""
    named = (("F1", f1), ("precision", precision), ("recall", recall))
    return ", ".join(f"{name} {_number(value)}" for (name, value) in named if value is not None)


def _span(interval: tuple[float, float]) -> str:
    return f"{interval[0]:.3f} to {interval[1]:.3f}"


def _number(value: Optional[float], sign: int = 1) -> str:
    return "-" if value is None else f"{sign * value:.3f}"
