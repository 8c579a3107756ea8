"""Which classes get a threshold of their own, on made-up detectors of which that is known."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens.run import Detections
from tensorboard_runlens.thresholds.best.estimate import point
from tensorboard_runlens.thresholds.best.framework import CONFIDENCE
from tensorboard_runlens.thresholds.counts.counting import counted_at, counting
from tensorboard_runlens.thresholds.objective import F1, parse
from tensorboard_runlens.thresholds.uncertainty.by_class import (
    FEWEST_OBJECTS,
    SHRINKING,
    ClassThreshold,
    by_class,
)
from tests.thresholds.detectors import detections, validations
from tests.thresholds.simulated import GOOD, Detector, population, sample

SAME = replace(GOOD, classes=4, rarer=0.0, objects=4.0)
"""Four classes that have the same optimum."""

DIFFERENT = replace(SAME, shift=1.2)
"""Two of them are surer than the others: own thresholds gain .035 to .05 in F1."""

DRAWS = 200
VALIDATIONS = 60


@pytest.fixture(autouse=True)
def no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@lru_cache
def lines(detector: Detector, images: int) -> list[tuple[ClassThreshold, float, int, float]]:
    """(line, common confidence, objects, true gain of the threshold that was tested) of many validations."""
    whole = population(detector)
    (right, found) = counted_at(whole, CONFIDENCE)
    f1 = F1.of_counts(right, found, whole.instances[:, None])
    rows = []
    for seed in range(VALIDATIONS):
        made_up = sample(detector, images, seed)
        common = point(made_up, F1).confidence
        assert common is not None
        for line in by_class(made_up, F1, common, DRAWS, seed):
            count = int(made_up.instances[line.index])
            (tested, usual) = (nearest(shrunk(line, common, count)), nearest(common))
            rows.append((line, common, count, f1[line.index, tested] - f1[line.index, usual]))
    return rows


def shrunk(line: ClassThreshold, common: float, count: int) -> float:
    assert line.confidence is not None
    return common + (line.confidence - common) * count / (count + SHRINKING)


def nearest(confidence: float) -> int:
    return int(np.abs(CONFIDENCE - confidence).argmin())


def share_of_own(detector: Detector, images: int) -> float:
    return float(np.mean([line.verdict == "own" for (line, *_) in lines(detector, images)]))


def test_classes_that_are_the_same_keep_the_common_threshold() -> None:
    assert share_of_own(SAME, 100) <= 0.03
    assert share_of_own(SAME, 300) <= 0.03


def test_classes_that_differ_get_their_own_where_images_suffice() -> None:
    assert share_of_own(DIFFERENT, 300) > 0.75
    assert share_of_own(DIFFERENT, 300) > share_of_own(DIFFERENT, 100) > 0.2


@pytest.mark.parametrize("detector", [SAME, DIFFERENT], ids=["same", "different"])
@pytest.mark.parametrize("images", [100, 300])
def test_the_interval_of_the_gain_holds_the_true_one(detector: Detector, images: int) -> None:
    held = []
    for line, _, _, gain in lines(detector, images):
        assert line.gain_interval is not None
        held.append(line.gain_interval[0] <= gain <= line.gain_interval[1])
    assert np.mean(held) >= 0.9


def test_a_threshold_of_its_own_is_better_in_truth() -> None:
    gains = [gain for (line, _, _, gain) in lines(DIFFERENT, 300) if line.verdict == "own"]
    assert min(gains) > 0


def test_gains_are_not_overstated() -> None:
    """The choice is judged on images that had no part in it."""
    for detector in (SAME, DIFFERENT):
        errors = [line.gain - gain for (line, _, _, gain) in lines(detector, 100) if line.gain]
        assert np.mean(errors) < 0.001


def test_what_is_advised_is_moved_towards_the_common_one() -> None:
    for line, common, count, _ in lines(DIFFERENT, 300):
        if line.verdict == "own":
            assert line.advised == pytest.approx(shrunk(line, common, count), abs=0.0006)
        else:
            assert line.advised == common


def test_confidences_lie_in_their_intervals() -> None:
    for line, _, _, _ in lines(DIFFERENT, 100):
        assert line.interval and line.confidence is not None
        assert line.interval[0] <= line.confidence <= line.interval[1]
        assert line.gain is not None and line.gain_interval
        assert line.gain_interval[0] <= line.gain <= line.gain_interval[1]


def test_the_value_is_counted_at_the_confidence() -> None:
    made_up = sample(DIFFERENT, 100, 0)
    for line in by_class(made_up, F1, 0.33, 20):
        (right, found) = counted_at(made_up, np.array([line.confidence]))
        f1 = F1.of_counts(right[:, 0], found[:, 0], made_up.instances)
        assert line.value == pytest.approx(f1[line.index], abs=1e-6)


def test_the_same_seed_gives_the_same() -> None:
    made_up = sample(DIFFERENT, 60, 0)
    (first, same, other) = (by_class(made_up, F1, 0.33, 50, seed) for seed in (1, 1, 2))
    assert first == same
    assert first != other


def test_of_one_class_the_own_threshold_is_the_common_one() -> None:
    made_up = sample(GOOD, 100, 0)
    common = point(made_up, F1).confidence
    assert common is not None
    (line,) = by_class(made_up, F1, common, DRAWS)
    assert line.verdict == "common"
    assert line.confidence == pytest.approx(common, abs=0.01)


def test_cost_is_gained_per_object() -> None:
    made_up = sample(DIFFERENT, 300, 0)
    found = by_class(made_up, parse("cost@1:1"), 0.33, DRAWS)
    assert "own" in {line.verdict for line in found}
    assert all("in cost per object" in line.reason for line in found)


@pytest.mark.parametrize("objective", ["precision@0.9", "recall@0.5"])
def test_precision_and_recall_are_asked_of_all_classes(objective: str) -> None:
    for line in by_class(sample(DIFFERENT, 100, 0), parse(objective), 0.33, 20):
        assert (line.verdict, line.advised, line.gain) == ("common", 0.33, None)
        assert "of all classes together" in line.reason


def many(objects: int, images: int, right: bool = True) -> Detections:
    """As many objects of class 1 on as many images, each detected; one object of class 0 on 20 other images each."""
    where = np.concatenate([np.arange(objects) % images, images + np.arange(20)])
    number = np.concatenate([np.ones(objects, np.int64), np.zeros(20, np.int64)])
    truth = {(int(image), 1): 0 for image in range(images)}
    for image in where[:objects].tolist():
        truth[image, 1] += 1
    truth.update({(images + image, 0): 1 for image in range(20)})
    confidence = np.linspace(0.2, 0.9, len(where))
    hit = np.concatenate([np.full(objects, right), np.full(20, True)])
    return detections(confidence, hit, number, where, truth, images + 20)


@pytest.mark.parametrize(
    ("made_up", "verdict", "reason"),
    [
        (many(FEWEST_OBJECTS, 40), "common", "not surely better"),
        (many(FEWEST_OBJECTS - 1, 40), "too_few", "49 objects are too few"),
        (many(100, 14), "too_few", "its objects are on 14 images"),
        (many(100, 40, right=False), "common", "no detection of it is right"),
    ],
)
def test_the_verdict_of_a_class(made_up: Detections, verdict: str, reason: str) -> None:
    line = by_class(counting(made_up, "box"), F1, 0.1, 100)[1]
    assert line.verdict == verdict
    assert reason in line.reason
    assert line.advised == 0.1


def test_a_class_without_objects_keeps_the_common_threshold() -> None:
    made_up = detections([0.9, 0.8], [False, False], [3, 3], truth={(0, 5): 2})
    (wrong_only, never_found) = by_class(counting(made_up, "box"), F1, 0.3, 50)
    assert (wrong_only.verdict, wrong_only.advised) == ("no_objects", 0.3)
    assert wrong_only.confidence is None
    assert (never_found.verdict, never_found.confidence) == ("too_few", None)


def test_without_classes_there_are_no_lines() -> None:
    assert by_class(counting(detections([], [], images=0), "box"), F1, 0.3) == ()


def test_without_draws_nothing_is_judged() -> None:
    (line, *_) = by_class(sample(DIFFERENT, 100, 0), F1, 0.3, replicates=0)
    assert (line.verdict, line.gain, line.interval) == ("common", None, None)
    assert "no images were drawn" in line.reason


@given(validations(), st.sampled_from(["f1", "f2", "precision@0.5", "cost@1:5"]), st.floats(0, 1))
@settings(deadline=None, max_examples=60)
def test_any_validation_has_a_line_for_each_class(
    made_up: Detections, objective: str, common: float
) -> None:
    counted = counting(made_up, "box")
    found = by_class(counted, parse(objective), common, 20)
    assert [line.index for line in found] == list(range(len(counted.classes)))
    for line in found:
        assert 0 <= line.advised <= 1
        assert (line.verdict == "no_objects") == (counted.instances[line.index] == 0)
        assert line.reason
        if line.interval is not None:
            assert line.confidence is not None
            assert 0 <= line.interval[0] <= line.confidence <= line.interval[1] <= 1
