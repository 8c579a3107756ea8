"""A GPU that a thread looks at every few seconds during the training."""

from __future__ import annotations

import threading
import weakref
from typing import Any, Callable

from tensorboard_runlens.recording.machine.gpu import Gpu
from tensorboard_runlens.recording.machine.sampling import LAST_WAIT, Sampler

SAMPLE_SECONDS = 2.0
"""Between two looks: the driver averages utilisation over up to a second, and a look takes a millisecond."""

AVERAGED = ("utilisation", "power_watts", "temperature_celsius")
"""Told with mean and maximum; of memory, the maximum alone."""


class WatchedGpu:
    """A GPU that a thread looks at until ``end``, or until nobody holds this object: in older releases a
    training that fails never ends, and its model would stay on the GPU as long as the thread."""

    def __init__(self, gpu: Gpu, guarded: Callable[[str, Callable[[], Any]], Any]) -> None:
        self._gpu = gpu
        self._sampler = Sampler(gpu.read, SAMPLE_SECONDS)
        self._thread = threading.Thread(
            target=guarded,
            args=("GPU utilisation", self._sampler.run),
            name="runlens-gpu",
            daemon=True,
        )
        self._thread.start()
        weakref.finalize(self, self._sampler.stop)

    def told(self) -> dict[str, Any]:
        """Since the last call, validation included; empty where an epoch was over before the first look."""
        readings = self._sampler.take()
        found: dict[str, Any] = {
            name: {"mean": readings[name].mean, "max": readings[name].most}
            for name in AVERAGED
            if name in readings
        }
        if "memory_used" in readings:
            found["memory_used"] = int(readings["memory_used"].most)
        if found:
            found["samples"] = max(one.count for one in readings.values())
        return found

    def end(self) -> None:
        self._sampler.stop()
        self._thread.join(LAST_WAIT)
        self._gpu.close()
