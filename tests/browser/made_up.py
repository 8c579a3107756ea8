"""Answers about a threshold and a confusion matrix that are made up: many classes, and states that few runs are in."""

from __future__ import annotations

import functools
from typing import Any

import msgspec
import numpy as np

from tensorboard_runlens import schema
from tensorboard_runlens.schema import threshold

GRID = np.linspace(0, 1, 201)
STEPS = np.array([0.001, *np.arange(1, 20) / 20])
OBJECTS = 60
"""Of each class."""

BEST = 0.43


def as_json(answer: msgspec.Struct) -> str:
    return msgspec.json.encode(answer).decode()


@functools.cache
def swept(classes: int) -> threshold.Sweep:
    """Detections that are the rarer the surer they are, and the righter."""
    rng = np.random.default_rng(0)
    quality = rng.uniform(0.6, 0.95, (classes, 1))
    right = np.floor(OBJECTS * quality * np.sqrt(1 - GRID)).astype(int)
    found = right + np.floor(300 * (1 - GRID) ** 6 * (1.2 - quality)).astype(int)
    precision = np.where(found > 0, right / np.maximum(found, 1), 1)
    recall = right / OBJECTS
    f1 = 2 * right / (found + OBJECTS)
    lines = [
        threshold.SweepClass(name(number), number, OBJECTS, found[number].tolist(), row.tolist())
        for (number, row) in enumerate(right)
    ]
    (mean_f1, mean_precision, mean_recall) = (
        one.mean(0).round(6).tolist() for one in (f1, precision, recall)
    )
    return threshold.Sweep(
        confidence=GRID.round(3).tolist(),
        f1=mean_f1,
        precision=mean_precision,
        recall=mean_recall,
        found=found.sum(0).tolist(),
        right=right.sum(0).tolist(),
        instances=OBJECTS * classes,
        classes=lines,
    )


def name(number: int) -> str:
    return f"class {number}"


def passing(classes: int, confidence: float) -> threshold.Passing:
    sweep = swept(classes)
    row = int(np.abs(GRID - confidence).argmin())
    assert sweep.found is not None and sweep.right is not None
    means = (sweep.f1[row], sweep.precision[row], sweep.recall[row])
    return threshold.Passing(
        confidence, *means, sweep.found[row], sweep.right[row], sweep.instances
    )


def passing_of_class(classes: int, number: int, confidence: float) -> threshold.Passing:
    line = swept(classes).classes[number]
    row = int(np.abs(GRID - confidence).argmin())
    (found, right) = (line.found[row], line.right[row])
    f1 = 2 * right / (found + OBJECTS)
    return threshold.Passing(
        confidence, f1, right / max(found, 1), right / OBJECTS, found, right, OBJECTS
    )


def threshold_answer(classes: int = 80, /, **changes: Any) -> threshold.ThresholdAnswer:
    """Everything is known."""
    at = passing(classes, BEST)
    answer = threshold.ThresholdAnswer(
        ok=True,
        schema=schema.SCHEMA_VERSION,
        run="made_up",
        objective="f1",
        objective_text="the best F1",
        group="box",
        groups=["box"],
        operating_point=schema.OperatingPoint(
            BEST, at.f1, at.precision, at.recall, (0.31, 0.55), (0.33, 0.57), "detections", "exact"
        ),
        validated="best.pt after training on 96 images of val",
        images=96,
        value=at.f1,
        value_interval=(0.81, 0.87),
        expected=0.83,
        optimism=0.01,
        sure="96 images place the best threshold within 0.24.",
        reason="",
        at=at,
        usual=passing(classes, 0.25),
        knee=passing(classes, 0.6),
        cut=None,
        definitions=[
            threshold.OtherDefinition("micro", "over all classes together", 0.41, 0.85, 0.9, 0.8)
        ],
        classes=[class_line(number, classes) for number in range(classes)],
        sweep=swept(classes),
        calibration=threshold.Calibration(
            [
                threshold.ReliabilityBin(low, low + 0.2, 40, low + 0.1, low, (low / 2, low + 0.2))
                for low in (0.2, 0.4, 0.6)
            ],
            0.08,
            (0.05, 0.12),
            0.15,
            "Detections are right less often than their confidence says.",
        ),
        tested=None,
        deploy=deploy(at),
        pictures=[],
    )
    return msgspec.structs.replace(answer, **changes)


def class_line(number: int, classes: int) -> threshold.ThresholdClass:
    own = number == 1
    return threshold.ThresholdClass(
        name(number),
        number,
        OBJECTS,
        40,
        0.3 if own else BEST,
        (0.2, 0.5),
        0.85,
        passing_of_class(classes, number, BEST),
        0.03 if own else 0.0,
        (0.01, 0.05) if own else (-0.02, 0.02),
        0.35 if own else BEST,
        "own" if own else "common",
        "it gains on other images too" if own else "the gain may be luck",
    )


def deploy(at: threshold.Passing) -> threshold.Deploy:
    file = threshold.DeployFile(
        1,
        "made_up",
        "weights/best.pt",
        None,
        640,
        BEST,
        {name(1): 0.35},
        "f1",
        at.f1,
        at.precision,
        at.recall,
        (0.31, 0.55),
        "detections",
        "sure enough",
        "RunLens",
    )
    return threshold.Deploy(
        'from ultralytics import YOLO\n\nYOLO("best.pt").predict("IMAGES", conf=0.43)',
        ["yolo predict model=best.pt conf=0.43"],
        "conf: 0.43\n",
        "Of 100 objects it finds 80.",
        file,
        "format: 1\nconfidence: 0.43\n",
    )


def confusion_answer(classes: int = 80, /, **changes: Any) -> threshold.ConfusionAnswer:
    """The last class is the worst."""
    answer = threshold.ConfusionAnswer(
        ok=True,
        schema=schema.SCHEMA_VERSION,
        run="made_up",
        names=[name(number) for number in range(classes)],
        background=True,
        source="recorded",
        status="exact",
        reason="",
        validated="best.pt after training on 96 images of val",
        chosen=0.45,
        steps=[matrix(classes, float(at)) for at in STEPS],
        shares=None,
    )
    return msgspec.structs.replace(answer, **changes)


def matrix(classes: int, confidence: float) -> threshold.ConfusionStep:
    """Each class is taken for the next one, the later the more often."""
    missed = round(20 * confidence)
    cells = []
    ranked = []
    for truth in range(classes):
        taken = 1 + truth * 30 // classes if classes > 1 else 0
        predicted = (truth + 1) % classes
        cells += [(truth, truth, OBJECTS - taken - missed), (classes, truth, missed)]
        cells += [(predicted, truth, taken)] if taken else []
        cells += [(truth, classes, round(9 * (1 - confidence)))]
        if taken:
            share = taken / OBJECTS
            one = threshold.Confusion(
                predicted, truth, taken, OBJECTS, share, (share / 2, min(1.0, share * 2))
            )
            ranked.append(one)
    kept = [cell for cell in cells if cell[2] > 0]
    return threshold.ConfusionStep(confidence, kept, sorted(ranked, key=lambda one: -one.count))
