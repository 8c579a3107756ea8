"""Counts on images drawn anew against the plainest counting: a validation made of the drawn images."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens.run import Detections
from tensorboard_runlens.thresholds.counts.counting import Counting, counted_at, counting
from tensorboard_runlens.thresholds.objective import parse
from tensorboard_runlens.thresholds.uncertainty.drawn_counts import (
    Resampled,
    left_out,
    objects,
    passed,
    resampled,
    values,
)
from tests.thresholds.detectors import detections, validations
from tests.thresholds.simulated import SEVERAL, sample

GRID = np.array([0.0, 0.001, 0.1, 0.25, 0.3, 0.5, 0.75, 0.9, 1.0])


def counted(counting: Counting, images: Resampled, draw: int) -> Counting:
    """The counting in which each image is there as often as it was drawn."""
    times = images.draws[images.unit, draw].astype(np.int64)
    (kept, of_truth) = (times[counting.image], times[counting.truth_image])
    of_class = np.repeat(np.arange(len(counting.classes)), np.diff(counting.start))
    found = np.bincount(of_class, kept, len(counting.classes)).astype(np.int64)
    count = (counting.truth_count * of_truth).astype(np.int64)
    return Counting(
        classes=counting.classes,
        instances=np.bincount(counting.truth_class, count, len(counting.classes)).astype(np.int64),
        start=np.concatenate([[0], np.cumsum(found)]),
        confidence=np.repeat(counting.confidence, kept),
        hit=np.repeat(counting.hit, kept),
        image=np.repeat(counting.image, kept),
        truth_class=counting.truth_class,
        truth_image=counting.truth_image,
        truth_count=count,
        images=counting.images,
    )


def check(made_up: Counting, images: Resampled) -> None:
    in_each = objects(made_up, images)
    for draw in range(images.draws.shape[1]):
        there = counted(made_up, images, draw)
        (right, found) = counted_at(there, GRID)
        assert (in_each[:, draw] == there.instances).all()
        for index in range(len(made_up.classes)):
            of_class = passed(made_up, index, GRID, images)
            assert (of_class.right[of_class.place, draw] == right[index]).all()
            assert (of_class.found[of_class.place, draw] == found[index]).all()


@given(validations(), st.integers(0, 100))
@settings(deadline=None, max_examples=50)
def test_counts_are_those_of_the_drawn_images(made_up: Detections, seed: int) -> None:
    check(counting(made_up, "box"), resampled(made_up.images, 4, seed))


def test_counts_are_those_of_the_drawn_images_of_a_detector() -> None:
    made_up = sample(SEVERAL, 60, 1)
    images = resampled(made_up.images, 5, 0)
    check(made_up, images)
    check(made_up, left_out(images))


def test_of_many_images_neighbours_are_drawn_together() -> None:
    made_up = sample(SEVERAL, 4500, 1)
    images = resampled(made_up.images, 2, 0)
    assert len(images.draws) < 4500
    check(made_up, images)


def test_more_detections_than_16_bits_count_are_counted() -> None:
    """All equally sure, so that all are between two confidences."""
    many = 70_000
    made_up = counting(detections(np.full(many, 0.5), np.arange(many) % 2 == 0, images=3), "box")
    check(made_up, resampled(3, 6, 0))


def test_the_first_draw_is_the_validation() -> None:
    images = resampled(50, 20, 3)
    assert (images.draws[:, 0] == 1).all()
    assert images.draws.shape == (50, 21)


def test_each_draw_has_as_many_images() -> None:
    images = resampled(50, 20, 3)
    assert (images.draws.sum(0) == 50).all()
    assert images.draws[:, 1:].max() > 1


def test_draws_are_those_of_the_seed() -> None:
    (first, same, other) = (resampled(50, 20, seed).draws for seed in (3, 3, 4))
    assert (first == same).all()
    assert (first != other).any()


def test_what_a_draw_leaves_out_is_what_it_does_not_have() -> None:
    images = resampled(50, 20, 3)
    others = left_out(images)
    assert ((images.draws > 0) ^ (others.draws == 1)).all()
    assert not others.draws[:, 0].any()
    assert others.draws[:, 1:].sum(0).mean() == pytest.approx(50 / np.e, abs=2)


@given(
    st.lists(st.tuples(*[st.integers(0, 1000)] * 3), min_size=1, max_size=20),
    st.sampled_from(["f1", "f0.5", "f2", "precision@0.9", "recall@0.9", "cost@1:5"]),
)
def test_values_are_the_objective_of_the_counts(
    counts: list[tuple[int, int, int]], name: str
) -> None:
    (right, wrong, missed) = np.array(counts, np.float32).T
    objective = parse(name)
    exact = objective.of_counts(right, right + wrong, right + missed)
    assert values(objective, right, right + wrong, right + missed) == pytest.approx(exact, rel=1e-6)


def test_a_validation_without_images_has_no_counts() -> None:
    nothing = counting(detections([], [], images=0), "box")
    images = resampled(0, 5, 0)
    assert images.draws.shape == (0, 6)
    assert objects(nothing, images).shape == (0, 6)
