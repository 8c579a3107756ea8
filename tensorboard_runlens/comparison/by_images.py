"""Two validations of the same images: the difference of their metrics, and whether it is more than chance.

Images are drawn again, the same ones for both runs (paired bootstrap, diagnosis.md 6). That tells which weights are
better on images like these, not which way of training is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

import numpy as np

from tensorboard_runlens.comparison.contender import Difference
from tensorboard_runlens.comparison.evidence import Z_DETECTABLE, verdict_of
from tensorboard_runlens.comparison.validated import Validation
from tensorboard_runlens.run import Floats, main_group
from tensorboard_runlens.statistics.proportion import Z_95
from tensorboard_runlens.statistics.resampling import interval_of_draws, widening
from tensorboard_runlens.thresholds.point import Range
from tensorboard_runlens.words import count, metric_words, points

FEWEST_IMAGES = 20
"""Below, a class may lie on one or two images, and draws of these cannot tell what others would be like: nothing is
called better or worse. From here on 5 of 100 pairs of equal detectors are (1,200 simulated), as is meant."""

SEEDS = "one training each: with other seeds mAP differs by half a point to a point anyway"
"""From diagnosis.md 6, which takes it as the default where no repeats are known."""


def differences(
    name: str, baseline: Validation, other: Validation, doubts: tuple[str, ...]
) -> Iterator[Difference]:
    """Of every metric that both measured, of the group that runs are judged by first; ``doubts`` are the caveats of all
    of them."""
    shared = {group: one for (group, one) in other.measured.items() if group in baseline.measured}
    main = main_group(shared)
    for group, here in sorted(shared.items(), key=lambda one: one[0] != main):
        there = baseline.measured[group]
        for metric, value in here.value.items():
            delta = value - there.value[metric]
            interval = _interval(delta, here.drawn[metric] - there.drawn[metric], other.images)
            verdict = _verdict(interval, other.images)
            caveats = (*doubts, SEEDS) if verdict in ("better", "worse") else doubts
            reason = _reason(metric_words(group, metric), delta, interval, other.images)
            yield Difference(
                run=name,
                group=group,
                metric=metric,
                delta=delta,
                interval=interval,
                verdict=verdict,
                caveats=caveats,
                reason=reason,
                detectable=None if interval is None else _detectable(interval),
            )


def _interval(delta: float, drawn: Floats, images: int) -> Optional[Range]:
    """The quantiles of the draws, wider for few images as Student's t is; None of one image."""
    drawn = drawn[np.isfinite(drawn)]
    if images < 2 or not len(drawn):
        return None
    return interval_of_draws(drawn, delta, widening(images))


def _detectable(interval: Range) -> float:
    """The difference that would be found in four cases of five."""
    return (interval[1] - interval[0]) / (2 * Z_95) * Z_DETECTABLE


def _verdict(interval: Optional[Range], images: int) -> str:
    return "tie" if interval is None or images < FEWEST_IMAGES else verdict_of(interval)


def _reason(metric: str, delta: float, interval: Optional[Range], images: int) -> str:
    on = count(images, "validation image")
    if interval is None or images < FEWEST_IMAGES:
        return f"{on} cannot tell two runs apart"
    if delta == 0 == interval[0] == interval[1]:
        return f"{metric} is the same on every draw of {on}"
    if interval[0] <= 0 <= interval[1]:
        widest = points(max(interval[1] - delta, delta - interval[0]))
        return f"{on} cannot tell {metric} apart: differences of up to {widest} may be chance"
    side = "higher" if delta > 0 else "lower"
    return f"{metric} is {points(abs(delta))} {side}, more than chance on {on}"
