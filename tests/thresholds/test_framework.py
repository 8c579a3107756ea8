"""The framework's curves and optimum, beside its arithmetic written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.recording.loop.average_precision import curves as of_loops
from tensorboard_runlens.run import Curves
from tensorboard_runlens.thresholds.best.framework import (
    CONFIDENCE,
    framework_curves,
    framework_optimum,
    picture_smoothing,
)
from tensorboard_runlens.thresholds.counts.counting import counting
from tests.thresholds.detectors import detections, validations


def hits(given) -> np.ndarray:
    return (given.hits["box"][:, None] >> np.arange(10)) & 1 == 1


@given(validations(), st.randoms(use_true_random=False))
def test_curves_are_those_of_a_recorded_loop(given, random):
    """Where no scores tie: the framework has no order for those."""
    scores = np.linspace(0.001, 0.999, max(len(given.confidence), 1), dtype=np.float32)
    order = random.sample(range(len(given.confidence)), len(given.confidence))
    untied = detections(
        scores[: len(order)][order],
        given.hits["box"] > 0,
        given.class_number,
        given.image,
        dict(
            zip(
                zip(given.truth_image.tolist(), given.truth_class.tolist()),
                given.truth_count.tolist(),
            )
        ),
    )
    true = np.repeat(untied.truth_class, untied.truth_count)
    theirs = of_loops(hits(untied), untied.confidence, untied.class_number, true)
    mine = framework_curves(counting(untied, "box"))
    assert np.array_equal(mine.classes.numbers, theirs.classes)
    for name in ("precision", "recall", "f1"):
        assert np.array_equal(getattr(mine.classes, name), getattr(theirs, name))
    best = framework_optimum(mine)
    assert (best is None) == (theirs.optimum is None)
    if best is not None:
        assert {"confidence": best.confidence, "f1": best.f1} == theirs.optimum


def test_the_optimum_of_curves_written_out():
    f1 = np.concatenate([np.linspace(0, 0.9, 500), np.linspace(0.9, 0, 500)])
    given = Curves(CONFIDENCE, f1, f1 / 2, f1)
    best = framework_optimum(given)
    padded = np.pad(f1, 50, mode="edge")
    means = np.array([padded[at : at + 101].mean() for at in range(1000)])
    assert best.printed == pytest.approx(means.max(), abs=1e-12)
    assert best.f1 == f1[np.argmin(np.abs(CONFIDENCE - best.confidence))]
    assert (best.precision, best.recall) == (best.f1, best.f1 / 2)
    assert best.legend == "0.86 at 0.499"
    assert framework_optimum(given, 0.05).legend == "0.88 at 0.499"
    assert framework_optimum(given, 0).legend == "0.90 at 0.499"


def test_there_is_no_optimum_of_nothing():
    for nothing in (detections([], []), detections([0.5], [False], truth={(0, 0): 1})):
        curves = framework_curves(counting(nothing, "box"))
        assert curves.f1.tolist() == [0] * 1000
        assert framework_optimum(curves) is None


def test_a_class_without_detections_has_no_precision():
    """... as in the framework, whose precision is 1 where a class was detected but nothing passes."""
    given = detections([0.5], [True], [0], [0], {(0, 0): 1, (1, 1): 1})
    curves = framework_curves(counting(given, "box"))
    assert curves.classes.precision[:, -1].tolist() == [1, 0]
    assert curves.precision[-1] == 0.5


@pytest.mark.parametrize(
    ("framework", "version", "width"),
    [
        ("ultralytics", "8.4.190", 0.1),
        ("ultralytics", "8.3.103", 0.1),
        ("ultralytics", "8.3.102", 0.05),
        ("ultralytics", "8.0.0", 0.05),
        ("yolov5", "7.0", 0.05),
        ("yolov5", "6.1", None),
        ("yolov5", "6.0", 0),
        ("yolov7", "0.1", 0),
        ("selftraining", "1.0", None),
        ("ultralytics", "8.4.0.dev0", None),
    ],
)
def test_pictures_of_releases(framework, version, width):
    assert picture_smoothing(framework, version) == width
