"""Our matching beside Ultralytics' own, on boxes drawn by lot: the same counts, the same pixels."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from tensorboard_runlens.recording.evidence.boxes import Boxes, validated_boxes
from tensorboard_runlens.recording.evidence.matching import Matched, claims
from tensorboard_runlens.recording.evidence.tally import Tally
from tensorboard_runlens.recording.layout import MATRIX_CONFIDENCES, MATRIX_IOU
from tensorboard_runlens.recording.pictures.outlines import corners, in_image

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("ultralytics") is None, reason="ultralytics is not installed"
)

CLASSES = 4
NAMES = {number: f"class {number}" for number in range(CLASSES)}
INPUT = (96, 128)  # height, width
ORIGINAL = (300, 410)
IMAGES = 40


def upright(rng, count):
    """Boxes as fractions, centre and size."""
    return np.hstack([rng.uniform(0.2, 0.8, (count, 2)), rng.uniform(0.1, 0.5, (count, 2))])


def oriented(rng, count):
    return np.hstack([upright(rng, count), rng.uniform(-1.5, 1.5, (count, 1))])


def batch_of(rng, boxes, images):
    """A batch as the loaders of all releases make it, with images that have no object."""
    import torch

    objects = rng.integers(0, 6, images)
    objects[::7] = 0
    total = int(objects.sum())
    return {
        "img": torch.zeros(images, 3, *INPUT),
        "batch_idx": torch.from_numpy(np.repeat(np.arange(images), objects)).float(),
        "cls": torch.from_numpy(rng.integers(0, CLASSES, (total, 1))).float(),
        "bboxes": torch.from_numpy(boxes(rng, total)).float(),
        "ori_shape": [ORIGINAL] * images,
        "ratio_pad": [((0.31, 0.31), (1.0, 2.0))] * images,
        "im_file": [f"/data/{number}.jpg" for number in range(images)],
    }


def scaled(boxes):
    """Fractions as pixels of the input, as the validator's own _prepare_batch makes them."""
    from ultralytics.utils.ops import xywh2xyxy

    (height, width) = INPUT
    size = boxes.new_tensor([width, height, width, height])
    if boxes.shape[1] == 4:
        return xywh2xyxy(boxes) * size
    boxes = boxes.clone()
    boxes[:, :4] *= size
    return boxes


def predictions(rng, batch, images):
    """Near the objects and elsewhere, with confidences that tie."""
    import torch

    found = []
    for number in range(images):
        near = scaled(batch["bboxes"][batch["batch_idx"] == number]).repeat(3, 1)
        moved = near + torch.from_numpy(rng.normal(0, 2, near.shape)).float()
        if near.shape[1] == 5:
            moved[:, 2:4] = moved[:, 2:4].clamp(1)
        count = 0 if number % 5 == 0 else len(moved)
        confidence = torch.from_numpy(rng.choice(rng.random(20), count)).float()
        classes = torch.from_numpy(rng.integers(0, CLASSES, count)).float()
        found.append({"bboxes": moved[:count], "conf": confidence, "cls": classes})
    return found


def as_tensors(found):
    """What releases up to 8.3.153 hand on; the angle stands last."""
    import torch

    return [
        torch.cat(
            [one["bboxes"][:, :4], one["conf"][:, None], one["cls"][:, None], one["bboxes"][:, 4:]],
            1,
        )
        for one in found
    ]


def prepared(batch, number):
    mine = batch["batch_idx"] == number
    return {"cls": batch["cls"][mine].squeeze(-1), "bboxes": scaled(batch["bboxes"][mine])}


@pytest.fixture(params=[("detect", upright), ("obb", oriented)], ids=["detect", "obb"])
def validation(request):
    (task, boxes) = request.param
    rng = np.random.default_rng(0)
    batch = batch_of(rng, boxes, IMAGES)
    return task, batch, predictions(rng, batch, IMAGES)


