"""Whole projects as the founding guides describe them, written as the programs would have left them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Optional

import yaml

CURVES = ("F1", "P", "R", "PR")


def partinet_rows(first: int, last: int, planned: int, best: int) -> list[str]:
    """Lines of results.txt: one class, so the classification loss is always 0; the metric peaks at ``best``."""
    lines = []
    for epoch in range(first, last + 1):
        progress = min(epoch, best) / best
        (box, obj) = (0.09 - 0.05 * progress, 0.06 - 0.03 * progress)
        wobble = 0.004 * ((epoch * 7) % 5 - 2) / 2
        metrics = (
            0.5 + 0.4 * progress,
            0.45 + 0.4 * progress,
            0.4 + 0.45 * progress,
            0.2 + 0.4 * progress,
        )
        shown = [value + wobble - 0.002 * max(epoch - best, 0) for value in metrics]
        validation = (0.08 - 0.03 * progress + wobble / 10, 0.05 - 0.01 * progress, 0.0)
        cells = [f"{epoch}/{planned - 1}", "8.1G", *(f"{x:.4g}" for x in (box, obj, 0, box + obj))]
        cells += ["57", "640", *(f"{x:.4g}" for x in (*shown, *validation))]
        lines.append("".join(f"{cell:>10}" for cell in cells))
    return lines


def router_rows(last: int, planned: int) -> list[str]:
    """Lines of step 2's results.txt: the router's losses, and a validation that barely moves."""
    lines = []
    for epoch in range(last + 1):
        (difference, low, high) = (
            0.02 + 0.001 * (epoch % 3),
            0.4 - 0.01 * epoch,
            0.5 + 0.01 * epoch,
        )
        cells = [
            f"{epoch}/{planned - 1}",
            "6.2G",
            *(f"{x:.4g}" for x in (difference, low, high, difference)),
        ]
        cells += ["31", "640", *(f"{x:.4g}" for x in (0.88, 0.84, 0.85, 0.6, 0.05, 0.04, 0.0))]
        lines.append("".join(f"{cell:>10}" for cell in cells))
    return lines


def write_partinet(
    folder: Path, step: int, rows: Sequence[str], epochs: int, weight: str, finished: bool
) -> None:
    """One exp folder: configuration, results.txt, checkpoints, and the pictures of a finished run."""
    (folder / "weights").mkdir(parents=True)
    options: dict[str, Any] = {
        "weight": weight,
        "cfg": f"/opt/partinet/cfg/dy-yolov7-step{step}.yaml",
        "data": "/data/cryo_training.yaml",
        "hyp": "scratch.p5" if step == 1 else "finetune.dynamic.adam",
        "epochs": epochs,
        "batch_size": 16 if step == 1 else 1,
        "img_size": [640, 640],
        "backbone_detector": "yolov7",
        "project": f"/data/partinet_trainstep{step}",
        "name": "exp",
        "save_dir": f"/data/project/{folder.name}",
    }
    if step == 1:
        options.update(single_backbone=False, linear_lr=False)
    (folder / "opt.yaml").write_text(yaml.safe_dump(options, sort_keys=False))
    (folder / "hyp.yaml").write_text("lr0: 0.01\nlrf: 0.1\nloss_ota: 1\nmosaic: 1.0\n")
    model = {"nc": 1, "n_first_layers": 51, "dual_backbone": [[24, 1, "CBLinear", [[256]]]]}
    if step == 2:
        model.update(dynamic=True, router_channels=[128, 256, 512, 1024])
    (folder / "cfg.yaml").write_text(yaml.safe_dump(model))
    (folder / "results.txt").write_text("\n".join(rows) + "\n")
    for name in ("LR.png", "train_batch0.jpg", "train_batch1.jpg"):
        (folder / name).write_bytes(b"picture")
    for name in ("best.pt", "epoch_000.pt", "last.pt"):
        (folder / "weights" / name).write_bytes(b"weights")
    if not finished:
        return
    for name in (
        "results.png",
        "confusion_matrix.png",
        *(f"{curve}_curve.png" for curve in CURVES),
    ):
        (folder / name).write_bytes(b"picture")
    for name in ("test_batch0_labels.jpg", "test_batch0_pred.jpg"):
        (folder / name).write_bytes(b"picture")


def write_partinet_project(folder: Path) -> Path:
    """exp finished, exp2 killed, exp3 resumed from it and finished, exp4 trains the router."""
    public = "/data/partinet_publicweights.pt"
    write_partinet(folder / "exp", 1, partinet_rows(0, 39, 40, 33), 40, public, True)
    killed = partinet_rows(0, 17, 40, 36)
    write_partinet(folder / "exp2", 1, killed, 40, public, False)
    resumed = [*killed, *partinet_rows(18, 39, 40, 36)]
    write_partinet(folder / "exp3", 1, resumed, 40, "/data/project/exp2/weights/last.pt", True)
    write_partinet(
        folder / "exp4", 2, router_rows(9, 10), 10, "/data/project/exp3/weights/best.pt", True
    )
    return folder


SELF_TRAINING = (
    {"precision": 0.66, "recall": 0.64, "f1": 0.6498, "iou": 0.4813, "auc": 0.91},
    {"precision": 0.68, "recall": 0.66, "f1": 0.6699, "iou": 0.5036, "auc": 0.92},
    {"precision": 0.70, "recall": 0.68, "f1": 0.6899, "iou": 0.5265, "auc": 0.93},
    {"precision": 0.71, "recall": 0.69, "f1": 0.6999, "iou": 0.5383, "auc": 0.93},
)
"""What guide 003 expects: F1 of 65, 67, 69 and 70 %."""


def write_self_training(
    folder: Path, metrics: Mapping[int, Optional[Mapping[str, Any]]], final: bool = True
) -> Path:
    """An experiment with these iterations; None leaves an iteration without metrics.json."""
    for number, values in metrics.items():
        kind = "selftrain" if number else "supervised"
        below = folder / f"iteration_{number}_{kind}"
        below.mkdir(parents=True)
        (below / "model.pt").write_bytes(b"weights")
        (below / "visualization.png").write_bytes(b"picture")
        if values is not None:
            (below / "metrics.json").write_text(json.dumps(values))
    if final:
        (folder / "final_model.pt").write_bytes(b"weights")
    return folder
