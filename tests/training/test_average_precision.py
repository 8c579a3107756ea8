"""Our own average precision and hits beside the framework's, on random detections."""

from __future__ import annotations

import importlib
import importlib.util
from types import SimpleNamespace

import numpy as np
import pytest

from tensorboard_runlens.recording.loop.average_precision import curves
from tensorboard_runlens.recording.loop.hits import THRESHOLDS, hits

pytestmark = [
    pytest.mark.training,
    pytest.mark.skipif(
        importlib.util.find_spec("ultralytics") is None, reason="ultralytics is not installed"
    ),
]


@pytest.fixture
def metrics():
    """The framework's module, imported only now: it changes how PIL opens images in the whole process."""
    return importlib.import_module("ultralytics.utils.metrics")


def random_boxes(rng: np.random.Generator, count: int) -> np.ndarray:
    corner = rng.uniform(0, 80, (count, 2))
    return np.concatenate([corner, corner + rng.uniform(5, 40, (count, 2))], axis=1)


def image(rng: np.random.Generator, classes: int, objects: int, noise: int):
    """Objects, detections of most of them that are a little off, and noise."""
    true_boxes = random_boxes(rng, objects)
    true = rng.integers(0, classes, objects)
    near = true_boxes[rng.random(objects) < 0.8] if objects else true_boxes
    boxes = np.concatenate([near + rng.normal(0, 2, near.shape), random_boxes(rng, noise)])
    boxes[:, 2:] = np.maximum(boxes[:, :2] + 1, boxes[:, 2:])
    scores = rng.permutation(np.linspace(0.01, 0.99, len(boxes))) * rng.uniform(0.9, 1)
    return boxes, scores, rng.integers(0, classes, len(boxes)), true_boxes, true


@pytest.mark.parametrize("seed", range(5))
def test_hits_are_the_frameworks(seed, metrics):
    torch = importlib.import_module("torch")
    from ultralytics.engine.validator import BaseValidator

    if "use_scipy" not in BaseValidator.match_predictions.__code__.co_varnames:
        pytest.skip("this release matches otherwise")
    (boxes, scores, classes, true_boxes, true) = image(np.random.default_rng(seed), 2, 12, 60)
    order = np.argsort(-scores)
    (boxes, scores, classes) = (boxes[order], scores[order], classes[order])
    overlaps = metrics.box_iou(torch.from_numpy(true_boxes), torch.from_numpy(boxes))
    framework = BaseValidator.match_predictions(
        SimpleNamespace(iouv=torch.from_numpy(THRESHOLDS)),
        torch.from_numpy(classes),
        torch.from_numpy(true),
        overlaps,
    )
    assert framework.any()
    assert np.array_equal(hits(boxes, scores, classes, true_boxes, true), framework.numpy())


@pytest.mark.parametrize(
    ("seed", "classes", "objects", "noise"),
    [(0, 1, 8, 20), (1, 5, 8, 20), (2, 80, 20, 100), (3, 3, 6, 0), (4, 4, 2, 1)],
)
def test_curves_and_average_precision_are_the_frameworks(metrics, seed, classes, objects, noise):
    rng = np.random.default_rng(seed)
    images = [image(rng, classes, objects, noise) for _ in range(8)]
    found = np.concatenate([hits(*one) for one in images])
    (scores, detected, true) = (np.concatenate([one[n] for one in images]) for n in (1, 2, 4))
    own = curves(found, scores, detected, true)
    framework = metrics.ap_per_class(found, scores, detected, true)
    (_, _, precision, recall, f1, ap, numbers, p_curve, r_curve, f1_curve, _, _) = framework
    stated = own.stated()
    assert np.array_equal(own.classes, numbers)
    for mine, theirs in (
        (stated["precision"], precision),
        (stated["recall"], recall),
        (stated["f1"], f1),
        (own.ap, ap),
        (own.precision, p_curve),
        (own.recall, r_curve),
        (own.f1, f1_curve),
    ):
        assert np.abs(mine - theirs).max() <= 1e-9
    assert own.ap.max() > 0
