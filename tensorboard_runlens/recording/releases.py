"""What Ultralytics releases before the newest do not give, and the little that has to be done for them.

First releases were found by comparing the published wheels; tests/training/test_old_releases.py trains
with some of them.
"""

from __future__ import annotations

import re
import sys
from typing import Any, Optional

from tensorboard_runlens.releases.evidence import Release, release

OLDEST = "8.0.162"
"""The first that numbers epochs from 1. What older ones write is not recorded: every epoch would be off by one."""

SHORTCOMINGS = (
    ("8.0.197", "curves over confidence and the optimum"),
    ("8.0.200", "confusion matrices of epochs"),
    ("8.0.235", "detections"),
    ("8.2.26", "in how many validation images a class is"),
    (
        "8.3.79",
        "metrics of an epoch without a hit, since those of the one before stand there again",
    ),
)
"""(first release that gives it, what), for tasks that find objects."""

CLOSES_LATE = "8.4.190"
"""The first known to train all epochs without mosaic where it is to be closed for more of them than there are; 8.4.36
then never closes it."""

VALIDATION = "on_val_"
"""How the names of a validator's events begin."""


def running() -> Optional[Release]:
    """The release of Ultralytics in this process, None where it does not tell."""
    return numbers(getattr(sys.modules.get("ultralytics"), "__version__", None))


def numbers(text: object) -> Optional[Release]:
    """Those that a release's name begins with: "8.3.9.dev1" -> (8, 3, 9)."""
    found = re.match(r"\d+\.\d+\.\d+", str(text))
    return release(found[0]) if found else None


def too_old(version: Optional[Release]) -> bool:
    """Whether this release is not recorded."""
    return version is not None and version < release(OLDEST)


def closes_late(version: Optional[Release]) -> bool:
    """Whether mosaic is closed also where its epoch would lie before the first one."""
    return version is not None and version >= release(CLOSES_LATE)


def shortcomings(version: Optional[Release], task: str) -> list[str]:
    """What cannot be recorded of this release's trainings, in words."""
    if version is None or task == "classify":
        return []
    return [
        f"{what} (needs Ultralytics {first})"
        for (first, what) in SHORTCOMINGS
        if version < release(first)
    ]


def hand_to_validator(trainer: Any, kind: type) -> None:
    """Gives the validator the trainer's callbacks of this kind: before 8.0.236 it has none of them."""
    (theirs, here) = (getattr(one, "callbacks", None) for one in (trainer, trainer.validator))
    if theirs is None or here is None or here is theirs:
        return
    for event in [event for event in theirs if event.startswith(VALIDATION)]:
        registered = here.setdefault(event, [])
        mine = [one for one in theirs[event] if isinstance(one, kind)]
        registered += [one for one in mine if one not in registered]


class Repeated:
    """Tells validations that found nothing: up to 8.3.78 they leave the numbers of the one before."""

    def __init__(self) -> None:
        self._precision: Any = None

    def __call__(self, validator: Any) -> bool:
        """Whether these are the same numbers as at the last call; where they are new, so is their array."""
        before = self._precision
        self._precision = getattr(getattr(validator.metrics, "box", None), "p", None)
        return self._precision is not None and self._precision is before
