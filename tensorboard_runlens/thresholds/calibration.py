"""Whether a confidence means what it says: of detections with a confidence of .8, are 8 in 10 right?

A validation keeps detections down to confidence .001, and those outnumber all others many times while nobody ever
sees them. Their confidence and their precision are both next to 0: counted in, they make every detector look
calibrated (on such pitfalls: Kuzucu et al., ECCV 2024, arXiv 2405.20459). So only detections from a floor up count,
each as much as any other, whatever its class.

D-ECE     the mean over these detections of |confidence - precision| of their bin. 0 is perfect.
LaECE     the same against the mean IoU, a detection that does not hit having none (as in Oksuz et al., CVPR 2023, but
over all classes together): a detector may be sure only of boxes that lie well. Hits are known at IoU .5, .55
... .95, so an IoU is known to within .025; LaECE0, which asks for no least IoU, cannot be had from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.recording.layout import IOUS
from tensorboard_runlens.run import Detections, Floats
from tensorboard_runlens.statistics.proportion import wilson
from tensorboard_runlens.statistics.resampling import REPLICATES, TAIL, draws, unit_of, units_of
from tensorboard_runlens.thresholds.counts.counting import IOU_FIRST, IOU_STEP, bit_of
from tensorboard_runlens.thresholds.point import Range

FLOOR = 0.05
"""Least confidence that counts: even weak detectors are not deployed far below it (diagnosis.md 7 has one at .065)."""

BINS = 10
"""Bins of equal width, so that their edges are confidences one can name and are the same in every run. With equal
numbers of detections nine of ten would lie below .2, where most detections are."""

NEGLIGIBLE = 0.02
"""D-ECE that nobody needs to act on: confidences are shown with two digits, and a threshold moved by .02 lets pass
hardly anything else. With enough detections even less is more than chance."""

FACTORS = np.linspace(0, 1, 51)
"""How much smaller the true gaps may be: the low end of the interval is known to 2 % of D-ECE."""


@dataclass(frozen=True)
class ReliabilityBin:
    """Detections with a confidence of ``low`` to ``high``: how sure they were on average and the share that is right,
    which for other images of the kind lies in ``interval`` in 95 of 100 cases."""

    low: float
    high: float
    count: int
    confidence: float
    precision: float
    interval: Range

    @property
    def gap(self) -> float:
        """Above 0 for over-confident detections."""
        return self.confidence - self.precision

    @property
    def sure(self) -> bool:
        """Whether that is more than chance."""
        return not self.interval[0] <= self.confidence <= self.interval[1]


@dataclass(frozen=True)
class Calibrated:
    """Reliability of all detections from ``floor`` up by ascending confidence, empty bins left out; D-ECE with its
    95 % interval and LaECE as fractions; ``text`` says it in a sentence."""

    bins: tuple[ReliabilityBin, ...]
    d_ece: float
    d_ece_interval: Range
    la_ece: float
    floor: float
    text: str


@dataclass(frozen=True, eq=False)
class _Sums:
    """Sums over the detections of each unit of images in each bin, (units, bins) each."""

    count: Floats
    confidence: Floats
    right: Floats
    iou: Floats


def calibration(
    detections: Detections,
    group: str,
    iou: float = IOU_FIRST,
    floor: float = FLOOR,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> Optional[Calibrated]:
    """Calibration of a group's detections from a floor up, one that hits at ``iou`` being right; None where there
    are none.

    Raises KeyError for a group that was not recorded, ValueError for an IoU of which no hits are known, for
    confidences outside 0..1 and for a floor outside 0..1.
    """
    if not 0 <= floor < 1:
        raise ValueError("the floor is a confidence of 0 to below 1")
    edges = _edges(floor)
    sums = _sums(detections, group, iou, edges)
    count = sums.count.sum(0)
    total = float(count.sum())
    if not total:
        return None
    bins = tuple(_bin(sums, edges, index) for index in np.flatnonzero(count).tolist())
    d_ece = float(np.abs((sums.confidence - sums.right).sum(0)).sum() / total)
    interval = _interval(sums, replicates, seed)
    return Calibrated(
        bins=bins,
        d_ece=d_ece,
        d_ece_interval=interval,
        la_ece=float(np.abs((sums.confidence - sums.iou).sum(0)).sum() / total),
        floor=floor,
        text=_sentence(bins, interval),
    )


def _edges(floor: float) -> Floats:
    """Of the bins: the floor, and the tenths above it."""
    tenths = np.arange(BINS + 1) / BINS
    return np.concatenate([[floor], tenths[tenths > floor]])


def _sums(detections: Detections, group: str, iou: float, edges: Floats) -> _Sums:
    confidence = np.asarray(detections.confidence)
    if not np.all((confidence >= 0) & (confidence <= 1)):
        raise ValueError("a confidence is no number of 0 to 1")
    ious = _iou_of_hits(bit_of(iou))[detections.hits[group]]
    kept = np.flatnonzero(confidence >= edges[0])
    (units, bins) = (max(units_of(detections.images), 1), len(edges) - 1)
    unit = unit_of(detections.images)[detections.image[kept].astype(np.int64)]
    cell = unit * bins + np.searchsorted(edges[1:-1], confidence[kept], side="right")

    def summed(weights: Optional[npt.NDArray[np.float64]]) -> Floats:
        of_cells = np.bincount(cell, weights, minlength=units * bins)
        return of_cells.reshape(units, bins).astype(np.float64)

    ious = ious[kept]
    return _Sums(
        count=summed(None),
        confidence=summed(confidence[kept].astype(np.float64)),
        right=summed((ious > 0).astype(np.float64)),
        iou=summed(ious),
    )


def _iou_of_hits(least: int) -> Floats:
    """(1024,) the IoU of a detection by the bits of its hits: the middle above the highest one; 0 where it does not hit
    at the least."""
    bits = np.arange(1 << IOUS)
    highest = np.frexp(bits)[1] - 1
    middle = IOU_FIRST + IOU_STEP * (highest + 0.5)
    return np.where((bits >> least) & 1 == 1, middle, 0.0)


def _bin(sums: _Sums, edges: Floats, index: int) -> ReliabilityBin:
    (found, right) = (sums.count[:, index], sums.right[:, index])
    count = int(found.sum())
    precision = float(right.sum()) / count
    return ReliabilityBin(
        low=float(edges[index]),
        high=float(edges[index + 1]),
        count=count,
        confidence=float(sums.confidence[:, index].sum()) / count,
        precision=precision,
        interval=wilson(precision, _independent(found, right)),
    )


def _independent(found: Floats, right: Floats) -> int:
    """As how many independent detections these count, of which ``found`` are in each unit of images.

    The variance of a ratio between images against that of independent detections is the design effect (Kish). Where
    all are right or none, nothing tells how alike those of an image are: then a unit counts as one.
    """
    (count, units) = (float(found.sum()), int(np.count_nonzero(found)))
    precision = float(right.sum()) / count
    if precision in (0.0, 1.0) or units == 1:
        return units
    between = float(((right - precision * found) ** 2).sum()) * units / (units - 1)
    design_effect = max(between / (count * precision * (1 - precision)), 1.0)
    return max(int(count / design_effect), 1)


def _interval(sums: _Sums, replicates: int, seed: int) -> Range:
    """Of D-ECE, by drawing images again.

    A mean of distances from 0 grows by chance alone, in a draw once more than in the sample. High: the percentile of
    the draws, which errs upwards. Low: the least D-ECE from which chance makes that of the sample, supposing that the
    bins' gaps are those of the sample made smaller by one factor; 0 if calibrated detections may look like this.
    """
    weights = draws(len(sums.count), replicates, seed)
    gaps = sums.confidence - sums.right
    counts = weights @ sums.count.sum(1)
    drawn = (weights @ gaps)[counts > 0] / counts[counts > 0, None]
    sample = gaps.sum(0) / sums.count.sum()
    d_ece = float(np.abs(sample).sum())
    high = np.quantile(np.abs(drawn).sum(1), 1 - TAIL) if len(drawn) else d_ece
    chance = drawn - sample
    for factor in FACTORS:
        by_chance = np.abs(factor * sample + chance).sum(1)
        if not len(drawn) or np.quantile(by_chance, 1 - TAIL) >= d_ece:
            return (float(factor) * d_ece, max(float(high), d_ece))
    return (d_ece, max(float(high), d_ece))


def _sentence(bins: tuple[ReliabilityBin, ...], d_ece: Range) -> str:
    """The bin in which most detections are wrongly sure, unless all of it is little or may be chance."""
    count = sum(one.count for one in bins)
    if d_ece[1] <= NEGLIGIBLE:
        return f"confidences are right as often as they say, to within {d_ece[1]:.3f} on average"
    off = [one for one in bins if one.sure]
    if d_ece[0] <= 0 or not off:
        return f"nothing speaks against the confidences, as far as {count:,} detections can tell"
    worst = max(off, key=lambda one: abs(one.gap) * one.count)
    word = "over-confident" if worst.gap > 0 else "under-confident"
    times = round(100 * worst.precision)
    return f"a confidence of {worst.confidence:.2f} is right {times} times in 100: {word}"
