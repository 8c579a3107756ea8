"""One pass over an image's detections counts the confusion at every confidence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens.recording.evidence import tally
from tensorboard_runlens.recording.evidence.boxes import Boxes
from tensorboard_runlens.recording.evidence.matching import NO_OBJECT, Matched, claims
from tensorboard_runlens.recording.evidence.tally import Tally
from tensorboard_runlens.recording.layout import MATRIX_CONFIDENCES
from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.parts import matches
from tensorboard_runlens.recording.parts.confusion import of_classification
from tests.recording.trainings import NAMES, lines
from tests.recording.validations import Validator, archive, begin, epoch, final

LEAST = 0.45
CLASSES = len(NAMES)


def boxes(overlap, confidence, classes, true_classes):
    """An image of which only this is of interest."""
    (objects, found) = (len(true_classes), len(classes))
    return Boxes(
        file="image.jpg",
        size=(64, 64),
        scale=(1.0, 1.0),
        offset=(0.0, 0.0),
        true_classes=np.asarray(true_classes, np.int64),
        true_boxes=np.zeros((objects, 4)),
        true_keypoints=None,
        classes=np.asarray(classes, np.int64),
        confidence=np.asarray(confidence, np.float32),
        boxes=np.zeros((found, 4)),
        keypoints=None,
        overlap=np.asarray(overlap, np.float32).reshape(objects, found),
    )


def matched(image):
    return Matched(image, claims(image.overlap, image.confidence, LEAST))


@st.composite
def images(draw):
    """Few different values, so that there are ties."""
    (objects, found) = (draw(st.integers(0, 5)), draw(st.integers(0, 8)))
    values = st.sampled_from([0.0, 0.1, 0.45, 0.46, 0.5, 0.9])
    overlap = draw(st.lists(values, min_size=objects * found, max_size=objects * found))
    sure = st.sampled_from([0.001, 0.0011, 0.05, 0.25, 0.26, 0.5, 0.95, 1.0])
    number = st.integers(0, CLASSES - 1)
    return boxes(
        overlap,
        draw(st.lists(sure, min_size=found, max_size=found)),
        draw(st.lists(number, min_size=found, max_size=found)),
        draw(st.lists(number, min_size=objects, max_size=objects)),
    )


def counted_at(image, confidence):
    """The matrix at one confidence, straight from what the words say: drop the detections, then match."""
    kept = image.confidence > np.float32(confidence)
    (overlap, classes) = (image.overlap[:, kept], image.classes[kept])
    matrix = np.zeros((CLASSES + 1, CLASSES + 1), int)
    free = set(range(len(image.true_classes)))
    for detection in np.argsort(-image.confidence[kept], kind="stable"):
        claimed = max(free, key=lambda index: (overlap[index, detection], -index), default=None)
        if claimed is None or not overlap[claimed, detection] > LEAST:
            matrix[classes[detection], CLASSES] += 1
            continue
        free.remove(claimed)
        matrix[classes[detection], image.true_classes[claimed]] += 1
    for index in free:
        matrix[CLASSES, image.true_classes[index]] += 1
    return matrix


def dense(rows, counts, index):
    matrix = np.zeros((CLASSES + 1, CLASSES + 1), int)
    mine = rows[:, 0] == index
    matrix[rows[mine, 1], rows[mine, 2]] = counts[mine]
    return matrix


@given(st.lists(images(), max_size=4))
@settings(max_examples=200, deadline=None)
def test_a_tally_is_the_sum_of_matrices_counted_one_by_one(found):
    counting = Tally(CLASSES, MATRIX_CONFIDENCES)
    for image in found:
        counting.add(matched(image))
    (rows, counts) = counting.matrix()
    assert (counts > 0).all()
    for index, confidence in enumerate(MATRIX_CONFIDENCES):
        expected = sum((counted_at(image, confidence) for image in found), np.zeros((4, 4), int))
        assert dense(rows, counts, index).tolist() == expected.tolist()


def test_a_tally_counts_the_same_in_many_small_portions(monkeypatch):
    image = boxes([0.9, 0.1, 0.1, 0.5], [0.9, 0.3], [0, 1], [0, 2])
    (at_once, portions) = (Tally(CLASSES, (0.25, 0.5)), Tally(CLASSES, (0.25, 0.5)))
    for _ in range(5):
        at_once.add(matched(image))
    monkeypatch.setattr(tally, "MAX_LOOSE", 1)
    for _ in range(5):
        portions.add(matched(image))
    for one, other in zip(at_once.matrix(), portions.matrix()):
        assert one.tolist() == other.tolist()


def test_a_class_that_there_is_not_is_no_count():
    with pytest.raises(ValueError, match="invalid entry"):
        Tally(2, (0.25,)).add(matched(boxes([], [0.9], [3], [])))


def test_a_detection_of_the_wrong_class_is_not_right():
    found = matched(boxes([[0.9, 0.0], [0.0, 0.6]], [0.9, 0.8], [0, 1], [0, 2]))
    assert found.claimed.tolist() == [0, 1]
    assert found.right.tolist() == [True, False]


def test_a_detection_that_overlaps_nothing_claims_nothing():
    assert claims(np.zeros((2, 1)), np.array([0.9]), LEAST).tolist() == [NO_OBJECT]
    assert claims(np.zeros((0, 1)), np.array([0.9]), LEAST).tolist() == [NO_OBJECT]


@pytest.fixture
def run(tmp_path):
    return tmp_path / "train"


@pytest.fixture
def validator(monkeypatch):
    """One disc found, one ring taken for a square, and a false square."""
    image = boxes([[0.9, 0.0, 0.0], [0.0, 0.5, 0.0]], [0.9, 0.3, 0.2], [0, 1, 1], [0, 2])
    monkeypatch.setattr(matches, "validated_boxes", lambda task, preds, batch: [image])
    nothing = (np.zeros(0), np.zeros(0), np.zeros((0, 10), bool), np.zeros(0))
    return Validator([nothing, nothing])


def test_best_pt_is_counted_at_twenty_confidences(run, validator):
    begun = begin(run, validator)
    epoch(begun, 1, 0.5)
    final(begun)
    found = archive(run, "final.npz")
    assert found["matrix_confidence"].tolist() == np.float32(MATRIX_CONFIDENCES).tolist()
    (rows, counts) = (found["matrix_nonzero"], found["matrix_count"])
    assert dense(rows, counts, 0).tolist() == [[2, 0, 0, 0], [0, 0, 2, 2], [0] * 4, [0] * 4]
    quarter = MATRIX_CONFIDENCES.index(0.25)
    assert dense(rows, counts, quarter).tolist() == [[2, 0, 0, 0], [0, 0, 2, 0], [0] * 4, [0] * 4]
    assert dense(rows, counts, 19)[CLASSES].tolist() == [2, 0, 2, 0]
    assert "matrix" not in lines(run)[0]


def test_an_epoch_is_counted_on_request(run, validator):
    begun = begin(run, validator, Options(confusion=True))
    epoch(begun, 1, 0.5)
    matrix = {"confidence": 0.25, "nonzero": [[0, 0, 2], [1, 2, 2]]}
    assert lines(run)[0]["matrix"] == matrix


def test_images_that_another_process_validated_leave_no_matrix(run, validator):
    begun = begin(run, validator)
    epoch(begun, 1, 0.5)
    counted = validator.get_stats

    def gathered():
        validator.seen = 7
        return counted()

    validator.get_stats = gathered
    final(begun)
    assert "matrix_count" not in archive(run, "final.npz")


def test_a_fault_in_ours_leaves_no_matrix_and_the_frameworks_numbers(run, validator, monkeypatch):
    def fault(task, preds, batch):
        raise RuntimeError("a release that we do not know")

    monkeypatch.setattr(matches, "validated_boxes", fault)
    begun = begin(run, validator)
    epoch(begun, 1, 0.5)
    final(begun)
    assert validator.seen == 2
    assert "matrix_count" not in archive(run, "final.npz")


def test_a_classification_has_the_frameworks_matrix():
    matrix = np.array([[3.0, 0.0], [1.0, 4.0]])
    arrays = of_classification(matrix)
    assert arrays["matrix_confidence"].tolist() == [0]
    assert arrays["matrix_nonzero"].tolist() == [[0, 0, 0], [0, 1, 0], [0, 1, 1]]
    assert arrays["matrix_count"].tolist() == [3, 1, 4]
