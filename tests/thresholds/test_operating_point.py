"""The function for programs: what it returns and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens.run import Curves
from tensorboard_runlens.thresholds import OperatingPoint, operating_point
from tests.thresholds.detectors import detections, shuffled, validations
from tests.thresholds.test_estimate import detector

GRID = np.linspace(0, 1, 1000)


def curves(**other) -> Curves:
    hill = np.sin(np.pi * GRID)
    return Curves(**{"confidence": GRID, "precision": hill, "recall": hill, "f1": hill, **other})


def test_detections_have_an_operating_point():
    found = operating_point(detector(0, 0.6), replicates=0)
    assert isinstance(found, OperatingPoint)
    assert 0.2 < found.confidence < 0.5
    assert found.f1 > 0.8 and found.precision > 0.8 and found.recall > 0.8
    assert (found.source, found.status, found.interval, found.reason) == (
        "detections",
        "exact",
        None,
        "",
    )


@pytest.mark.parametrize("objective", ["f1", "f0.5", "precision@0.9", "recall@0.9", "cost@1:5"])
@pytest.mark.parametrize("average", ["macro", "micro"])
def test_detections_have_ranges(objective, average):
    given = detector(0, 0.6)
    (found, again) = (
        operating_point(given, objective, average=average, replicates=200, seed=1) for _ in range(2)
    )
    (low, high) = found.interval
    assert 0.1 < low <= found.confidence <= high < 0.6
    if found.plateau is not None:
        assert found.plateau[0] <= found.confidence <= found.plateau[1]
    assert found == again


def test_other_draws_have_other_ranges():
    given = detector(0, 0.6)
    (one, other) = (operating_point(given, replicates=200, seed=seed) for seed in (1, 2))
    assert one.interval != other.interval


def test_one_image_has_a_point_and_no_ranges():
    found = operating_point(detections([0.9, 0.8, 0.3], [True, True, False], image=[0, 0, 0]))
    assert found.confidence is not None and found.interval is None
    assert "too few for an interval" in found.reason


def test_curves_have_one():
    found = operating_point(curves())
    assert found.confidence == pytest.approx(0.5, abs=1e-3)
    assert (found.source, found.interval, found.plateau) == ("curves", None, None)


@settings(max_examples=30)
@given(validations(), st.integers(0, 9), st.sampled_from(["f1", "f2", "recall@0.3", "cost@1:1"]))
def test_order_makes_no_difference(given, seed, objective):
    (one, other) = (
        operating_point(these, objective, replicates=0) for these in (given, shuffled(given, seed))
    )
    assert one == other


def test_a_group_is_chosen():
    given = detector(0, 0.6)
    none = np.zeros_like(given.hits["box"])
    both = replace(given, hits={"box": given.hits["box"], "mask": none})
    assert operating_point(both, replicates=0).reason == "no detection is right"
    assert operating_point(both, group="box", replicates=0) == operating_point(given, replicates=0)
    with pytest.raises(
        ValueError, match="no detections of pose are recorded; there are: box, mask"
    ):
        operating_point(both, group="pose")


def test_a_stricter_iou_counts_other_hits():
    given = detector(0, 0.6)
    hits = given.hits["box"].copy()
    hits[::2] &= 0b11111
    strict = operating_point(replace(given, hits={"box": hits}), iou=0.75, replicates=0)
    assert strict.recall < 0.6 < operating_point(given, iou=0.75, replicates=0).recall
    with pytest.raises(ValueError, match=r"no hits are recorded at IoU 0\.6001"):
        operating_point(given, iou=0.6001)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"confidence": np.array([0.5, np.nan], np.float32)}, "a confidence is NaN"),
        ({"confidence": np.array([0.5, 1.5], np.float32)}, "not between 0 and 1"),
        ({"confidence": np.array([0.5, -np.inf], np.float32)}, "not between 0 and 1"),
        ({"confidence": np.array([0.5], np.float32)}, "detections are not all of one length"),
        ({"truth_count": np.array([1, 2])}, "objects are not all of one length"),
        ({"image": np.array([0, 9])}, "none of the 4 validated"),
        ({"truth_image": np.array([-1])}, "none of the 4 validated"),
        ({"class_number": np.array([0, -1])}, "class numbers"),
        ({"class_number": np.array([0, 10**12])}, "class numbers"),
        ({"class_number": np.array([1, 0])}, "class 1 has 1 true positives of 0 objects"),
        ({"hits": {"box": np.array([1, 1])}}, "class 0 has 2 true positives of 1 objects"),
        ({"truth_count": np.array([-1])}, "fewer than 0 objects"),
    ],
)
def test_what_no_detections_can_be_is_refused(change, message):
    given = detections([0.5, 0.4], [True, False], truth={(0, 0): 1})
    with pytest.raises(ValueError, match=message):
        operating_point(replace(given, **change))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"f1": np.full(1000, np.nan)}, "f1 holds NaN"),
        ({"confidence": GRID[::-1]}, "does not ascend"),
        ({"confidence": GRID * 2}, "confidence is not between 0 and 1"),
        ({"f1": GRID * 100}, "f1 is not between 0 and 1"),
        ({"precision": np.full(1000, np.inf)}, "precision is not between 0 and 1"),
        ({"recall": np.zeros(999)}, "recall has not one number for each"),
        ({name: np.empty(0) for name in ("confidence", "precision", "recall", "f1")}, "ascend"),
    ],
)
def test_what_no_curves_can_be_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        operating_point(curves(**change))


def test_what_is_asked_wrongly_is_refused():
    with pytest.raises(ValueError, match="an objective is f1"):
        operating_point(curves(), "accuracy")
    with pytest.raises(ValueError, match="macro or micro"):
        operating_point(curves(), average="weighted")
    for replicates in (-1, 10_001):
        with pytest.raises(ValueError, match="replicates are 0 to 10,000"):
            operating_point(curves(), replicates=replicates)
    with pytest.raises(TypeError, match="not dict"):
        operating_point({})
