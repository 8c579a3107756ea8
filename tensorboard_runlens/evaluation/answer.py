"""What ``runlens evaluate`` says when it is done, as JSON and as lines of the terminal."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from tensorboard_runlens.evaluation.images import TEST, VAL
from tensorboard_runlens.evaluation.result import Point, Result
from tensorboard_runlens.plain_values import number
from tensorboard_runlens.run import Run
from tensorboard_runlens.schema import SCHEMA_VERSION
from tensorboard_runlens.schema.evaluation import EvaluateAnswer, EvaluatedSplit


def answer(run: Run, results: Sequence[Result]) -> EvaluateAnswer:
    """The envelope."""
    return EvaluateAnswer(True, SCHEMA_VERSION, run.name, [_split(result) for result in results])


def _split(result: Result) -> EvaluatedSplit:
    point = result.point
    return EvaluatedSplit(
        split=result.split,  # type: ignore[arg-type]
        images=result.images,
        detections=result.detections,
        confidence=number(point.confidence),
        f1=number(point.f1),
        precision=number(point.precision),
        recall=number(point.recall),
    )


def lines(results: Sequence[Result], path: str) -> Iterator[str]:
    """What the terminal shows, a line a split; ``path`` is the run as the user wrote it."""
    for result in results:
        images = f"{result.images:,} {'image' if result.images == 1 else 'images'}"
        found = "" if result.detections is None else f", {result.detections:,} detections"
        yield f"{result.split}: {images}{found}{_said(result.split, result.point, path)}"


def _said(split: str, point: Point, path: str) -> str:
    if point.confidence is None or point.f1 is None:
        return ""
    if split == TEST:
        return f"; F1 at {point.confidence:.3f}, the best on {VAL}: {point.f1:.3f}"
    best = f"; F1 is best at {point.confidence:.3f}: {point.f1:.3f}"
    return f"{best} -> runlens threshold {shlex.quote(path)}"
