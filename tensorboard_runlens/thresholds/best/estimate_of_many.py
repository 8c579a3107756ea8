"""The confidence that would be chosen from each of many curves, by the estimate of ``estimate.py``."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.evidence.optimum import SMOOTHING
from tensorboard_runlens.run import Floats, Integers
from tensorboard_runlens.thresholds.best.estimate import REACH
from tensorboard_runlens.thresholds.best.exact import ROUNDING

Columns = npt.NDArray[Any]


def best_of_each(
    curves: Columns, confidence: Floats, widest: float = SMOOTHING
) -> tuple[Integers, Floats]:
    """(index, width), (n,) each: what ``best_by_estimate`` gives for each column of ``curves`` (k, n) over
    ``confidence`` (k,), and the width of the moving average that it came to."""
    (points, columns) = curves.shape
    span = float(confidence[-1] - confidence[0])
    width = np.full(columns, widest)
    best = _middle_of_best(smoothed(curves, widest))
    wide = np.arange(columns)
    while True:
        allowed = 2 * REACH * (confidence[best[wide]] - confidence[0])
        still = (width[wide] * span > allowed) & (np.round(points * width[wide]) > 1)
        (wide, allowed) = (wide[still], allowed[still])
        if not len(wide):
            return (best, width)
        width[wide] = np.minimum(allowed / span, width[wide] / 2)
        for one in np.unique(width[wide]):
            same = wide[width[wide] == one]
            best[same] = _middle_of_best(smoothed(curves[:, same], float(one)))


def smoothed(curves: Columns, width: float) -> Floats:
    """(k, n) the framework's moving average of each column (``optimum.smoothed``)."""
    points = len(curves)
    reach = (round(points * width * 2) // 2 | 1) // 2
    rows = np.clip(np.arange(-reach, points + reach), 0, points - 1)
    sums = np.zeros((len(rows) + 1, curves.shape[1]))
    for place, row in enumerate(rows.tolist()):
        np.add(sums[place], curves[row], out=sums[place + 1])
    averages: Floats = sums[2 * reach + 1 :] - sums[:points]
    averages /= 2 * reach + 1
    return averages


def _middle_of_best(curves: Floats) -> Integers:
    """(n,) for each column the middle of the stretch as high as the first of its highest points."""
    highest = curves >= curves.max(0) - ROUNDING
    first: Integers = highest.argmax(0)
    after = np.minimum(first + 1, len(curves) - 1)
    for column in np.flatnonzero(highest[after, np.arange(len(first))]):
        start = first[column]
        lower = np.flatnonzero(~highest[start:, column])
        stretch = int(lower[0]) if len(lower) else len(curves) - start
        first[column] += (stretch - 1) // 2
    return first
