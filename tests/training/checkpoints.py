"""All that a checkpoint of Ultralytics holds, flat and comparable: tensors by their bytes, no dates, no paths."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OF_THE_RUN = {"date", "git", "time", "name", "project", "save_dir"}
PATHS = {"/train_args/model", "/train_args/resume"}
"""What two trainings of the same may differ in: keys, and places of paths that are their own when resumed."""


def contents(path: Path) -> dict[str, str]:
    """Tensors as digests, everything else as text, by its place in the checkpoint."""
    import torch

    return dict(_flat("", torch.load(path, map_location="cpu", weights_only=False)))  # made here


def _flat(place: str, value: Any) -> Iterator[tuple[str, str]]:
    import torch

    if isinstance(value, torch.nn.Module):
        value = value.state_dict()
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in OF_THE_RUN and f"{place}/{key}" not in PATHS:
                yield from _flat(f"{place}/{key}", inner)
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from _flat(f"{place}/{index}", inner)
    elif isinstance(value, torch.Tensor):
        data = value.detach().contiguous().cpu().flatten().view(torch.uint8).numpy().tobytes()
        yield place, f"{value.dtype} {tuple(value.shape)} {hashlib.sha256(data).hexdigest()}"
    else:
        yield place, repr(value)
