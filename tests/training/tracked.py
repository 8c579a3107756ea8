"""Trains the same small model twice, once tracked, and writes down what the framework measured.

    python tracked.py FOLDER '{"model": "yolo11n.yaml", "images": [64, 16], ...}'

The runs land in ``FOLDER/runs/TASK/tracked`` and ``plain``. ``FOLDER/measured.json`` has what the
validator of the tracked one held at each epoch, taken from it by other callbacks than RunLens'.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from shapes import SIZE, prepare, write_data_set

measured: dict[int, dict[str, Any]] = {}


def take(trainer: Any) -> None:
    validator = trainer.validator
    if not validator.training:
        return  # best.pt, validated once more
    metrics = validator.metrics
    measured[trainer.epoch + 1] = {
        "fitness": trainer.fitness,
        "classes": metrics.ap_class_index.tolist(),
        "instances": metrics.nt_per_class.tolist(),
        **{
            group: numbers(getattr(metrics, group))
            for group in ("box", "seg")
            if hasattr(metrics, group)
        },
    }


def numbers(metric: Any) -> dict[str, Any]:
    from ultralytics.utils.metrics import smooth

    best = smooth(metric.f1_curve.mean(0), 0.1).argmax()
    return {
        "rows": [
            [*map(float, metric.class_result(row)), float(metric.f1[row])]
            for row in range(len(metric.p))
        ],
        "confidence": float(metric.px[best]),
        "f1": float(metric.f1.mean()),
    }


def train(folder: Path, model: str, images: tuple[int, int], **arguments: Any) -> None:
    prepare(folder)
    from ultralytics import YOLO

    from tensorboard_runlens import track

    data = str(folder / write_data_set(folder, *images, 0.0))
    for name in ("plain", "tracked"):
        yolo = YOLO(model)
        if name == "tracked":
            track(track(yolo)).add_callback("on_fit_epoch_end", take)
        yolo.train(
            data=data,
            project=str(folder / "runs" / yolo.task),
            name=name,
            imgsz=SIZE,
            **{"workers": 0, "amp": False, "pretrained": False, **arguments},
        )
    (folder / "measured.json").write_text(json.dumps(measured), encoding="utf-8")


if __name__ == "__main__":
    train(Path(sys.argv[1]).resolve(), **json.loads(sys.argv[2]))
