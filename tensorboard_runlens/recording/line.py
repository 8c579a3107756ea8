"""An epoch of a training loop as its line in epochs.jsonl."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Optional

from tensorboard_runlens.formats.metric_words import (
    CLASSIFICATION_WORDS,
    DETECTION_WORDS,
    PIXEL_WORDS,
    meaning,
)
from tensorboard_runlens.recording.guard import Guard
from tensorboard_runlens.recording.layout import GROUPS
from tensorboard_runlens.recording.validation import Measured
from tensorboard_runlens.recording.values import number
from tensorboard_runlens.run import main_metric

WORDS = {"classify": CLASSIFICATION_WORDS, "pixel": PIXEL_WORDS}
"""What people call metrics of a group; those of boxes, masks and keypoints have the same words."""

FIRST_GROUP = "pg0"
"""The optimizer's first parameter group, as Ultralytics calls it."""

Fractions = dict[str, dict[str, Optional[float]]]


def epoch_line(
    epoch: int, given: Mapping[str, Any], measured: Measured, guard: Guard
) -> dict[str, Any]:
    """``given`` are the arguments of ``Recorder.log_epoch``: they stand before what was measured here.

    An argument that makes no sense costs itself only.
    """
    own = guard.run("metrics", partial(_metrics, given["metrics"] or {})) or {}
    metrics = _together(measured.metrics(), own)
    named = {
        "train": guard.run("training losses", partial(_named, given["train"], "loss")),
        "val": guard.run("validation losses", partial(_named, given["val"], "loss")),
        "metrics": metrics,
        "lr": guard.run("learning rates", partial(_named, given["lr"], FIRST_GROUP)),
    }
    fitness = guard.run("fitness", partial(number, given["fitness"]))
    return {
        "epoch": epoch,
        **measured.fields(),
        **{name: value for (name, value) in given.items() if name not in named},
        "seconds": guard.run("seconds", partial(number, given["seconds"])),
        "fitness": _main(metrics) if fitness is None else fitness,
        **{name: values for (name, values) in named.items() if values},
    }


def _together(computed: Mapping[str, Any], given: Mapping[str, Any]) -> Fractions:
    groups = dict.fromkeys([*computed, *given])
    return {group: {**computed.get(group, {}), **given.get(group, {})} for group in groups}


def _metrics(given: Mapping[str, Any]) -> Fractions:
    """Under RunLens' own names, a name that it does not know as it is."""
    strange = given.keys() - set(GROUPS)
    if strange:
        raise ValueError(
            f"metrics are by group ({', '.join(GROUPS)}), as in {{'box': {{'map50': 0.5}}}}; not {min(strange)!r}"
        )
    return {
        group: {
            meaning(name, WORDS.get(group, DETECTION_WORDS)) or name: number(value)
            for (name, value) in named.items()
        }
        for (group, named) in given.items()
    }


def _main(metrics: Fractions) -> Optional[float]:
    """The metric that the task is judged by."""
    found = main_metric(metrics)
    return None if found is None else metrics[found[0]][found[1]]


def _named(given: Any, only: str) -> dict[str, Optional[float]]:
    """Numbers by name; a bare number has the name ``only``."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        return {only: number(given)}
    return {str(name): number(value) for (name, value) in given.items()}
