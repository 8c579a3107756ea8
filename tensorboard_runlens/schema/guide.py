"""The JSON of what guide 001 asks of a training and says of its numbers."""

from __future__ import annotations

from typing import Literal, Optional

import msgspec


class Question(msgspec.Struct, frozen=True):
    """One of the six questions that guide 001 asks of every training: a sentence, and the rules it rests on."""

    id: Literal["learning", "overfitting", "threshold", "classes", "going_on", "others"]
    question: str
    answer: str
    level: Literal["ok", "info", "warning", "critical", "unknown"]
    rules: list[str]


class LossSize(msgspec.Struct, frozen=True):
    """What guide 001 says of the size of a validation loss at the best epoch; it is no verdict.

    ``value`` is as logged, with its ``gain`` in it. The guide's limits ``low`` (null: there is none) and ``high`` are
    scaled to that gain. ``said`` is good or high where there is no lower limit, else low, typical or high."""

    component: str
    value: float
    gain: float
    low: Optional[float]
    high: float
    said: Literal["good", "typical", "high", "low"]
    source: Literal["guide 001"]
