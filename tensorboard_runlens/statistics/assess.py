"""The two-axis verdict: does the validation loss overfit, and did the model itself get worse?

The two are different questions. Of small networks whose hidden-test loss truly overfits, a third
got more accurate meanwhile; so a rising validation loss alone is no reason to stop, and a falling
metric alone deserves its own name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional, Union

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.run import Floats
from tensorboard_runlens.statistics.metric_change import MetricChange, metric_change
from tensorboard_runlens.statistics.rise import Rise, plausible, rise_of

Series = Union[Sequence[float], Floats]

MIN_ROWS = 10
"""Fewer finite rows carry no verdict."""

FEW_ROWS = 20
"""Below this many rows a verdict is at most of low confidence."""

FIRST_ROWS = 3
"""A validation loss whose minimum lies within the first three rows never improved. Where the metric had a best to fall
from, it overfits."""

STEP_SHARE = 0.5
"""A rise of which at least half was there before mosaic closed did not come with that."""

HIGH_SCORE = 0.95
"""Of verdicts scored above this 97 % or more are right on histories with known truth (cross-validated)."""

MODERATE_SCORE = 0.7
"""Of rises scored between this and HIGH_SCORE about 95 % are real, of those taken for none 84 % or more are none;
below, about two in three verdicts are right."""

FEW_IMAGES = 100
"""With fewer validation images confidence is at most moderate: F1 of the verdict is .94 there and less below 40."""

VERY_FEW_IMAGES = 40
"""With fewer validation images confidence is low: a small set drifts smoothly, which no curve reveals (F1 .86)."""

CONFIDENCES = ("low", "moderate", "high")


@dataclass(frozen=True)
class Overfitting:
    """The verdict on one training; ``onset`` holds indices into the arrays that were passed.

    ``excess`` is the relative rise of the validation loss above its minimum at the end (.06: 6 %).
    ``score`` 0..1 ranks histories by how surely their loss overfits; ``p_value`` is that of the
    rise. ``metric_drop`` is the fall of the smoothed metric from its best to the end,
    ``metric_noise`` its epoch-to-epoch standard deviation, ``metric_error`` the standard error of
    the fall, all NaN without metric; ``metric_peak`` the row around which it was best. ``borderline``
    says that the verdict would be another a little to the side of a limit.
    """

    verdict: str
    loss_overfits: bool
    quality: str
    confidence: str
    score: float
    onset: Optional[tuple[int, int]]
    excess: float
    p_value: float
    metric_drop: float = float("nan")
    metric_noise: float = float("nan")
    metric_error: float = float("nan")
    metric_peak: Optional[int] = None
    borderline: bool = False


def assess(
    train_loss: Series,
    val_loss: Series,
    metric: Optional[Series] = None,
    *,
    n_val_images: Optional[int] = None,
    close_mosaic_row: Optional[int] = None,
) -> Overfitting:
    """Judges one training from its losses and, where there is one, its metric.

    ``train_loss``, ``val_loss`` and ``metric`` have shape (n,), a value an epoch, in any unit in
    which a loss is better lower and a metric (fraction 0..1) better higher; values that are not
    finite are left out. ``close_mosaic_row`` is the first row trained without mosaic. Raises
    ValueError for arrays of unequal length.
    """
    train = np.asarray(train_loss, np.float64)
    val = np.asarray(val_loss, np.float64)
    scores = np.full(len(val), np.nan) if metric is None else np.asarray(metric, np.float64)
    if not len(train) == len(val) == len(scores):
        raise ValueError(
            f"unequal lengths: train {len(train)}, val {len(val)}, metric {len(scores)}"
        )
    rows = np.flatnonzero(plausible(train, val))
    if len(rows) < MIN_ROWS:
        return _without_losses(scores, len(rows), n_val_images)
    rise = rise_of(train[rows], val[rows])
    assert rise is not None  # MIN_ROWS is above the shortest series of the test
    stepped = rise.significant and _only_after(train, val, rows, close_mosaic_row, rise)
    onset = (int(rows[rise.onset[0]]), int(rows[rise.onset[1]]))
    change = metric_change(scores, onset[0] if rise.significant else None)
    return _verdict(rise, stepped, onset, change, len(rows), n_val_images)


def _without_losses(metric: Floats, n_loss_rows: int, n_val_images: Optional[int]) -> Overfitting:
    """The verdict where losses tell nothing: a metric that was logged without them still may."""
    change = metric_change(metric, None)
    known = int(np.isfinite(metric).sum())
    if n_loss_rows or known < MIN_ROWS:
        return Overfitting("too_short", False, "unknown", "low", 0.0, None, 0.0, 1.0)
    return Overfitting(
        verdict="past_best" if change.quality == "worse" else "unknown",
        loss_overfits=False,
        quality=change.quality,
        confidence=confidence_word(_metric_score(change), known, n_val_images),
        score=0.0,
        onset=None,
        excess=0.0,
        p_value=1.0,
        metric_drop=change.drop,
        metric_noise=change.noise,
        metric_error=change.error,
        metric_peak=change.peak,
        borderline=change.borderline,
    )


def _only_after(
    train: Floats, val: Floats, rows: npt.NDArray[np.int64], boundary: Optional[int], rise: Rise
) -> bool:
    """Whether the validation loss rises only after mosaic was closed at row ``boundary``."""
    if boundary is None:
        return False
    before = rows[rows < boundary]
    earlier = rise_of(train[before], val[before])
    if earlier is None or len(before) == len(rows):
        return False
    return not earlier.significant and earlier.excess < STEP_SHARE * rise.excess


def _verdict(
    rise: Rise,
    stepped: bool,
    onset: tuple[int, int],
    change: MetricChange,
    n_rows: int,
    n_val_images: Optional[int],
) -> Overfitting:
    overfits = rise.significant and not stepped
    name = _name(overfits, stepped, rise, change)
    sure = rise.score if rise.significant else 1.0 - rise.score
    if name == "past_best":
        sure = _metric_score(change)
    return Overfitting(
        verdict=name,
        loss_overfits=overfits,
        quality=change.quality,
        confidence=confidence_word(sure, n_rows, n_val_images),
        score=rise.score,
        onset=onset if rise.significant else None,
        excess=rise.excess,
        p_value=rise.traits.p_value,
        metric_drop=change.drop,
        metric_noise=change.noise,
        metric_error=change.error,
        metric_peak=change.peak,
        borderline=change.borderline or rise.near_limit,
    )


def _metric_score(change: MetricChange) -> float:
    """How sure a decline of the metric is: not near the limit, nor of noisy levels; high from twice the limit on."""
    if change.borderline or not change.sure:
        return 0.0
    return HIGH_SCORE if change.drop > 2 * change.limit else MODERATE_SCORE


def _name(overfits: bool, stepped: bool, rise: Rise, change: MetricChange) -> str:
    if overfits and rise.minimum < FIRST_ROWS and change.quality != "worse":
        return "never_generalised"
    if overfits:
        return {"worse": "overfitting", "same": "quality_unchanged", "better": "loss_only"}.get(
            change.quality, "quality_unknown"
        )
    if change.quality == "worse":
        return "past_best"
    return "mosaic_step" if stepped else "none"


def confidence_word(score: float, n_rows: int, n_val_images: Optional[int]) -> str:
    """low, moderate or high: from the score, capped by the number of rows and of validation images."""
    level = 2 if score >= HIGH_SCORE else 1 if score >= MODERATE_SCORE else 0
    if n_rows < FEW_ROWS:
        level = 0
    if n_val_images is None or n_val_images < FEW_IMAGES:
        level = min(level, 1)
    if n_val_images is not None and n_val_images < VERY_FEW_IMAGES:
        level = 0
    return CONFIDENCES[level]
