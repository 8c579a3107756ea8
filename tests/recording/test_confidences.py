"""Scores of two classes in bins, beside the same numbers counted one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tensorboard_runlens.recording.loop.average_precision import CONFIDENCE
from tensorboard_runlens.recording.loop.confidences import BINS, Confidences


def binned(scores, labels):
    found = Confidences()
    found.add(scores, labels)
    return found.measured()


def exact(scores: np.ndarray, labels: np.ndarray, threshold: float) -> dict[str, float]:
    """Counted where a score of at least the threshold is foreground."""
    predicted = scores >= threshold
    (hits, alarms) = (int((predicted & labels).sum()), int((predicted & ~labels).sum()))
    total = int(labels.sum())
    return {
        "precision": hits / (hits + alarms) if hits + alarms else 1.0,
        "recall": hits / total,
        "f1": 2 * hits / (hits + alarms + total),
        "iou": hits / (alarms + total),
    }


def edge(threshold: float) -> float:
    """The lower end of its bin."""
    return float(np.floor(threshold * BINS)) / BINS


def exact_auc(scores: np.ndarray, labels: np.ndarray) -> float:
    """The share of pairs in which the foreground has the higher score; a tie is half a pair."""
    (true, false) = (scores[labels][:, None], scores[~labels])
    return float(((true > false) + (true == false) / 2).mean())


def random(seed: int, count: int = 400):
    rng = np.random.default_rng(seed)
    labels = rng.random(count) < 0.3
    return np.where(labels, rng.beta(4, 2, count), rng.beta(2, 4, count)), labels


@pytest.mark.parametrize("seed", range(5))
def test_metrics_are_those_at_the_threshold(seed):
    (scores, labels) = random(seed)
    found = binned(scores, labels)
    counted = exact(scores, labels, edge(found.optimum["confidence"]))
    assert found.metrics["auc"] == pytest.approx(exact_auc(scores, labels), abs=1e-4)
    assert {name: found.metrics[name] for name in counted} == pytest.approx(counted, abs=1e-12)
    assert found.optimum["f1"] == found.metrics["f1"]


@pytest.mark.parametrize("seed", range(5))
def test_no_threshold_is_better_by_more_than_a_step_holds(seed):
    """Between two points of a curve lie at most as many scores as two of its steps have."""
    (scores, labels) = random(seed)
    best = max(exact(scores, labels, threshold)["f1"] for threshold in scores)
    crowd = 2 * np.bincount((scores * 999).astype(int)).max()
    assert best - crowd / labels.sum() <= binned(scores, labels).metrics["f1"] <= best


@given(
    arrays.arrays(np.int64, 60, elements=st.integers(0, BINS - 1)),
    arrays.arrays(np.bool_, 60),
)
def test_scores_on_the_grid_are_exact(ticks, labels):
    scores = (ticks + 0.5) / BINS
    found = binned(scores, labels)
    if not labels.any():
        assert found is None
        return
    best = max(exact(scores, labels, edge(point))["f1"] for point in CONFIDENCE)
    assert found.metrics["f1"] == pytest.approx(best, abs=1e-12)
    if labels.all():
        assert found.metrics["auc"] is None
    else:
        assert found.metrics["auc"] == pytest.approx(exact_auc(scores, labels), abs=1e-12)


def test_curves_are_those_of_thresholds():
    (scores, labels) = random(1)
    found = binned(scores, labels)
    for point in (0, 100, 500, 900):
        counted = exact(scores, labels, edge(point / 999))
        for name in ("precision", "recall", "f1"):
            assert getattr(found, name)[point] == pytest.approx(counted[name], abs=1e-12)


def test_images_add_up():
    (scores, labels) = random(2)
    whole = binned(scores, labels)
    parts = Confidences()
    for start in range(0, 400, 100):
        part = slice(start, start + 100)
        parts.add(scores[part].reshape(1, 10, 10), labels[part].reshape(10, 10).astype(np.uint8))
    assert parts.measured().metrics == whole.metrics


def test_a_gap_between_the_classes_is_cut_in_its_middle():
    found = binned([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])
    assert found.metrics == {"precision": 1, "recall": 1, "f1": 1, "iou": 1, "auc": 1}
    assert found.optimum["confidence"] == pytest.approx(0.5, abs=0.001)


def test_without_foreground_nothing_is_measured():
    assert binned(np.zeros((8, 8)), np.zeros((8, 8))) is None
    assert Confidences().measured() is None


@pytest.mark.parametrize(
    ("scores", "labels", "said"),
    [
        ([0.5, 3.2], [0, 1], "0 to 1"),
        ([0.5, float("nan")], [0, 1], "0 to 1"),
        ([0.5, 0.6], [0, 255], "255"),
        ([0.5, 0.6], [0, 0.3], "0.3"),
        (np.zeros((2, 8, 8)), np.zeros((8, 8)), "shape"),
        (["high"], [1], "numbers"),
    ],
)
def test_what_is_no_score_or_label_is_named(scores, labels, said):
    with pytest.raises(ValueError, match=said):
        Confidences().add(scores, labels)
