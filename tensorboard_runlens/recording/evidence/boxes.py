"""What an Ultralytics validator compares, image by image: objects and detections in pixels of the network's input.

Releases up to 8.3.153 hand detections on as one tensor an image (x, y, x, y, confidence, class, then an angle or
keypoints), with masks beside them; later ones as a dictionary of tensors. Labels have looked the same
since 8.0: all images of a batch in one tensor, as fractions of the input's width and height.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]

LABELS = ("batch_idx", "cls", "bboxes", "keypoints")
"""Of a batch, a row an object."""


@dataclass(frozen=True)
class Boxes:
    """One image, its objects (t) and detections (d).

    Boxes are corners x, y, x, y, or (``turned``) centre, width, height and angle. ``overlap`` (t, d) is
    their IoU as the framework measures it; keypoints are (n, k, 2). A pixel of the input lies at
    ``(pixel - offset) / scale`` in the image of ``size`` (width, height) in ``file``.
    """

    file: str
    size: tuple[int, int]
    scale: tuple[float, float]
    offset: tuple[float, float]
    true_classes: Numbers
    true_boxes: Numbers
    true_keypoints: Optional[Numbers]
    classes: Numbers
    confidence: Numbers
    boxes: Numbers
    keypoints: Optional[Numbers]
    overlap: Numbers


def validated_boxes(task: str, preds: Any, batch: Mapping[str, Any]) -> Iterator[Boxes]:
    """The images of a batch, from what ``update_metrics`` is called with and after it has returned."""
    found = preds[0] if isinstance(preds, tuple) else preds  # with masks, up to 8.3.153
    labels = {name: batch[name].cpu() for name in LABELS if name in batch}
    for number, pred in enumerate(found):
        mine = labels["batch_idx"] == number
        yield _image(
            task, pred, {name: label[mine] for (name, label) in labels.items()}, batch, number
        )


def _image(
    task: str, pred: Any, labels: Mapping[str, Any], batch: Mapping[str, Any], number: int
) -> Boxes:
    (height, width) = batch["img"].shape[2:]
    (tall, wide) = batch["ori_shape"][number][:2]
    (scale, offset) = batch["ratio_pad"][number]
    true_boxes = _in_pixels(labels["bboxes"], width, height)
    true_points = _points_in_pixels(labels.get("keypoints"), width, height)
    (confidence, classes, boxes, keypoints) = _detections(task, pred, true_points)
    return Boxes(
        file=str(batch["im_file"][number]),
        size=(int(wide), int(tall)),
        scale=(float(scale[1]), float(scale[0])),
        offset=(float(offset[0]), float(offset[1])),
        true_classes=_numpy(labels["cls"].reshape(-1)).astype(np.int64),
        true_boxes=_numpy(true_boxes),
        true_keypoints=true_points,
        classes=_numpy(classes).astype(np.int64),
        confidence=_numpy(confidence),
        boxes=_numpy(boxes),
        keypoints=None if keypoints is None else _numpy(keypoints)[..., :2],
        overlap=_overlap(true_boxes, boxes),
    )


def _in_pixels(boxes: Any, width: int, height: int) -> Any:
    """Centre, width and height as fractions: upright boxes become corners, oriented ones keep their angle."""
    from ultralytics.utils.ops import xywh2xyxy

    size = boxes.new_tensor([width, height, width, height]).float()
    if boxes.shape[-1] == 4:
        return xywh2xyxy(boxes) * size
    boxes = boxes.clone()
    boxes[:, :4] *= size
    return boxes


def _points_in_pixels(points: Any, width: int, height: int) -> Optional[Numbers]:
    return None if points is None else _numpy(points)[..., :2] * np.array([width, height])


def _detections(task: str, pred: Any, points: Optional[Numbers]) -> tuple[Any, Any, Any, Any]:
    """Confidence, class, box and keypoints of an image's detections, in the computer's own memory."""
    if isinstance(pred, Mapping):
        fields = (pred["conf"], pred["cls"], pred["bboxes"], pred.get("keypoints"))
    else:
        fields = _columns(task, pred, points)
    (confidence, classes, boxes, keypoints) = (
        None if field is None else field.detach().float().cpu() for field in fields
    )
    return confidence, classes, boxes, keypoints


def _columns(task: str, pred: Any, points: Optional[Numbers]) -> tuple[Any, Any, Any, Any]:
    boxes = pred[:, [0, 1, 2, 3, -1]] if task == "obb" else pred[:, :4]
    if points is None:
        return pred[:, 4], pred[:, 5], boxes, None
    numbers = pred[:, 6:]
    each = numbers.shape[1] // points.shape[1]
    return pred[:, 4], pred[:, 5], boxes, numbers.reshape(len(pred), points.shape[1], each)


def _overlap(true_boxes: Any, boxes: Any) -> Numbers:
    """IoU of every object and every detection, as the framework computes it."""
    from ultralytics.utils import metrics

    if not len(true_boxes) or not len(boxes):
        return np.zeros((len(true_boxes), len(boxes)), np.float32)
    between = metrics.batch_probiou if boxes.shape[1] == 5 else metrics.box_iou
    return _numpy(between(true_boxes.float(), boxes))


def _numpy(tensor: Any) -> Numbers:
    return np.asarray(tensor)
