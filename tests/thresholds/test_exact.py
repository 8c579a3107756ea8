"""The best cut is the best of all cuts, tried one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.thresholds.best import exact
from tensorboard_runlens.thresholds.best.exact import class_highest, highest
from tensorboard_runlens.thresholds.counts.counting import counting
from tensorboard_runlens.thresholds.objective import F1, parse
from tests.thresholds.detectors import (
    brute_force,
    chosen,
    counts,
    detections,
    shuffled,
    validations,
    value_of,
)

OBJECTIVES = (
    "f1",
    "f0.5",
    "f2",
    "f0.31",
    "cost@1:5",
    "cost@5:1",
    "cost@0.3:0.7",
    "precision@0.9",
    "precision@0.5",
    "recall@0.5",
    "recall@0.8",
)
objectives = st.sampled_from(OBJECTIVES).map(parse)
averages = st.sampled_from(["macro", "micro"])


@given(validations(), objectives, averages)
def test_the_best_cut_is_the_best_of_all(given, objective, average):
    expected = brute_force(given, objective, average)
    found = highest(counting(given, "box"), objective, average)
    assert (found is None) == (expected is None)
    if found is not None:
        assert found.value == pytest.approx(expected, abs=1e-12)


@given(validations(), objectives, averages)
def test_bounds_leave_out_no_best_cut(given, objective, average):
    """With two cuts counted at once, nearly all are left to the bounds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact, "CUTS_AT_ONCE", 2)
        found = highest(counting(given, "box"), objective, average)
    assert found == highest(counting(given, "box"), objective, average)


@given(validations(), objectives, averages)
def test_what_passes_the_confidence_is_what_was_counted(given, objective, average):
    cut = highest(counting(given, "box"), objective, average)
    if cut is None:
        return
    scores = given.confidence.astype(np.float64)
    passes = scores >= cut.confidence
    if cut.confidence > 0:
        assert (passes == (scores > cut.confidence)).all()
    assert cut.found == passes.sum()
    assert cut.right == (given.hits["box"][passes] & 1).sum()
    assert cut.instances == given.truth_count.sum()
    if average == "micro" or objective.kind != "f":
        counted = value_of(objective, cut.right, cut.found, cut.instances)
        assert cut.value == pytest.approx(counted, abs=1e-12)


@given(validations(), objectives)
def test_each_class_is_cut_as_if_it_were_alone(given, objective):
    counted = counting(given, "box")
    (confidence, value) = class_highest(counted, objective)
    for index, number in enumerate(counted.classes.tolist()):
        own = given.class_number == number
        cuts = [
            counts(given, score)[number]
            for score in sorted(set(given.confidence[own].tolist()), reverse=True)
        ]
        instances = int(counted.instances[index])
        values = [value_of(objective, right, found, instances) for (right, found, _) in cuts]
        rights = [right for (right, _, _) in cuts]
        expected = chosen(objective, values, rights, value_of(objective, 0, 0, instances))
        if expected is None:
            assert np.isnan(value[index]) and np.isnan(confidence[index])
            continue
        assert value[index] == pytest.approx(expected, abs=1e-12)
        (right, found, _) = counts(given, float(confidence[index]))[number]
        assert value_of(objective, right, found, instances) == pytest.approx(expected, abs=1e-12)


@given(validations(), st.integers(0, 9), objectives, averages)
def test_order_makes_no_difference(given, seed, objective, average):
    (one, other) = (counting(these, "box") for these in (given, shuffled(given, seed)))
    assert highest(one, objective, average) == highest(other, objective, average)
    for mine, theirs in zip(class_highest(one, objective), class_highest(other, objective)):
        assert np.array_equal(mine, theirs, equal_nan=True)


@given(validations(), averages)
def test_classes_without_objects_do_not_count_in_the_mean(given, average):
    more = detections(
        [*given.confidence, 0.9, 0.2],
        [*(given.hits["box"] > 0), False, False],
        [*given.class_number, 9, 9],
        [*given.image, 0, 0],
        {
            (int(image), int(number)): int(count)
            for image, number, count in zip(given.truth_image, given.truth_class, given.truth_count)
        },
    )
    (one, other) = (highest(counting(these, "box"), F1, average) for these in (given, more))
    if one is None or other is None:
        assert one is other is None
    elif average == "macro":
        assert other.value == one.value
    else:
        assert other.value <= one.value


def test_a_single_detection():
    cut = highest(counting(detections([0.6], [True]), "box"), F1)
    assert (cut.value, cut.right, cut.found, cut.instances) == (1, 1, 1, 1)
    assert cut.confidence == pytest.approx(0.3)
    assert highest(counting(detections([0.6], [False], truth={(0, 0): 1}), "box"), F1) is None


def test_equal_scores_pass_together():
    given = detections([0.5] * 10, [True] * 4 + [False] * 6)
    cut = highest(counting(given, "box"), F1)
    assert (cut.right, cut.found) == (4, 10)
    assert cut.value == pytest.approx(8 / 14)


def test_of_equally_good_cuts_the_highest():
    given = detections([0.9, 0.7, 0.6, 0.5], [True, False, True, True], truth={(0, 0): 3})
    assert highest(counting(given, "box"), parse("cost@1:1")).confidence == pytest.approx(0.25)
    given = detections([0.9, 0.7, 0.6], [True, False, True], truth={(0, 0): 3})
    assert highest(counting(given, "box"), parse("cost@1:1")).confidence == pytest.approx(0.8)


def test_nothing_is_chosen_of_nothing():
    for nothing in (
        detections([], []),
        detections([], [], truth={(0, 0): 2}),
        detections([0.3], [False], truth={}),
    ):
        assert highest(counting(nothing, "box"), F1) is None
        assert highest(counting(nothing, "box"), parse("recall@0.1")) is None


def test_where_all_is_costly_nothing_passes():
    given = detections([0.9, 0.8, 0.7], [False, False, True])
    assert highest(counting(given, "box"), parse("cost@10:1")) is None
    assert highest(counting(given, "box"), parse("cost@1:10")).found == 3
