"""The numbers that docs/threshold.md and docs/compare.md name are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tensorboard_runlens.comparison import by_images, weighted_precision
from tensorboard_runlens.deployment.how_sure import FEW_IMAGES
from tensorboard_runlens.releases.consequences import MATRIX_CONFIDENCE
from tensorboard_runlens.statistics.resampling import MAX_UNITS
from tensorboard_runlens.thresholds.calibration import FLOOR
from tensorboard_runlens.thresholds.uncertainty.by_class import FEWEST_OBJECTS, SHRINKING
from tensorboard_runlens.thresholds.uncertainty.of_point import FEWEST_IMAGES

DOCS = Path(__file__).resolve().parents[2] / "docs"

SENTENCES = [
    ("threshold.md", f"fewer than {FEWEST_IMAGES} images with objects there is no interval"),
    ("threshold.md", f"at least {FEWEST_OBJECTS} objects on {FEWEST_IMAGES} images"),
    ("threshold.md", f"n / (n + {SHRINKING})"),
    ("threshold.md", f"With less than {FEW_IMAGES} images"),
    ("threshold.md", f"Detections below confidence {FLOOR} do not count"),
    ("compare.md", f"Below {by_images.FEWEST_IMAGES} images"),
    ("compare.md", f"Of more than {MAX_UNITS:,} images"),
    ("compare.md", f"More than {weighted_precision.MAX_DETECTIONS:,} detections"),
    ("compare.md", f"more than {weighted_precision.BINS:,} true positives"),
]


@pytest.mark.parametrize(("page", "sentence"), SENTENCES)
def test_a_page_names_the_number_of_the_code(page: str, sentence: str) -> None:
    assert sentence in " ".join((DOCS / page).read_text("utf-8").split())


def test_the_releases_of_a_matrix_picture_are_those_of_the_code() -> None:
    text = (DOCS / "threshold.md").read_text("utf-8")
    named = set(re.findall(r"8\.\d+\.\d+", text[text.index("At which confidence a picture") :]))
    forms = [form for form in MATRIX_CONFIDENCE.forms if form.value == 0.25]
    assert named == {end for form in forms for end in (form.first, form.last) if end}
