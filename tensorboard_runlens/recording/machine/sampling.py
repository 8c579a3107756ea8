"""Reads something every few seconds beside the training, and keeps sums only."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Callable

LAST_WAIT = 1.0
"""Seconds that the end of a training waits for a reading under way; one takes milliseconds."""


@dataclass
class Readings:
    """Readings of one quantity."""

    count: int = 0
    total: float = 0.0
    most: float = float("-inf")

    def add(self, value: float) -> None:
        self.count += 1
        self.total += value
        self.most = max(self.most, value)

    @property
    def mean(self) -> float:
        return self.total / self.count


class Sampler:
    """Calls ``read`` every ``seconds`` while ``run`` does, in a thread of the caller's making."""

    def __init__(self, read: Callable[[], Mapping[str, float]], seconds: float) -> None:
        self._read = read
        self._seconds = seconds
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._readings: dict[str, Readings] = {}

    def run(self) -> None:
        """Samples until ``stop``; raises what ``read`` raises."""
        while not self._stopped.wait(self._seconds):
            values = self._read()
            with self._lock:
                for name, value in values.items():
                    self._readings.setdefault(name, Readings()).add(value)

    def take(self) -> dict[str, Readings]:
        """What was read since the last call, by quantity; one without a reading is left out."""
        with self._lock:
            (taken, self._readings) = (self._readings, {})
        return taken

    def stop(self) -> None:
        """Has ``run`` return."""
        self._stopped.set()
