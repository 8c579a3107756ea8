"""RunLens' own estimate: the framework's, but for optima near 0."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.run import Curves
from tensorboard_runlens.thresholds.best.estimate import (
    best_by_estimate,
    objective_curve,
    point,
    point_of_curves,
    widest,
)
from tensorboard_runlens.thresholds.best.exact import highest
from tensorboard_runlens.thresholds.best.framework import (
    CONFIDENCE,
    framework_curves,
    framework_optimum,
)
from tensorboard_runlens.thresholds.counts.counting import counting
from tensorboard_runlens.thresholds.objective import F1, parse
from tests.thresholds.detectors import counts, detections, validations


def detector(seed: int, sure: float, objects: int = 300):
    """Confidences of true positives around ``sure``, wrong ones below."""
    rng = np.random.default_rng(seed)
    wrong = 5 * objects
    right = rng.beta(20 * sure, 20 * (1 - sure), objects)
    scores = np.concatenate([right, rng.beta(20 * sure, 20 * (1 - sure), wrong) / 3])
    hit = np.arange(len(scores)) < objects
    image = rng.integers(0, 50, len(scores))
    return detections(scores, hit, rng.integers(0, 3, len(scores)), image, images=50)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("sure", [0.4, 0.6, 0.8])
def test_for_ordinary_runs_it_is_the_frameworks_own(seed, sure):
    counted = counting(detector(seed, sure), "box")
    theirs = framework_optimum(counted)
    assert theirs.confidence > 0.1
    assert point(counted, F1).confidence == theirs.confidence


@pytest.mark.parametrize("at", [0.03, 0.04, 0.05, 0.065])
def test_a_low_optimum_is_dragged_upwards_less(at):
    """F1 that falls more slowly than it rises: an average leans to the slow side, a wide one more so."""
    curve = np.interp(CONFIDENCE, [0, at, 0.5, 1], [0.3, 0.6, 0, 0])
    framework = framework_optimum(Curves(CONFIDENCE, curve, curve, curve)).confidence
    own = CONFIDENCE[best_by_estimate(curve, CONFIDENCE)]
    assert at <= own < framework < 0.1
    assert own - at < 0.7 * (framework - at)


def test_the_average_reaches_down_to_half_of_the_optimum():
    """A spike further down does not count, one that is within reach does."""
    for at in (0.02, 0.05, 0.08):
        curve = np.exp(-(((CONFIDENCE - at) / (at / 3)) ** 2))
        assert CONFIDENCE[best_by_estimate(curve, CONFIDENCE)] == pytest.approx(at, abs=0.002)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=300))
def test_every_curve_has_a_best_point(values):
    curve = np.array(values)
    assert 0 <= best_by_estimate(curve, np.linspace(0, 1, len(curve))) < len(curve)


def test_where_all_is_equal_the_middle_is_best():
    given = detections([0.8], [True])
    assert point(counting(given, "box"), F1).confidence == pytest.approx(0.375, abs=0.01)


@given(validations(), st.sampled_from(["f1", "f2", "cost@1:2", "precision@0.3", "recall@0.2"]))
def test_what_it_gives_is_counted_there(given, name):
    objective = parse(name)
    at = point(counting(given, "box"), objective, "micro")
    if at.confidence is None:
        assert at.reason and at.f1 is at.precision is None and at.status == "unknown"
        return
    of_classes = counts(given, at.confidence).values()
    (right, found, instances) = (sum(one[i] for one in of_classes) for i in range(3))
    assert at.precision == pytest.approx(right / found if found else 1)
    assert at.recall == pytest.approx(right / instances)
    assert at.f1 == pytest.approx(2 * right / (found + instances))
    assert (at.source, at.status) == ("detections", "exact")


def test_it_is_close_to_the_highest():
    counted = counting(detector(0, 0.6), "box")
    for name in ("f0.5", "f1", "f2", "cost@1:1", "cost@1:10"):
        objective = parse(name)
        for average in ("macro", "micro"):
            best = highest(counted, objective, average)
            curve = objective_curve(counted, objective, average)
            estimate = curve[best_by_estimate(curve, CONFIDENCE, widest(objective))]
            lost = 0.05 if objective.kind == "cost" else 0.01
            assert best.value - lost <= estimate <= best.value + 1e-3


def test_precision_and_recall_are_reached_surely():
    counted = counting(detector(0, 0.6), "box")
    low = highest(counted, parse("precision@0.9"))
    sure = point(counted, parse("precision@0.9"))
    assert sure.confidence > low.confidence and sure.precision > 0.9
    high = highest(counted, parse("recall@0.9"))
    sure = point(counted, parse("recall@0.9"))
    assert sure.confidence < high.confidence and sure.recall > 0.9


def test_what_is_not_reached_is_said():
    few = detections([0.9] * 5, [True] * 5)
    answer = point(counting(few, "box"), parse("precision@0.9"))
    assert answer.confidence is None
    assert (
        answer.reason == "no confidence surely has a precision of 0.9: the most is 0.648, at 0.000"
    )
    expensive = detections([0.9, 0.8, 0.7], [False, False, True])
    answer = point(counting(expensive, "box"), parse("cost@10:1"))
    assert answer.reason == "at these costs it is cheapest to let no detection pass"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (detections([], []), "the validated images have no objects"),
        (detections([0.5], [False], truth={}), "the validated images have no objects"),
        (detections([], [], truth={(0, 0): 1}), "nothing was detected"),
        (detections([0.5], [False], truth={(0, 0): 1}), "no detection is right"),
    ],
)
@pytest.mark.parametrize("name", ["f1", "cost@1:1", "precision@0.5", "recall@0.5"])
def test_nothing_to_choose_from(given, reason, name):
    answer = point(counting(given, "box"), parse(name))
    assert answer.confidence is None and answer.reason == reason


def test_curves_give_the_same_as_the_detections():
    counted = counting(detector(0, 0.6), "box")
    curves = framework_curves(counted)
    for name in ("f1", "f2"):
        (of_curves, of_detections) = (
            point_of_curves(curves, parse(name)),
            point(counted, parse(name)),
        )
        assert of_curves.confidence == of_detections.confidence
        assert of_curves.f1 == pytest.approx(of_detections.f1, abs=0.01)
    assert point_of_curves(curves, F1).status == "exact"


def test_what_curves_cannot_tell():
    curves = framework_curves(counting(detector(0, 0.6), "box"))
    for name, average in (("cost@1:1", "macro"), ("precision@0.9", "macro"), ("f1", "micro")):
        answer = point_of_curves(curves, parse(name), average)
        assert answer.confidence is None and "only curves are known" in answer.reason
    flat = Curves(CONFIDENCE, *[np.zeros(1000)] * 3)
    assert point_of_curves(flat, F1).reason == "no detection is right"
