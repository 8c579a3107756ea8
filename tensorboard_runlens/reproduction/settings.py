"""A run's arguments beside what its program takes unless told otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional

from tensorboard_runlens import partinet
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.releases.evidence import release
from tensorboard_runlens.reproduction.known_defaults import ULTRALYTICS, YOLOV5, YOLOV7, Form, Table
from tensorboard_runlens.reproduction.risks import Risk, risks
from tensorboard_runlens.run import Run, Version

TABLES: dict[str, Table] = {"ultralytics": ULTRALYTICS, "yolov5": YOLOV5, "yolov7": YOLOV7}
"""Framework -> what is known of its defaults."""


@dataclass(frozen=True)
class Setting:
    """An argument as the run's files state it. ``defaults`` are the values that the releases which can have written
    the run take for it, empty where that is not known; ``changed`` says whether it is none of them, None where it is
    one of several."""

    key: str
    value: Any
    file: str
    defaults: tuple[Any, ...]
    changed: Optional[bool]
    risk: Optional[Risk] = None


def settings_of(analysis: Analysis) -> tuple[Setting, ...]:
    """Every argument, in the order of its files."""
    run = analysis.run
    risky = risks(analysis)
    return tuple(
        _setting(run, key, value, risky.get(key)) for (key, value) in run.arguments.items()
    )


def _setting(run: Run, key: str, value: Any, risk: Optional[Risk]) -> Setting:
    defaults = defaults_of(run, key)
    return Setting(
        key, value, run.argument_file.get(key, ""), defaults, _changed(value, defaults), risk
    )


def defaults_of(run: Run, argument: str) -> tuple[Any, ...]:
    """What the run's program takes for an argument that is not given: several values where its release is open, none
    where they are not known, as those of forks and of home-made programs."""
    if not _has_usual_defaults(run):
        return ()
    forms = TABLES.get(run.framework, {}).get(argument, ())
    values: list[Any] = []
    for first, last, value in forms:
        if _may_have(run.version, (first, last, value)) and not _among(value, values):
            values.append(value)
    return tuple(values)


def _has_usual_defaults(run: Run) -> bool:
    """Forks of YOLOv5 and YOLOv7 write the same files and start from other values, as do YOLOv5's classifiers."""
    if run.framework == "ultralytics":
        return True
    return (
        run.version is not None
        and run.task != "classify"
        and not partinet.is_partinet(run.arguments)
    )


def _may_have(version: Optional[Version], form: Form) -> bool:
    (first, last, _) = form
    (low, high) = (version.min, version.max) if version else (None, None)
    too_old = first is not None and high is not None and release(high) < release(first)
    too_new = last is not None and low is not None and release(low) > release(last)
    return not too_old and not too_new


def _changed(value: Any, defaults: Sequence[Any]) -> Optional[bool]:
    if not defaults:
        return None
    if not _among(value, defaults):
        return True
    return False if len(defaults) == 1 else None


def _among(value: Any, values: Sequence[Any]) -> bool:
    return any(_plain(value) == _plain(one) for one in values)


def _plain(value: Any) -> Any:
    """Nothing, an empty text and the word None are the same."""
    return None if value in ("", "None") else value
