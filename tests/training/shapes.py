"""Small pictures of shapes on a noisy ground, and one training on them, for samples and tests.

Run as a program it trains once, in a process of its own:

    python shapes.py FOLDER '{"model": "yolo11n.yaml", "images": [300, 100], "name": "healthy"}'

``images`` counts those to train on and those to validate on; what else the JSON holds goes to
Ultralytics as it is. The run lands in ``FOLDER/runs/TASK/NAME``, with a TensorBoard event file.
Nothing is downloaded: the model starts from random weights, and the data set is drawn here.
Labels are polygons, which Ultralytics turns into boxes by itself when the task is detection.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

SIZE = 96
CELL = SIZE // 3  # one shape a cell of a 3 x 3 grid, so that no two overlap
CLASSES = {"disc": 24, "square": 4, "ring": 24}  # corners of the polygon each is drawn as

Points = list[tuple[float, float]]


def polygon(corners: int, cell: int, rng: np.random.Generator) -> Points:
    """Corners in pixels of a regular polygon of random size and turn that stays within its cell."""
    radius = rng.uniform(7, 15)
    centre = np.array([cell % 3, cell // 3]) * CELL + rng.uniform(radius, CELL - radius, 2)
    angles = rng.uniform(0, 2 * np.pi) + np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return [
        (float(centre[0] + radius * np.cos(a)), float(centre[1] + radius * np.sin(a)))
        for a in angles
    ]


def colour(rng: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = rng.integers(0, 256, 3).tolist()
    return red, green, blue


def picture(rng: np.random.Generator, mislabelled: float) -> tuple[Image.Image, str]:
    """One image and its label file's text, in which that share of classes is drawn by lot."""
    image = Image.new("RGB", (SIZE, SIZE), colour(rng))
    canvas = ImageDraw.Draw(image)
    for _ in range(3):  # clutter, behind the shapes
        canvas.line(rng.integers(0, SIZE, 4).tolist(), fill=colour(rng), width=2)
    cells = rng.permutation(9).tolist()
    lines = []
    for _ in range(rng.integers(2, 6)):
        name = str(rng.choice(list(CLASSES)))
        points = polygon(CLASSES[name], cells.pop(), rng)
        if name == "ring":
            canvas.line([*points, points[0]], fill=colour(rng), width=3)
        else:
            canvas.polygon(points, fill=colour(rng))
        numbers = " ".join(f"{x / SIZE:.5f} {y / SIZE:.5f}" for x, y in points)
        label = rng.choice(list(CLASSES)) if rng.random() < mislabelled else name
        lines.append(f"{list(CLASSES).index(label)} {numbers}\n")
    noisy = np.asarray(image) + rng.normal(0, 15, (SIZE, SIZE, 3))
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8)), "".join(lines)


def write_data_set(folder: Path, n_train: int, n_val: int, mislabelled: float) -> str:
    """Draws the images into ``folder/shapes`` and returns the name of the data set's YAML file."""
    rng = np.random.default_rng(0)
    # Validation first: runs with fewer training images are then measured on the same pictures.
    for split, count, wrong in (("val", n_val, 0.0), ("train", n_train, mislabelled)):
        images, labels = (folder / "shapes" / kind / split for kind in ("images", "labels"))
        images.mkdir(parents=True)
        labels.mkdir(parents=True)
        for index in range(count):
            image, label = picture(rng, wrong)
            image.save(images / f"{index:04}.png")
            (labels / f"{index:04}.txt").write_text(label, encoding="utf-8")
    description = {
        "path": "shapes",
        "train": "images/train",
        "val": "images/val",
        "names": dict(enumerate(CLASSES)),
    }
    (folder / "shapes.yaml").write_text(json.dumps(description), encoding="utf-8")
    return "shapes.yaml"


def stand_in_for_compiled_torchvision() -> None:
    """Lets torchvision import and suppress boxes where its compiled part does not fit this torch.

    That is so with torch's CPU wheels beside torchvision's default ones. Where the compiled part
    loads, nothing is changed.
    """
    import torch

    spec = importlib.util.find_spec("torchvision")
    assert spec is not None and spec.origin is not None
    try:
        torch.ops.load_library(str(next(Path(spec.origin).parent.glob("_C.*"))))
    except (OSError, StopIteration):
        _define_operators()


def _define_operators() -> None:
    import torch

    for name in ("nms", "qnms"):  # torchvision registers more about both while it is imported
        schema = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
        torch.library.define(f"torchvision::{name}", schema)

    import torchvision
    from ultralytics.utils.nms import TorchNMS

    torch.library.impl("torchvision::nms", "cpu", TorchNMS.nms)
    torchvision.extension._has_ops = lambda: True
    torchvision.ops.boxes._assert_has_ops = lambda: None


def train(
    folder: Path, model: str, images: tuple[int, int], mislabelled: float = 0.0, **arguments: Any
) -> None:
    """Trains in ``folder``, on a data set drawn there."""
    os.chdir(folder)
    os.environ.update(YOLO_OFFLINE="1", YOLO_CONFIG_DIR=str(folder), MPLBACKEND="agg")
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    stand_in_for_compiled_torchvision()
    from ultralytics import YOLO, settings

    settings.update({"tensorboard": True})
    yolo = YOLO(model)
    fixed: dict[str, Any] = {"imgsz": SIZE, "workers": 0, "amp": False, "pretrained": False}
    yolo.train(
        data=write_data_set(folder, *images, mislabelled),
        project=str(folder / "runs" / yolo.task),
        **{**fixed, **arguments},
    )


if __name__ == "__main__":
    train(Path(sys.argv[1]).resolve(), **json.loads(sys.argv[2]))
