"""What old releases do not give, and what is done for them."""

from __future__ import annotations

import logging
import sys
from types import SimpleNamespace

import pytest

from tensorboard_runlens.recording.releases import (
    OLDEST,
    Repeated,
    closes_late,
    hand_to_validator,
    numbers,
    shortcomings,
    too_old,
)
from tensorboard_runlens.recording.ultralytics import EVENTS, Callback
from tests.recording.trainings import fire, manifest, metrics, train_epoch, trainer


@pytest.fixture
def release(monkeypatch):
    """Has a release of Ultralytics be the one in this process."""
    monkeypatch.delenv("RANK", raising=False)

    def use(version):
        module = SimpleNamespace(__version__=version)
        monkeypatch.setitem(sys.modules, "ultralytics", module)

    return use


@pytest.fixture
def begun(tmp_path):
    return trainer(tmp_path / "train")


@pytest.mark.parametrize(
    ("text", "found"),
    [("8.3.9", (8, 3, 9)), ("8.3.9.dev1", (8, 3, 9)), ("mine", None), (None, None), (8.3, None)],
)
def test_a_release_is_its_numbers(text, found):
    assert numbers(text) == found


def test_the_newest_release_lacks_nothing():
    assert shortcomings((8, 4, 190), "detect") == []


@pytest.mark.parametrize(
    ("version", "lacks"), [("8.3.79", 0), ("8.3.78", 1), ("8.2.25", 2), ("8.0.234", 3), (OLDEST, 5)]
)
def test_the_older_the_more_is_lacking(version, lacks):
    assert len(shortcomings(numbers(version), "segment")) == lacks


def test_classification_lacks_nothing():
    assert shortcomings(numbers(OLDEST), "classify") == []


def test_a_release_that_is_not_known_is_taken_for_a_new_one():
    assert shortcomings(None, "detect") == []
    assert not too_old(None)


def test_what_is_lacking_is_said_once(release, begun, tmp_path, caplog):
    release("8.2.103")
    fire("on_train_start", begun)
    for epoch in (1, 2, 3):
        train_epoch(begun, epoch, metrics())
    (lacking,) = manifest(tmp_path / "train")["missing"]
    assert "8.3.79" in lacking
    (said,) = [record.getMessage() for record in caplog.records]
    assert said == f"RunLens: not recorded: {lacking}"


def test_a_release_that_is_too_old_is_not_recorded(release, begun, tmp_path, caplog):
    release("8.0.161")
    fire("on_train_start", begun)
    train_epoch(begun, 1, metrics())
    assert list((tmp_path / "train").iterdir()) == []
    (said,) = caplog.records
    assert said.levelno == logging.WARNING and OLDEST in said.getMessage()


def given(callbacks, event):
    return [one for one in callbacks.get(event, []) if isinstance(one, Callback)]


def test_a_validator_with_other_callbacks_gets_ours_once(begun):
    """Before 8.0.236."""
    from tensorboard_runlens import track

    begun.callbacks = {}
    begun.validator.callbacks = {"on_val_end": [print]}
    track(begun)
    for _ in range(2):
        hand_to_validator(begun, Callback)
    for event in EVENTS:
        assert len(given(begun.validator.callbacks, event)) == event.startswith("on_val_")
    assert begun.validator.callbacks["on_val_end"][0] is print


def test_a_validator_with_the_same_callbacks_gets_nothing(begun):
    begun.callbacks = begun.validator.callbacks = {"on_val_end": [print]}
    hand_to_validator(begun, Callback)
    assert begun.callbacks == {"on_val_end": [print]}


def test_numbers_are_repeated_where_the_framework_made_no_new_ones():
    repeated = Repeated()
    (first, second) = (SimpleNamespace(metrics=metrics()) for _ in range(2))
    assert [repeated(one) for one in (first, first, second)] == [False, True, False]


def test_a_validator_without_boxes_never_repeats():
    repeated = Repeated()
    classifier = SimpleNamespace(metrics=SimpleNamespace(top1=0.5))
    assert [repeated(classifier) for _ in range(2)] == [False, False]


@pytest.mark.parametrize(("version", "late"), [("8.4.36", False), ("8.4.190", True), (None, False)])
def test_mosaic_that_should_close_before_the_first_epoch(version, late):
    assert closes_late(numbers(version)) == late
