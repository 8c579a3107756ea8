"""Curves over confidence: a mean in every epoch, those of the classes when the epoch is the best."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from tensorboard_runlens.recording.evidence.curves import as_steps, thinned
from tests.recording.trainings import CONFIDENCE, lines
from tests.recording.validations import Validator, archive, begin, epoch, final

HUNDREDTHS = np.arange(101) / 100


@pytest.fixture
def run(tmp_path):
    return tmp_path / "train"


def test_thinned_curves_are_linear_between_the_points():
    rng = np.random.default_rng(0)
    curves = rng.random((3, 2, 1000))
    expected = [[np.interp(HUNDREDTHS, CONFIDENCE, curve) for curve in pair] for pair in curves]
    assert thinned(CONFIDENCE, curves) == pytest.approx(np.array(expected), abs=1e-12)


def test_a_curve_ends_as_it_is_where_its_confidences_end():
    given = [0.2, 0.6]
    expected = np.interp(HUNDREDTHS, given, [1.0, 0.0])
    assert thinned(given, [1.0, 0.0]) == pytest.approx(expected, abs=1e-12)


def test_steps_are_a_65535th_and_stay_in_range():
    fractions = np.array([0, 0.5, 1, 1.0000001, -1e-9])
    assert as_steps(fractions).tolist() == [0, 32768, 65535, 65535, 0]
    random = np.random.default_rng(1).random(1000)
    assert np.abs(as_steps(random) / 65535 - random).max() <= 0.5 / 65535 + 1e-12


def test_every_epoch_has_the_mean_over_the_classes(run):
    validator = Validator([])
    begun = begin(run, validator)
    epoch(begun, 1, 0.5)
    box = validator.metrics.box
    (line,) = lines(run)
    for name, curves in (("precision", box.p_curve), ("recall", box.r_curve), ("f1", box.f1_curve)):
        expected = np.interp(HUNDREDTHS, CONFIDENCE, curves.mean(0)).round(4).tolist()
        assert line["box"]["curves"][name] == expected


def test_classes_are_written_with_the_best_epoch(run):
    validator = Validator([])
    begun = begin(run, validator)
    for number, fitness in ((1, 0.3), (2, 0.5), (3, 0.4)):
        epoch(begun, number, fitness)
    found = archive(run, "curves_best.npz")
    box = validator.metrics.box
    assert found["epoch"] == 2
    assert found["classes"].tolist() == [0, 2]
    assert found["confidence"].tolist() == CONFIDENCE.astype(np.float32).tolist()
    assert found["box_precision"].tolist() == box.p_curve.mean(0).astype(np.float32).tolist()
    thin = thinned(CONFIDENCE, box.f1_curve)
    assert np.abs(found["box_class_f1"] / 65535 - thin).max() < 1e-5


def test_the_last_of_equal_epochs_is_kept_like_best_pt(run):
    begun = begin(run, Validator([]))
    for number in (1, 2):
        epoch(begun, number, 0.5)
    assert archive(run, "curves_best.npz")["epoch"] == 2


def test_best_pt_has_its_own(run):
    begun = begin(run, Validator([]))
    epoch(begun, 1, 0.5)
    final(begun)
    found = archive(run, "final.npz")
    assert "epoch" not in found
    assert found["box_class_recall"].shape == (2, 101)


def test_numbers_that_an_old_release_repeats_are_not_best_pts(run):
    """Up to 8.3.78 a validation without a hit leaves what the one before has measured."""
    begun = begin(run, Validator([]))
    epoch(begun, 1, 0.5)
    begun.validator.repeats = True
    final(begun)
    assert not (run / "runlens" / "final.npz").exists()


def test_an_epoch_without_curves_is_recorded_without(run):
    validator = Validator([])
    validator.metrics.box.f1_curve = []
    begun = begin(run, validator)
    epoch(begun, 1, 0.5)
    (line,) = lines(run)
    assert line["box"]["curves"] is None
    assert not (run / "runlens" / "curves_best.npz").exists()


def test_a_group_that_was_never_measured_is_left_out(run):
    """Up to 8.3.153 poses have masks, too, in which there is nothing."""
    validator = Validator([])
    validator.metrics.seg = SimpleNamespace(all_ap=[], p=[], r=[], f1=[], px=[], f1_curve=[])
    begun = begin(run, validator)
    epoch(begun, 1, 0.5)
    assert "mask" not in lines(run)[0]
    assert not any(name.startswith("mask") for name in archive(run, "curves_best.npz"))
