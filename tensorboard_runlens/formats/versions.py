"""Which Ultralytics releases can have written a run, told by its argument names and its columns.

No file of a run names the release, but the list of arguments changed in almost every one. The table
was made by comparing the default.yaml of the published wheels; the columns' dates are those of the
release notes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Optional

from tensorboard_runlens.formats.table import Table
from tensorboard_runlens.run import Version

Release = tuple[int, ...]

ADDED = {
    "fraction": "8.0.110",
    "freeze": "8.0.154",
    "stream_buffer": "8.0.164",
    "show_boxes": "8.0.218",
    "time": "8.0.228",
    "embed": "8.0.229",
    "erasing": "8.0.233",
    "multi_scale": "8.0.235",
    "bgr": "8.1.33",
    "copy_paste_mode": "8.3.0",
    "cutmix": "8.3.119",
    "compile": "8.3.196",
    "rle": "8.4.0",
    "end2end": "8.4.8",
    "cls_pw": "8.4.37",
    "dis": "8.4.77",
    "quantize": "8.4.80",
    "cls_remap": "8.4.91",
    "dlog": "8.4.104",
    "channels_last": "8.4.105",
}
"""Argument -> first release whose args.yaml has it."""

REMOVED = {
    "label_smoothing": "8.3.37",
    "save_hybrid": "8.3.104",
    "crop_fraction": "8.3.107",
    "half": "8.4.79",
    "end2end": "8.4.141",
    "keras": "8.4.163",
}
"""Argument -> last release whose args.yaml has it."""

FIRST_WITH_TIME = "8.3.9"
LAST_WITHOUT_TIME = "8.3.8"
"""results.csv has had a time column since 8.3.9."""

LAST_FROM_ZERO = "8.0.161"
"""Epochs were numbered from 0 up to here."""

FIRST_WITH_NEW_LOSSES = "8.4.0"
NEW_LOSSES = ("train/sem_loss", "train/rle_loss", "train/angle_loss", "lr/pg3")
"""Columns that YOLO26 and MuSGD brought."""

MIN_ARGUMENTS = 40
"""A complete args.yaml has 90 and more; a shortened copy proves nothing by what it leaves out."""


def release(text: str) -> Release:
    """A release as numbers that compare: "8.3.198" -> (8, 3, 198)."""
    return tuple(int(part) for part in text.split("."))


def version_of(framework: str, table: Table, arguments: Mapping[str, Any]) -> Optional[Version]:
    """The span of releases that fits arguments and columns, None where nothing tells."""
    if framework != "ultralytics":
        return None
    told = list(_by_arguments(arguments))
    seen = list(_by_columns(table))
    both = _span([*told, *seen])
    if both is None:
        both = _span(told)  # a fork with columns of another release
    if both is None or both == (None, None):
        return None
    sources = [name for (name, facts) in (("argument names", told), ("columns", seen)) if facts]
    return Version(both[0], both[1], " and ".join(sources))


Bound = tuple[Optional[str], Optional[str]]


def _by_arguments(arguments: Mapping[str, Any]) -> Iterator[Bound]:
    if len(arguments) < MIN_ARGUMENTS or "task" not in arguments:
        return
    for name, first in ADDED.items():
        if name in arguments:
            yield (first, None)
        elif name not in REMOVED:
            yield (None, _before(first))
    for name, last in REMOVED.items():
        if name in arguments:
            yield (None, last)


def _by_columns(table: Table) -> Iterator[Bound]:
    if not table.columns or "epoch" not in table.columns or not table.file.endswith(".csv"):
        return
    has_time = "time" in table.columns
    yield (FIRST_WITH_TIME, None) if has_time else (None, LAST_WITHOUT_TIME)
    if len(table.columns["epoch"]) and table.columns["epoch"][0] == 0:
        yield (None, LAST_FROM_ZERO)
    if any(name in table.columns for name in NEW_LOSSES):
        yield (FIRST_WITH_NEW_LOSSES, None)


def _before(first: str) -> str:
    """An upper bound just below a release: the same number counts as excluded, so the one before is named."""
    (major, minor, patch) = release(first)
    if patch:
        return f"{major}.{minor}.{patch - 1}"
    return LAST_OF_MINOR[(major, minor)]


LAST_OF_MINOR = {(8, 3): "8.2.103", (8, 4): "8.3.253"}
"""The last release before the first of a minor series."""


def _span(bounds: list[Bound]) -> Optional[Bound]:
    """The intersection of bounds; None where they contradict each other."""
    lows = [low for (low, _) in bounds if low]
    highs = [high for (_, high) in bounds if high]
    low = max(lows, key=release) if lows else None
    high = min(highs, key=release) if highs else None
    if low and high and release(low) > release(high):
        return None
    return (low, high)
