"""What tells the states of YOLOv5 apart: opt.yaml, hyp.yaml and the form of the result table.

YOLOv5 is used as a clone of its repository, and most clones lie between two releases. A state is
named after the release that it is or that came last before it, as ``git describe`` does: "6.1" means
6.1 or anything between it and 6.2. The tables were made by comparing train.py of the releases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Optional

from tensorboard_runlens.formats.columns import place
from tensorboard_runlens.formats.table import Table
from tensorboard_runlens.releases.evidence import Bound, Evidence, release
from tensorboard_runlens.run import Version

OPTIONS_ADDED = {
    "project": "3.1",
    "exist_ok": "3.1",
    "entity": "4.0",
    "upload_dataset": "4.0",
    "bbox_interval": "4.0",
    "artifact_alias": "4.0",
    "imgsz": "5.0",
    "noval": "5.0",
    "freeze": "5.0",
    "patience": "5.0",
    "optimizer": "6.0",
    "cos_lr": "6.0",
    "noplots": "6.1",
    "seed": "6.1",
    "evolve_population": "7.0",
    "resume_evolve": "7.0",
    "ndjson_console": "7.0",
    "ndjson_file": "7.0",
}
"""Argument of train.py -> the release after which it was added."""

HYPERPARAMETERS_ADDED = {"copy_paste": "5.0"}
"""Name in hyp.yaml -> the release after which it was added."""

REMOVED = {
    "giou": "3.1",
    "logdir": "3.1",
    "log_imgs": "4.0",
    "log_artifacts": "4.0",
    "img_size": "5.0",
    "cache_images": "5.0",
    "notest": "5.0",
    "global_rank": "5.0",
    "total_batch_size": "5.0",
    "adam": "6.0",
    "linear_lr": "6.0",
}
"""Name -> the last release that has it."""

COMPLETE_OPTIONS = "noautoanchor"
COMPLETE_HYPERPARAMETERS = "anchor_t"
"""Names that every opt.yaml and hyp.yaml of a detection has: without them an absent name proves nothing."""

FOREIGN_MARKS = (
    "min_items",
    "flat_cos_lr",
    "fixed_lr",
    "close_mosaic",
    "dfl",
    "v5_metric",
    "loss_ota",
)
"""Arguments of YOLOv9 and YOLOv7, which grew out of YOLOv5 and write the same files; their releases are others."""

SEGMENTATION_MARK = "mask_ratio"
"""segment/train.py has fewer arguments than the one for detection, so absent ones prove nothing."""

FIRST_WITH_CSV = "5.0"
LAST_WITH_TXT = "5.0"
"""results.txt became results.csv between 5.0 and 6.0."""

FIRST_WITH_CLASSIFICATION = "6.1"
FIRST_WITH_SEGMENTATION = "6.2"


def by_arguments(arguments: Mapping[str, Any]) -> Evidence:
    """What the names in opt.yaml and hyp.yaml tell."""
    if any(mark in arguments for mark in FOREIGN_MARKS):
        return Evidence("argument names", ())
    bounds = (
        *_added(arguments, OPTIONS_ADDED, COMPLETE_OPTIONS),
        *_added(arguments, HYPERPARAMETERS_ADDED, COMPLETE_HYPERPARAMETERS),
        *((None, last) for (name, last) in REMOVED.items() if name in arguments),
    )
    return Evidence("argument names", bounds)


def _added(
    arguments: Mapping[str, Any], after: Mapping[str, str], complete: str
) -> Iterator[Bound]:
    for name, last_without in after.items():
        if name in arguments:
            yield (last_without, None)
        elif complete in arguments and SEGMENTATION_MARK not in arguments:
            yield (None, last_without)


def by_columns(table: Table, arguments: Mapping[str, Any]) -> Evidence:
    """What the form of the table tells. A results.txt alone may as well be YOLOv7's."""
    if any(mark in arguments for mark in FOREIGN_MARKS) or "train/dfl_loss" in table.columns:
        return Evidence("columns", ())
    return Evidence("columns", tuple(_column_bounds(table, arguments)))


def _column_bounds(table: Table, arguments: Mapping[str, Any]) -> Iterator[Bound]:
    if table.file.endswith(".txt") and table.columns and arguments:
        yield (None, LAST_WITH_TXT)
    if not table.file.endswith(".csv"):
        return
    groups = {place(name).group for name in table.columns if place(name).kind == "metric"}
    if "classify" in groups:
        yield (FIRST_WITH_CLASSIFICATION, None)
    elif "mask" in groups:
        yield (FIRST_WITH_SEGMENTATION, None)
    elif "box" in groups:
        yield (FIRST_WITH_CSV, None)


def legal(argument: str, version: Optional[Version]) -> Optional[bool]:
    """Whether the state knows this argument; None where the span leaves it open."""
    (low, high) = (version.min, version.max) if version else (None, None)
    added = OPTIONS_ADDED.get(argument) or HYPERPARAMETERS_ADDED.get(argument)
    last = REMOVED.get(argument)
    if added is not None:
        return _after(added, low, high)
    if last is not None:
        gone = _after(last, low, high)
        return None if gone is None else not gone
    return None


def _after(change: str, low: Optional[str], high: Optional[str]) -> Optional[bool]:
    """Whether a change made after a release is in; that release itself may be a clone with or without it."""
    if low is not None and release(low) > release(change):
        return True
    if high is not None and release(high) < release(change):
        return False
    return None
