"""Calibration against detections whose confidence is known to be right, or known to be wrong by how much."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.run import Detections
from tensorboard_runlens.thresholds.calibration import (
    FLOOR,
    Calibrated,
    calibration,
)

NOTHING = np.empty(0, np.int64)


def detections(confidence: Any, hits: Any, image: Any = None, images: int = 1) -> Detections:
    count = len(confidence)
    return Detections(
        confidence=np.asarray(confidence, np.float32),
        image=np.zeros(count, np.int64) if image is None else np.asarray(image, np.int64),
        class_number=np.zeros(count, np.int64),
        hits={"box": np.asarray(hits, np.uint16)},
        truth_image=NOTHING,
        truth_class=NOTHING,
        truth_count=NOTHING,
        images=images,
    )


def simulated(seed: int, images: int, per_image: int, shift: float = 0.0) -> Detections:
    """Of a confidence c, a share c - shift is right."""
    rng = np.random.default_rng(seed)
    confidence = np.sort(rng.uniform(max(shift, 0.06), 1, images * per_image))
    right = rng.random(len(confidence)) < confidence - shift
    image = rng.permutation(np.arange(len(confidence)) % images)
    return detections(confidence, np.where(right, 1, 0), image, images)


def known(found: Any) -> Calibrated:
    assert isinstance(found, Calibrated)
    return found


def test_detections_as_sure_as_they_are_right_are_found_calibrated() -> None:
    outside = 0
    for seed in range(40):
        found = known(calibration(simulated(seed, 60, 20), "box", replicates=200))
        assert found.d_ece < 0.06
        outside += found.d_ece_interval[0] > 0
    assert outside <= 4  # 1 is expected of 40


def test_a_constant_shift_is_the_error() -> None:
    inside = 0
    for seed in range(40):
        found = known(calibration(simulated(seed, 60, 20, shift=0.2), "box", replicates=200))
        assert found.d_ece == pytest.approx(0.2, abs=0.05)
        inside += found.d_ece_interval[0] <= 0.2 <= found.d_ece_interval[1]
        assert found.text.endswith(": over-confident")
    assert inside >= 35  # 38 are expected


def test_a_bins_interval_holds_the_share_that_is_right() -> None:
    (inside, of) = (0, 0)
    for seed in range(40):
        for one in known(calibration(simulated(seed, 60, 20), "box", replicates=1)).bins:
            inside += one.interval[0] <= one.confidence <= one.interval[1]
            of += 1
    assert 0.9 <= inside / of <= 0.99


def test_detections_that_stand_and_fall_together_in_an_image_tell_less() -> None:
    rng = np.random.default_rng(0)
    image = np.repeat(np.arange(50), 20)
    alone = rng.random(1000) < 0.7
    together = (rng.random(50) < 0.7)[image]
    (narrow, wide) = (
        known(calibration(detections([0.75] * 1000, right, image, 50), "box")).bins[0].interval
        for right in (alone, together)
    )
    assert wide[1] - wide[0] > 3 * (narrow[1] - narrow[0])


def test_bins_by_hand() -> None:
    found = known(
        calibration(detections([0.02, 0.07, 0.8, 0.85, 1.0], [1, 0, 1, 0, 1], range(5), 5), "box")
    )
    assert [(one.low, one.high, one.count) for one in found.bins] == [
        (FLOOR, 0.1, 1),
        (0.8, 0.9, 2),
        (0.9, 1.0, 1),
    ]
    assert [one.precision for one in found.bins] == [0, 0.5, 1]
    assert found.bins[1].confidence == pytest.approx(0.825)
    assert found.d_ece == pytest.approx((0.07 + 2 * 0.325 + 0) / 4)


def test_the_error_is_the_mean_of_the_bins_gaps() -> None:
    found = known(calibration(simulated(3, 40, 10, shift=0.1), "box"))
    total = sum(one.count for one in found.bins)
    assert found.d_ece == pytest.approx(
        sum(abs(one.gap) * one.count for one in found.bins) / total, rel=1e-6
    )


@pytest.mark.parametrize(
    ("hits", "iou"), [(0, 0), (0b1, 0.525), (0b11111, 0.725), (0b1111111111, 0.975)]
)
def test_the_iou_is_the_middle_above_the_highest_hit(hits: int, iou: float) -> None:
    found = known(calibration(detections([0.9], [hits]), "box"))
    assert found.la_ece == pytest.approx(abs(0.9 - iou), abs=1e-6)


def test_at_another_iou_other_detections_are_right() -> None:
    mine = detections([0.9, 0.9], [0b1, 0b111111], [0, 1], 2)
    assert known(calibration(mine, "box", iou=0.75)).bins[0].precision == 0.5
    assert known(calibration(mine, "box", iou=0.5)).bins[0].precision == 1.0


def test_nothing_above_the_floor_is_nothing() -> None:
    assert calibration(detections([], []), "box") is None
    assert calibration(detections([], [], images=0), "box") is None
    assert calibration(detections([0.049], [1]), "box") is None


def test_a_single_detection_says_next_to_nothing() -> None:
    found = known(calibration(detections([0.9], [0]), "box"))
    assert found.d_ece == pytest.approx(0.9)
    assert (found.bins[0].count, found.bins[0].precision) == (1, 0.0)
    assert found.bins[0].interval[1] > 0.7
    assert found.d_ece_interval[0] <= found.d_ece <= found.d_ece_interval[1]


@pytest.mark.parametrize("confidence", [float("nan"), -0.1, 1.5, float("inf")])
def test_what_is_no_confidence_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="0 to 1"):
        calibration(detections([0.5, confidence], [1, 1]), "box")


def test_other_groups_ious_and_floors_are_refused() -> None:
    with pytest.raises(KeyError):
        calibration(detections([0.5], [1]), "mask")
    with pytest.raises(ValueError, match="IoU"):
        calibration(detections([0.5], [1]), "box", iou=0.52)
    with pytest.raises(ValueError, match="floor"):
        calibration(detections([0.5], [1]), "box", floor=float("nan"))


lists = st.lists(
    st.tuples(st.floats(0, 1, width=32), st.booleans(), st.integers(0, 4)), min_size=1, max_size=40
)


@given(lists, st.randoms(use_true_random=False))
def test_their_order_does_not_matter(rows: list[Any], random: Any) -> None:
    def of(rows: list[Any]) -> Any:
        (confidence, right, image) = zip(*rows)
        return calibration(detections(confidence, right, image, 5), "box", replicates=20)

    (one, mixed) = (of(rows), of(random.sample(rows, len(rows))))
    if one is None:
        assert mixed is None
        return
    assert one.d_ece == pytest.approx(mixed.d_ece, abs=1e-9)
    assert one.la_ece == pytest.approx(mixed.la_ece, abs=1e-9)
    assert one.d_ece_interval == pytest.approx(mixed.d_ece_interval, abs=0.03 * one.d_ece + 1e-6)
    assert [bin_.count for bin_ in one.bins] == [bin_.count for bin_ in mixed.bins]


@given(lists)
def test_every_number_is_a_share_and_lies_in_its_interval(rows: list[Any]) -> None:
    (confidence, right, image) = zip(*rows)
    found = calibration(detections(confidence, right, image, 5), "box", replicates=20)
    kept = sum(np.float32(one) >= FLOOR for one in confidence)
    if found is None:
        assert kept == 0
        return
    assert sum(one.count for one in found.bins) == kept
    (low, high) = found.d_ece_interval
    assert 0 <= low <= found.d_ece + 1e-9 <= high + 2e-9
    assert 0 <= found.la_ece <= 1
    for one in found.bins:
        assert one.low <= np.float32(one.confidence) + 1e-6
        assert one.confidence <= one.high + 1e-6
        assert 0 <= one.interval[0] <= one.precision + 1e-9
        assert one.precision <= one.interval[1] + 1e-9 <= 1 + 2e-9


def test_what_is_off_by_nearly_nothing_is_not_called_over_confident() -> None:
    found = known(calibration(simulated(1, 1000, 500, shift=0.005), "box", replicates=100))
    assert found.d_ece_interval[0] > 0
    assert found.text.startswith("confidences are right as often as they say, to within 0.0")


def test_under_confidence_is_said_with_the_numbers() -> None:
    confidence = np.repeat(0.5, 400)
    hits = np.arange(400) % 10 < 8
    found = known(calibration(detections(confidence, hits, np.arange(400), 400), "box"))
    assert found.text == "a confidence of 0.50 is right 80 times in 100: under-confident"
