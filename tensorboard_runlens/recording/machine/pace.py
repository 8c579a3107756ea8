"""How an epoch went: waiting for data and computing, and how often the framework had to begin it again."""

from __future__ import annotations

from time import perf_counter
from typing import Any, Optional

from tensorboard_runlens.recording.environment import processes


class Pace:
    """Wall time of the training images of one epoch, by the host's clock: nothing waits for the device.

    Waiting for data is the time between the end of a batch and the data of the next; that of the
    first batch, which includes starting the loader's workers, counts.
    """

    def __init__(self) -> None:
        self.epoch_started()

    def epoch_started(self) -> None:
        self.batches = 0
        self._data = 0.0
        self._compute = 0.0
        self._then = perf_counter()

    def batch_started(self, trainer: Any = None) -> None:
        now = perf_counter()
        self._data += now - self._then
        self._then = now

    def batch_ended(self, trainer: Any = None) -> None:
        now = perf_counter()
        self._compute += now - self._then
        self._then = now
        self.batches += 1

    def told(self, images: Optional[int]) -> dict[str, Any]:
        """Empty without a batch."""
        if not self.batches:
            return {}
        return {
            "data_seconds": self._data,
            "compute_seconds": self._compute,
            "batches": self.batches,
            "images": images,
            "images_per_second": None if images is None else images / (self._data + self._compute),
        }


class Repeats:
    """How often the framework began the same epoch again: before its last batch, since memory ran out and the
    batch size is halved; after it, since losses or fitness were not finite."""

    def __init__(self) -> None:
        self._epoch: Optional[int] = None
        self._trained = False
        self._out_of_memory = 0
        self._not_finite = 0

    def epoch_started(self, epoch: int) -> None:
        if epoch != self._epoch:
            (self._epoch, self._out_of_memory, self._not_finite) = (epoch, 0, 0)
        elif self._trained:
            self._not_finite += 1
        else:
            self._out_of_memory += 1
        self._trained = False

    def trained(self) -> None:
        self._trained = True

    def told(self) -> dict[str, int]:
        return {"out_of_memory_retries": self._out_of_memory, "nan_recoveries": self._not_finite}


def images(trainer: Any, batches: int) -> Optional[int]:
    """Training images of so many batches, of all processes together; the last batch may be smaller."""
    loader = trainer.train_loader
    size = getattr(loader, "batch_size", None)
    if not size:
        return None
    return int(min(batches * size * processes(trainer), len(loader.dataset)))
