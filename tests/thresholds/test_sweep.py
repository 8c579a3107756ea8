"""What passes each confidence, counted one by one beside."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from tensorboard_runlens.thresholds.counts.counting import counting
from tensorboard_runlens.thresholds.counts.passing import GRID, passing, sweep
from tests.thresholds.detectors import counts, detections, f_beta, validations


@given(validations())
def test_every_step_is_counted(given):
    counted = counting(given, "box")
    swept = sweep(counted)
    assert swept.confidence is GRID and len(GRID) == 201
    for step in range(0, 201, 10):
        expected = counts(given, float(GRID[step]))
        classes = counted.classes.tolist()
        assert swept.right[:, step].tolist() == [expected[number][0] for number in classes]
        assert swept.found[:, step].tolist() == [expected[number][1] for number in classes]
        present = [one for one in expected.values() if one[2]]
        f1 = np.mean([f_beta(*one, 1.0) for one in present]) if present else 0
        recall = np.mean([right / instances for (right, _, instances) in present]) if present else 0
        assert swept.f1[step] == pytest.approx(f1, abs=1e-12)
        assert swept.recall[step] == pytest.approx(recall, abs=1e-12)


@given(validations())
def test_one_confidence_is_one_of_the_sweep(given):
    counted = counting(given, "box")
    swept = sweep(counted)
    at = passing(counted, 0.25)
    np.testing.assert_array_equal(
        (at.f1, at.precision, at.recall), (swept.f1[50], swept.precision[50], swept.recall[50])
    )
    assert at.found == swept.found[:, 50].sum()
    assert at.right == swept.right[:, 50].sum()
    assert at.instances == given.truth_count.sum()


def test_precision_of_classes_that_do_not_pass():
    given = detections([0.4, 0.6], [True, True], [0, 1], [0, 0], {(0, 0): 1, (0, 1): 1, (0, 2): 1})
    at = passing(counting(given, "box"), 0.5)
    assert at.precision == 1  # of the one class of which something passes
    assert at.recall == pytest.approx(1 / 3)
    assert np.isnan(passing(counting(given, "box"), 0.7).precision)


def test_an_equal_score_passes():
    given = detections([0.5, 0.25], [True, False])
    assert passing(counting(given, "box"), 0.5).found == 1
    assert passing(counting(given, "box"), 0.25).found == 2
