"""Small models: a few convolutions before the head of a task, so that a training of some seconds learns something.

With the smallest models that Ultralytics describes, as many steps leave every metric at zero.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shapes import KEYPOINTS, NAMES

HEADS: dict[str, tuple[str, list[Any]]] = {
    "detect": ("Detect", ["nc"]),
    "segment": ("Segment", ["nc", 32, 64]),
    "pose": ("Pose", ["nc", [KEYPOINTS, 3]]),
    "obb": ("OBB", ["nc", 1]),
    "classify": ("Classify", ["nc"]),
}
BACKBONE = [[16, 3, 2], [32, 3, 2], [64, 3, 2], [64, 3, 1], [64, 3, 2]]  # channels, kernel, stride

QUICK = {
    "imgsz": 64,
    "device": "cpu",
    "workers": 0,
    "amp": False,
    "pretrained": False,
    "plots": False,
}
"""Arguments under which a training of such a model takes seconds, and the same ones every time."""


def write_model(folder: Path, task: str) -> str:
    """Describes the model in ``folder``; returns the path of its YAML."""
    (head, arguments) = HEADS[task]
    source: Any = -1 if task == "classify" else [3, 4]
    model = {
        "nc": len(NAMES),
        "kpt_shape": [KEYPOINTS, 3],
        "backbone": [[-1, 1, "Conv", layer] for layer in BACKBONE],
        "head": [[source, 1, head, arguments]],
    }
    path = folder / f"small-{task}.yaml"
    path.write_text(json.dumps(model), encoding="utf-8")  # JSON is YAML
    return str(path)
