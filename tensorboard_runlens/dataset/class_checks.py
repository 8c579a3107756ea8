"""What the class counts of a data set give reason to say, wherever they were counted: on disk or by a training."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Union

import numpy as np

from tensorboard_runlens.dataset.fault import NAMED, Fault, listed
from tensorboard_runlens.run import ClassCounts, Integers
from tensorboard_runlens.words import count

VAL_INSTANCES_MIN = 10
"""Instances of a class below which its metrics are unreliable: guide 004 found 3 unusable, 18 acceptable (R56)."""

IMBALANCE = 10
"""Most frequent class over the rarest; guide 004's minority of 13 % against 36 % is 3 and was no harm (R55)."""


def check_classes(counts: ClassCounts) -> Iterator[Fault]:
    """Classes that are missing, rare, or far more frequent than others."""
    yield from _missing_classes(counts)
    yield from _few_instances(counts)
    yield from _imbalance(counts)


def _missing_classes(counts: ClassCounts) -> Iterator[Fault]:
    """Classes without an instance in train or val."""
    (train, val) = (counts.train, counts.val)
    if not train.sum() or not val.sum():
        return  # the split has no labels at all, which is said by another check
    unlearned = np.flatnonzero(train == 0)
    unmeasured = np.flatnonzero((val == 0) & (train > 0))
    if len(unlearned):
        tested = int((val[unlearned] > 0).sum())
        yield Fault(
            "missing-class",
            "critical" if tested else "warning",
            f"{_classes_of(counts, unlearned)} no instance in train, and "
            f"{tested or 'none'} of them {'has' if tested == 1 else 'have'} some in val: "
            "add images or take the names out.",
            {"split": "train", "classes": _names(counts, unlearned), "in_val": tested},
            "A class that is never shown cannot be learned, and lowers the mean of all classes where it is measured.",
        )
    if len(unmeasured):
        yield Fault(
            "missing-class",
            "warning",
            f"{_classes_of(counts, unmeasured)} no instance in val but some in train: "
            "move some images over, or nothing is known about them.",
            {"split": "val", "classes": _names(counts, unmeasured)},
            f"Move images until each class has {VAL_INSTANCES_MIN} validation instances or more.",
        )


def _few_instances(counts: ClassCounts) -> Iterator[Fault]:
    """Classes that are measured on a handful of objects."""
    val = counts.val
    few = np.flatnonzero((val > 0) & (val < VAL_INSTANCES_MIN))
    if not len(few):
        return
    each = listed([f"{counts.names[number]} {val[number]}" for number in few.tolist()])
    yield Fault(
        "few-instances",
        "warning",
        f"{len(few)} of {count(len(counts.names), 'class', 'classes')} "
        f"{'has' if len(few) == 1 else 'have'} fewer than {VAL_INSTANCES_MIN} validation instances "
        f"({each}): move images with them from train to val.",
        {
            "classes": _names(counts, few),
            "instances": [int(number) for number in val[few[:NAMED]]],
            "limit": VAL_INSTANCES_MIN,
        },
        f"{int((VAL_INSTANCES_MIN - val[few]).sum())} more are needed; below that a class's metrics are chance.",
    )


def _imbalance(counts: ClassCounts) -> Iterator[Fault]:
    """The most frequent class against the rarest in train."""
    train = counts.train
    present = np.flatnonzero(train)
    if len(present) < 2:
        return
    (most, least) = (present[train[present].argmax()], present[train[present].argmin()])
    ratio = float(train[most] / train[least])
    if ratio <= IMBALANCE:
        return
    yield Fault(
        "class-imbalance",
        "info",
        f"{ratio:.0f} times as many instances of {counts.names[most]} ({train[most]:,}) as of "
        f"{counts.names[least]} ({train[least]:,}) in train: compare their metrics.",
        {
            "ratio": ratio,
            "most": counts.names[most],
            "least": counts.names[least],
            "most_instances": int(train[most]),
            "least_instances": int(train[least]),
        },
        "Where the rare class is worse, add images of it; imbalance that costs nothing is no problem.",
    )


def _names(counts: ClassCounts, numbers: Integers) -> list[Union[int, float, str]]:
    return [counts.names[number] for number in numbers[:NAMED].tolist()]


def _classes_of(counts: ClassCounts, numbers: Integers) -> str:
    """2 of 4 classes (toe_drain, vegetation) have."""
    each = listed([counts.names[number] for number in numbers.tolist()])
    verb = "has" if len(numbers) == 1 else "have"
    total = count(len(counts.names), "class", "classes")
    return f"{len(numbers)} of {total} ({each}) {verb}"
