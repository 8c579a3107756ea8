"""Pictures drawn from known arrays are read back; what becomes of them in reports is never read wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tensorboard_runlens.thresholds.picture import read_bytes, read_curve
from tensorboard_runlens.thresholds.pictures.class_curves import _followed as followed
from tests.pictures.changed import CHANGES, as_png, smaller
from tests.pictures.drawing import CONFIDENCE
from tests.pictures.make_fixtures import EVERY

FOLDER = Path(__file__).parent
SHOWN = json.loads((FOLDER / "shown.json").read_text("utf-8"))
GROUPS = {"BoxF1_curve.png": "box", "MaskF1_curve.png": "mask", "PoseP_curve.png": "pose"}
DRAWN_SMALL = "MaskF1_curve.png"


def printed(shown) -> tuple[float, float]:
    if shown["kind"] == "pr":
        return (float(f"{shown['value']:.3f}"), None)
    return (float(f"{shown['value']:.2f}"), float(f"{shown['confidence']:.3f}"))


@pytest.mark.parametrize("name", SHOWN)
def test_legend_and_curve_are_read(name):
    shown = SHOWN[name]
    reading = read_curve(FOLDER / name)
    assert (reading.kind, reading.status, reading.reason) == (shown["kind"], "exact", "")
    assert (reading.value, reading.confidence) == printed(shown)
    assert reading.group == GROUPS.get(name)
    assert reading.value_curve == pytest.approx(shown["value"], abs=0.002)


@pytest.mark.parametrize("name", SHOWN)
def test_whole_curve_is_traced(name):
    reading = read_curve(FOLDER / name)
    (x, y) = reading.curve.T
    true = np.array(SHOWN[name]["curve"])
    at = CONFIDENCE[::EVERY]
    seen = (at > x[0]) & (at < x[-1])
    errors = np.abs(np.interp(at[seen], x, y) - true[seen])
    assert reading.curve.dtype == np.float64
    assert np.median(errors) < 0.001
    assert np.quantile(errors, 0.9) < (0.05 if SHOWN[name]["kind"] == "pr" else 0.005)


@pytest.mark.parametrize("name", [n for n in SHOWN if SHOWN[n]["kind"] in ("f1", "r")])
def test_classes_are_traced_where_seen(name):
    shown = SHOWN[name]["classes"]
    classes = read_curve(FOLDER / name).classes
    assert bool(classes) == (len(shown) < 5)  # 25 classes are all grey
    for one in classes:
        true = np.interp(one.curve[:, 0], CONFIDENCE[::EVERY], shown[one.row])
        assert np.median(np.abs(one.curve[:, 1] - true)) < 0.005
        assert one.visible >= 0.5
        assert one.value == pytest.approx(max(shown[one.row]), abs=0.01)


@pytest.mark.parametrize("share", [1.25, 0.6, 0.5, 0.4])
@pytest.mark.parametrize("name", [n for n in SHOWN if SHOWN[n]["kind"] in ("f1", "r")])
def test_mixed_colours_are_no_class(name, share):
    """Where curves cross in a picture made smaller, pixels have a third class's colour."""
    shown = SHOWN[name]["classes"]
    image = smaller(Image.open(FOLDER / name).convert("RGB"), share)
    for one in read_bytes(as_png(image), name).classes:
        assert one.value == pytest.approx(max(shown[one.row]), abs=0.02)


def test_a_class_is_followed_without_gaps_or_jumps():
    alone = np.array([True] * 10 + [False] + [True] * 3 + [False] + [True] * 12)
    middle = np.array([50.0] * 10 + [0.0] + [5.0] * 3 + [0.0] + [50.0] * 8 + [9.0] * 4)
    kept = followed(alone, middle, jump=10)
    assert kept.tolist() == [True] * 10 + [False] * 5 + [True] * 8 + [False] * 4


def test_only_an_f1_picture_has_an_f1():
    (f1, precision) = (read_curve(FOLDER / name) for name in ("BoxF1_curve.png", "PoseP_curve.png"))
    assert (f1.f1, f1.f1_curve) == (f1.value, f1.value_curve)
    assert (precision.f1, precision.f1_curve) == (None, None)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", SHOWN)
def test_changed_pictures_are_never_read_wrong(name, change):
    image = Image.open(FOLDER / name).convert("RGB")
    reading = read_bytes(CHANGES[change](image), name)
    if reading.status == "exact":
        assert (reading.value, reading.confidence) == printed(SHOWN[name])
    else:
        assert reading.reason
        assert (reading.value, reading.confidence) == (None, None)
    if name != DRAWN_SMALL and change != "JPEG 40":
        assert reading.status == "exact"


def test_part_without_legend_is_refused(tmp_path):
    image = Image.open(FOLDER / "BoxF1_curve.png").convert("RGB")
    image.crop((0, 0, 1600, image.height)).save(tmp_path / "F1_curve.png")
    reading = read_curve(tmp_path / "F1_curve.png")
    assert (reading.status, reading.curve.shape, reading.classes) == ("unreadable", (0, 2), ())
    assert "legend" in reading.reason


@pytest.mark.parametrize("name", [n for n in SHOWN if SHOWN[n]["kind"] != "f1"])
def test_other_kinds_do_not_pass_for_f1(name, tmp_path):
    shutil.copyfile(FOLDER / name, tmp_path / "F1_curve.png")
    reading = read_curve(tmp_path / "F1_curve.png")
    assert (reading.status, reading.f1) == ("unreadable", None)
    assert "name says F1" in reading.reason


@pytest.mark.parametrize("name", SHOWN)
def test_kind_is_told_without_a_name(name, tmp_path):
    shutil.copyfile(FOLDER / name, tmp_path / "plot (1).png")
    reading = read_curve(str(tmp_path / "plot (1).png"))
    assert (reading.kind, reading.status, reading.group) == (SHOWN[name]["kind"], "exact", None)


def test_without_labels_the_name_tells_the_kind_but_not_exactly():
    image = Image.open(FOLDER / "BoxF1_curve.png").convert("RGB")
    image.paste((255, 255, 255), (0, 0, 70, image.height))
    png = CHANGES["x 0.35"](image)
    assert read_bytes(png, "F1_curve.png").status == "approximate"
    unnamed = read_bytes(png, "plot.png")
    assert (unnamed.kind, unnamed.status) == (None, "unreadable")
