"""What a training on the processor leaves unused: asked of PyTorch as it is loaded, and of NVIDIA's driver."""

from __future__ import annotations

import os
import sys
from typing import Any, Optional

DRIVER = "/proc/driver/nvidia/gpus"
"""Where NVIDIA's driver for Linux lists the GPUs, also those that PyTorch cannot use or was told not to."""


def unused_accelerator(trainer: Any) -> Optional[str]:
    """cuda, mps, or nvidia where only the driver knows of a GPU; None where there is none, or one trains."""
    if str(trainer.device.type) != "cpu":
        return None
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        return "cuda"
    if torch is not None and torch.backends.mps.is_available():
        return "mps"
    return "nvidia" if os.path.isdir(DRIVER) and os.listdir(DRIVER) else None
