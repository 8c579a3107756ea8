"""What releases of Ultralytics that are years old need beside today's PyTorch, NumPy and setuptools: test-only patches.

``patch()`` is called before Ultralytics is imported. Nothing of what a training computes is changed.
"""

from __future__ import annotations

import functools
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from packaging.version import Version


def patch() -> None:
    numpy_before_2_4()
    torch_before_2_6()
    setuptools_before_82()
    stand_in_for_nms()


def numpy_before_2_4() -> None:
    """Up to 8.2: average precision is integrated by a function that has another name now."""
    if not hasattr(np, "trapz"):
        np.trapz = np.trapezoid  # type: ignore[attr-defined]


def torch_before_2_6() -> None:
    """Up to 8.2: checkpoints, which hold a model, are loaded without saying that this is meant."""
    load = torch.load

    @functools.wraps(load)
    def load_everything(*positional: Any, **named: Any) -> Any:
        return load(*positional, **{"weights_only": False, **named})

    torch.load = load_everything


def setuptools_before_82() -> None:
    """Up to 8.0.180: versions are compared by a module that is gone; there are no requirements to check."""
    module = ModuleType("pkg_resources")
    module.parse_version = Version  # type: ignore[attr-defined]
    module.parse_requirements = lambda file: []  # type: ignore[attr-defined]
    sys.modules.setdefault(module.__name__, module)


def stand_in_for_nms() -> None:
    """Before 8.3.200 there is no non-maximum suppression for shapes.make_torchvision_work to take."""
    name = "ultralytics.utils.nms"
    package = importlib.util.find_spec("ultralytics")
    assert package is not None and package.origin is not None
    if not Path(package.origin).with_name("utils").joinpath("nms.py").exists():
        module = ModuleType(name)
        module.TorchNMS = GreedyNMS  # type: ignore[attr-defined]
        sys.modules[name] = module


class GreedyNMS:
    """Non-maximum suppression as torchvision's compiled operator does it."""

    @staticmethod
    def nms(boxes: torch.Tensor, scores: torch.Tensor, iou_threshold: float) -> torch.Tensor:
        from torchvision.ops import box_iou

        overlap = box_iou(boxes, boxes)
        left = scores.argsort(descending=True, stable=True)
        kept = []
        while len(left):
            kept.append(left[0])
            left = left[overlap[left[0], left] <= iou_threshold]
        return torch.stack(kept) if kept else left
