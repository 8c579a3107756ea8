"""The rule loose-boxes."""

from __future__ import annotations

from pathlib import Path

from tests.dataset import datasets
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, STOPPED_EARLY, Training, first


def share(
    value: float, map50: float = 0.8, before: float = 0.0, training: Training = HEALTHY
) -> Training:
    """mAP50-95 as share of mAP50 in the last ten epochs, and by how much less it was in those before."""
    shares = [value - before] * (len(training) - 10) + [value] * 10
    columns = {
        "metrics/mAP50(B)": [map50] * len(training),
        "metrics/mAP50-95(B)": [map50 * one for one in shares],
    }
    return training.changed(columns=columns)


def objects(small: int) -> Training:
    """A training of loose boxes on a data set with so many small objects among a hundred."""

    def data(folder: Path) -> Path:
        sides = [0.2] * small + [0.9] * (100 - small)
        train = [f"0 0.5 0.5 {side} {side}" for side in sides]
        return datasets.write(folder, {"train": train, "val": train[:60]}, names=("disc",))

    return share(0.45).changed(data=data)


FIRES = Example("mAP50 is 0.80 and mAP50-95 0.36, and neither changes any more.", share(0.45))
QUIET = [
    Example("mAP50-95 is two thirds of mAP50.", share(0.66)),
    Example("It is nearly all of it.", share(0.97)),
    Example("The share still rises.", share(0.45, before=0.05)),
    Example("Next to nothing is found.", share(0.3, map50=0.05)),
    Example("Twelve epochs.", share(0.45, training=first(STOPPED_EARLY, 12))),
]
BORDERS = {
    "share_min": (share(0.499), share(0.501)),
    "share_warning": (share(0.399), share(0.401)),
    "map50_min": (share(0.45, 0.101), share(0.45, 0.099)),
    "EPOCHS": (share(0.45, training=first(HEALTHY, 20)), share(0.45, training=first(HEALTHY, 19))),
    "RISE_MAX": (share(0.45, before=0.019), share(0.45, before=0.021)),
    "SMALL_MIN": (objects(50), objects(49)),
}
