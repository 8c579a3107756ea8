"""Whatever a framework holds as values that JSON knows, without absolute paths, and without the halves of signs that
Python makes of a file name whose bytes are no text: a whole file that has one of them cannot be read any more."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from tensorboard_runlens.naming import shown
from tensorboard_runlens.plain_values import without_absolute_paths

MAX_DEPTH = 6
"""Levels of lists and mappings; the deepest argument, a list of augmentations, has four."""

MAX_TEXT = 1000
"""Characters of a text; the longest argument is a path."""


def plain(value: Any, depth: int = MAX_DEPTH) -> Any:
    """None, bool, int, float, str, list or dict; None for what is not finite, the type's name for an object."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, (str, os.PathLike)):
        return shown(without_absolute_paths(os.fsdecode(value)[:MAX_TEXT]))
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf" and np.isfinite(value).all():
        return value.tolist()
    return _composed(value, depth)


def _composed(value: Any, depth: int) -> Any:
    if depth and isinstance(value, (dict, Mapping)):
        return {shown(str(key)): plain(inner, depth - 1) for (key, inner) in value.items()}
    if depth and isinstance(value, (list, tuple, set)):
        return [plain(inner, depth - 1) for inner in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return plain(value.tolist(), depth)
    if depth and getattr(value, "ndim", None) == 0 and hasattr(value, "item"):  # torch's scalars
        return plain(value.item(), depth - 1)
    return f"<{type(value).__name__}>"
