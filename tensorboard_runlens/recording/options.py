"""What a user can ask ``track`` to record beyond what costs nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """``gradients``: norms before clipping and update-to-weight ratios at every step.
    ``confusion``: confusion matrices at every epoch, not only of best.pt at the end."""

    gradients: bool = False
    confusion: bool = False
