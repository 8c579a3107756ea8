"""What a user can ask of ``track`` beyond recording what costs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Options:
    """``gradients``: norms before clipping and update-to-weight ratios at every step.
    ``confusion``: confusion matrices at every epoch, not only of best.pt at the end.
    ``stop``: "past_best" ends a training that is past its best, not before ``min_epochs`` are done; None leaves that
    to the framework. NaN is a number that could not be read.
    ``hours``: what the training may take, None where nobody said."""

    gradients: bool = False
    confusion: bool = False
    stop: Optional[str] = None
    min_epochs: float = 0
    hours: Optional[float] = None
