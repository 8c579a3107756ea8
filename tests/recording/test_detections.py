"""Every detection of the best epoch comes back as it was: confidence bit for bit, image, class, hits."""

from __future__ import annotations

import pickle
import time
from collections import Counter
from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tensorboard_runlens.recording.evidence.detections import Detections, encoded, packed, smallest
from tensorboard_runlens.recording.parts.curves import curve_arrays
from tensorboard_runlens.recording.parts.detections import flat
from tensorboard_runlens.recording.store import Store
from tensorboard_runlens.recording.watched import Watched
from tests.recording.validations import (
    Validator,
    archive,
    begin,
    epoch,
    final,
    fire,
    image,
    metrics,
    validate,
)

MEGABYTE = 1_000_000


@pytest.fixture
def run(tmp_path):
    return tmp_path / "train"


@pytest.fixture
def validator():
    rng = np.random.default_rng(0)
    return Validator([image(rng, 7, 3), image(rng, 0, 2), image(rng, 5, 0), image(rng, 0, 0)])


def rows(confidence, number, classes, **hits):
    """How often there is each detection."""
    bits = np.asarray(confidence, np.float32).view(np.uint32).tolist()
    masks = [np.asarray(one).tolist() for one in hits.values()]
    return Counter(zip(bits, np.asarray(number).tolist(), np.asarray(classes).tolist(), *masks))


def decoded(found):
    """As docs/recorded_data.md says."""
    confidence = np.cumsum(found["detection_step"], dtype=np.uint32).view(np.float32)
    hits = {name: found[name] for name in found if name.endswith("_hits")}
    return rows(confidence, found["detection_image"], found["detection_class"], **hits)


def as_mask(flags):
    return (np.asarray(flags, int) << np.arange(10)).sum(1)


def truth(found):
    pairs = zip(found["truth_image"].tolist(), found["truth_class"].tolist())
    return dict(zip(pairs, found["truth_count"].tolist()))


@st.composite
def any_detections(draw):
    count = draw(st.integers(0, 60))
    confidence = draw(
        st.one_of(
            arrays(np.float32, count, elements=st.floats(width=32)),  # NaN, infinite, -0.0
            arrays(np.float32, count, elements=st.sampled_from([0.0, -0.0, 0.25, 0.5, 1.0])),
        )
    )
    most = draw(st.sampled_from([0, 3, 255, 256, 65_535, 65_536, 10**6]))
    objects = draw(st.integers(0, 30))

    def numbers(length, high):
        return draw(arrays(np.int64, length, elements=st.integers(0, high)))

    flags = arrays(np.bool_, (count, 10))
    hits = {name: draw(flags) for name in draw(st.sampled_from([["box"], ["box", "mask"]]))}
    return Detections(
        confidence,
        numbers(count, most),
        numbers(count, most),
        hits,
        numbers(objects, most),
        numbers(objects, min(most, 2000)),
        most + 1,
    )


@given(any_detections())
@settings(max_examples=200, deadline=None)
def test_decoding_gives_the_same_detections(found):
    arrays = encoded(found)
    masks = {name: as_mask(flags) for (name, flags) in found.hits.items()}
    assert decoded(arrays) == rows(found.confidence, found.image, found.classes, **masks)
    objects = Counter(zip(found.truth_image.tolist(), found.truth_class.tolist()))
    assert truth(arrays) == objects
    assert arrays["images"] == found.images


@given(arrays(np.float32, st.integers(0, 50), elements=st.floats(0, 1, width=32)))
@settings(max_examples=100, deadline=None)
def test_confidences_ascend(confidence):
    none = np.zeros(len(confidence), int)
    hits = {"box": np.zeros((len(confidence), 10), bool)}
    arrays = encoded(Detections(confidence, none, none, hits, none, none, 1))
    decoded = np.cumsum(arrays["detection_step"], dtype=np.uint32).view(np.float32)
    assert (np.diff(decoded) >= 0).all()


def test_numbers_take_no_more_room_than_they_need():
    types = (np.uint8, np.uint16, np.int32)
    assert smallest(np.array([0, 255]), types).dtype == np.uint8
    assert smallest(np.array([0, 256]), types).dtype == np.uint16
    assert smallest(np.array([0, 65_536]), types).dtype == np.int32
    with pytest.raises(ValueError, match="numbers from 0 to 4294967296"):
        smallest(np.array([0, 2**32]), types)


def test_other_than_ten_flags_are_not_taken_for_hits():
    with pytest.raises(ValueError, match="not 10 a detection"):
        packed(np.zeros((3, 9), bool))


def test_the_best_epoch_has_what_its_validation_found(run, validator):
    begun = begin(run, validator)
    epoch(begun, 1, 0.5)
    (confidence, classes, hits, _) = (np.concatenate(some) for some in zip(*validator.images))
    number = [0] * 7 + [2] * 5
    expected = rows(confidence, number, classes.astype(int), box=as_mask(hits))
    found = archive(run, "curves_best.npz")
    assert decoded(found) == expected
    assert sum(truth(found).values()) == 5
    assert {pair[0] for pair in truth(found)} == {0, 1}
    assert found["images"] == 4


