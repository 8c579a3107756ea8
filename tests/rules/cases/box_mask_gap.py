"""The rule box-mask-gap."""

from __future__ import annotations

from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY, Training, first


def masks(box: float, mask: float, gap50: float = 0.02, training: Training = HEALTHY) -> Training:
    """mAP50-95 of boxes and masks in every epoch, and by how much the masks' mAP50 is lower than the boxes'."""
    values = {
        "metrics/mAP50(B)": 0.9,
        "metrics/mAP50-95(B)": box,
        "metrics/precision(M)": 0.8,
        "metrics/recall(M)": 0.7,
        "metrics/mAP50(M)": 0.9 - gap50,
        "metrics/mAP50-95(M)": mask,
    }
    columns = {name: [value] * len(training) for (name, value) in values.items()}
    return training.changed(columns=columns, args={"task": "segment", "mask_ratio": 4})


FIRES = Example(
    "mAP50-95 of boxes is 0.80 and of masks 0.55; mAP50 is nearly the same.", masks(0.8, 0.55)
)
QUIET = [
    Example("Masks are eight points worse: that is normal.", masks(0.8, 0.72)),
    Example("Masks are better than boxes.", masks(0.6, 0.7, -0.05)),
    Example("Boxes only.", HEALTHY),
    Example("Nothing was learnt.", masks(0.0, 0.0, 0.9)),
]
BORDERS = {
    "gap_max": (masks(0.8, 0.649), masks(0.8, 0.651)),
    "share_min": (masks(0.2, 0.149), masks(0.2, 0.151)),
    "misplaced_min": (masks(0.6, 0.55, 0.101), masks(0.6, 0.55, 0.099)),
    "EPOCHS": (masks(0.8, 0.5, 0.02, first(HEALTHY, 10)), masks(0.8, 0.5, 0.02, first(HEALTHY, 9))),
    "BOX_MIN": (masks(0.051, 0.02), masks(0.049, 0.02)),
}
