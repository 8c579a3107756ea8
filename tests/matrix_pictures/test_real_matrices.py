"""Every confusion matrix of the shared corpus is read whole, but for those that do not print all their numbers.

The corpus lies beside the checkout and is no part of the repository; without it these tests are skipped.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tensorboard_runlens.thresholds.matrix_picture import MatrixReading, read_matrix

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
PICTURES = sorted(CORPUS.glob("*/*/confusion_matrix.png"))

NO_NUMBERS = "No number could be read"

EXCEPTIONS = {
    "AFei19911012__PythonSamples": ("approximate", 81, NO_NUMBERS),
    "Bryce399__PetWatch---Yolov9": ("approximate", 81, NO_NUMBERS),
    "Lowo0__EKSIM": ("approximate", 81, NO_NUMBERS),
    "ivanuclm__yolov7": ("approximate", 31, NO_NUMBERS),
    "LilianHollard__LeYOLO": ("approximate", 2, "in 2 of 3 cells"),
    "Khubai5__auto_atc": ("unreadable", None, "nothing was counted"),
}
"""Repository -> (status, cells a side, words of the reason): 30 classes and more have no numbers; seaborn under
Matplotlib 3.8.0 prints those of the first row only."""

SIZES = {
    "27hrs__YOLOv8": 5,
    "5e4nut__lenta-tech-hack": 2,
    "AdityaS034__YoloV5-Deteksi-Kebiasaan-Pengemudi": 14,
    "AndrewKolomiets__DroneView": 11,
    "Helambe-vaibhav__Yolo7": 5,
    "TAMUC-Gu__CSCI538-Project": 3,
    "ariebrainware__yolov5": 18,
    "mdciri__YOLOv7-Bone-Fracture-Detection": 10,
    "vbalab__YOLO26m-pose-hands": 2,
}
"""Cells a side, counted by eye."""

VISDRONE = (8844, 5125, 1287, 14064, 1975, 750, 1045, 532, 251, 4886)
"""Instances by class in VisDrone's validation split, as its publishers count them."""

pytestmark = pytest.mark.skipif(
    not PICTURES, reason="no corpus of real runs beside this checkout (../shared/corpus)"
)


def named(path: Path) -> str:
    return path.parts[-3]


def picture(repository: str) -> Path:
    return next(path for path in PICTURES if named(path) == repository)


@pytest.mark.parametrize("path", PICTURES, ids=named)
def test_every_number_is_read_and_agrees_with_its_colour(path: Path) -> None:
    reading = read_matrix(path)
    expected = EXCEPTIONS.get(named(path))
    if expected is None:
        assert (reading.status, reading.reason) == ("exact", "")
        assert reading.size == SIZES.get(named(path), reading.size)
        return
    assert (reading.status, reading.size) == expected[:2]
    assert expected[2] in reading.reason


def test_columns_hold_the_instances_of_a_known_data_set() -> None:
    """All 87 numbers of an 11 x 11 matrix, in Arial."""
    reading = read_matrix(picture("AndrewKolomiets__DroneView"), 10)
    assert reading.counts is not None
    assert tuple(reading.counts.sum(axis=0)[:-1].tolist()) == VISDRONE


@pytest.mark.parametrize("repository", ["AFei19911012__PythonSamples", "ivanuclm__yolov7"])
def test_colours_alone_give_shares_that_add_up(repository: str) -> None:
    reading: MatrixReading = read_matrix(picture(repository))
    assert reading.normalised
    assert reading.shares is not None
    total = np.nansum(reading.shares, axis=0)
    assert np.abs(total[total > 0] - 1).max() < 0.05


def test_other_pictures_of_a_run_are_refused() -> None:
    others = [found for path in PICTURES for found in path.parent.glob("*F1_curve.png")][:4]
    assert others
    assert {read_matrix(path).status for path in others} == {"unreadable"}