def test_matrices_are_the_frameworks_at_every_confidence(validation):
    from ultralytics.utils.metrics import ConfusionMatrix

    (task, batch, found) = validation
    counting = Tally(CLASSES, MATRIX_CONFIDENCES)
    for image in validated_boxes(task, found, batch):
        counting.add(Matched(image, claims(image.overlap, image.confidence, MATRIX_IOU)))
    (rows, counts) = counting.matrix()
    off_diagonal = 0
    for index, confidence in enumerate(MATRIX_CONFIDENCES):
        theirs = ConfusionMatrix(names=NAMES)
        for number, one in enumerate(found):
            theirs.process_batch(one, prepared(batch, number), conf=confidence)
        mine = rows[:, 0] == index
        ours = np.zeros_like(theirs.matrix)
        ours[rows[mine, 1], rows[mine, 2]] = counts[mine]
        assert ours.tolist() == theirs.matrix.tolist()
        off_diagonal += np.count_nonzero(ours[:-1, :-1]) - np.count_nonzero(ours.diagonal()[:-1])
    assert off_diagonal > 20


def test_tensors_of_older_releases_are_read_the_same(validation):
    (task, batch, found) = validation
    older = as_tensors(found)
    for preds in (older, (older, None)):  # with masks beside them, where there are some
        for one, other in zip(
            validated_boxes(task, found, batch), validated_boxes(task, preds, batch)
        ):
            assert one.overlap.tolist() == other.overlap.tolist()
            assert one.confidence.tolist() == other.confidence.tolist()
            assert one.classes.tolist() == other.classes.tolist()
            assert one.boxes.tolist() == other.boxes.tolist()


def test_keypoints_are_read_from_both():
    import torch

    rng = np.random.default_rng(0)
    batch = batch_of(rng, upright, IMAGES)
    batch["keypoints"] = torch.from_numpy(rng.random((len(batch["cls"]), 5, 3))).float()
    found = predictions(rng, batch, IMAGES)
    for one in found:
        one["keypoints"] = torch.from_numpy(rng.random((len(one["cls"]), 5, 3))).float()
    older = [
        torch.cat([row, one["keypoints"].flatten(1)], 1)
        for (row, one) in zip(as_tensors(found), found)
    ]
    newer = list(validated_boxes("pose", found, batch))
    assert sum(len(image.keypoints) for image in newer) > 100
    for image, other in zip(newer, validated_boxes("pose", older, batch)):
        assert image.keypoints.shape == (len(image.classes), 5, 2)
        assert image.true_keypoints.shape == (len(image.true_classes), 5, 2)
        assert image.keypoints.tolist() == other.keypoints.tolist()


def test_what_is_drawn_lies_where_the_framework_scales_it_to():
    import torch
    from ultralytics.utils.ops import scale_boxes

    rng = np.random.default_rng(0)
    boxes = scaled(torch.from_numpy(upright(rng, 50)).float())
    ratio_pad = ((0.31, 0.32), (1.0, 2.0))
    image = Boxes("", (ORIGINAL[1], ORIGINAL[0]), (0.32, 0.31), (1.0, 2.0), *[np.zeros(0)] * 8)
    ours = in_image(corners(boxes.numpy()), image)
    theirs = scale_boxes(INPUT, boxes.clone(), ORIGINAL, ratio_pad).numpy()
    clipped = ours.clip(0, [ORIGINAL[1], ORIGINAL[0]])
    assert np.hstack([clipped[:, 0], clipped[:, 2]]) == pytest.approx(theirs, abs=1e-3)


def test_oriented_corners_are_the_frameworks():
    import torch
    from ultralytics.utils.ops import xywhr2xyxyxyxy

    boxes = scaled(torch.from_numpy(oriented(np.random.default_rng(0), 50)).float())
    theirs = xywhr2xyxyxyxy(boxes).numpy()
    for one, other in zip(corners(boxes.numpy()), theirs):
        assert np.sort(one, 0) == pytest.approx(np.sort(other, 0), abs=1e-3)
