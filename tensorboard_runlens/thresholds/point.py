"""The confidence to deploy with, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

Range = tuple[float, float]


@dataclass(frozen=True)
class OperatingPoint:
    """Confidence, F1, precision and recall as fractions, None where unknown; ``source`` and ``status`` as in schema/.

    ``interval`` holds the best confidence on other images of the same kind in 95 of 100 cases, and within
    ``plateau`` none is measurably worse; both None where only the point is known. ``epoch`` is the one that was
    validated, None where it was best.pt after training. ``reason`` says why something is unknown.
    """

    confidence: Optional[float] = None
    f1: Optional[float] = None
    precision: Optional[float] = None
    recall: Optional[float] = None
    interval: Optional[Range] = None
    plateau: Optional[Range] = None
    source: str = "none"
    status: str = "unknown"
    epoch: Optional[int] = None
    reason: str = ""
