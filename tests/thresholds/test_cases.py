"""Intervals where draws of images are all alike, or a class has a handful of objects."""

from __future__ import annotations

import numpy as np
import pytest

from tensorboard_runlens.deployment.tested import f1_interval
from tensorboard_runlens.statistics.proportion import wilson
from tensorboard_runlens.thresholds.best.estimate import point
from tensorboard_runlens.thresholds.counts.counting import Counting, counting
from tensorboard_runlens.thresholds.objective import F1, parse
from tensorboard_runlens.thresholds.uncertainty.independent_cases import at_least, cases
from tensorboard_runlens.thresholds.uncertainty.ranges import with_ranges
from tests.thresholds.coverage import coverage
from tests.thresholds.detectors import detections
from tests.thresholds.simulated import Detector

VERY_GOOD = Detector(strength=8.0, found=6.0, false=0.02, level=-4.0, clustering=0.3)
"""Hardly ever wrong: on most sets of 30 images no more than an error or two."""


def flawless(images: int) -> Counting:
    sure = np.linspace(0.5, 0.9, images)
    return counting(detections(sure, [True] * images, images=images), "box")


@pytest.mark.parametrize("objective", ["f1", "f0.5", "f2", "precision@0.5"])
def test_no_error_on_40_images_does_not_mean_none_on_others(objective: str) -> None:
    found = with_ranges(flawless(40), parse(objective), replicates=100)
    assert found.uncertainty.value == 1
    (low, high) = found.uncertainty.value_interval
    assert 0.8 < low < 0.97 and high == 1
    assert (
        with_ranges(flawless(400), parse(objective), replicates=100).uncertainty.value_interval[0]
        > low
    )


def test_nor_on_the_test_split() -> None:
    (low, high) = f1_interval(flawless(40), 0.3)
    assert 0.9 < low < 0.97 and high == 1


def test_the_f1_of_a_very_good_detector_is_held() -> None:
    assert coverage(VERY_GOOD, 30, 200, 100).value >= 0.9


def test_the_cases_are_those_of_the_linearised_variance() -> None:
    """Beside numbers drawn: objects that are found or not, and wrong detections."""
    rng = np.random.default_rng(0)
    (objects, share, wrong) = (2000, 0.7, 600)
    right = rng.binomial(objects, share, 20_000)
    found = right + rng.poisson(wrong, 20_000)
    f1 = F1.of_counts(right, found, objects)
    made_up = detections(
        np.full(2000, 0.5), np.arange(2000) < 1400, image=np.zeros(2000), truth={(0, 0): 2000}
    )
    told = cases(counting(made_up, "box"), F1, 0.3)
    assert f1.mean() * (1 - f1.mean()) / told == pytest.approx(f1.var(), rel=0.25)


def test_a_mean_is_known_no_better_than_its_rarest_class() -> None:
    of_class = np.repeat([0, 1], [200, 2])
    made_up = counting(detections(np.full(202, 0.5), [True] * 202, of_class, images=40), "box")
    assert cases(made_up, parse("recall@0.5"), 0.3) == int(4 / (1 / 200 + 1 / 2))


def test_nothing_passes_and_still_there_is_a_case() -> None:
    made_up = flawless(20)
    assert cases(made_up, parse("precision@0.5"), 0.99) == 1
    assert cases(made_up, F1, 0.99) == 10


def test_an_interval_is_only_ever_widened() -> None:
    assert at_least((0.1, 0.9), 0.5, 0.5, 1000) == (0.1, 0.9)
    assert at_least((0.5, 0.5), 0.5, 0.5, 100) == wilson(0.5, 100)
    assert at_least((1.0, 1.0), 1.0000001, 1.0000001, 100) == wilson(1.0, 100)


def test_a_cost_is_no_share() -> None:
    made_up = flawless(40)
    cost = parse("cost@1:1")
    assert point(made_up, cost).confidence is not None
    assert with_ranges(made_up, cost, replicates=100).uncertainty.value_interval == (0, 0)
