"""Small pictures of shapes on a noisy ground, and one training on them, for samples and tests.

Run as a program it trains once, in a process of its own:

    python shapes.py FOLDER '{"model": "yolo11n.yaml", "images": [300, 100], "name": "healthy"}'

``images`` counts those to train on and those to validate on, ``mislabelled`` is the share of shapes
whose class is drawn by lot, ``recorded`` whether RunLens' callback is added, and whatever else the JSON holds goes to
Ultralytics. The run lands in
``FOLDER/runs/TASK/NAME``, with a TensorBoard event file. Nothing is downloaded: a model described in
YAML starts from random weights, and the data set is drawn here, of the same pictures for every task.
Labels are polygons, which Ultralytics turns into boxes by itself, upright or turned; for poses they are
the box and four corners, for classification every shape is cut out of its picture.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

SIZE = 96
GRID = 3  # at most one shape a cell, so that no two overlap
CELL = SIZE // GRID
RADII = (7, 15)
NOISE = 15  # grey levels, one standard deviation
CLASSES = {"disc": 24, "square": 4, "ring": 24}  # corners of the polygon each is drawn as
NAMES = list(CLASSES)
KEYPOINTS = 4  # corners that lie a quarter of the outline apart, all of them visible

Polygon = NDArray[np.float64]  # (corners, 2), pixels


class Labelled(NamedTuple):
    """A shape in a picture, and the class that its label says."""

    number: int
    outline: Polygon


def outline(name: str, cell: int, rng: np.random.Generator) -> Polygon:
    """A shape of random size and turn that stays within its cell."""
    radius = rng.uniform(*RADII)
    corner = np.array([cell % GRID, cell // GRID]) * CELL
    centre = corner + rng.uniform(radius, CELL - radius, 2)
    turns = np.linspace(0, 2 * np.pi, CLASSES[name], endpoint=False) + rng.uniform(0, 2 * np.pi)
    return centre + radius * np.stack([np.cos(turns), np.sin(turns)], axis=1)


def colour(rng: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = rng.integers(0, 256, 3).tolist()
    return red, green, blue


def draw(canvas: ImageDraw.ImageDraw, name: str, shape: Polygon, rng: np.random.Generator) -> None:
    corners = [(x, y) for x, y in shape.tolist()]
    if name == "ring":
        canvas.line([*corners, corners[0]], fill=colour(rng), width=3)
    else:
        canvas.polygon(corners, fill=colour(rng))


def labelled(name: str, shape: Polygon, mislabelled: float, rng: np.random.Generator) -> Labelled:
    """The shape with its class, in that share of the cases with one drawn by lot."""
    written = rng.choice(NAMES) if rng.random() < mislabelled else name
    return Labelled(NAMES.index(written), shape)


def picture(mislabelled: float, rng: np.random.Generator) -> tuple[Image.Image, list[Labelled]]:
    """One image with two to five shapes."""
    image = Image.new("RGB", (SIZE, SIZE), colour(rng))
    canvas = ImageDraw.Draw(image)
    for _ in range(3):  # clutter behind the shapes
        canvas.line(rng.integers(0, SIZE, 4).tolist(), fill=colour(rng), width=2)
    shapes = []
    for cell in rng.permutation(GRID * GRID)[: rng.integers(2, 6)]:
        name = str(rng.choice(NAMES))
        shape = outline(name, cell, rng)
        draw(canvas, name, shape, rng)
        shapes.append(labelled(name, shape, mislabelled, rng))
    noisy = np.asarray(image) + rng.normal(0, NOISE, (SIZE, SIZE, 3))
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8)), shapes


def label(shape: Labelled, task: str) -> str:
    """A label file's line."""
    numbers = shape.outline / SIZE
    if task == "pose":
        (low, high) = (numbers.min(0), numbers.max(0))
        corners = numbers[:: len(numbers) // KEYPOINTS]
        visible = np.full((KEYPOINTS, 1), 2)
        numbers = np.concatenate([(low + high) / 2, high - low, *np.hstack([corners, visible])])
    return " ".join([str(shape.number), *(f"{x:.5f}" for x in numbers.flat)])


def write_data_set(
    folder: Path, n_train: int, n_val: int, mislabelled: float, task: str = "detect"
) -> str:
    """Draws the images into ``folder/shapes``; returns the name of what describes them."""
    rng = np.random.default_rng(0)
    # Validation first: whoever trains on fewer images still validates on the same ones.
    for split, count in (("val", n_val), ("train", n_train)):
        for number in range(count):
            (image, shapes) = picture(mislabelled, rng)
            if task == "classify":
                write_cuttings(folder / "shapes" / split, f"{number:04}", image, shapes)
            else:
                text = "\n".join(label(shape, task) for shape in shapes)
                write_labelled(folder / "shapes", f"{split}/{number:04}", image, text)
    return "shapes" if task == "classify" else describe(folder, task)


def write_labelled(folder: Path, name: str, image: Image.Image, text: str) -> None:
    for kind in ("images", "labels"):
        (folder / kind / name).parent.mkdir(parents=True, exist_ok=True)
    image.save(folder / "images" / f"{name}.png")
    (folder / "labels" / f"{name}.txt").write_text(text, encoding="utf-8")


def write_cuttings(folder: Path, name: str, image: Image.Image, shapes: list[Labelled]) -> None:
    """The cell of every shape, in the folder of its class."""
    for index, shape in enumerate(shapes):
        (left, top) = (shape.outline.mean(0) // CELL * CELL).astype(int).tolist()
        of_class = folder / NAMES[shape.number]
        of_class.mkdir(parents=True, exist_ok=True)
        cutting = image.crop((left, top, left + CELL, top + CELL))
        cutting.save(of_class / f"{name}_{index}.png")


def describe(folder: Path, task: str) -> str:
    """Writes the data set's YAML; returns its name."""
    description: dict[str, Any] = {
        "path": "shapes",
        "train": "images/train",
        "val": "images/val",
        "names": dict(enumerate(NAMES)),
    }
    if task == "pose":
        description["kpt_shape"] = [KEYPOINTS, 3]
    (folder / "shapes.yaml").write_text(json.dumps(description), encoding="utf-8")  # JSON is YAML
    return "shapes.yaml"


def make_torchvision_work() -> None:
    """Stands in for torchvision's compiled part where that does not fit the torch installed.

    So it is where torch was built for the CPU and torchvision for CUDA. Importing it then fails, and
    so does the one compiled operator that Ultralytics uses, non-maximum suppression.
    """
    import torch

    spec = importlib.util.find_spec("torchvision")
    assert spec is not None and spec.origin is not None
    try:
        torch.ops.load_library(str(next(Path(spec.origin).parent.glob("_C.*"))))
    except (OSError, StopIteration):
        _replace_operators()


def _replace_operators() -> None:
    import torch

    for name in ("nms", "qnms"):  # torchvision, while it is imported, adds to both
        schema = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
        torch.library.define(f"torchvision::{name}", schema)

    import torchvision
    from ultralytics.utils.nms import TorchNMS

    torch.library.impl("torchvision::nms", "cpu", TorchNMS.nms)
    torchvision.extension._has_ops = lambda: True
    torchvision.ops.boxes._assert_has_ops = lambda: None


def prepare(folder: Path) -> None:
    """Works in ``folder`` from here on, and leaves the user's own settings of Ultralytics alone."""
    os.chdir(folder)
    os.environ.update(YOLO_OFFLINE="1", YOLO_CONFIG_DIR=str(folder), MPLBACKEND="agg")
    os.environ.setdefault("OMP_NUM_THREADS", "2")  # Ultralytics would take 1
    for name in ("PYTEST_CURRENT_TEST", "GITHUB_ACTIONS"):
        os.environ.pop(name, None)  # Ultralytics writes no event file where it sees a test
    make_torchvision_work()
    from ultralytics import settings

    settings.update({"tensorboard": True})


def train(
    folder: Path,
    model: str,
    images: tuple[int, int],
    mislabelled: float = 0.0,
    recorded: bool = False,
    **arguments: Any,
) -> None:
    """Trains in ``folder``, on a data set drawn there."""
    prepare(folder)
    from ultralytics import YOLO

    yolo = YOLO(model)
    if recorded:
        from tensorboard_runlens import track

        track(yolo)
    yolo.train(
        data=write_data_set(folder, *images, mislabelled, yolo.task),
        project=str(folder / "runs" / yolo.task),
        imgsz=SIZE,
        **{"workers": 0, "amp": False, "pretrained": False, **arguments},
    )


if __name__ == "__main__":
    train(Path(sys.argv[1]).resolve(), **json.loads(sys.argv[2]))
