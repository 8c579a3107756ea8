"""What a user wants a run to reach: a value of a metric, of the model or of one of its classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Target:
    """A metric by its name in JSON that should be ``least`` at least, fractions 0..1; above ``most`` it is exceeded.

    One number is both. ``class_name`` is None where the whole model is meant.
    """

    metric: str
    least: float
    most: float
    class_name: Optional[str] = None
