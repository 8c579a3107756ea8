"""An epoch of a training loop as its line in epochs.jsonl."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from tensorboard_runlens.formats.home_made import is_known
from tensorboard_runlens.formats.metric_words import (
    CLASSIFICATION_WORDS,
    DETECTION_WORDS,
    MAX_FRACTION,
    PIXEL_WORDS,
    meaning,
)
from tensorboard_runlens.recording.guard import Guard
from tensorboard_runlens.recording.layout import GROUPS
from tensorboard_runlens.recording.loop.validation import Measured
from tensorboard_runlens.recording.loop.values import number
from tensorboard_runlens.recording.plain import plain
from tensorboard_runlens.run import main_metric

WORDS = {"classify": CLASSIFICATION_WORDS, "pixel": PIXEL_WORDS}
"""What people call metrics of a group; those of boxes, masks and keypoints have the same words."""

FIRST_GROUP = "pg0"
"""The optimizer's first parameter group, as Ultralytics calls it."""

OWN = {"seconds", "fitness", "train", "val", "metrics", "lr"}
"""Arguments of ``Recorder.log_epoch`` that have a meaning; others are the user's own."""

Fractions = dict[str, dict[str, Optional[float]]]


def epoch_line(
    epoch: int, given: Mapping[str, Any], measured: Measured, guard: Guard
) -> dict[str, Any]:
    """``given`` are the arguments of ``Recorder.log_epoch``: they stand before what was measured here.

    An argument that makes no sense costs itself only, and only in this epoch.
    """
    own = guard.attempt("metrics", _metrics, given["metrics"] or {}) or {}
    metrics = _together(measured.metrics(), own)
    guard.say(percent(metrics))
    others = {name: value for (name, value) in given.items() if name not in OWN}
    values = {name: value for (name, value) in others.items() if _is_number(value)}
    guard.say(unread(values))
    named = {
        "train": guard.attempt("training losses", _named, given["train"], "loss"),
        "val": guard.attempt("validation losses", _named, given["val"], "loss"),
        "metrics": metrics,
        "lr": guard.attempt("learning rates", _named, given["lr"], FIRST_GROUP),
        "values": values,
    }
    fitness = guard.attempt("fitness", number, given["fitness"])
    return {
        "epoch": epoch,
        **measured.fields(),
        **{name: value for (name, value) in others.items() if name not in values},
        "seconds": guard.attempt("seconds", number, given["seconds"]),
        "fitness": _main(metrics) if fitness is None else fitness,
        **{name: numbers for (name, numbers) in named.items() if numbers},
    }


def _is_number(value: Any) -> bool:
    found = plain(value)
    return isinstance(found, (int, float)) and not isinstance(found, bool)


def unread(values: Mapping[str, Any]) -> Optional[str]:
    """What to do about numbers whose names are not understood, as those of a home-made table are."""
    strange = [name for name in values if not is_known(name)]
    if not strange:
        return None
    return (
        f"{', '.join(strange)}: written down, but not shown; losses go into train={{'loss': 0.3}} and"
        " val=..., metrics by group into metrics={'pixel': {'iou': 0.5}}"
    )


def percent(metrics: Fractions) -> Optional[str]:
    """What to do about metrics that cannot be fractions."""
    beyond = [
        f"{name} {value:g}"
        for named in metrics.values()
        for (name, value) in named.items()
        if value is not None and value > MAX_FRACTION
    ]
    if not beyond:
        return None
    return f"metrics are fractions from 0 to 1, and {beyond[0]} will not be shown; divide percentages by 100"


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
