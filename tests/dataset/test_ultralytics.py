"""Held against Ultralytics' own scan of the same files: what it ignores, RunLens counts as ignored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens.dataset.facts import read_dataset

from .datasets import box, polygon, write

BOXES = [
    box(0),
    f"{box(1)}\n{box(0, 3)}",
    None,
    "",
    " \n",
    "0 .5 .5",
    "0 .5 .5 .1 .1 .9",
    f"{box(0)}\n{box(0)}",
    "7 .5 .5 .1 .1",
    "0 1.005 .5 .1 .1",
    "0 1.02 .5 .1 .1",
    "0 -.005 .5 .1 .1",
    "0 .5 .5 -.005 .1",
    "0 .5 .5 0 .1",
    "0 .9 .9 .5 .5",
    "0.5 .5 .5 .1 .1",
    "-1 .5 .5 .1 .1",
    "0 .5 nan .1 .1",
    "what",
    f"{polygon(0)}\n{box(0)}",
    f"\ufeff{box(1, 5)}",
    f"{box(0)}\r\n\r\n{box(1)}\r\n",
]
POLYGONS = [
    polygon(0),
    polygon(1, corners=4),
    f"{polygon(0)}\n{polygon(0)}",
    "0 .1 .1 .2 .1 .2 1.02",
    "0 .1 .1 2.2 .1 .2 .9",
    "0 .1 .1 .2 .1 .2",
    "0 -.02 .1 .2 .1 .2 .9",
    None,
    "",
]
POSES = [
    "0 .5 .5 .2 .2 " + " ".join([".4 .4 2"] * 3),
    "0 .5 .5 .2 .2 " + " ".join(["0 0 0"] * 3),
    "0 .5 .5 .2 .2 " + " ".join([".4 1.2 2"] * 3),
    "0 .5 .5 .2 .2 " + " ".join([".4 -.3 2"] * 3),
    box(0),
    None,
]


def scanned(folder: Path, keypoints: tuple[int, int]) -> dict[str, int]:
    """Counts of Ultralytics over the training images."""
    from ultralytics.data.utils import img2label_paths, verify_image_label

    total = {"missing": 0, "empty": 0, "corrupt": 0, "instances": 0}
    for image in sorted((folder / "images" / "train").iterdir()):
        (label,) = img2label_paths([str(image)])
        seen = verify_image_label((str(image), label, "", bool(keypoints[0]), 2, *keypoints, False))
        (_, rows, _, _, _, missing, _, empty, corrupt, _) = seen
        total["missing"] += missing
        total["empty"] += empty
        total["corrupt"] += corrupt
        total["instances"] += 0 if rows is None else len(rows)
    return total


@pytest.mark.parametrize(
    ("rows", "keypoints"), [(BOXES, (0, 0)), (POLYGONS, (0, 0)), (POSES, (3, 3))]
)
def test_counts_are_those_of_ultralytics(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[str], keypoints: tuple[int, int]
) -> None:
    monkeypatch.setenv("YOLO_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("YOLO_OFFLINE", "1")
    pytest.importorskip("ultralytics")
    more: dict[str, Any] = {"kpt_shape": list(keypoints)} if keypoints[0] else {}
    folder = tmp_path / "set"
    path = write(folder, {"train": rows, "val": rows[:1]}, **more)
    image = folder / "images" / "train" / "0000.png"
    image.write_bytes(image.read_bytes()[:100])  # cut off
    train = read_dataset(str(path)).splits["train"]
    assert scanned(folder, keypoints) == {
        "missing": train.missing_labels,
        "empty": train.empty_labels,
        "corrupt": train.ignored,
        "instances": train.instances,
    }
