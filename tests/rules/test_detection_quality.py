"""Boxes, masks, precision and recall, and how many images tell them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tensorboard_runlens.rules import (
    Finding,
    Rule,
    box_mask_gap,
    loose_boxes,
    precision_recall_gap,
)
from tensorboard_runlens.run import History
from tensorboard_runlens.signals.metrics import MetricSignals
from tensorboard_runlens.signals.validation import COARSE, FINE, ValidationSize, validation_size
from tests.dataset.datasets import box, write

from . import trainings
from .cases.box_mask_gap import masks
from .cases.loose_boxes import objects, share
from .cases.precision_recall_gap import both
from .class_trainings import validated
from .trainings import HEALTHY, Training, analysed, first


def of(case: Training, rule: str, folder: Path) -> Finding:
    (finding,) = [one for one in analysed(case, folder).findings if one.rule == rule]
    return finding


def rules(case: Training, folder: Path) -> set[str]:
    return {one.rule for one in analysed(case, folder).findings}


def test_coarse_masks_get_a_lower_mask_ratio(tmp_path: Path) -> None:
    finding = of(masks(0.8, 0.5), "box-mask-gap", tmp_path)
    assert finding.summary.startswith("30.0 points of mAP50-95 between boxes (0.800) and masks")
    assert "edges of the masks are coarse" in finding.summary
    assert finding.severity == "info"
    assert finding.advice[0].change == ("mask_ratio", 4, 2)


def test_masks_that_miss_their_objects_are_something_else(tmp_path: Path) -> None:
    finding = of(masks(0.6, 0.3, gap50=0.3), "box-mask-gap", tmp_path)
    assert finding.summary.startswith("30.0 points of mAP50 between boxes (0.900) and masks")
    assert "cover them poorly" in finding.summary
    assert finding.severity == "warning"
    assert finding.advice[0].key == "larger-images"


def test_masks_of_a_model_of_low_map_miss_their_objects_by_share(tmp_path: Path) -> None:
    """Six points are little, but three in ten of what the boxes find."""
    poor = {"metrics/mAP50(B)": 0.2, "metrics/mAP50(M)": 0.14}
    case = masks(0.1, 0.05)
    columns = {**case.columns, **{name: [value] * len(case) for (name, value) in poor.items()}}
    finding = of(case.changed(columns=columns), "box-mask-gap", tmp_path)
    assert (finding.severity, finding.evidence["misplaced"]) == ("warning", True)


@pytest.mark.parametrize("box", [0.1, 0.3, 0.5, 0.7, 0.9, 1.0])
def test_masks_that_are_a_tenth_worse_are_normal(box: float, tmp_path: Path) -> None:
    assert "box-mask-gap" not in rules(masks(box, 0.9 * box + 1e-4, gap50=0.09), tmp_path)


def test_copied_rows_are_no_epochs(tmp_path: Path) -> None:
    """Nothing was measured in the last fifty epochs, so that only ten count."""
    loose = share(0.45, training=HEALTHY.changed(val=[*HEALTHY.val[:10], *[HEALTHY.val[9]] * 50]))
    columns = {**loose.columns, "metrics/precision(B)": [0.8] * len(loose)}
    assert "loose-boxes" not in rules(loose.changed(columns=columns), tmp_path)
    assert "loose-boxes" in rules(share(0.45), tmp_path / "measured")


def test_tight_boxes_are_no_fault(tmp_path: Path) -> None:
    assert "loose-boxes" not in rules(share(1.0), tmp_path)


@pytest.mark.parametrize(
    ("case", "rule"),
    [
        (share(0.45), loose_boxes.RULE),
        (masks(0.8, 0.5), box_mask_gap.RULE),
        (both(0.9, 0.5), precision_recall_gap.RULE),
    ],
    ids=("loose-boxes", "box-mask-gap", "precision-recall-gap"),
)
def test_a_running_training_is_not_judged_yet(case: Training, rule: Rule, tmp_path: Path) -> None:
    signals = analysed(case, tmp_path).signals
    assert rule.check(signals, rule.limits_in_force({})) is not None
    vars(signals)["state"] = "running"
    assert rule.check(signals, rule.limits_in_force({})) is None


def test_small_objects_get_their_own_advice(tmp_path: Path) -> None:
    finding = of(objects(80), "loose-boxes", tmp_path)
    assert "80 % of the objects are small" in finding.summary
    assert [one.key for one in finding.advice] == ["larger-images", "small-objects"]
    finding = of(objects(10), "loose-boxes", tmp_path / "large")
    assert [one.key for one in finding.advice] == ["fix-labels", "larger-images", "box-gain"]


def test_a_box_gain_is_raised_from_the_one_that_was_stated(tmp_path: Path) -> None:
    finding = of(share(0.45).changed(args={"box": 7.5}), "loose-boxes", tmp_path)
    changes = {one.key: one.change for one in finding.advice}
    assert changes["box-gain"] == ("box", 7.5, 10.0)


@pytest.mark.parametrize(
    ("precision", "recall", "words", "severity"),
    [
        (0.9, 0.5, "90 % precision and 50 % recall around epoch 60: the model is careful", "info"),
        (0.5, 0.9, "50 % precision and 90 % recall around epoch 60: the model finds", "info"),
        (0.9, 0.2, "the model is careful and misses objects", "warning"),
        (0.2, 0.9, "the model finds objects but makes many mistakes", "warning"),
        (0.25, 0.2, "both are low", "warning"),
        (0.36, 0.29, "both are low", "warning"),
    ],
)
def test_what_precision_and_recall_mean(
    precision: float, recall: float, words: str, severity: str, tmp_path: Path
) -> None:
    finding = of(both(precision, recall), "precision-recall-gap", tmp_path)
    assert words in finding.summary
    assert finding.severity == severity
    assert ("varied-images" in {one.key for one in finding.advice}) is ("both" not in words)


def test_a_gap_counts_where_enough_objects_were_validated(tmp_path: Path) -> None:
    assert "precision-recall-gap" in rules(validated(5000, 900, 0.58), tmp_path / "many")
    assert "precision-recall-gap" not in rules(validated(30, 20, 0.58), tmp_path / "few")


@pytest.mark.parametrize(
    ("images", "confidence"), [(39, "low"), (40, "moderate"), (99, "moderate"), (100, "high")]
)
def test_confidence_follows_the_number_of_images(
    images: int, confidence: str, tmp_path: Path
) -> None:
    case = validated(5000, images, recall=0.3)
    assert of(case, "precision-recall-gap", tmp_path).confidence == confidence


def test_it_is_said_how_many_images_are_missing(tmp_path: Path) -> None:
    """640 objects tell five points and 16,127 one: 340 and 15,827 more, two thirds as many images."""
    finding = of(validated(300, 200), "small-validation", tmp_path)
    assert finding.summary.startswith("300 validated objects on 200 images leave recall (0.70)")
    assert "uncertain by 7.3 points to either side" in finding.summary
    assert finding.evidence["missing_for_5_points"] == 227
    assert finding.evidence["missing_for_1_point"] == 10552
    assert "227 more tell 5.0 points" in finding.advice[0].text


def test_a_data_set_of_few_images_is_one_finding(tmp_path: Path) -> None:
    case = HEALTHY.changed(data=trainings.data_of_few_images)
    assert rules(case, tmp_path) & {"small-validation", "data-faults"} == {"small-validation"}
    finding = of(case, "small-validation", tmp_path / "again")
    assert "40 validated objects on 20 images" in finding.summary


def test_a_split_that_is_small_against_the_other_is_said_here(tmp_path: Path) -> None:
    def data(folder: Path) -> Path:
        text = "\n".join(box(number, place) for number in (0, 1) for place in range(10, 90, 10))
        return write(folder, {"train": [text] * 600, "val": [text] * 55})

    finding = of(HEALTHY.changed(data=data), "small-validation", tmp_path)
    assert finding.summary.startswith("55 validation images to 600 in train")


def test_a_data_set_without_validation_images_is_said_however_short_the_run(tmp_path: Path) -> None:
    def data(folder: Path) -> Path:
        return write(folder, {"train": [box(0)] * 60, "val": []})

    finding = of(first(HEALTHY, 3).changed(data=data), "empty-split", tmp_path)
    assert finding.severity == "critical"
    assert finding.summary.startswith("0 validation images were found")


def test_a_small_validation_says_nothing_of_a_run_that_is_too_short(tmp_path: Path) -> None:
    case = validated(60, 40)
    assert "small-validation" in rules(case, tmp_path)
    assert "small-validation" not in rules(first(case, 3), tmp_path / "short")


def test_of_a_classification_every_image_counts() -> None:
    size = validation_size({"classify": {"top1": 0.8}}, images=400, objects=None)
    assert (size.metric, size.objects, size.effect) == ("top1", 400, 1.0)
    assert size.half == pytest.approx(0.039, abs=0.001)
    assert list(size.missing) == [FINE]


def test_where_nothing_is_known_nothing_is_missing() -> None:
    assert validation_size({}, None, None).half is None
    assert validation_size({"pixel": {"recall": 0.9}}, 32, 50).half is None
    assert ValidationSize("recall", 0.5, None, 100, 2.0).missing == {}
    assert ValidationSize("recall", 0.5, 0, 0, 2.0).half is None
    assert ValidationSize("recall", None, 50, 10, 2.0).half is None


@pytest.mark.parametrize(
    ("objects", "known"), [(630, {COARSE, FINE}), (645, {FINE}), (16200, set())]
)
def test_what_is_known_already_needs_no_more_images(objects: int, known: set[float]) -> None:
    assert set(ValidationSize("recall", 0.7, objects, objects, 2.0).missing) == known


def test_metrics_that_belong_together_are_taken_where_all_were_measured() -> None:
    nan = float("nan")
    history = History(
        epoch=np.arange(5),
        train={},
        val={},
        metrics={
            "box": {"map50": np.array([0.1, nan, 0.3, 0.4, 0.5])},
            "mask": {"map50": np.arange(5.0)},
        },
        lr={},
        seconds=None,
    )
    signals = MetricSignals(history, np.array([False, False, False, True, False]))
    columns = (("box", "map50"), ("mask", "map50"))
    assert signals.rows(columns).tolist() == [0, 2, 4]
    assert signals.nearest(4, columns, 2).tolist() == [2, 4]
    assert signals.nearest(2, columns, 9).tolist() == [0, 2, 4]
    assert signals.rows((("pose", "map50"),)).tolist() == []
    assert signals.at(columns[0], signals.rows(columns)).tolist() == [0.1, 0.3, 0.5]
