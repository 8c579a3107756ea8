"""Whether Ultralytics keeps an epoch as best.pt."""

from __future__ import annotations

from typing import Any


def is_best(trainer: Any) -> bool:
    """After a validation, as the framework decides: of equal epochs every one, so that the last stays."""
    fitness = getattr(trainer, "fitness", None)
    return fitness is not None and fitness == getattr(trainer, "best_fitness", None)
