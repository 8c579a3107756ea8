"""Data sets that were read once and are asked for again: kept until a file of them changes."""

from __future__ import annotations

import os
from collections import OrderedDict
from threading import Lock

from tensorboard_runlens.dataset.facts import Dataset, read_dataset
from tensorboard_runlens.dataset.listing import label_path

MAX_KEPT = 4
"""Data sets that are kept; one of 100,000 images takes 60 MB."""

Signature = tuple[tuple[str, int, int, int], ...]

_kept: OrderedDict[str, tuple[Signature, tuple[str, ...], Dataset]] = OrderedDict()
_lock = Lock()


def cached_dataset(path: str) -> Dataset:
    """The data set, read anew only when its YAML file, a list or the files in one of its folders changed.

    Raises as ``read_dataset`` does. One data set is read at a time.
    """
    key = os.path.abspath(path)
    with _lock:
        known = _kept.get(key)
        if known is not None and known[0] == _signature(known[1]):
            _kept.move_to_end(key)
            return known[2]
        dataset = read_dataset(path)
        places = _places(key, dataset)
        _kept[key] = (_signature(places), places, dataset)
        _kept.move_to_end(key)
        while len(_kept) > MAX_KEPT:
            _kept.popitem(last=False)
        return dataset


def _places(path: str, dataset: Dataset) -> tuple[str, ...]:
    """The YAML file, and every folder and list that images and labels come from."""
    places = {path}
    for split in dataset.splits.values():
        places.update(split.places)
        for image, _ in split.readable:
            places.update((os.path.dirname(image.path), os.path.dirname(label_path(image.path))))
    return tuple(sorted(places))


def _signature(places: tuple[str, ...]) -> Signature:
    return tuple((place, *_state(place)) for place in places)


def _state(place: str) -> tuple[int, int, int]:
    """(newest time in nanoseconds, files, bytes) of a file or of all files in a folder; zeros when it is gone."""
    try:
        (newest, number, size) = (os.stat(place).st_mtime_ns, 0, 0)
        if not os.path.isdir(place):
            return (newest, 1, os.stat(place).st_size)
        with os.scandir(place) as entries:
            for entry in entries:
                facts = entry.stat(follow_symlinks=False)
                (newest, number) = (max(newest, facts.st_mtime_ns), number + 1)
                size += facts.st_size
    except OSError:
        return (0, 0, 0)
    return (newest, number, size)
