"""Where the losses of a run ended, how steady they were there, and whether those of two runs mean the same."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.commands import image_size
from tensorboard_runlens.comparison.curve import curve_of
from tensorboard_runlens.comparison.seeds import OF_LOSS, assumed
from tensorboard_runlens.statistics.level import Level, level_at_end
from tensorboard_runlens.statistics.proportion import Z_95

GAINS = (
    *("box", "obj", "cls", "dfl", "seg", "pose", "kobj", "angle", "rle"),
    *("cls_pw", "obj_pw", "fl_gamma", "label_smoothing", "overlap_mask", "mask_ratio"),
)
"""Arguments that weigh or reshape a loss: with others of them its number means something else (R34)."""

FAMILY = re.compile(r"(?i)(yolo[a-z_-]*\d+|rt-?detr)")
"""The family in a model's file name: yolo11n-seg.pt is yolo11."""


def end_of_losses(analysis: Analysis, side: str) -> Optional[Level]:
    """The level at which the summed losses of "train" or "val" ended; None where they are not known."""
    signals = analysis.signals
    total = signals.train_total if side == "train" else signals.val_total
    curve = None if total is None else curve_of(analysis, total)
    if curve is None:
        return None
    return level_at_end(curve.values, unknown=OF_LOSS * abs(float(curve.values[-1])))


def explained_of_losses(first: Level, second: Level) -> float:
    """The difference of two losses up to which epochs and seeds may explain it (95 %)."""
    seeds = (assumed(one, OF_LOSS * abs(one.mean)) for one in (first, second))
    return Z_95 * math.hypot(first.error, second.error, *seeds)


def why_losses_apart(analyses: Sequence[Analysis]) -> list[str]:
    """Why losses of these runs are not to be compared with those of the first, each reason once."""
    found = (why for other in analyses[1:] for why in losses_apart(analyses[0], other))
    return list(dict.fromkeys(found))


def losses_apart(baseline: Analysis, other: Analysis) -> Iterator[str]:
    """Why validation losses of two runs are not to be compared; nothing where they may be."""
    (before, here) = (baseline.run, other.run)
    if (before.framework, before.task) != (here.framework, here.task):
        yield f"{here.framework} {here.task} against {before.framework} {before.task}"
        return
    if set(baseline.signals.components) != set(other.signals.components):
        yield "other components of the loss"
    (old, new) = (_family(one.arguments.get("model")) for one in (before, here))
    if old and new and old != new:
        yield f"model {new} against {old}"
    if image_size(before.arguments) != image_size(here.arguments):
        yield "another image size"
    gains = [name for name in GAINS if before.arguments.get(name) != here.arguments.get(name)]
    if gains:
        yield f"other {', '.join(gains)}"


def _family(model: object) -> Optional[str]:
    found = FAMILY.search(re.split(r"[\\/]", str(model or ""))[-1])
    return found[1].lower() if found else None
