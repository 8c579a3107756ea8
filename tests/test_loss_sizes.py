"""What guide 001 says of the sizes of losses, for the gains that are in them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Optional

import pytest

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.answers import detailed_run_of
from tensorboard_runlens.cli import main
from tensorboard_runlens.loss_sizes import LossSize, loss_sizes
from tests.builders import DETECT, OBB, SEGMENT, YOLOV9, rows_of, ultralytics, write_args, write_csv
from tests.rules.trainings import judged

DEFAULTS = {"box": 7.5, "cls": 0.5, "dfl": 1.5}
VAL = {"box": 0.9, "seg": 2.0, "cls": 0.8, "dfl": 1.2}
"""Validation losses that the guide has nothing against."""

RTDETR = ultralytics("giou", "cls", "l1")


def segmentation(
    folder: Path,
    val: Optional[dict[str, float]] = None,
    columns: tuple[str, ...] = SEGMENT,
    **arguments: Any,
) -> Analysis:
    """Five epochs, of which the last is the best, with these validation losses in each of them."""
    same = {f"val/{name}_loss": value for (name, value) in {**VAL, **(val or {})}.items()}
    known = {name: value for (name, value) in same.items() if name in columns}
    write_csv(folder, columns, rows_of(columns, range(1, 6), **known))
    if arguments:
        write_args(folder, **arguments)
    return judged(folder)


def sizes(analysis: Analysis) -> dict[str, LossSize]:
    found = loss_sizes(analysis.run, analysis.signals.best_row)
    return {one.component: one for one in found}


def words(analysis: Analysis) -> dict[str, str]:
    return {name: one.said for (name, one) in sizes(analysis).items()}


# The limits

LIMITS = [
    ("box", 7.5, 0.999, "good"),
    ("box", 7.5, 1.0, "high"),
    ("box", 7.5, 1.001, "high"),
    ("box", 10, 1.333, "good"),
    ("box", 10, 1.334, "high"),
    ("seg", 7.5, 1.499, "low"),
    ("seg", 7.5, 1.5, "typical"),
    ("seg", 7.5, 2.5, "typical"),
    ("seg", 7.5, 2.501, "high"),
    ("seg", 10, 1.999, "low"),
    ("seg", 10, 2.001, "typical"),
    ("seg", 10, 3.333, "typical"),
    ("seg", 10, 3.334, "high"),
    ("cls", 0.5, 0.999, "good"),
    ("cls", 0.5, 1.0, "high"),
    ("cls", 0.6, 1.199, "good"),
    ("cls", 0.6, 1.201, "high"),
    ("dfl", 1.5, 0.999, "low"),
    ("dfl", 1.5, 1.0, "typical"),
    ("dfl", 1.5, 1.5, "typical"),
    ("dfl", 1.5, 1.501, "high"),
    ("dfl", 1.7, 1.133, "low"),
    ("dfl", 1.7, 1.134, "typical"),
    ("dfl", 1.7, 1.699, "typical"),
    ("dfl", 1.7, 1.701, "high"),
]


@pytest.mark.parametrize(("component", "gain", "value", "said"), LIMITS)
def test_a_loss_has_the_guides_word_for_its_gain(
    tmp_path: Path, component: str, gain: float, value: float, said: str
) -> None:
    name = "box" if component == "seg" else component
    arguments = {**DEFAULTS, name: gain, "task": "segment"}
    found = sizes(segmentation(tmp_path, {component: value}, **arguments))[component]
    assert (found.said, found.value, found.gain) == (said, value, gain)
    assert found.source == "guide 001"


def test_the_limits_of_guide_004_s_gains_are_wider(tmp_path: Path) -> None:
    found = sizes(segmentation(tmp_path, task="segment", box=10.0, cls=0.6, dfl=1.7))
    assert (found["box"].low, found["box"].high) == (None, pytest.approx(10 / 7.5))
    assert (found["seg"].low, found["seg"].high) == (pytest.approx(2), pytest.approx(10 / 3))
    assert (found["cls"].low, found["cls"].high) == (None, pytest.approx(1.2))
    assert (found["dfl"].low, found["dfl"].high) == (pytest.approx(1.7 / 1.5), pytest.approx(1.7))


def test_a_mask_loss_above_the_box_loss_is_typical(tmp_path: Path) -> None:
    found = segmentation(tmp_path, {"box": 0.7, "seg": 2.4}, task="segment", **DEFAULTS)
    assert words(found) == {"box": "good", "seg": "typical", "cls": "good", "dfl": "typical"}


def test_it_is_the_best_epoch_that_counts(tmp_path: Path) -> None:
    rows = rows_of(DETECT, range(1, 4), **{"val/dfl_loss": 1.2})
    rows[1].update({"val/box_loss": 0.5, "metrics/mAP50-95(B)": 0.9})
    write_csv(tmp_path, DETECT, rows)
    write_args(tmp_path, task="detect", **DEFAULTS)
    assert sizes(judged(tmp_path))["box"].value == 0.5


# Of what nothing is said


@pytest.mark.parametrize("value", [0.0, math.nan, math.inf])
def test_a_loss_that_was_not_measured_has_no_size(tmp_path: Path, value: float) -> None:
    found = segmentation(tmp_path, {"cls": value}, task="segment", **DEFAULTS)
    assert words(found) == {"box": "good", "seg": "typical", "dfl": "typical"}


def test_zero_in_the_best_epoch_alone_is_not_good(tmp_path: Path) -> None:
    rows = rows_of(DETECT, range(1, 4), **{"val/dfl_loss": 1.2})
    rows[-1]["val/cls_loss"] = 0.0
    write_csv(tmp_path, DETECT, rows)
    write_args(tmp_path, task="detect", **DEFAULTS)
    assert list(sizes(judged(tmp_path))) == ["box", "dfl"]


@pytest.mark.parametrize(
    "gain", ["true", "0", "-7.5", ".nan", ".inf", "'7.5'", "[7.5]", "10001", "1" + "0" * 400]
)
def test_a_gain_that_is_none_is_not_guessed(tmp_path: Path, gain: str) -> None:
    found = segmentation(tmp_path, task="segment", **{**DEFAULTS, "box": gain})
    assert words(found) == {"cls": "good", "dfl": "typical"}


def test_the_largest_gain_is_one(tmp_path: Path) -> None:
    found = segmentation(tmp_path, task="segment", **{**DEFAULTS, "box": 10000})
    assert sizes(found)["box"].high == pytest.approx(10000 / 7.5)


def test_without_arguments_the_gain_is_not_known(tmp_path: Path) -> None:
    assert sizes(segmentation(tmp_path)) == {}


@pytest.mark.parametrize(
    ("columns", "arguments"),
    [
        (OBB, {"task": "obb"}),
        (YOLOV9, {"task": "detect"}),
        (RTDETR, {"task": "detect", "model": "rtdetr-l.pt"}),
        (SEGMENT, {"task": "segment", "model": "yolo26n-seg.pt"}),
        (DETECT, {"task": "detect", "model": "cfg/models/YOLOv10n.yaml"}),
    ],
)
def test_other_losses_have_no_limits_of_the_guide(
    tmp_path: Path, columns: tuple[str, ...], arguments: dict[str, Any]
) -> None:
    assert sizes(segmentation(tmp_path, columns=columns, **DEFAULTS, **arguments)) == {}


@pytest.mark.parametrize(
    ("gain", "dfl", "meant"), [(1.5, 0.376, 4), (1.5, 0.374, 0), (3.0, 0.751, 4), (3.0, 0.749, 0)]
)
def test_a_loss_called_dfl_that_is_too_small_for_one_is_another_models(
    tmp_path: Path, gain: float, dfl: float, meant: int
) -> None:
    arguments = {**DEFAULTS, "dfl": gain, "task": "segment", "model": "mine/weights/best.pt"}
    assert len(sizes(segmentation(tmp_path, {"dfl": dfl}, **arguments))) == meant


# Where it is said


def test_no_finding_and_no_verdict_depends_on_the_sizes(tmp_path: Path) -> None:
    (low, high) = (
        segmentation(tmp_path / str(gain), task="segment", **{**DEFAULTS, "box": gain})
        for gain in (2, 20)
    )
    assert (words(low)["box"], words(high)["box"]) == ("high", "good")
    assert (low.findings, low.health, low.headline) == (high.findings, high.health, high.headline)


def test_answer_and_terminal_say_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    analysis = segmentation(tmp_path, task="segment", box=10.0, cls=0.5, dfl=1.5)
    (box, *others) = detailed_run_of(analysis).loss_sizes
    assert (box.component, box.value, box.gain, box.low) == ("box", 0.9, 10, None)
    assert (box.high, box.said, box.source) == (1.33333, "good", "guide 001")
    assert [one.component for one in others] == ["seg", "cls", "dfl"]
    assert main(["show", str(tmp_path)]) == 0
    assert (
        "validation losses at epoch 5, by guide 001: box 0.900 good (good is below 1.333 at gain 10), "
        "seg 2.000 typical (typical is 2.000 to 3.333 at gain 10), cls 0.800 good"
    ) in capsys.readouterr().out


def test_where_nothing_can_be_said_nothing_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    segmentation(tmp_path)
    assert main(["show", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["run"]["loss_sizes"] == []
    assert main(["show", str(tmp_path)]) == 0
    assert "by guide 001: box" not in capsys.readouterr().out
