"""From what was recorded of a validation to curves by confidence, and to the confidence to deploy with."""

from __future__ import annotations

from tensorboard_runlens.thresholds.api import operating_point
from tensorboard_runlens.thresholds.point import OperatingPoint

__all__ = ["OperatingPoint", "operating_point"]
