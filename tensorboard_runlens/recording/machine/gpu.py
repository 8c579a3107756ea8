"""The NVIDIA GPU that trains, as its driver describes it through NVML (package nvidia-ml-py, where it is installed)."""

from __future__ import annotations

import contextlib
import importlib
from typing import Any, Callable, Optional

PACKAGE = "pynvml"
"""The module of nvidia-ml-py, under the name that its predecessor had, too."""

MILLIWATTS = 1000
PERCENT = 100

QUANTITIES: dict[str, Callable[[Any, Any], float]] = {
    "utilisation": lambda nvml, gpu: nvml.nvmlDeviceGetUtilizationRates(gpu).gpu / PERCENT,
    "memory_used": lambda nvml, gpu: nvml.nvmlDeviceGetMemoryInfo(gpu).used,
    "power_watts": lambda nvml, gpu: nvml.nvmlDeviceGetPowerUsage(gpu) / MILLIWATTS,
    "temperature_celsius": lambda nvml, gpu: nvml.nvmlDeviceGetTemperature(
        gpu, nvml.NVML_TEMPERATURE_GPU
    ),
}
"""What is asked of a GPU, each by itself: a laptop's tells no power, a slice of a shared one no utilisation."""


class NoGpu(Exception):
    """The driver cannot be asked; the text says why."""


class Gpu:
    """One GPU; ``close`` lets go of the driver."""

    def __init__(self, uuid: Optional[str]) -> None:
        """``uuid`` is what PyTorch calls the device (2.4 and later). Raises NoGpu."""
        try:
            self._nvml: Any = importlib.import_module(PACKAGE)
        except ImportError:
            raise NoGpu("pip install nvidia-ml-py") from None
        self._error: type[Exception] = self._nvml.NVMLError
        try:
            self._nvml.nvmlInit()
        except self._error as error:
            raise NoGpu(str(error)) from None
        try:
            self._handle = self._find(uuid)
        except (NoGpu, self._error) as error:
            self.close()
            raise NoGpu(str(error)) from None

    def _find(self, uuid: Optional[str]) -> Any:
        """A number would not do: PyTorch and the driver count differently, and not all are visible."""
        if uuid is not None:
            return self._nvml.nvmlDeviceGetHandleByUUID(f"GPU-{uuid}")
        count = self._nvml.nvmlDeviceGetCount()
        if count != 1:
            raise NoGpu(f"this PyTorch does not tell which of {count} GPUs trains")
        return self._nvml.nvmlDeviceGetHandleByIndex(0)

    def read(self) -> dict[str, float]:
        """QUANTITIES now; what the driver does not tell is left out."""
        values = {}
        for name, ask in QUANTITIES.items():
            with contextlib.suppress(self._error):
                values[name] = float(ask(self._nvml, self._handle))
        return values

    def close(self) -> None:
        """Others in the process that use the driver keep it."""
        self._nvml.nvmlShutdown()
