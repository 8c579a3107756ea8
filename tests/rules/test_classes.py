"""What is said of single classes: which are weak, why, and what rarity has to do with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Optional

import numpy as np
import pytest

from tensorboard_runlens.dataset.class_checks import VAL_INSTANCES_MIN
from tensorboard_runlens.rules import Finding
from tensorboard_runlens.run import ClassMetrics
from tensorboard_runlens.signals.classes import (
    FALSE_SHARE,
    ClassSignals,
    Errors,
    by_name,
)

from .class_trainings import classed
from .trainings import Training, analysed


def of(case: Training, rule: str, folder: Path) -> Finding:
    (finding,) = [one for one in analysed(case, folder).findings if one.rule == rule]
    return finding


def lines(
    scores: Sequence[float], instances: Sequence[Optional[int]], metric: str = "map50_95"
) -> list[ClassMetrics]:
    return [
        ClassMetrics(f"part {row}", {"box": {metric: score}}, None, count)
        for (row, (score, count)) in enumerate(zip(scores, instances))
    ]


def weak(scores: Sequence[float], instances: Sequence[Optional[int]]) -> list[str]:
    return [one.name for one in ClassSignals(lines(scores, instances), {}).weak(0.1)]


def test_easiest_and_hardest_class_are_named(tmp_path: Path) -> None:
    finding = of(classed([0.7, 0.2, 0.8, 0.75], [400] * 4), "weak-class", tmp_path)
    assert (finding.evidence["hardest"], finding.evidence["easiest"]) == ("part b", "part c")
    assert "part b has mAP50-95 0.20" in finding.summary
    assert "easiest: part c, 0.80" in finding.summary


def test_a_class_of_few_instances_is_not_judged_but_named(tmp_path: Path) -> None:
    scores = [0.7, 0.2, 0.0, 0.7]
    finding = of(classed(scores, [400, 400, 3, 400]), "weak-class", tmp_path)
    assert finding.evidence["classes"] == ["part b"]
    assert finding.evidence["not_known"] == ["part c"]
    assert "too few instances to tell: part c" in finding.summary
    assert finding.advice[-1].key == "rebalance-val"


@pytest.mark.parametrize(
    ("precision", "recall", "words", "first"),
    [
        (0.9, 0.4, "it is missed 240 of 400 times, 18 detections of it are wrong", "more-of-class"),
        (0.4, 0.9, "540 detections of it are wrong, 40 of 400 are missed", "fix-labels"),
    ],
)
def test_misses_and_false_detections_are_told_apart(
    precision: float, recall: float, words: str, first: str, tmp_path: Path
) -> None:
    case = classed([0.7, 0.7, 0.7, 0.2], [400] * 4, precision=precision, recall=recall)
    finding = of(case, "weak-class", tmp_path)
    assert words in finding.summary
    assert finding.advice[0].key == first
    assert "part d" in finding.advice[0].text


@pytest.mark.parametrize(
    ("precision", "recall", "instances", "errors"),
    [
        (0.5, 0.5, 100, Errors(50, 50)),
        (1.0, 1.0, 100, Errors(0, 0)),
        (0.0, 0.0, 100, Errors(100, 0)),
        (0.0, 0.5, 100, None),
        (0.5, 0.5, None, None),
        (float("nan"), 0.5, 100, None),
        (0.5, float("nan"), 100, None),
        (80.0, 70.0, 100, None),
        (0.5, 1.2, 100, None),
    ],
)
def test_errors_are_counted_from_precision_and_recall(
    precision: float, recall: float, instances: Optional[int], errors: Optional[Errors]
) -> None:
    named = {"map50_95": 0.5, "precision": precision, "recall": recall}
    (one,) = ClassSignals([ClassMetrics("part", {"box": named}, None, instances)], {}).scored
    assert one.errors == errors


def test_instances_that_nobody_counted_leave_low_confidence(tmp_path: Path) -> None:
    finding = of(classed([0.9, 0.9, 0.9, 0.9, 0.1]), "weak-class", tmp_path)
    assert finding.confidence == "low"
    assert finding.evidence["instances"] is None


def test_classes_have_ten_instances_or_none_is_judged() -> None:
    assert weak([0.9] * 4 + [0.0], [500] * 4 + [VAL_INSTANCES_MIN]) == ["part 4"]
    assert weak([0.9] * 4 + [0.0], [500] * 4 + [VAL_INSTANCES_MIN - 1]) == []


def test_unknown_instances_count_as_thirty() -> None:
    scores = [0.9] * 4 + [0.3]
    (unknown, thirty, more) = (
        ClassSignals(lines(scores, [count] * 5), {}).scored[0].upper for count in (None, 30, 31)
    )
    assert unknown == thirty != more


@pytest.mark.parametrize(("score", "found"), [(0.5755, ["part 4"]), (0.5765, [])])
def test_one_wrong_class_in_ten_is_allowed(score: float, found: list[str]) -> None:
    """The upper bound of a class reaches ten points below the median where its probability is FALSE_SHARE / 5."""
    assert FALSE_SHARE == 0.1
    assert weak([0.7] * 4 + [score], [5000] * 5) == found


def test_equal_classes_are_hardly_ever_called_weak() -> None:
    """200 validations of six classes that are equally good, with clustered errors."""
    rng = np.random.default_rng(3)
    wrong = 0
    for _ in range(200):
        objects = rng.integers(10, 300, 6)
        found = 2 * rng.binomial(objects // 2, 0.7)
        wrong += bool(weak((found / objects).tolist(), objects.tolist()))
    assert wrong <= 200 * FALSE_SHARE


@pytest.mark.parametrize("objects", [30, 100, 300])
def test_two_equal_classes_are_hardly_ever_told_apart(objects: int) -> None:
    """What the weaker one is compared with is as uncertain as itself."""
    rng = np.random.default_rng(5)
    found = 2 * rng.binomial(objects // 2, 0.6, (400, 2)) / objects
    assert sum(bool(weak(pair.tolist(), [objects] * 2)) for pair in found) <= 400 * 0.05


def test_a_really_weak_class_is_found_in_most_validations() -> None:
    """The sixth class is 40 points worse than the others, and all have 100 instances."""
    rng = np.random.default_rng(4)
    found = 0
    for _ in range(200):
        scores = 2 * rng.binomial(50, [0.7] * 5 + [0.3]) / 100
        found += "part 5" in weak(scores.tolist(), [100] * 6)
    assert found >= 170


def test_the_metric_that_most_classes_have_ranks_them() -> None:
    measured = [*lines([0.5], [50], "recall"), *lines([0.5, 0.6], [50, 50], "map50")]
    signals = ClassSignals(measured, {})
    assert (signals.metric, len(signals.scored)) == ("map50", 2)
    assert ClassSignals([], {}).scored == []
    assert ClassSignals([ClassMetrics("part", {})], {}).weak(0.1) == []


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.1, 70.0])
def test_a_metric_that_is_no_fraction_is_missing(value: float) -> None:
    assert len(ClassSignals(lines([0.5, value], [50, 50]), {}).scored) == 1


def test_a_name_of_several_classes_has_no_frequency() -> None:
    assert by_name(["bolt", "nut", "bolt"], [900, 30, 5]) == {"nut": 30}
    same = [ClassMetrics("bolt", {"box": {"map50": 0.5}}, None, count) for count in (900, 30)]
    assert ClassSignals(same, {}).frequency == {}


def test_training_instances_count_before_validated_ones(tmp_path: Path) -> None:
    finding = of(classed([0.6, 0.6], [200, 200], [1100, 100]), "class-imbalance", tmp_path)
    assert finding.severity == "info"
    assert "11 times as many training instances of part a (1,100)" in finding.summary
    finding = of(classed([0.6, 0.6], [900, 60]), "class-imbalance", tmp_path / "validated")
    assert "15 times as many validated instances of part a (900)" in finding.summary


def test_an_imbalance_that_costs_nothing_is_said_so(tmp_path: Path) -> None:
    case = classed([0.7, 0.6, 0.7, 0.6, 0.7], [200] * 5, [10, 50, 100, 300, 900])
    finding = of(case, "class-imbalance", tmp_path)
    assert (finding.severity, finding.confidence) == ("info", "high")
    assert "does not show that the rare ones suffer" in finding.summary


def test_rare_classes_that_suffer_are_named_in_the_advice(tmp_path: Path) -> None:
    case = classed([0.1, 0.2, 0.3, 0.5, 0.6, 0.7], [200] * 6, [10, 20, 40, 80, 160, 320])
    finding = of(case, "class-imbalance", tmp_path)
    assert finding.severity == "warning"
    assert "the rarer half of the classes has 40.0 points less mAP50-95" in finding.summary
    assert [one.key for one in finding.advice] == ["more-of-class", "class-weights"]
    assert "part a, part b, part c" in finding.advice[0].text


@pytest.mark.parametrize(("val", "rule"), [(0, "missing-class"), (9, "few-instances")])
def test_counts_that_the_callback_recorded_tell_faults(val: int, rule: str, tmp_path: Path) -> None:
    finding = of(classed([0.5, 0.5], [300, val], [900, 800]), rule, tmp_path)
    assert finding.severity == "warning"
    assert "part b" in finding.summary


def test_twenty_thousand_classes_cost_next_to_nothing() -> None:
    rng = np.random.default_rng(6)
    measured = lines(rng.uniform(0, 1, 20_000).tolist(), rng.integers(10, 90, 20_000).tolist())
    signals = ClassSignals(measured, {})
    assert len(signals.scored) == 20_000
    assert len(signals.weak(0.1)) < 20_000
