"""Which epoch is best: each framework's own fitness, by which it writes best.pt.

best.pt is rewritten at every epoch whose fitness equals the best so far, so among ties the last one
is kept. Sources: Ultralytics utils/metrics.py (weights changed in 8.3.198), YOLOv5 and YOLOv7
utils/metrics.py, YOLOv5 classify/train.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from tensorboard_runlens.formats.recorded_table import FITNESS as LOGGED
from tensorboard_runlens.releases.consequences import CLASSIFICATION_FITNESS, FITNESS, OLD_WEIGHTS
from tensorboard_runlens.run import RECORDED, Floats, History, Run, main_metric
from tensorboard_runlens.words import metric_words

DECIMALS = 5
"""Ultralytics rounds its metrics, fitness among them, to five decimals: that is where ties come from."""

BY_LOSS = "lowest validation loss"
"""Where no metric is known, and no fitness."""


@dataclass(frozen=True)
class Fitness:
    """Fitness by row, shape (rows,), NaN where validation was not run, and its formula in words."""

    values: Floats
    formula: str

    @property
    def best_row(self) -> Optional[int]:
        """The last row of highest fitness, None where there is none."""
        if not np.any(np.isfinite(self.values)):
            return None
        return int(np.flatnonzero(self.values == np.nanmax(self.values))[-1])

    @property
    def first_best_row(self) -> Optional[int]:
        """The first row of highest fitness: early stopping counts its patience from here."""
        if self.best_row is None:
            return None
        return int(np.flatnonzero(self.values == np.nanmax(self.values))[0])


def possible(run: Run) -> list[Fitness]:
    """The formulas that may have been used, the likeliest first; empty where nothing was validated."""
    metrics = run.history.metrics
    if run.framework == RECORDED and LOGGED in run.history.other:
        return [_recorded(run, run.history.other[LOGGED])]
    if run.task == "classify" and "classify" in metrics:
        return _classification(run, metrics["classify"])
    if "pixel" in metrics and not {"box", "mask"} & metrics.keys():
        return _segmentation_map(metrics["pixel"])
    groups = [group for group in ("box", "mask", "pose") if group in metrics]
    if not groups:
        return _by_loss(run.history)
    return [_detection(metrics, groups, weights, run.framework) for weights in _weights(run)]


def _recorded(run: Run, values: Floats) -> Fitness:
    """As the training loop logged it, or the main metric that its Recorder took instead."""
    main = main_metric(run.history.metrics)
    if main and np.array_equal(values, run.history.metrics[main[0]][main[1]], equal_nan=True):
        return Fitness(values, metric_words(*main))
    said = run.recorded.fitness if run.recorded else None
    return Fitness(np.where(np.isfinite(values), values, np.nan), said or "fitness as logged")


def _weights(run: Run) -> Sequence[tuple[float, float]]:
    if run.framework != "ultralytics":
        return (OLD_WEIGHTS,)
    return [form.value for form in FITNESS.possible(run.version)]


def _detection(
    metrics: Mapping[str, Mapping[str, Floats]],
    groups: list[str],
    weights: tuple[float, float],
    framework: str,
) -> Fitness:
    (of_map50, of_map) = weights
    terms = [_weighted(metrics[group], of_map50, of_map) for group in groups]
    formula = "mAP50-95" if not of_map50 else f"{of_map50:g} mAP50 + {of_map:g} mAP50-95"
    if not any("map50_95" in metrics[group] for group in groups):
        formula = "mAP50, the only one logged"
    if len(groups) > 1:
        formula += ", sum of " + " and ".join(groups)
    total = np.sum(terms, axis=0)
    return Fitness(np.round(total, DECIMALS) if framework == "ultralytics" else total, formula)


def _weighted(named: Mapping[str, Floats], of_map50: float, of_map: float) -> Floats:
    """Where one of the two was not logged, the other stands for both."""
    fine = named.get("map50_95", named.get("map50"))
    coarse = named.get("map50", fine)
    if fine is None or coarse is None:
        return np.full(len(next(iter(named.values()))), np.nan)
    return of_map50 * coarse + of_map * fine


def _segmentation_map(named: Mapping[str, Floats]) -> list[Fitness]:
    """mIoU is Ultralytics' fitness of semantic segmentation; home-made scripts report F1 or IoU."""
    words = (("miou", "mIoU"), ("f1", "F1"), ("iou", "IoU"))
    return [Fitness(named[name], said) for (name, said) in words if name in named][:1]


def _classification(run: Run, named: Mapping[str, Floats]) -> list[Fitness]:
    (top1, top5) = (named.get("top1"), named.get("top5"))
    if top1 is None:
        return [Fitness(named["top5"], "top-5 accuracy")]
    if top5 is None or run.framework != "ultralytics":
        return [Fitness(top1, "top-1 accuracy")]
    forms = {
        "mean": Fitness(np.round((top1 + top5) / 2, DECIMALS), "mean of top-1 and top-5 accuracy"),
        "top5": Fitness(np.round(top5, DECIMALS), "top-5 accuracy"),
    }
    return [forms[form.value] for form in CLASSIFICATION_FITNESS.possible(run.version)]


def _by_loss(history: History) -> list[Fitness]:
    if not history.val:
        return []
    total = np.sum([*history.val.values()], axis=0)
    return [Fitness(np.where(np.isfinite(total), -total, np.nan), BY_LOSS)]
