"""What must be the same for a training to be repeated, and what is known of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.commands import image_size
from tensorboard_runlens.details import Details
from tensorboard_runlens.plain_values import as_text
from tensorboard_runlens.reproduction.environment import environment_of
from tensorboard_runlens.reproduction.lineage import DEFINITION, lineage_of
from tensorboard_runlens.run import Run
from tensorboard_runlens.words import release_words

Status = Literal["known", "at_risk", "unknown"]

KNOWN: Status = "known"
AT_RISK: Status = "at_risk"
UNKNOWN: Status = "unknown"

BATCHES = ("batch", "batch_size")
"""What programs call the number of images of a step."""

SPLITS = {"train": "training images", "val": "validation images"}

PUBLISHED = re.compile(
    r"(?:yolo|yolov\d+|rtdetr|sam)[\w.-]*\.pt|(?:resnet|efficientnet|mobilenet)[\w.-]*"
)
"""Names under which weights are published: everybody gets the same file."""


@dataclass(frozen=True)
class Check:
    """``status`` is known, at_risk (stated, and yet it may differ next time) or unknown; ``why`` says so, empty where
    nothing needs saying."""

    item: str
    value: Optional[str]
    status: Status
    why: str = ""


def checks_of(analysis: Analysis, details: Details) -> tuple[Check, ...]:
    """The items in the order in which they decide the outcome."""
    run = analysis.run
    return (
        *_data(analysis),
        _weights(analysis),
        _release(run),
        _images(run),
        _batch(run),
        _epochs(run),
        _optimizer(run),
        _seed(run),
        _deterministic(run),
        *_machine(run, details),
    )


def _data(analysis: Analysis) -> Iterator[Check]:
    """The same images, not the same file name."""
    told = {split: _fingerprint(analysis, split) for split in SPLITS}
    for split, fingerprint in told.items():
        if fingerprint:
            yield Check(SPLITS[split], f"fingerprint {fingerprint}", KNOWN)
    if not any(told.values()):
        yield _named_data(analysis.run)


def _fingerprint(analysis: Analysis, split: str) -> Optional[str]:
    """As the user's data set has it, else as it was recorded."""
    dataset = analysis.surroundings.dataset
    counted = dataset.splits.get(split) if dataset is not None else None
    if counted is not None:
        return counted.fingerprint
    images = analysis.run.recorded.images if analysis.run.recorded else None
    known: Optional[str] = getattr(images, f"{split}_fingerprint") if images else None
    return known


def _named_data(run: Run) -> Check:
    named = run.arguments.get("data")
    if isinstance(named, str) and named:
        why = "a name does not tell whether the images are still the same; a recording does"
        return Check("images", as_text(named), AT_RISK, why)
    return Check("images", None, UNKNOWN, "no file names the data")


def _weights(analysis: Analysis) -> Check:
    item = "starting weights"
    first = next(iter(lineage_of(analysis)), None)
    if first is None:
        return Check(item, None, UNKNOWN, "no argument names them")
    if first.run is not None:
        return Check(item, first.weights or first.run, KNOWN, f"made by {first.run}")
    name = (first.weights or "").split("/")[-1]
    if DEFINITION.search(name):
        return Check(item, name, KNOWN, "the model's definition: weights are random, from the seed")
    if PUBLISHED.fullmatch(name):
        return Check(item, name, KNOWN, "published under this name")
    return Check(item, first.weights, AT_RISK, "the run that made them is not in this logdir")


def _release(run: Run) -> Check:
    item = "release of the program"
    words = release_words(run.version.min, run.version.max) if run.version else None
    if words is None or run.version is None:
        return Check(item, None, UNKNOWN, "a checkpoint or the console's output tells it")
    if run.version.min == run.version.max and run.framework == "ultralytics":
        return Check(item, words, KNOWN)
    return Check(
        item, words, AT_RISK, "releases measure and train differently; a checkpoint names it"
    )


def _images(run: Run) -> Check:
    size = image_size(run.arguments)
    return _stated("image size", None if size is None else f"{size} px")


def _batch(run: Run) -> Check:
    value = next((run.arguments[name] for name in BATCHES if name in run.arguments), None)
    by_itself = isinstance(value, (int, float)) and not isinstance(value, bool) and value < 1
    if by_itself:
        return Check(
            "batch", as_text(value), AT_RISK, "it was chosen by the free memory of the GPU"
        )
    return _stated("batch", _words(value))


def _epochs(run: Run) -> Check:
    limit = run.arguments.get("time")
    if limit:
        why = "hours end the training, so a slower machine trains fewer epochs"
        return Check("epochs", f"{as_text(limit)} hours", AT_RISK, why)
    return _stated("epochs", _words(run.arguments.get("epochs")))


def _optimizer(run: Run) -> Check:
    """Ultralytics' auto depends on the number of steps, and what it takes has changed."""
    named = run.arguments.get("optimizer")
    used = run.recorded.optimizer if run.recorded else None
    if used:
        rates = run.recorded.learning_rates if run.recorded else ()
        rate = f", lr {rates[0]:.3g}" if rates else ""
        return Check("optimizer", as_text(used) + rate, KNOWN, "as recorded while it trained")
    if run.framework == "ultralytics" and named == "auto":
        why = "releases choose differently, by the number of steps; name it to repeat the training"
        return Check("optimizer", "auto", AT_RISK, why)
    if "adam" in run.arguments and named is None:
        return _stated("optimizer", "Adam" if run.arguments["adam"] is True else "SGD")
    return _stated("optimizer", _words(named))


def _seed(run: Run) -> Check:
    return _stated("seed", _words(run.arguments.get("seed")))


def _deterministic(run: Run) -> Check:
    (stated, cache) = (run.arguments.get("deterministic"), run.arguments.get("cache"))
    if stated is False:
        return Check("deterministic", "off", AT_RISK, "the same seed gives other numbers each time")
    if stated is True and run.framework == "ultralytics" and cache in (True, "ram"):
        return Check("deterministic", "on", AT_RISK, "cache in memory may make it not repeatable")
    return _stated("deterministic", "on" if stated is True else None)


def _machine(run: Run, details: Details) -> Iterator[Check]:
    """Other releases of PyTorch and other devices round differently, even with the same seed."""
    for fact in environment_of(run, details):
        if fact.name in ("PyTorch", "trained on"):
            status = KNOWN if fact.value else UNKNOWN
            yield Check(
                fact.name, fact.value, status, "" if fact.value else f"told by {fact.source}"
            )


def _stated(item: str, value: Optional[str]) -> Check:
    return Check(item, value, KNOWN) if value else Check(item, None, UNKNOWN, "no file states it")


def _words(value: Any) -> Optional[str]:
    return None if value is None or value == "" else as_text(value)
