"""A recording written by hand, file by file as docs/recorded_data.md describes it: the reader is held against it."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional

import numpy as np

from tests.builders import DETECT, rows_of, write, write_args, write_csv

NAMES = ("disc", "square", "ring")
POINTS = 1000
OPTIMUM = 430
"""The point of the curves at which the mean F1 is best."""

BEST_EPOCH = 2
FITNESS = (0.4, 0.5, 0.3)
"""Of epochs 1, 2, 3."""

Arrays = dict[str, Any]


def curves(optimum: int = OPTIMUM, points: int = POINTS) -> tuple[np.ndarray, ...]:
    """(confidence, precision, recall, F1) of three classes, (points,) and (3, points); F1 is best at ``optimum``."""
    confidence = np.linspace(0, 1, points)
    classes = np.array([[0.9], [0.8], [0.7]])
    recall = classes * np.sqrt(1 - confidence)
    f1 = classes * (1 - np.abs(confidence - confidence[optimum]) / 2) * 0.8
    return (confidence, 1 - (1 - confidence) ** 2 * 0.7 + 0 * classes, recall, f1)


def curve_arrays(groups: Sequence[str] = ("box",), points: int = POINTS) -> Arrays:
    """The curves of each group; those of later groups are a tenth lower each."""
    (confidence, *by_class) = curves(OPTIMUM * points // POINTS, points)
    thinned = np.linspace(0, 1, 101)
    arrays: Arrays = {
        "confidence": confidence.astype(np.float32),
        "classes": np.arange(3, dtype=np.int32),
        "class_confidence": thinned.astype(np.float32),
    }
    for number, group in enumerate(groups):
        for name, values in zip(("precision", "recall", "f1"), by_class):
            lower = values * (1 - number / 10)
            arrays[f"{group}_{name}"] = lower.mean(0).astype(np.float32)
            rows = np.array([np.interp(thinned, confidence, row) for row in lower])
            arrays[f"{group}_class_{name}"] = (rows * 65535).round().astype(np.uint16)
    return arrays


def detection_arrays(
    confidence: Any, image: Any, number: Any, hits: Any, images: int, group: str = "box"
) -> Arrays:
    """Detections in ascending confidence, and one object of each detected class in each image for each of them."""
    bits = np.asarray(confidence, np.float32).view(np.uint32)
    pairs = sorted(set(zip(map(int, image), map(int, number))))
    counts = [sum(pair == one for one in zip(image, number)) for pair in pairs]
    (truth_image, truth_class) = np.array(pairs, np.uint16).reshape(-1, 2).T
    return {
        "detection_step": np.diff(bits, prepend=np.uint32(0)).astype(np.uint32),
        "detection_image": np.asarray(image, np.uint16),
        "detection_class": np.asarray(number, np.uint8),
        f"{group}_hits": np.asarray(hits, np.uint16),
        "truth_image": truth_image,
        "truth_class": truth_class,
        "truth_count": np.array(counts, np.uint32),
        "images": np.int64(images),
    }


def matrix_arrays() -> Arrays:
    """Two cells at the first confidence and one, of a false alarm, at the second."""
    return {
        "matrix_confidence": np.array([0.001, 0.05], np.float32),
        "matrix_nonzero": np.array([[0, 0, 0], [0, 3, 2], [1, 1, 3]], np.uint16),
        "matrix_count": np.array([7, 2, 1], np.uint32),
    }


def best_arrays(epoch: int = BEST_EPOCH, groups: Sequence[str] = ("box",)) -> Arrays:
    """curves_best.npz with four detections in three images."""
    detections = detection_arrays(
        [0.25, 0.25, 0.5, 0.9], [0, 2, 2, 0], [0, 1, 1, 2], [0, 1, 1023, 513], 3
    )
    return {"epoch": np.int64(epoch), **curve_arrays(groups), **detections}


def final_arrays(groups: Sequence[str] = ("box",)) -> Arrays:
    """final.npz."""
    arrays = best_arrays(groups=groups)
    del arrays["epoch"]
    return {**arrays, **matrix_arrays()}


def packed(arrays: Arrays) -> bytes:
    """The bytes of an .npz as numpy writes it."""
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def metrics(
    groups: Sequence[str] = ("box",),
    fitness: float = 0.5,
    thinned: bool = False,
    of: Optional[Arrays] = None,
) -> dict[str, Any]:
    """A validation as epochs.jsonl and final.json have it: what the curves are at their optimum, and the objects of its
    archive."""
    (confidence, precision, recall, f1) = curves()
    arrays = best_arrays() if of is None or "truth_count" not in of else of
    objects = np.bincount(arrays["truth_class"], arrays["truth_count"], 3).astype(int).tolist()
    fields: dict[str, Any] = {"classes": [0, 1, 2], "images": [1, 1, 1], "instances": objects}
    for number, group in enumerate(groups):
        share = 1 - number / 10
        fields[group] = {
            "precision": (precision[:, OPTIMUM] * share).tolist(),
            "recall": (recall[:, OPTIMUM] * share).tolist(),
            "f1": (f1[:, OPTIMUM] * share).tolist(),
            "ap50_95": [fitness] * 3,
            "optimum": {
                "confidence": confidence[OPTIMUM],
                "f1": float(f1[:, OPTIMUM].mean() * share),
            },
        }
        if thinned:
            grid = np.linspace(0, 1, 101)
            fields[group]["curves"] = {
                name: (np.interp(grid, confidence, values.mean(0)) * share).round(4).tolist()
                for (name, values) in (("precision", precision), ("recall", recall), ("f1", f1))
            }
    return fields


def write_recording(
    run: Path,
    best: Optional[Arrays] = None,
    final: Optional[Arrays] = None,
    groups: Sequence[str] = ("box",),
    thinned: bool = False,
) -> Path:
    """A finished run of three epochs with its recording, and these archives in it."""
    rows = rows_of(DETECT, (1, 2, 3))
    for row, fitness in zip(rows, FITNESS):
        row["metrics/mAP50-95(B)"] = fitness
    write_csv(run, DETECT, rows)
    write_args(run, task="detect", mode="train", epochs=3)
    manifest = {
        "format": 1,
        "framework": "ultralytics",
        "version": "8.4.190",
        "torch": "2.13.0",
        "task": "detect",
        "names": NAMES,
        "optimizer": {"name": "AdamW", "lr": [0.001429, 0.001429]},
        "device": "NVIDIA H100",
        "fitness": "mAP50-95",
    }
    write(run / "runlens" / "manifest.json", json.dumps(manifest))
    lines = [
        {"epoch": epoch, "fitness": fitness, **metrics(groups, fitness, thinned, best)}
        for (epoch, fitness) in zip((1, 2, 3), FITNESS)
    ]
    write(run / "runlens" / "epochs.jsonl", "".join(f"{json.dumps(line)}\n" for line in lines))
    if best is not None:
        write(run / "runlens" / "curves_best.npz", packed(best))
    if final is not None:
        write(run / "runlens" / "final.npz", packed(final))
        measured = {"weights": "best", **metrics(groups, of=final)}
        write(run / "runlens" / "final.json", json.dumps(measured))
    return run
