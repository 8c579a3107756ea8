"""The matrices whose pictures lie in files/: name -> what was drawn, and how."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import numpy as np

FILES = Path(__file__).with_name("files")


@dataclass(frozen=True, eq=False)
class Truth:
    """``matrix`` are counts, row = predicted, column = true; of a classifier without ``background``. ``least`` is
    where the colours begin (None: the smallest value), ``turn`` the share above which numbers are white."""

    matrix: Any
    layout: str
    fractions: bool = False
    background: bool = True
    least: Optional[float] = 0.0
    turn: float = 0.45

    @property
    def shown(self) -> Any:
        if not self.fractions:
            return self.matrix.astype(float)
        return self.matrix / np.maximum(self.matrix.sum(axis=0), 1e-9)

    @property
    def classes(self) -> int:
        return len(self.matrix) - self.background


def _many() -> Any:
    rng = np.random.default_rng(5)
    counts = rng.integers(0, 4, (36, 36)) * (rng.random((36, 36)) < 0.1)
    counts[np.arange(36), np.arange(36)] = rng.integers(15, 60, 36)
    counts[-1, -1] = 0
    return counts


FOUR = np.array([[208, 3, 0, 14], [1, 1176, 11, 96], [0, 25, 483, 7], [16, 90, 49, 0]])
SPARSE = np.zeros((8, 8), int)
SPARSE[4, 5] = 12
SPARSE[5, 5] = 9

TRUTH = {
    "one_class": Truth(np.array([[913, 222], [24, 0]]), "tight"),
    "counts": Truth(FOUR, "fixed"),
    "counts_white_on_pale": Truth(FOUR, "fixed", turn=0.001),
    "sparse": Truth(SPARSE, "tight"),
    "fractions": Truth(FOUR, "tight", fractions=True),
    "fractions_from_least": Truth(FOUR, "tight", fractions=True, least=None),
    "classifier": Truth(FOUR[:3, :3], "fixed", background=False),
    "many": Truth(_many(), "fixed"),
    "empty": Truth(np.zeros((3, 3), int), "fixed"),
}
"""name -> truth; "many" has too many classes for numbers, "empty" no colours."""

NUMBERED = [name for name in TRUTH if name not in ("many", "empty")]
