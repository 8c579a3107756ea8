"""Which checkpoint of a run to deploy, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from tensorboard_runlens.signals import Signals

BEST = ("weights/best.pt", "best.pt")
LAST = ("weights/last.pt", "last.pt")


@dataclass(frozen=True)
class Weights:
    """A path relative to the run, None where no checkpoint lies in its folder, and a reason."""

    use: Optional[str]
    why: str


def weights_to_use(signals: Signals) -> Weights:
    """best.pt where there is one: frameworks write it at the epoch of highest fitness."""
    there = signals.run.files.by_role.get("weights", ())
    best = next((name for name in BEST if name in there), None)
    last = next((name for name in LAST if name in there), None)
    if signals.best_row is None or signals.fitness is None:
        return Weights(best or last, "nothing was validated, so no epoch is known to be best")
    which = f"epoch {signals.epoch(signals.best_row)} is best by fitness ({signals.best_by})"
    if best:
        return Weights(best, which)
    if last and signals.best_row == signals.rows - 1:
        return Weights(last, f"{which}, and it is the last one")
    return Weights(None, f"{which}, and its checkpoint is not in this folder")
