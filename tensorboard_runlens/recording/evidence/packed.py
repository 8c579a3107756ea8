"""Validated images as a few arrays, so that another process of the same training can read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.evidence.boxes import Boxes
from tensorboard_runlens.recording.evidence.matching import Matched

Arrays = dict[str, npt.NDArray[Any]]

OF_IMAGE = ("size", "scale", "offset")
OF_OBJECTS = ("true_classes", "true_boxes", "true_keypoints")
OF_DETECTIONS = ("classes", "confidence", "boxes", "keypoints")
"""Fields of Boxes, by what they have a row for. The overlap has done its work."""


def packed(images: Sequence[Matched]) -> Arrays:
    """All images in one; where there are none, nothing but that."""
    boxes = [image.image for image in images]
    counts = {
        "objects": np.array([len(one.true_classes) for one in boxes], np.int64),
        "detections": np.array([len(one.classes) for one in boxes], np.int64),
    }
    if not boxes:
        return counts
    rows = {name: [getattr(one, name) for one in boxes] for name in OF_OBJECTS + OF_DETECTIONS}
    return {
        **counts,
        "file": np.array([one.file for one in boxes]),
        **{name: np.array([getattr(one, name) for one in boxes]) for name in OF_IMAGE},
        **{name: np.concatenate(these) for (name, these) in rows.items() if these[0] is not None},
        "claimed": np.concatenate([image.claimed for image in images]),
    }


def unpacked(arrays: Mapping[str, npt.NDArray[Any]]) -> Iterator[Matched]:
    """The images again, in their order."""
    files = arrays["file"].tolist() if "file" in arrays else []
    pairs = {name: [*map(tuple, arrays[name].tolist())] for name in OF_IMAGE if name in arrays}
    objects = _split(arrays, OF_OBJECTS, arrays["objects"])
    detections = _split(arrays, (*OF_DETECTIONS, "claimed"), arrays["detections"])
    for number, (its_objects, its_detections) in enumerate(zip(objects, detections)):
        claimed = its_detections.pop("claimed")
        known: dict[str, Any] = {field.name: None for field in fields(Boxes)}
        known.update({name: values[number] for (name, values) in pairs.items()})
        known.update(its_objects, **its_detections)
        known.update(file=files[number], overlap=np.zeros((0, 0)))
        yield Matched(Boxes(**known), claimed)


def _split(
    arrays: Mapping[str, npt.NDArray[Any]], names: Sequence[str], counts: npt.NDArray[Any]
) -> Iterator[Arrays]:
    """The rows of each image."""
    ends = np.cumsum(counts)
    there = {name: arrays[name] for name in names if name in arrays}
    for end, count in zip(ends, counts):
        yield {name: rows[end - count : end] for (name, rows) in there.items()}