def test_an_epoch_that_is_not_the_best_changes_nothing(run, validator):
    begun = begin(run, validator)
    epoch(begun, 1, 0.5)
    before = archive(run, "curves_best.npz")
    validator.images = validator.images[:1]
    epoch(begun, 2, 0.4)
    after = archive(run, "curves_best.npz")
    assert after.keys() == before.keys()
    assert all(np.array_equal(after[name], before[name]) for name in before)


def test_best_pt_has_its_own(run, validator):
    begun = begin(run, validator)
    epoch(begun, 1, 0.5)
    validator.images = validator.images[:1]
    final(begun)
    assert archive(run, "final.npz")["images"] == 1
    assert archive(run, "curves_best.npz")["images"] == 4


def test_a_validator_has_its_own_methods_back_after_a_validation(run, validator):
    begin(run, validator)
    validate(validator)
    assert not {"get_stats", "update_metrics"} & vars(validator).keys()


def test_a_validator_has_its_own_methods_back_after_a_crash(run, validator):
    begun = begin(run, validator)
    fire("on_val_start", validator)
    assert "get_stats" in vars(validator)
    fire("teardown", begun)
    assert "get_stats" not in vars(validator)


def test_a_copy_of_a_validator_is_not_watched(run, validator):
    begin(run, validator)
    fire("on_val_start", validator)
    copy = deepcopy(validator)
    assert copy.get_stats() == {"fitness": 0.5}
    assert vars(copy)["get_stats"].__self__ is copy
    assert pickle.dumps(validator)


def test_a_copy_keeps_what_somebody_has_put_in_a_methods_place():
    source = Validator([])

    def theirs():
        return {}

    source.get_stats = theirs
    Watched(source, "get_stats")
    assert vars(deepcopy(source))["get_stats"] is theirs


def test_what_a_method_raises_passes_through():
    source = Validator([])
    said = []
    watched = Watched(source, "update_metrics", after=lambda *arguments: said.append(arguments))
    with pytest.raises(TypeError):
        source.update_metrics(None, {})
    assert said == []
    watched.stop()
    assert "update_metrics" not in vars(source)


def test_hooks_that_raise_cost_the_method_nothing():
    source = Validator([])
    expected = source.get_stats()

    def fail(*_):
        raise RuntimeError("a bug of ours")

    Watched(source, "get_stats", before=fail, after=fail)
    assert source.get_stats() == expected


def test_a_method_that_somebody_else_has_replaced_since_stays_theirs():
    source = Validator([])
    said = []
    watched = Watched(source, "get_stats", before=lambda: said.append(1))
    ours = source.get_stats

    def theirs():
        return ours()

    source.get_stats = theirs
    watched.stop()
    assert source.get_stats is theirs
    assert source.get_stats() == {"fitness": 0.5}
    assert said == []


def large(count, images, classes, groups):
    """As many detections as the framework keeps, 300 an image, drawn by lot: nothing in them repeats."""
    rng = np.random.default_rng(0)
    confidence = (rng.random(count) ** 4 * 0.999 + 0.001).astype(np.float32)
    hits = {group: rng.random((count, 10)) < confidence[:, None] * 0.5 for group in groups}
    objects = rng.integers(0, images, 36_000)
    return Detections(
        confidence,
        np.repeat(np.arange(images), count // images),
        rng.integers(0, classes, count),
        hits,
        objects,
        rng.integers(0, classes, len(objects)),
        images,
    )


@pytest.mark.slow
def test_a_recording_of_300_epochs_stays_small(tmp_path):
    """COCO's 5000 validation images with 300 detections each, 80 classes, boxes and masks, both archives."""
    found = metrics(range(80))
    rng = np.random.default_rng(0)
    for attribute in ("p_curve", "r_curve", "f1_curve"):
        setattr(found.box, attribute, rng.random((80, 1000)))
    found.seg = found.box
    detections = large(1_500_000, 5_000, 80, ("box", "mask"))
    begun = time.process_time()
    arrays = {**curve_arrays(found), **encoded(detections)}
    store = Store(tmp_path)
    for name in ("curves_best.npz", "final.npz"):
        store.write_archive(name, arrays)
    assert time.process_time() - begun < 10

    found.nt_per_class = found.nt_per_image = np.full(80, 450)
    validator = Validator([])
    validator.metrics = found
    training = begin(tmp_path / "train", validator)
    epoch(training, 1, 0.5)
    line = (tmp_path / "train" / "runlens" / "epochs.jsonl").stat().st_size
    assert line <= 64_000
    archives = sum(file.stat().st_size for file in (tmp_path / "runlens").iterdir())
    assert archives + 300 * line <= 25 * MEGABYTE


def test_lists_of_no_detections_are_no_detections():
    none = {"conf": [np.zeros(0)], "pred_cls": [np.zeros(0)], "tp": [np.zeros((0, 10))]}
    arrays = encoded(flat({**none, "target_cls": [np.array([1.0, 1.0])]}, images=1))
    assert len(arrays["detection_step"]) == 0
    assert truth(arrays) == {(0, 1): 2}
