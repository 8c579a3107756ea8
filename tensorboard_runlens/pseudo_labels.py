"""Between which scores self-training leaves a pixel unlabelled, by iteration.

A script relaxes its thresholds from iteration to iteration, so that more pixels become
pseudo-labels: the positive one falls and the negative one rises by the decay. Scripts state the
first pair and the decay; the schedule follows from them. Source: guide 003 (.95/.05 to .91/.09).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

POSITIVE_WORDS = ("positive_threshold", "pos_threshold", "pos_thresh", "base_pos")
NEGATIVE_WORDS = ("negative_threshold", "neg_threshold", "neg_thresh", "base_neg")
DECAY_WORDS = ("threshold_decay", "decay")

USUAL_DECAY = 0.02
"""What guide 003's script takes where nothing else is stated."""

MAX_ITERATIONS = 100
"""A longer schedule would leave 0..1 at any decay that matters."""


@dataclass(frozen=True)
class Thresholds:
    """Scores from ``positive`` up become foreground, up to ``negative`` background; fractions 0..1."""

    iteration: int
    positive: float
    negative: float


def schedule(arguments: Mapping[str, Any], iterations: int) -> list[Thresholds]:
    """The thresholds of self-training iterations 1 to ``iterations``; empty where the first pair is not stated.

    The first self-training iteration takes the stated pair. Thresholds never cross: they stop at .5.
    """
    (positive, negative) = (
        _fraction(arguments, POSITIVE_WORDS),
        _fraction(arguments, NEGATIVE_WORDS),
    )
    if positive is None or not 0.5 <= positive <= 1:
        return []
    if negative is None:
        negative = 1 - positive
    decay = _fraction(arguments, DECAY_WORDS)
    step = USUAL_DECAY if decay is None else decay
    return [
        Thresholds(
            number + 1,
            round(max(positive - step * number, 0.5), 6),
            round(min(negative + step * number, 0.5), 6),
        )
        for number in range(min(iterations, MAX_ITERATIONS))
    ]


def states_decay(arguments: Mapping[str, Any]) -> bool:
    """Whether the arguments say how thresholds change: of a script that is not the guide's nothing else is known."""
    return _fraction(arguments, DECAY_WORDS) is not None


def _fraction(arguments: Mapping[str, Any], words: tuple[str, ...]) -> Optional[float]:
    for word in words:
        value = arguments.get(word)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
    return None
