"""What tells one Ultralytics release from another.

The list of arguments changed in almost every release, and the names of columns, pictures and tags
now and then. The tables were made by comparing the published wheels, one against the next.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Optional

from tensorboard_runlens.formats.columns import place
from tensorboard_runlens.formats.table import Table
from tensorboard_runlens.releases.evidence import Bound, Evidence, release
from tensorboard_runlens.run import Version

ADDED = {
    "fraction": "8.0.110",
    "profile": "8.0.110",
    "freeze": "8.0.154",
    "stream_buffer": "8.0.164",
    "show_boxes": "8.0.218",
    "save_frames": "8.0.219",
    "time": "8.0.228",
    "embed": "8.0.229",
    "auto_augment": "8.0.233",
    "crop_fraction": "8.0.233",
    "erasing": "8.0.233",
    "multi_scale": "8.0.235",
    "bgr": "8.1.33",
    "copy_paste_mode": "8.3.0",
    "cutmix": "8.3.119",
    "compile": "8.3.196",
    "angle": "8.4.0",
    "rle": "8.4.0",
    "end2end": "8.4.8",
    "cls_pw": "8.4.37",
    "dis": "8.4.77",
    "distill_model": "8.4.77",
    "quantize": "8.4.80",
    "cls_remap": "8.4.91",
    "dgrad": "8.4.104",
    "dlam": "8.4.104",
    "dlog": "8.4.104",
    "channels_last": "8.4.105",
}
"""Argument -> first release whose args.yaml has it."""

REMOVED = {
    "boxes": "8.0.217",
    "v5loader": "8.0.134",
    "label_smoothing": "8.3.37",
    "save_hybrid": "8.3.104",
    "crop_fraction": "8.3.107",
    "half": "8.4.79",
    "int8": "8.4.79",
    "end2end": "8.4.141",
    "keras": "8.4.163",
}
"""Argument -> last release whose args.yaml has it."""

ALWAYS = frozenset(
    (
        *("agnostic_nms", "amp", "augment", "batch", "box", "cache", "cfg", "classes", "cls"),
        *("close_mosaic", "conf", "copy_paste", "cos_lr", "data", "degrees", "deterministic"),
        *("device", "dfl", "dnn", "dropout", "dynamic", "epochs", "exist_ok", "fliplr", "flipud"),
        *("format", "hsv_h", "hsv_s", "hsv_v", "imgsz", "iou", "kobj", "line_width", "lr0", "lrf"),
        *("mask_ratio", "max_det", "mixup", "mode", "model", "momentum", "mosaic", "name", "nbs"),
        *("nms", "opset", "optimize", "optimizer", "overlap_mask", "patience", "perspective"),
        *("plots", "pose", "pretrained", "project", "rect", "resume", "retina_masks", "save"),
        *("save_conf", "save_crop", "save_json", "save_period", "save_txt", "scale", "seed"),
        *("shear", "show", "show_conf", "show_labels", "simplify", "single_cls", "source", "split"),
        *("task", "tracker", "translate", "val", "verbose", "vid_stride", "visualize"),
        *("warmup_bias_lr", "warmup_epochs", "warmup_momentum", "weight_decay", "workers"),
        "workspace",
    )
)
"""Arguments of every release from FIRST_COMPARED to LAST_COMPARED."""

FIRST_COMPARED = "8.0.100"
LAST_COMPARED = "8.4.190"
"""The releases whose argument lists were compared: outside of them an unknown name proves nothing."""

FIRST_WITH_TIME = "8.3.9"
LAST_WITHOUT_TIME = "8.3.8"
"""results.csv has had a time column since 8.3.9."""

LAST_FROM_ZERO = "8.0.161"
"""Epochs were numbered from 0 up to here."""

FIRST_WITH_NEW_LOSSES = "8.4.0"
NEW_LOSSES = ("train/sem_loss", "train/rle_loss", "train/angle_loss", "lr/pg3")
"""Columns that YOLO26 and MuSGD brought."""

MIN_ARGUMENTS = 80
"""A complete args.yaml has 88 (8.0.0) and more; a shortened copy proves nothing by what it leaves out."""

LAST_OF_MINOR = {(8, 3): "8.2.103", (8, 4): "8.3.253"}
"""The last release before the first of a minor series."""

BOX_CURVE = "BoxF1_curve.png"
PLAIN_CURVE = "F1_curve.png"
FIRST_WITH_BOX_CURVE = "8.3.162"
LAST_WITH_PLAIN_CURVE = "8.3.161"
"""Detection's curves have been called Box since 8.3.162; those of masks and keypoints always were,
but for a few releases."""

FAMILIES = {"yolo11": "8.3.0", "yolo26": "8.4.0"}
"""First release that knows the model family."""

FIRST_WITH_RATE_TAGS = "8.0.222"
LAST_WITHOUT_RATE_TAGS = "8.0.221"
"""TensorBoard has had learning rates since 8.0.222."""

FIRST_WITH_EXTRA_STEP = "8.4.52"
LAST_WITH_SAME_STEP = "8.4.51"
"""best.pt, validated once more after training, is logged one step further since 8.4.52."""


def by_arguments(arguments: Mapping[str, Any]) -> Evidence:
    """What the names in a complete args.yaml tell."""
    return Evidence("argument names", tuple(_argument_bounds(arguments)))


def _argument_bounds(arguments: Mapping[str, Any]) -> Iterator[Bound]:
    if len(arguments) < MIN_ARGUMENTS or "task" not in arguments:
        return
    for name, first in ADDED.items():
        if name in arguments:
            yield (first, None)
        elif name not in REMOVED:
            yield (None, before(first))
    for name, last in REMOVED.items():
        if name in arguments:
            yield (None, last)
        elif name not in ADDED:
            yield (after(last), None)


def by_columns(table: Table, arguments: Mapping[str, Any]) -> Evidence:
    """What the columns of a results.csv tell; the tags of event files have neither time nor epoch."""
    return Evidence("columns", tuple(_column_bounds(table)))


def _column_bounds(table: Table) -> Iterator[Bound]:
    if "epoch" not in table.columns or not table.file.endswith(".csv"):
        return
    if not any(name.startswith("metrics/") for name in table.columns):
        return  # home-made: its columns are their author's
    has_time = "time" in table.columns
    yield (FIRST_WITH_TIME, None) if has_time else (None, LAST_WITHOUT_TIME)
    if len(table.columns["epoch"]) and table.columns["epoch"][0] == 0:
        yield (None, LAST_FROM_ZERO)
    if any(name in table.columns for name in NEW_LOSSES):
        yield (FIRST_WITH_NEW_LOSSES, None)


def by_model(arguments: Mapping[str, Any]) -> Evidence:
    """What the name of the model tells: no release before its own knows it."""
    name = re.split(r"[\\/]", str(arguments.get("model") or ""))[-1].lower()
    bounds = tuple((first, None) for (family, first) in FAMILIES.items() if name.startswith(family))
    return Evidence("the model's name", bounds)


def by_pictures(task: str, files: Collection[str]) -> Evidence:
    """What the names of the curve pictures tell, of the tasks that have boxes alone."""
    (box, plain) = (BOX_CURVE in files, PLAIN_CURVE in files)
    if task not in ("detect", "obb") or box == plain:
        return Evidence("picture names", ())
    bound = (FIRST_WITH_BOX_CURVE, None) if box else (None, LAST_WITH_PLAIN_CURVE)
    return Evidence("picture names", (bound,))


Steps = Mapping[int, Mapping[str, Sequence[float]]]
"""Scalars of an event file: step -> tag -> values in order of writing."""


def by_steps(steps: Steps) -> Evidence:
    """What the tags of an event file tell, and the step at which best.pt was validated once more."""
    return Evidence("event files", (*_rate_bounds(steps), *_last_step_bounds(steps)))


def _rate_bounds(steps: Steps) -> Iterator[Bound]:
    kinds = {place(tag).kind for tags in steps.values() for tag in tags}
    if "lr" in kinds:
        yield (FIRST_WITH_RATE_TAGS, None)
    elif {"train", "metric"} <= kinds:
        yield (None, LAST_WITHOUT_RATE_TAGS)


def _last_step_bounds(steps: Steps) -> Iterator[Bound]:
    trained = max((step for step in steps if _times(steps[step], "train")), default=None)
    if trained is None:
        return
    if _times(steps.get(trained + 1, {}), "metric") and not _times(steps[trained + 1], "val"):
        yield (FIRST_WITH_EXTRA_STEP, None)
    elif _times(steps[trained], "metric") > _times(steps[trained], "val") > 0:
        yield (None, LAST_WITH_SAME_STEP)


def _times(tags: Mapping[str, Sequence[float]], kind: str) -> int:
    """How often values of this kind were logged."""
    return max(
        (len(values) for (tag, values) in tags.items() if place(tag).kind == kind), default=0
    )


def before(first: str) -> str:
    """The release just below another."""
    (major, minor, patch) = release(first)
    return f"{major}.{minor}.{patch - 1}" if patch else LAST_OF_MINOR[(major, minor)]


def after(last: str) -> str:
    """The release just above another; none of those asked for is the last of its series."""
    (major, minor, patch) = release(last)
    return f"{major}.{minor}.{patch + 1}"


def legal(argument: str, version: Optional[Version]) -> Optional[bool]:
    """Whether the release knows this argument; None where the span leaves it open."""
    if argument not in ADDED and argument not in REMOVED:
        return _among_all(argument, version)
    (low, high) = (version.min, version.max) if version else (None, None)
    (first, last) = (ADDED.get(argument), REMOVED.get(argument))
    if (first and high and release(high) < release(first)) or (
        last and low and release(low) > release(last)
    ):
        return False
    since = first is None or (low is not None and release(low) >= release(first))
    until = last is None or (high is not None and release(high) <= release(last))
    return True if since and until else None


def _among_all(argument: str, version: Optional[Version]) -> Optional[bool]:
    if argument in ALWAYS:
        return True
    if version is None or version.min is None or version.max is None:
        return None
    oldest = release(version.min) >= release(FIRST_COMPARED)
    newest = release(version.max) <= release(LAST_COMPARED)
    return False if oldest and newest else None
