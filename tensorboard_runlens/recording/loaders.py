"""The data sets of an Ultralytics training, as its loaders hold them."""

from __future__ import annotations

from typing import Any

LOADERS = {"train": "train_loader", "val": "test_loader"}
"""Split -> the trainer's name for its loader."""


def dataset_of(trainer: Any, split: str) -> Any:
    """The data set of a split; None where the trainer has no loader of it."""
    return getattr(getattr(trainer, LOADERS[split], None), "dataset", None)
