"""What the confidence to deploy with costs, side by side with what there is, on one core:

    PYTHONPATH=. OMP_NUM_THREADS=1 python benchmarks/thresholds.py

It needs ultralytics. A made-up detector of 80 classes on 5,000 images has 1,000,000 detections, in no order.
Times are CPU, the median of five rounds in turns; quote the ratios, not the milliseconds.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from statistics import median
from typing import Any, Callable

import numpy as np

from tensorboard_runlens.run import Detections
from tensorboard_runlens.statistics.resampling import units_of
from tensorboard_runlens.thresholds.best.estimate import point
from tensorboard_runlens.thresholds.best.exact import class_highest, highest
from tensorboard_runlens.thresholds.best.framework import CONFIDENCE, framework_curves
from tensorboard_runlens.thresholds.calibration import calibration
from tensorboard_runlens.thresholds.counts.counting import counting
from tensorboard_runlens.thresholds.counts.passing import sweep
from tensorboard_runlens.thresholds.objective import F1
from tensorboard_runlens.thresholds.uncertainty.by_class import by_class
from tensorboard_runlens.thresholds.uncertainty.of_point import uncertainty_of

CLASSES = 80
IMAGES = 5_000
DETECTIONS = 1_000_000
OBJECTS = 36_000
"""As many as COCO's validation has."""

ROUNDS = 5

REPLICATES = 1000


def made_up() -> Detections:
    """Objects and detections of frequent and rare classes, in images that are easy or hard; most objects are found,
    and most detections are wrong and unsure."""
    rng = np.random.default_rng(0)
    share = 1 / np.arange(1, CLASSES + 1) ** 0.7
    true_class = rng.choice(CLASSES, OBJECTS, p=share / share.sum())
    true_image = rng.integers(0, IMAGES, OBJECTS)
    ease = rng.beta(6, 3, IMAGES)[true_image]
    found = rng.random(OBJECTS) < 0.4 + 0.6 * ease
    right = int(found.sum())
    wrong = DETECTIONS - right
    sure = np.concatenate([rng.beta(1 + 6 * ease[found], 2), rng.beta(0.3, 12, wrong)])
    depth = np.concatenate([rng.integers(1, 11, right), np.zeros(wrong, np.int64)])
    image = np.concatenate([true_image[found], rng.integers(0, IMAGES, wrong)])
    number = np.concatenate([true_class[found], rng.choice(CLASSES, wrong, p=share / share.sum())])
    mixed = rng.permutation(DETECTIONS)
    (pairs, count) = np.unique(true_image * CLASSES + true_class, return_counts=True)
    return Detections(
        confidence=(0.001 + 0.998 * sure).astype(np.float32)[mixed],
        image=image.astype(np.uint16)[mixed],
        class_number=number.astype(np.uint8)[mixed],
        hits={"box": ((1 << depth) - 1).astype(np.uint16)[mixed]},
        truth_image=pairs // CLASSES,
        truth_class=pairs % CLASSES,
        truth_count=count,
        images=IMAGES,
    )


def main() -> None:
    detections = made_up()
    point_estimate(detections)
    uncertainty(detections)
    the_rest(detections)


def point_estimate(detections: Detections) -> None:
    """From detections to the best confidence of every class and of their mean."""
    from ultralytics.utils.metrics import ap_per_class

    tp = (detections.hits["box"][:, None] >> np.arange(10)) & 1 == 1
    theirs = (tp, detections.confidence, detections.class_number.astype(np.float32))
    true = np.repeat(detections.truth_class, detections.truth_count).astype(np.float32)

    def ours() -> None:
        counted = counting(detections, "box")
        class_highest(counted, F1)
        highest(counted, F1)

    def estimated() -> None:
        point(counting(detections, "box"), F1)

    def curves() -> None:
        framework_curves(counting(detections, "box"))

    spent = side_by_side(
        {
            "ultralytics.utils.metrics.ap_per_class": lambda: ap_per_class(*theirs, true),
            "RunLens: counting, best cut of every class and of the mean, exact": ours,
            "RunLens: counting, operating point (smoothed)": estimated,
            "RunLens: counting, the framework's curves": curves,
            "RunLens: counting alone": lambda: counting(detections, "box"),
        }
    )
    print(f"Point estimate, {CLASSES} classes, {DETECTIONS:,} detections")
    show(spent)


def uncertainty(detections: Detections) -> None:
    """From counted detections to intervals, by drawing the images 1,000 times."""
    counted = counting(detections, "box")
    at = point(counted, F1).confidence
    assert at is not None
    rng = np.random.default_rng(0)
    uncertainty_of(counted, F1, "macro", at, 40)
    spent = side_by_side(
        {
            "images drawn, detections copied and sorted again": lambda: sorted_again(
                detections, rng
            ),
            "RunLens: intervals of threshold and F1, plateau, optimism": lambda: uncertainty_of(
                counted, F1, "macro", at, REPLICATES
            ),
            "RunLens: gain of a threshold of its own for every class": lambda: by_class(
                counted, F1, at, REPLICATES
            ),
        }
    )
    spent["images drawn, detections copied and sorted again"] *= REPLICATES
    (_, intervals, gains) = spent.values()
    spent["RunLens: both"] = intervals + gains
    units = units_of(detections.images)
    print(
        f"\n{REPLICATES:,} draws of {IMAGES:,} images in {units:,} units, {DETECTIONS:,} detections"
    )
    print("(sorted again: one draw, times 1,000)")
    show(spent)


def the_rest(detections: Detections) -> None:
    """What else is asked of the same detections."""
    counted = counting(detections, "box")
    print(f"\n{DETECTIONS:,} detections")
    show(
        side_by_side(
            {
                "RunLens: counting": lambda: counting(detections, "box"),
                "RunLens: calibration, with its interval": lambda: calibration(detections, "box"),
                "RunLens: the slider's counts": lambda: sweep(counted),
            }
        )
    )


def sorted_again(detections: Detections, rng: np.random.Generator) -> float:
    """The best mean F1 of one draw, as one would compute it at first."""
    images = detections.images
    times = np.bincount(rng.integers(0, images, images), minlength=images)
    rows = np.repeat(np.arange(len(detections.image)), times[detections.image])
    rows = rows[np.argsort(-detections.confidence[rows])]
    (number, confidence) = (detections.class_number[rows], detections.confidence[rows])
    hit = detections.hits["box"][rows] & 1
    objects = np.bincount(
        detections.truth_class, detections.truth_count * times[detections.truth_image], CLASSES
    )
    curves = np.zeros((CLASSES, len(CONFIDENCE)))
    for index in range(CLASSES):
        of_class = number == index
        right = np.concatenate([[0], np.cumsum(hit[of_class])])
        found = np.searchsorted(-confidence[of_class], -CONFIDENCE, side="right")
        curves[index] = F1.of_counts(right[found], found, objects[index])
    return float(curves.mean(0).max())


def side_by_side(bodies: Mapping[str, Callable[[], Any]], rounds: int = ROUNDS) -> dict[str, float]:
    """Median CPU seconds of each, run in turns."""
    spent: dict[str, list[float]] = {name: [] for name in bodies}
    for _ in range(rounds):
        for name, body in bodies.items():
            start = time.process_time()
            body()
            spent[name].append(time.process_time() - start)
    return {name: median(times) for (name, times) in spent.items()}


def show(spent: Mapping[str, float]) -> None:
    """A line each, with the ratio of the first to it."""
    first = next(iter(spent.values()))
    for name, seconds in spent.items():
        print(f"{seconds * 1000:10.1f} ms {first / seconds:8.1f} x   {name}")


if __name__ == "__main__":
    main()
