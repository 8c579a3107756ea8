"""Made-up validations, and the plainest possible counting of them."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
from hypothesis import strategies as st

from tensorboard_runlens.run import Detections
from tensorboard_runlens.thresholds.objective import Objective

LEVELS = (0.0, 0.001, 0.1, 0.25, 0.5, 0.75, 1.0)
"""Scores that many detections share."""


def detections(
    confidence: Any,
    right: Any,
    class_number: Any = None,
    image: Any = None,
    truth: Optional[dict[tuple[int, int], int]] = None,
    images: int = 4,
) -> Detections:
    """Detections that are right at all IoUs or wrong. ``truth`` is (image, class) -> objects; by default an object for
    each detection that is right."""
    count = len(confidence)
    numbers = np.zeros(count, np.int64) if class_number is None else np.asarray(class_number)
    where = np.arange(count) % images if image is None else np.asarray(image)
    hit = np.asarray(right, bool)
    if truth is None:
        truth = {}
        for pair in zip(where[hit].tolist(), numbers[hit].tolist()):
            truth[pair] = truth.get(pair, 0) + 1
    pairs = np.array(list(truth), np.int64).reshape(-1, 2)
    return Detections(
        confidence=np.asarray(confidence, np.float32),
        image=where.astype(np.int64),
        class_number=numbers.astype(np.int64),
        hits={"box": np.where(hit, 1023, 0).astype(np.uint16)},
        truth_image=pairs[:, 0],
        truth_class=pairs[:, 1],
        truth_count=np.array(list(truth.values()), np.int64),
        images=images,
    )


@st.composite
def validations(draw: Any, least: int = 0, most: int = 40) -> Detections:
    """Few classes and images, scores that tie, classes without objects, objects without detections."""
    fraction = st.floats(0, 1, width=32) | st.sampled_from(LEVELS)
    row = st.tuples(fraction, st.booleans(), st.integers(0, 4), st.integers(0, 3))
    rows = draw(st.lists(row, min_size=least, max_size=most))
    with_objects = draw(st.sets(st.integers(0, 6)))
    truth: dict[tuple[int, int], int] = {}
    for _, right, number, image in rows:
        if right and number in with_objects:
            truth[image, number] = truth.get((image, number), 0) + 1
    for number in with_objects:
        image = draw(st.integers(0, 3))
        truth[image, number] = truth.get((image, number), 0) + draw(st.integers(1, 3))
    (confidence, hit, numbers, images) = map(list, zip(*rows)) if rows else ([], [], [], [])
    right = [one and number in with_objects for (one, number) in zip(hit, numbers)]
    return detections(confidence, right, numbers, images, truth)


def shuffled(given: Detections, seed: int) -> Detections:
    """The same detections, objects and images in another order."""
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(given.confidence))
    pairs = rng.permutation(len(given.truth_count))
    images = rng.permutation(given.images)
    return Detections(
        confidence=given.confidence[rows],
        image=images[given.image[rows]],
        class_number=given.class_number[rows],
        hits={group: hits[rows] for (group, hits) in given.hits.items()},
        truth_image=images[given.truth_image[pairs]],
        truth_class=given.truth_class[pairs],
        truth_count=given.truth_count[pairs],
        images=given.images,
    )


def counts(given: Detections, score: float) -> dict[int, tuple[int, int, int]]:
    """(right, found, instances) of each class at a score, counted one by one."""
    numbers = {*given.class_number.tolist(), *given.truth_class.tolist()}
    passes = given.confidence.astype(np.float64) >= score
    counted = {}
    for number in numbers:
        own = (given.class_number == number) & passes
        instances = int(given.truth_count[given.truth_class == number].sum())
        right = sum(int(hits) & 1 for hits in given.hits["box"][own])
        counted[number] = (right, int(own.sum()), instances)
    return counted


def brute_force(given: Detections, objective: Objective, average: str) -> Optional[float]:
    """The best value over all cuts, None where no cut is better than letting nothing pass."""
    values: list[float] = []
    rights: list[int] = []
    instances = int(given.truth_count.sum())
    for score in sorted(set(given.confidence.tolist()), reverse=True):
        of_classes = counts(given, score)
        if average == "macro" and objective.kind == "f":
            present = [one for one in of_classes.values() if one[2]]
            of_class = [f_beta(*one, objective.parameters[0]) for one in present]
            values.append(sum(of_class) / len(of_class) if of_class else 0.0)
        else:
            (right, found) = (sum(one[i] for one in of_classes.values()) for i in (0, 1))
            values.append(value_of(objective, right, found, instances))
        rights.append(sum(one[0] for one in of_classes.values()))
    return chosen(objective, values, rights, value_of(objective, 0, 0, instances))


def f_beta(right: int, found: int, instances: int, beta: float) -> float:
    if not right:
        return 0.0
    (precision, recall) = (right / found, right / instances)
    return (1 + beta**2) * precision * recall / (beta**2 * precision + recall)


def value_of(objective: Objective, right: int, found: int, instances: int) -> float:
    if objective.kind == "f":
        return f_beta(right, found, instances, objective.parameters[0])
    if objective.kind == "precision":
        return right / found if found else 1.0
    if objective.kind == "recall":
        return right / instances if instances else 0.0
    (wrong, missed) = objective.parameters
    return -(wrong * (found - right) + missed * (instances - right)) / max(instances, 1)


def chosen(
    objective: Objective, values: list[float], rights: list[int], nothing: float
) -> Optional[float]:
    """The value of the best cut, cuts being in order of falling scores with so many true positives each."""
    if not any(rights):
        return None
    if objective.kind in ("f", "cost"):
        return max(values) if max(values) > nothing + 1e-12 else None
    reached = [
        (right, value)
        for (right, value) in zip(rights, values)
        if value >= objective.parameters[0] - 1e-12
    ]
    if not reached:
        return None
    return (max(reached) if objective.kind == "precision" else min(reached))[1]
