"""``runlens evaluate``: validates best.pt on val, then on test, and keeps what it finds in RUN/runlens/.

The confidence to deploy with is chosen on val; of test is told what that confidence gives there.
"""

from __future__ import annotations

import sys
import tempfile
from typing import Optional

from tensorboard_runlens.evaluation.images import TEST, VAL, Images
from tensorboard_runlens.evaluation.kept import fingerprint, forget_others, keep
from tensorboard_runlens.evaluation.request import BEST, Request, request
from tensorboard_runlens.evaluation.result import Result, result_of, tuned_confidence
from tensorboard_runlens.plain_values import without_absolute_paths
from tensorboard_runlens.recording.evaluating.checkpoint import (
    CannotEvaluate,
    Checkpoint,
    kept_arguments,
)
from tensorboard_runlens.recording.evaluating.listener import Validation
from tensorboard_runlens.recording.layout import GROUPS
from tensorboard_runlens.report.text import printable
from tensorboard_runlens.run import Run

WITHOUT_CLASSES = ("semantic", "depth")
"""Tasks of Ultralytics whose validations have no classes that a recording could tell apart."""


def evaluate(
    path: str, data: Optional[str] = None, split: Optional[str] = None, device: Optional[str] = None
) -> tuple[Run, list[Result]]:
    """Validates and writes; returns the run and a result a split. Raises CannotEvaluate."""
    asked = request(path, data)
    splits = _splits(asked.images, split)
    with tempfile.TemporaryDirectory(prefix="runlens-") as folder:
        return (asked.run, _evaluated(asked, splits, device, folder))


def _evaluated(
    asked: Request, splits: list[str], device: Optional[str], folder: str
) -> list[Result]:
    checkpoint = Checkpoint(asked.weights)
    _check_kind(asked.images, checkpoint.task)
    place = without_absolute_paths(asked.images.path)
    _tell(f"validating {BEST} on {place}, which {asked.named_by} names")
    weights = fingerprint(asked.weights)
    forget_others(asked.run.path, weights["sha256"])
    described = asked.images.describe(folder)
    arguments = {**kept_arguments(asked.run.arguments), "device": device}
    results = []
    for split in splits:
        found = checkpoint.validate(described, split, arguments, folder)
        _check_measured(found, split)
        keep(asked, split, weights, checkpoint, found)
        results.append(result_of(split, found, tuned_confidence(asked.run)))
    return results


def _splits(images: Images, split: Optional[str]) -> list[str]:
    """The splits to validate: the one that was asked for, else val and, where there is one, test."""
    first = split or VAL
    if not images.names(first):
        raise CannotEvaluate(f"{images.name} names no {first} images")
    if split is not None or not images.are_there(TEST):
        return [first]
    if images.test_is_val:
        _tell(f"{TEST} names the same images as {VAL} and is left out")
        return [VAL]
    return [VAL, TEST]


def _check_kind(images: Images, task: str) -> None:
    """Raises CannotEvaluate where the data set is none of the model's task."""
    if task in WITHOUT_CLASSES:
        raise CannotEvaluate(f"nothing is recorded of the task {task}")
    if images.of_classes != (task == "classify"):
        kind = "a folder with train and val" if task == "classify" else "a YAML file"
        raise CannotEvaluate(f"{images.name}: the data set of the task {task} is {kind}")


def _check_measured(found: Validation, split: str) -> None:
    """Raises CannotEvaluate where there is nothing to keep."""
    if not found.arrays or not any(group in found.fields for group in GROUPS):
        raise CannotEvaluate(
            f"nothing was measured on the {found.images:,} images of {split}: "
            "they have no labelled objects, or (before Ultralytics 8.3.79) none was found"
        )


def _tell(said: str) -> None:
    """One line beside the answer."""
    print(f"runlens: {printable(said)}", file=sys.stderr, flush=True)
