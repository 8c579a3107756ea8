"""Whatever a training loop holds as numpy's arrays and Python's numbers."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np


def array(values: Any) -> Any:
    """An array of lists, of numpy's or of a framework's tensor, also one on an accelerator."""
    if hasattr(values, "detach"):  # torch
        values = values.detach().cpu()
        if "bfloat16" in str(values.dtype):  # numpy has no such type
            values = values.float()
    found = np.asarray(values)
    if found.dtype.kind not in "biuf":
        raise ValueError(f"numbers are expected, not {found.dtype.name}")
    return found


def number(value: Any) -> Optional[float]:
    """A number of Python's, or the only one of an array or tensor; None stays None. ValueError for anything else."""
    if value is None:
        return None
    found = array(value)
    if found.size != 1:
        raise ValueError(f"one number is expected, not {found.size}")
    return float(found.reshape(-1)[0])


def whole(what: str, value: Any) -> int:
    """A count. Raises ValueError for anything but a whole number from 0 on."""
    found = float(value)
    if isinstance(value, bool) or not found.is_integer() or found < 0:
        raise ValueError(f"{what} is a whole number from 0 on, not {value!r}")
    return int(found)
