"""Arrays from a file, each taken with what it must be: its shape, and the range of its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.formats.metric_words import MAX_FRACTION
from tensorboard_runlens.run import Floats

Array = npt.NDArray[Any]


class Damaged(Exception):
    """An array that is not what it must be; the message says which and what."""


class CheckedArrays:
    """Named arrays. In a shape None stands for any length. Every method raises Damaged."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = arrays

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def fractions(self, name: str, *shape: Optional[int]) -> Floats:
        """Floats from 0 to 1, as float64."""
        array = self._shaped(name, shape)
        if array.dtype.kind != "f" or not np.all((array >= 0) & (array <= MAX_FRACTION)):
            raise Damaged(f"{name} holds what is no fraction")
        return np.minimum(array, 1.0, dtype=np.float64)

    def ascending(self, name: str, *shape: Optional[int]) -> Floats:
        """Fractions, each above the one before, at least one of them."""
        values = self.fractions(name, *shape)
        if not values.size or np.any(np.diff(values) <= 0):
            raise Damaged(f"{name} does not ascend")
        return values

    def stepped(self, name: str, steps: int, *shape: Optional[int]) -> Floats:
        """Fractions that are stored as whole numbers of steps."""
        return self.integers(name, steps + 1, *shape) / steps

    def integers(self, name: str, below: int, *shape: Optional[int]) -> Array:
        """Whole numbers from 0 to ``below`` - 1, in the type they are stored in."""
        array = self._shaped(name, shape)
        whole = array.dtype.kind in "iu"
        if not whole or (array.size and (int(array.min()) < 0 or int(array.max()) >= below)):
            raise Damaged(f"{name} holds what is no number from 0 to {below - 1:,}")
        return array

    def number(self, name: str, below: int) -> int:
        """A single whole number."""
        return int(self.integers(name, below))

    def _shaped(self, name: str, shape: tuple[Optional[int], ...]) -> Array:
        array = self._arrays.get(name)
        if array is None:
            raise Damaged(f"{name} is missing")
        fits = [wanted in (None, found) for (wanted, found) in zip(shape, array.shape)]
        if len(shape) != array.ndim or not all(fits):
            raise Damaged(
                f"{name} has the shape {array.shape}, which the other arrays do not allow"
            )
        return array
