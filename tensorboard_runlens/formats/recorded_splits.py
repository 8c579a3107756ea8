"""RUN/runlens/images.npz: what tells apart the images that a training loaded, split by split."""

from __future__ import annotations

from collections.abc import Mapping

from tensorboard_runlens.dataset.keys import KEY_DIGITS, ImageKey
from tensorboard_runlens.dataset.listing import MAX_IMAGES
from tensorboard_runlens.folder import FileRefused, Folder
from tensorboard_runlens.formats.checked_arrays import CheckedArrays, Damaged
from tensorboard_runlens.plain.plain_npz import read_arrays
from tensorboard_runlens.plain.plain_zip import Refused
from tensorboard_runlens.recording.layout import FOLDER, IMAGES
from tensorboard_runlens.run import Problem

SPLITS = ("train", "val")

MAX_BYTES = 2 * 3 * 8 * MAX_IMAGES + 2**20
"""Cap of the archive, packed and unpacked: two splits of as many images as are recorded, three numbers each."""

Keys = Mapping[str, tuple[ImageKey, ...]]


def recorded_splits(folder: Folder) -> tuple[Keys, list[Problem]]:
    """(keys of the images by split, empty where nothing is recorded; problems). Never raises for what lies there."""
    below = folder.below(FOLDER)
    if below is None or IMAGES not in below.files:
        return ({}, [])
    try:
        return (_read(below), [])
    except FileRefused as refusal:
        (kind, said) = ("refused", str(refusal))
    except Refused as refusal:
        (kind, said) = (refusal.kind, str(refusal))
    except (Damaged, OSError) as damage:
        (kind, said) = ("damaged", f"{damage}; not used")
    return ({}, [Problem(f"{FOLDER}/{IMAGES}", None, kind, said)])


def _read(below: Folder) -> Keys:
    if below.files[IMAGES].size > MAX_BYTES:
        raise FileRefused(f"larger than the {MAX_BYTES:,} bytes that RunLens reads")
    arrays = CheckedArrays(read_arrays(below.local_path(IMAGES), MAX_BYTES))
    return {split: _keys(arrays, split) for split in SPLITS if f"{split}_key" in arrays}


def _keys(arrays: CheckedArrays, split: str) -> tuple[ImageKey, ...]:
    """Of one split; all three arrays have a number for each image."""
    key = arrays.integers(f"{split}_key", 2**64, None)
    if len(key) > MAX_IMAGES:
        raise Damaged(f"{split}_key has more than {MAX_IMAGES:,} images")
    others = (
        arrays.integers(f"{split}_{name}", 2**64, len(key)) for name in ("content", "picture")
    )
    columns = (map(_digits, values.tolist()) for values in (key, *others))
    return tuple(ImageKey(*one) for one in zip(*columns))


def _digits(number: int) -> str:
    """As dataset/keys.py writes it; content is 0 where an image has no labels."""
    return f"{number:0{KEY_DIGITS}x}" if number else ""
