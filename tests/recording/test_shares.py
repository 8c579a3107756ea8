"""What one process hands over to another: the same images, and no file that stays."""

from __future__ import annotations

import copy
from dataclasses import fields
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.recording.evidence.boxes import Boxes
from tensorboard_runlens.recording.evidence.matching import NO_OBJECT, Matched
from tensorboard_runlens.recording.evidence.packed import packed, unpacked
from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.parts.shares import Shares
from tensorboard_runlens.recording.share import Share
from tensorboard_runlens.recording.tracking import Tracking
from tests.recording.trainings import fire, trainer

FIELDS = [field.name for field in fields(Boxes) if field.name != "overlap"]


def image(number: int, objects: int, detections: int, keypoints: bool = False) -> Matched:
    rng = np.random.default_rng(number)
    boxes = Boxes(
        file=f"/data/Bild {number} größer.jpg",
        size=(640 + number, 480),
        scale=(0.5, 0.25),
        offset=(0.0, 12.5),
        true_classes=rng.integers(0, 300, objects),
        true_boxes=rng.random((objects, 4), np.float32),
        classes=rng.integers(0, 300, detections),
        confidence=rng.random(detections, np.float32),
        boxes=rng.random((detections, 4), np.float32),
        overlap=rng.random((objects, detections)),
        true_keypoints=rng.random((objects, 17, 2)) if keypoints else None,
        keypoints=rng.random((detections, 17, 2)) if keypoints else None,
    )
    return Matched(boxes, np.full(detections, NO_OBJECT))


def assert_same(one: Matched, other: Matched) -> None:
    assert (one.image.file, one.image.size) == (other.image.file, other.image.size)
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(one.image, name), getattr(other.image, name), name)
    np.testing.assert_array_equal(one.claimed, other.claimed)


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6),
    st.booleans(),
)
def test_images_are_unpacked_as_they_were_packed(sizes, keypoints):
    images = [image(number, *size, keypoints) for (number, size) in enumerate(sizes)]
    again = list(unpacked(packed(images)))
    assert len(again) == len(images)
    for one, other in zip(images, again):
        assert_same(one, other)


@pytest.fixture
def several(tmp_path, monkeypatch):
    """Trainers of the first process and of three others, in one folder, and what the first is told."""
    told: list[Matched] = []

    class Listening:
        """A part that wants to know of every image."""

        name = "listening"

        def __init__(self, tracking):
            pass

        def matched(self, source):
            told.append(source)

    monkeypatch.setattr("tensorboard_runlens.recording.tracking.PARTS", (Shares, Listening))
    trainers = [trainer(tmp_path / "train") for _ in range(4)]
    for number, one in enumerate(trainers):
        monkeypatch.setenv("RANK", str(number))
        one.world_size = len(trainers)
        one.validator.gather_stats = lambda: None
        one.validator.update_metrics = lambda preds, batch: None
        one.validator.seen = 0
        one.validator.data = {"names": {0: "disc"}}
        fire("on_train_start", one)
    return SimpleNamespace(trainers=trainers, told=told, folder=tmp_path / "train" / "runlens")


def validate_best(one: SimpleNamespace, images: list[Matched], training: bool = False) -> None:
    """As far as a process other than the first goes."""
    one.validator.training = training
    fire("on_val_start", one.validator)
    for matched in images:
        one.validator._runlens.tell("matched", matched)
    one.validator.gather_stats()


def test_the_first_process_records_and_the_others_do_not(several):
    (first, *others) = several.trainers
    assert isinstance(first._runlens, Tracking)
    for other in others:
        assert not hasattr(other, "_runlens")
        assert isinstance(other.validator._runlens, Share)


def test_the_first_is_told_of_every_image_in_order(several):
    (first, *others) = several.trainers
    shares = [[image(10 * rank + n, 2, 3) for n in range(rank)] for rank in range(3)]
    for other, share in zip(others, shares):
        validate_best(other, share)
    assert len(list(several.folder.glob("rank_*.npz"))) == 3
    first._runlens.tell("final", first.validator)
    expected = [one for share in shares for one in share]
    assert len(several.told) == len(expected) == 3
    for one, other in zip(expected, several.told):
        assert_same(one, other)
    assert list(several.folder.glob("rank_*")) == []


def test_a_share_that_is_missing_is_left_out(several):
    (first, one, _, _) = several.trainers
    validate_best(one, [image(1, 1, 1)])
    first._runlens.tell("final", first.validator)
    assert len(several.told) == 1


def test_a_share_that_cannot_be_read_costs_the_shares_only(several, caplog):
    (first, one, _, _) = several.trainers
    validate_best(one, [image(1, 1, 1)])
    (several.folder / "rank_1.npz").write_bytes(b"no archive")
    assert first._runlens.tell("final", first.validator) == {}
    assert several.told == []
    assert "shares of other processes" in caplog.text


def test_of_epochs_nothing_is_handed_over(several):
    validate_best(several.trainers[1], [], training=True)
    assert list(several.folder.glob("rank_*")) == []


def test_where_no_recording_is_nothing_is_written(several):
    for path in several.folder.iterdir():
        path.unlink()
    several.folder.rmdir()
    validate_best(several.trainers[1], [image(1, 1, 1)])
    assert not several.folder.exists()


def test_a_failed_share_lets_the_framework_go_on(several, caplog, monkeypatch):
    gathered = []
    one = several.trainers[1]
    one.validator.gather_stats = lambda: gathered.append(1)
    one.validator.training = False
    monkeypatch.setattr("tensorboard_runlens.recording.share.packed", None)
    validate_best(one, [image(1, 1, 1)])
    assert gathered == [1]
    assert len(caplog.records) == 1


@pytest.mark.parametrize("broken", [False, True])
def test_the_framework_gets_its_methods_back(several, monkeypatch, broken):
    one = several.trainers[1].validator
    methods = (one.gather_stats, one.update_metrics)
    if broken:
        monkeypatch.setattr("tensorboard_runlens.recording.share.packed", None)
    validate_best(several.trainers[1], [image(1, 1, 1)])
    assert (one.gather_stats, one.update_metrics) == methods


def test_what_a_killed_training_left_is_removed(several, monkeypatch):
    (first, *_) = several.trainers
    stale = several.folder / "rank_7.npz"
    stale.write_bytes(b"")
    monkeypatch.setenv("RANK", "0")
    fire("on_train_start", first)
    assert not stale.exists()


def test_a_copy_of_a_validator_hands_over_nothing(several):
    assert copy.deepcopy(several.trainers[1].validator._runlens) is None


def test_of_epochs_no_image_is_looked_at(several):
    assert several.trainers[1].validator._runlens.options == Options()
