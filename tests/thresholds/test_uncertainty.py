"""Intervals hold the truth as often as they say, on made-up validations whose truth is known."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens.run import Detections
from tensorboard_runlens.thresholds.best.estimate import bounds_of, point
from tensorboard_runlens.thresholds.best.exact import Average
from tensorboard_runlens.thresholds.best.framework import CONFIDENCE
from tensorboard_runlens.thresholds.best.surely import surely
from tensorboard_runlens.thresholds.counts.counting import Counting, counted_at, counting, pooled
from tensorboard_runlens.thresholds.objective import F1, parse
from tensorboard_runlens.thresholds.uncertainty.of_point import (
    FEWEST_IMAGES,
    lower_bounds,
    uncertainty_of,
)
from tests.thresholds.coverage import Coverage, coverage, truth
from tests.thresholds.detectors import detections, validations
from tests.thresholds.simulated import GOOD, SEVERAL, WEAK, Detector, population, sample

VALIDATIONS = 400
DRAWS = 200

SETTINGS = [(GOOD, 30), (GOOD, 100), (GOOD, 300), (WEAK, 100), (WEAK, 300), (SEVERAL, 100)]
NAMES = [
    f"{name}-{images}"
    for (name, images) in zip(
        ["ordinary"] * 3 + ["weak"] * 2 + ["five classes"], [images for (_, images) in SETTINGS]
    )
]

each_setting = pytest.mark.parametrize(("detector", "images"), SETTINGS, ids=NAMES)


@pytest.fixture(autouse=True)
def no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@lru_cache
def measured(detector: Detector, images: int) -> Coverage:
    return coverage(detector, images, VALIDATIONS, DRAWS)


def test_the_weak_detector_has_its_optimum_near_065() -> None:
    assert truth(WEAK).best == pytest.approx(0.065, abs=0.003)


@each_setting
def test_the_interval_of_f1_holds_the_true_f1(detector: Detector, images: int) -> None:
    assert 0.90 <= measured(detector, images).value <= 0.98


@each_setting
def test_the_interval_holds_the_threshold_of_all_images(detector: Detector, images: int) -> None:
    assert 0.90 <= measured(detector, images).interval <= 0.98


@each_setting
def test_the_plateau_holds_the_truly_best_confidence(detector: Detector, images: int) -> None:
    assert measured(detector, images).plateau >= 0.90


def test_the_plateau_is_narrower_with_more_images() -> None:
    widths = [measured(GOOD, images).plateau_width for images in (30, 100, 300)]
    assert widths[0] > 1.3 * widths[1] > 1.3 * 1.3 * widths[2]


@pytest.mark.parametrize(
    ("detector", "images"), [(GOOD, 30), (GOOD, 100), (WEAK, 100), (WEAK, 300)]
)
def test_without_its_optimism_a_maximum_is_nearer_to_the_truth(
    detector: Detector, images: int
) -> None:
    found = measured(detector, images)
    assert found.error > 0
    assert abs(found.debiased) < found.error / 2


def test_drawing_detections_instead_of_images_fails() -> None:
    """Detections of an image are right and wrong together."""
    found = coverage(WEAK, 100, 100, DRAWS, independent=True)
    assert found.value < 0.75
    assert measured(WEAK, 100).value - found.value > 0.15


def test_a_precision_that_is_asked_for_is_reached_on_all_images() -> None:
    (wanted, reached) = (0.8, [])
    (right, found) = (one.sum(0) for one in counted_at(population(GOOD), CONFIDENCE))
    for seed in range(100):
        lower = lower_bounds(sample(GOOD, 100, seed), DRAWS, seed).precision
        chosen = surely(parse(f"precision@{wanted}"), lower)
        assert chosen is not None
        reached.append(right[chosen] / found[chosen] >= wanted)
    assert np.mean(reached) >= 0.95


def test_bounds_are_below_what_was_counted_and_wilsons() -> None:
    made_up = sample(SEVERAL, 100, 0)
    bounds = lower_bounds(made_up, DRAWS)
    for name, lower in (("precision@0.5", bounds.precision), ("recall@0.5", bounds.recall)):
        objective = parse(name)
        (right, found) = (one.sum(0) for one in counted_at(made_up, CONFIDENCE))
        counted = objective.of_counts(right, found, made_up.instances.sum())
        assert (lower <= counted).all()
        assert (lower <= bounds_of(pooled(made_up), objective, CONFIDENCE)).all()


def test_without_draws_bounds_are_wilsons() -> None:
    made_up = sample(SEVERAL, 30, 0)
    wilson = bounds_of(made_up, parse("precision@0.5"), CONFIDENCE)
    assert (lower_bounds(made_up, 0).precision == wilson).all()


OBJECTIVES = ("f1", "f0.5", "f2", "precision@0.3", "recall@0.2", "cost@1:5")


@given(
    validations(least=15, most=80),
    st.sampled_from(OBJECTIVES),
    st.sampled_from(["macro", "micro"]),
    st.integers(0, 1000),
)
@settings(deadline=None, max_examples=80)
def test_a_point_lies_in_its_own_interval(
    few: Detections, objective: str, average: Average, seed: int
) -> None:
    check_within(spread(few), objective, average, seed)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_point_of_a_detector_lies_in_its_own_interval(objective: str) -> None:
    for seed in range(20):
        made_up = sample((GOOD, WEAK, SEVERAL)[seed % 3], 16 + seed, seed)
        check_within(made_up, objective, "macro", seed)


def spread(few: Detections) -> Counting:
    """The same with an object more in each of 20 images."""
    images = 20
    more = Detections(
        confidence=few.confidence,
        image=few.image * 5 % images,
        class_number=few.class_number,
        hits=few.hits,
        truth_image=np.concatenate([few.truth_image * 5 % images, np.arange(images)]),
        truth_class=np.concatenate([few.truth_class, np.zeros(images, np.int64)]),
        truth_count=np.concatenate([few.truth_count, np.ones(images, np.int64)]),
        images=images,
    )
    return counting(more, "box")


def check_within(made_up: Counting, objective: str, average: Average, seed: int) -> None:
    asked = parse(objective)
    at = point(made_up, asked, average).confidence
    if at is None:
        return
    found = uncertainty_of(made_up, asked, average, at, 60, seed)
    assert found.interval and found.value_interval, found.reason
    assert 0 <= found.interval[0] <= at <= found.interval[1] <= 1
    assert found.value is not None and found.expected is not None
    for value in (found.value, found.expected):
        assert found.value_interval[0] <= value <= found.value_interval[1]
    if asked.kind in ("f", "cost"):
        assert found.plateau and found.optimism is not None
        assert 0 <= found.plateau[0] <= at <= found.plateau[1] <= 1
        assert found.optimism >= 0
    if asked.kind != "cost":
        assert found.value_interval[0] >= 0 and found.value_interval[1] <= 1
    assert all(math.isfinite(one) for one in (*found.interval, *found.value_interval))


def test_the_same_seed_gives_the_same_and_another_almost() -> None:
    made_up = sample(GOOD, 100, 0)
    (first, same, other) = (
        uncertainty_of(made_up, F1, "macro", 0.33, 500, seed) for seed in (1, 1, 2)
    )
    assert first == same
    assert first != other
    assert first.value_interval == pytest.approx(other.value_interval, abs=0.01)


def test_the_value_is_counted_at_the_point_also_between_confidences() -> None:
    made_up = sample(SEVERAL, 60, 0)
    at = 0.37123
    (right, found) = counted_at(made_up, np.array([at]))
    f1 = F1.of_counts(right[:, 0], found[:, 0], made_up.instances).mean()
    assert uncertainty_of(made_up, F1, "macro", at, 50).value == pytest.approx(f1, abs=1e-6)


def test_micro_counts_all_classes_together() -> None:
    made_up = sample(SEVERAL, 60, 0)
    assert uncertainty_of(made_up, F1, "micro", 0.35, 50) == uncertainty_of(
        pooled(made_up), F1, "macro", 0.35, 50
    )


def test_draws_without_objects_are_left_out() -> None:
    """Of 1,000 images few have objects: of the draws some have none at all."""
    where = np.arange(FEWEST_IMAGES) * 60
    some = detections(
        np.full(len(where), 0.5), np.arange(len(where)) % 2 == 0, image=where,
        truth={(int(image), 0): 1 for image in where}, images=1000,
    )  # fmt: skip
    found = uncertainty_of(counting(some, "box"), F1, "macro", 0.25, 200)
    assert found.interval is not None
    assert found.value == pytest.approx(8 / 15, abs=1e-6)


def test_where_all_detections_are_equally_sure_every_confidence_below_is_as_good() -> None:
    equal = detections(np.full(60, 0.4), np.arange(60) % 3 > 0, image=np.arange(60), images=60)
    made_up = counting(equal, "box")
    at = point(made_up, F1).confidence
    assert at is not None
    found = uncertainty_of(made_up, F1, "macro", at, 100)
    assert found.plateau is not None
    assert found.plateau[0] <= 0.06
    assert found.plateau[1] <= 0.46


@pytest.mark.parametrize(
    ("made_up", "draws", "reason"),
    [
        (detections([0.5, 0.4], [True, False], images=1), 100, "1 image with objects is too few"),
        (detections([0.5] * 30, [True] * 30, images=9), 100, "9 images with objects are too few"),
        (detections([0.5], [False], images=30), 100, "no detection is right"),
        (detections([], [], images=30), 100, "no detection is right"),
        (detections([], [], images=0), 100, "no detection is right"),
        (detections([0.5] * 30, [True] * 30, images=30), 0, "0 draws of images are too few"),
    ],
)
def test_what_cannot_be_known_has_a_reason(made_up: Detections, draws: int, reason: str) -> None:
    found = uncertainty_of(counting(made_up, "box"), F1, "macro", 0.3, draws)
    assert reason in found.reason
    assert found.interval is None and found.plateau is None and found.value_interval is None
