"""Trains the same model three times: untracked, tracked with gradients, and tracked without TensorBoard.

    python signals.py FOLDER '{"images": [32, 8], ...}'

The runs land in ``FOLDER/runs/plain``, ``tracked`` and ``silent``; ``names`` chooses some of them, and
``model`` another model than a small one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shapes import SIZE, prepare, write_data_set
from small import write_model

NAMES = ("plain", "tracked", "silent")


def train(
    folder: Path,
    images: tuple[int, int],
    names: Sequence[str] = NAMES,
    model: str = "",
    **arguments: Any,
) -> None:
    prepare(folder)
    from ultralytics import YOLO, settings

    from tensorboard_runlens import track

    data = str(folder / write_data_set(folder, *images, 0.0))
    description = model or write_model(folder, "detect")
    for name in names:
        settings.update({"tensorboard": name != "silent"})
        yolo = YOLO(description)
        if name != "plain":
            track(yolo, gradients=name == "tracked")
        yolo.train(
            data=data,
            project=str(folder / "runs"),
            name=name,
            imgsz=SIZE,
            **{"workers": 0, "amp": False, "pretrained": False, "plots": False, **arguments},
        )


if __name__ == "__main__":
    train(Path(sys.argv[1]).resolve(), **json.loads(sys.argv[2]))
