"""Run folders with a recording or an evaluation of made-up detections, as docs/recorded_data.md describes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

import numpy as np

from tensorboard_runlens.recording.layout import MATRIX_CONFIDENCES
from tensorboard_runlens.run import Detections
from tensorboard_runlens.thresholds.best.framework import framework_curves, framework_optimum
from tensorboard_runlens.thresholds.counts.counting import counting
from tests.builders import DETECT, rows_of, write, write_args, write_csv
from tests.recording.archives import packed
from tests.thresholds.simulated import GOOD, SEVERAL, Detector, validation

WEIGHTS = b"weights"

Arrays = dict[str, Any]


def arrays_of(found: Detections, detections: bool = True, matrix: bool = True) -> Arrays:
    """final.npz of a validation."""
    curves = framework_curves(counting(found, "box"))
    arrays: Arrays = {
        "confidence": curves.confidence.astype(np.float32),
        "box_precision": curves.precision.astype(np.float32),
        "box_recall": curves.recall.astype(np.float32),
        "box_f1": curves.f1.astype(np.float32),
    }
    if detections:
        bits = found.confidence.view(np.uint32)
        arrays |= {
            "detection_step": np.diff(bits, prepend=np.uint32(0)).astype(np.uint32),
            "detection_image": found.image.astype(np.uint16),
            "detection_class": found.class_number.astype(np.uint8),
            "box_hits": found.hits["box"].astype(np.uint16),
            "truth_image": found.truth_image.astype(np.uint16),
            "truth_class": found.truth_class.astype(np.uint16),
            "truth_count": found.truth_count.astype(np.uint32),
            "images": np.int64(found.images),
        }
    return {**arrays, **matrix_arrays()} if matrix else arrays


def matrix_arrays(classes: int = 3) -> Arrays:
    """At each of 20 confidences: class 0 is taken for class 1 fewer and fewer times, of 30 objects."""
    steps = range(len(MATRIX_CONFIDENCES))
    cells = [cell for step in steps for cell in ((step, 0, 0), (step, 1, 0), (step, classes, 0))]
    counts = [count for step in steps for count in (5, 20 - step, 5 + step)]
    return {
        "matrix_confidence": np.array(MATRIX_CONFIDENCES, np.float32),
        "matrix_nonzero": np.array(cells, np.uint16),
        "matrix_count": np.array(counts, np.uint32),
    }


def metrics_of(found: Detections) -> dict[str, Any]:
    """What final.json states of a validation."""
    counted = counting(found, "box")
    optimum = framework_optimum(counted)
    assert optimum is not None
    classes = counted.classes[counted.present].tolist()
    return {
        "classes": classes,
        "images": [4] * len(classes),
        "instances": counted.instances[counted.present].tolist(),
        "box": {
            "precision": [optimum.precision] * len(classes),
            "recall": [optimum.recall] * len(classes),
            "f1": [optimum.f1] * len(classes),
            "ap50_95": [0.5] * len(classes),
            "optimum": {"confidence": optimum.confidence, "f1": optimum.f1},
        },
    }


def write_run(run: Path, **arguments: Any) -> Path:
    """A finished run of three epochs that nobody tracked, with its best.pt."""
    write_csv(run, DETECT, rows_of(DETECT, (1, 2, 3)))
    write_args(run, **{"task": "detect", "mode": "train", "epochs": 3, "imgsz": 640, **arguments})
    write(run / "weights" / "best.pt", WEIGHTS)
    return run


def write_tracked(
    run: Path,
    found: Optional[Detections] = None,
    names: Sequence[str] = ("disc", "square", "ring"),
    arrays: Optional[Arrays] = None,
    **arguments: Any,
) -> Path:
    """The same with a recording, whose final validation is this."""
    found = a_validation() if found is None else found
    write_run(run, **arguments)
    manifest = {"format": 1, "framework": "ultralytics", "task": "detect", "names": names}
    write(run / "runlens" / "manifest.json", json.dumps(manifest))
    write(run / "runlens" / "epochs.jsonl", "")
    write(run / "runlens" / "final.npz", packed(arrays_of(found) if arrays is None else arrays))
    final = {"weights": "best", **metrics_of(found)}
    write(run / "runlens" / "final.json", json.dumps(final))
    return run


def write_evaluated(
    run: Path,
    found: Detections,
    split: str = "val",
    names: Sequence[str] = ("disc", "square", "ring"),
) -> Path:
    """An evaluation of a split, of the best.pt that ``write_run`` writes."""
    fields = {
        "format": 1,
        "split": split,
        "evaluated": 1_800_000_000.0,
        "weights": {"file": "best.pt", "sha256": "a" * 64, "bytes": len(WEIGHTS)},
        "names": names,
        "task": "detect",
        "imgsz": 1280,
        "n_images": found.images,
        **metrics_of(found),
    }
    write(run / "runlens" / f"evaluation_{split}.npz", packed(arrays_of(found)))
    write(run / "runlens" / f"evaluation_{split}.json", json.dumps(fields))
    return run


def a_validation(
    images: int = 60, seed: int = 1, classes: int = 3, detector: Detector = SEVERAL
) -> Detections:
    """Detections of three classes."""
    return validation(replace(detector, classes=classes), images, seed)


def classes_apart() -> Detections:
    """Three classes, the second of which is worth a threshold of its own: it is surer, and the others less so."""
    found = a_validation(200)
    moved = np.where(found.class_number == 1, found.confidence**0.2, found.confidence**3)
    order = np.argsort(moved, kind="stable")
    return replace(
        found,
        confidence=moved[order].astype(np.float32),
        image=found.image[order],
        class_number=found.class_number[order],
        hits={group: bits[order] for (group, bits) in found.hits.items()},
    )


def a_single_class(images: int = 60, seed: int = 1) -> Detections:
    """Detections of one class."""
    return validation(GOOD, images, seed)
