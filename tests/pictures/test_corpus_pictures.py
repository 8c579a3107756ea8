"""Curve pictures of public repositories; legends of 45 of them were read by eye.

The corpus lies beside the checkout and is no part of the repository; without it these tests are skipped.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from tensorboard_runlens.thresholds.picture import read_bytes, read_curve
from tests.pictures.changed import CHANGES

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
TRUTH = CORPUS / "f1_legend_truth.json"

pytestmark = pytest.mark.skipif(
    not TRUTH.is_file(), reason="no corpus of real runs beside this checkout (../shared/corpus)"
)


def truths() -> list[dict[str, object]]:
    return json.loads(TRUTH.read_text("utf-8")) if TRUTH.is_file() else []


def test_every_legend_read_by_eye():
    readings = {one["picture"]: read_curve(CORPUS / one["picture"]) for one in truths()}
    read = {name: (one.status, one.f1, one.confidence) for name, one in readings.items()}
    assert read == {one["picture"]: ("exact", one["f1"], one["threshold"]) for one in truths()}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_changed_copies_are_never_read_wrong(change):
    exact = 0
    for one in truths():
        image = Image.open(CORPUS / one["picture"]).convert("RGB")
        reading = read_bytes(CHANGES[change](image), Path(one["picture"]).name)
        if reading.status == "exact":
            exact += 1
            assert (reading.f1, reading.confidence) == (one["f1"], one["threshold"])
    assert exact >= 43


def test_other_curves_do_not_pass_for_f1():
    others = [path for path in sorted(CORPUS.rglob("*_curve.png")) if "F1" not in path.name][::8]
    assert others
    for path in others:
        reading = read_bytes(path.read_bytes(), "F1_curve.png")
        assert (reading.status, reading.f1) == ("unreadable", None)


def test_matrices_are_refused():
    for path in sorted(CORPUS.rglob("confusion_matrix.png"))[::4]:
        assert read_bytes(path.read_bytes(), "F1_curve.png").status == "unreadable"
