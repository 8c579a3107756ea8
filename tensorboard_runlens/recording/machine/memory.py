"""Memory of this process and of the accelerator it trains on, without waiting for the device."""

from __future__ import annotations

import contextlib
import sys
from mmap import PAGESIZE
from typing import Any, Optional

STATM = "/proc/self/statm"
STATM_BYTES = 200
"""Seven numbers of pages."""

MEMINFO = "/proc/meminfo"
MEMINFO_BYTES = 2**14
"""Some fifty lines."""


def resident_bytes() -> Optional[int]:
    """Main memory of the process; on macOS the most so far, None on Windows."""
    with contextlib.suppress(OSError), open(STATM, "rb", buffering=0) as file:
        return int(file.read(STATM_BYTES).split()[1]) * PAGESIZE
    if sys.platform == "darwin":
        import resource  # not on Windows

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return None


def main_memory_used() -> Optional[float]:
    """The share of the machine's main memory that is not available, whoever has it; None but on Linux."""
    with (
        contextlib.suppress(OSError, ValueError, KeyError),
        open(MEMINFO, encoding="ascii") as file,
    ):
        amounts = dict(line.split(":", 1) for line in file.read(MEMINFO_BYTES).splitlines())
        (free, total) = (int(amounts[name].split()[0]) for name in ("MemAvailable", "MemTotal"))
        return 1 - free / total
    return None


def accelerator_bytes(device: Any) -> dict[str, int]:
    """``allocated`` by tensors, ``reserved`` by PyTorch, the ``peak`` of what was allocated in this process,
    and the device's ``total``, as far as PyTorch tells; empty on a CPU. ROCm answers as CUDA does."""
    kind = str(device.type)
    backend = None if kind == "cpu" else getattr(sys.modules["torch"], kind, None)
    if backend is None:
        return {}
    return _of_mps(backend) if kind == "mps" else _of_device(backend, device)


def _of_mps(mps: Any) -> dict[str, int]:
    """Apple's GPU has the machine's memory; its total is what Metal recommends to stay below."""
    asked = {
        "allocated": "current_allocated_memory",
        "reserved": "driver_allocated_memory",
        "total": "recommended_max_memory",
    }
    return {
        field: int(getattr(mps, name)()) for (field, name) in asked.items() if hasattr(mps, name)
    }


def _of_device(backend: Any, device: Any) -> dict[str, int]:
    asked = {
        "allocated": "memory_allocated",
        "reserved": "memory_reserved",
        "peak": "max_memory_allocated",
    }
    found = {
        field: int(getattr(backend, name)(device))
        for (field, name) in asked.items()
        if hasattr(backend, name)
    }
    total = getattr(backend.get_device_properties(device), "total_memory", None)
    return found if total is None else {**found, "total": int(total)}
