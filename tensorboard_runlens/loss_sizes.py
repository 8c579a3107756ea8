"""A word for the size of each loss, as guide 001 has it: the guide's number, not a verdict of RunLens.

Ultralytics multiplies a loss by its gain before it writes it, and the guide's limits hold for the default gains: they
are scaled by the gain of the run. What a loss amounts to depends on data and model all the same, so no finding depends
on it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from tensorboard_runlens.run import Run

GUIDE = "guide 001"

TASKS = ("detect", "segment", "pose")
"""Those whose boxes have the losses that the guide speaks of; rotated boxes have others."""

TWO_HEADS = re.compile(r"yolov10|yolo26")
"""Models whose losses are those of two heads added up, or of the head without suppression: other numbers."""

DFL_LEAST = 0.25
"""Half of what a distribution focal loss before its gain comes to at best (0.5, the entropy of edges that lie anywhere
between two bins): a loss called dfl that is usually smaller is another, YOLO26's L1."""

GAIN_MAX = 1e4
"""No search over gains comes near; a limit must be a number that can be told."""


@dataclass(frozen=True)
class Guidance:
    """What guide 001 says of a loss: typical from ``low`` to ``high``; without ``low``, good below ``high``.

    ``gain`` names the argument that it is multiplied by, ``default`` the gain for which the limits hold.
    """

    gain: str
    default: float
    low: Optional[float]
    high: float


GUIDANCE = {
    "box": Guidance("box", 7.5, None, 1.0),
    "seg": Guidance("box", 7.5, 1.5, 2.5),
    "cls": Guidance("cls", 0.5, None, 1.0),
    "dfl": Guidance("dfl", 1.5, 1.0, 1.5),
}
"""By component. Ultralytics has no gain of its own for masks: theirs is that of the boxes."""


@dataclass(frozen=True)
class LossSize:
    """A validation loss as logged, the gain in it, and the guide's limits for that gain.

    ``said`` is good or high where the guide has an upper limit only, else low, typical or high.
    """

    component: str
    value: float
    gain: float
    low: Optional[float]
    high: float
    said: str
    source: str = GUIDE


def loss_sizes(run: Run, best_row: Optional[int]) -> list[LossSize]:
    """The sizes of the validation losses in the row of the best epoch.

    Empty where nothing was validated and for losses that the guide does not speak of; a loss that is unused, not
    finite, or whose gain no file states, has none.
    """
    if best_row is None or not _meant(run):
        return []
    return list(_sizes(run, best_row))


def _meant(run: Run) -> bool:
    """Whether the losses are those of the models of the guide."""
    (gain, dfl) = (_gain(run, "dfl"), run.history.val.get("dfl"))
    if run.framework != "ultralytics" or run.task not in TASKS or gain is None or dfl is None:
        return False
    if TWO_HEADS.search(str(run.arguments.get("model")).lower()):
        return False
    known = dfl[np.isfinite(dfl)]
    return bool(len(known) and np.median(known) >= DFL_LEAST * gain)


def _sizes(run: Run, row: int) -> Iterator[LossSize]:
    for component, guidance in GUIDANCE.items():
        (losses, gain) = (run.history.val.get(component), _gain(run, guidance.gain))
        if losses is None or gain is None:
            continue
        value = float(losses[row])
        if math.isfinite(value) and value > 0:
            yield _size(component, value, gain, guidance)


def _size(component: str, value: float, gain: float, guidance: Guidance) -> LossSize:
    scale = gain / guidance.default
    (low, high) = (None if guidance.low is None else guidance.low * scale, guidance.high * scale)
    return LossSize(component, value, gain, low, high, _word(value, low, high))


def _word(value: float, low: Optional[float], high: float) -> str:
    """ "Below 1.0" leaves out 1.0 itself; "1.5 to 2.5" holds both."""
    if low is None:
        return "good" if value < high else "high"
    if low <= value <= high:
        return "typical"
    return "low" if value < low else "high"


def _gain(run: Run, name: str) -> Optional[float]:
    """A gain that can be one; None where it is not stated."""
    stated: Any = run.arguments.get(name)
    if isinstance(stated, bool) or not isinstance(stated, (int, float)):
        return None
    return float(stated) if 0 < stated <= GAIN_MAX else None
