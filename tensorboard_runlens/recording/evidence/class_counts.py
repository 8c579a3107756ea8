"""How often each class occurs among the images that a training loads."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np

from tensorboard_runlens.run import Integers


def class_counts(dataset: Any, classes: int) -> Optional[dict[str, Integers]]:
    """``images`` and ``instances`` by class, int64 (classes,) each; None where the data set has no list of labels.

    ``dataset`` is one of Ultralytics': detection has ``labels`` with an array of class numbers
    each, classification ``samples`` of (path, class, ...).
    """
    of_image = _labels(dataset)
    if of_image is None:
        return None
    lengths = [len(one) for one in of_image]
    numbers = np.concatenate([*of_image, np.empty(0)]).astype(np.int64)
    image = np.repeat(np.arange(len(lengths)), lengths)
    known = (numbers >= 0) & (numbers < classes)
    instances = np.bincount(numbers[known], minlength=classes)
    pairs = np.unique(image[known] * classes + numbers[known])
    return {
        "images": np.bincount(pairs % max(classes, 1), minlength=classes),
        "instances": instances,
    }


def _labels(dataset: Any) -> Optional[list[Any]]:
    """The class numbers of each image."""
    labels = getattr(dataset, "labels", None)
    if labels is not None and all("cls" in one for one in labels):
        return [np.asarray(one["cls"]).reshape(-1) for one in labels]
    samples = getattr(dataset, "samples", None)
    return None if samples is None else [np.array([sample[1]]) for sample in samples]
