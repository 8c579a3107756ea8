"""Every check of a data set: quiet on a good one, and firing on what it is for."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

import pytest

from tensorboard_runlens.dataset.checks import VAL_IMAGES_MIN, check_dataset
from tensorboard_runlens.dataset.class_checks import IMBALANCE, VAL_INSTANCES_MIN
from tensorboard_runlens.dataset.facts import read_dataset
from tensorboard_runlens.dataset.fault import Fault

from .datasets import Labelled, box, healthy, png, polygon, write

TWO = f"{box(0, 11)}\n{box(1, 55)}"


def faults(
    folder: Path,
    splits: Labelled,
    names: Any = ("disc", "ring"),
    task: Optional[str] = None,
    **more: Any,
) -> list[Fault]:
    return check_dataset(read_dataset(str(write(folder, splits, names, **more))), task)


def only(found: list[Fault]) -> Fault:
    (fault,) = found
    return fault


def test_a_good_data_set_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, healthy()) == []


def test_a_validation_image_that_is_in_train_is_a_warning_and_many_are_critical(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, healthy())
    (tmp_path / "images" / "val" / "0004.png").write_bytes(png(1))
    one = only(check_dataset(read_dataset(str(path))))
    assert (one.kind, one.severity) == ("data-overlap", "warning")
    assert one.summary.startswith("1 of 30 validation images (3 %)")
    assert one.evidence["examples"] == ["0004.png = 0000.png"]
    for number in range(3):
        (tmp_path / "images" / "val" / f"{number:04}.png").write_bytes(png(number + 1))
    assert only(check_dataset(read_dataset(str(path)))).severity == "critical"


def test_a_validation_image_that_looks_like_one_in_train_is_told_apart_from_the_same(
    tmp_path: Path,
) -> None:
    pytest.importorskip("PIL")
    path = write(tmp_path, healthy())
    (tmp_path / "images" / "val" / "0004.png").write_bytes(png(1, (128, 96)))
    fault = only(check_dataset(read_dataset(str(path))))
    assert (fault.kind, fault.severity) == ("data-overlap", "info")
    assert (fault.evidence["same"], fault.evidence["alike"]) == (0, 1)


def test_files_that_a_training_ignores_are_counted(tmp_path: Path) -> None:
    pytest.importorskip("PIL")
    splits = healthy()
    splits["train"][:2] = ["0 .5 .5", "what"]
    path = write(tmp_path, splits)
    (tmp_path / "images" / "train" / "0005.png").write_bytes(b"gone")
    fault = only(check_dataset(read_dataset(str(path))))
    assert (fault.kind, fault.severity) == ("empty-labels", "warning")
    assert fault.summary.startswith("3 of 90 train images (3 %)")
    assert (fault.evidence["corrupt_images"], fault.evidence["corrupt_labels"]) == (1, 2)


@pytest.mark.parametrize(("backgrounds", "fires"), [(9, False), (10, True)])
def test_backgrounds_are_told_beyond_a_tenth(tmp_path: Path, backgrounds: int, fires: bool) -> None:
    splits = healthy()
    splits["train"][:backgrounds] = [None] * backgrounds
    found = faults(tmp_path, splits)
    assert [(one.kind, one.severity) for one in found] == (
        [("empty-labels", "info")] if fires else []
    )


def test_a_split_without_any_label_is_critical_except_for_test(tmp_path: Path) -> None:
    splits = {**healthy(), "test": [None] * 5}
    assert only(faults(tmp_path / "test", splits)).severity == "info"
    fault = only(faults(tmp_path / "val", {**splits, "val": [None] * 30, "test": [TWO]}))
    assert (fault.kind, fault.severity) == ("no-instances", "critical")
    assert fault.summary.startswith("0 of 30 val images")


def test_a_class_that_is_not_in_val_is_a_warning(tmp_path: Path) -> None:
    fault = only(faults(tmp_path, {"train": [TWO] * 90, "val": [box(0)] * 30}))
    assert (fault.kind, fault.severity) == ("missing-class", "warning")
    assert fault.evidence["classes"] == ["ring"]


def test_a_class_that_is_measured_but_not_in_train_is_critical(tmp_path: Path) -> None:
    fault = only(faults(tmp_path, {"train": [box(0)] * 90, "val": [TWO] * 30}))
    assert (fault.kind, fault.severity) == ("missing-class", "critical")
    assert "1 of them has some in val" in fault.summary


def test_a_class_that_is_only_a_name_is_a_warning(tmp_path: Path) -> None:
    fault = only(faults(tmp_path, healthy(), names=("disc", "ring", "unused")))
    assert (fault.kind, fault.severity) == ("missing-class", "warning")
    assert fault.evidence == {"split": "train", "classes": ["unused"], "in_val": 0}


@pytest.mark.parametrize(
    ("row", "task", "severity"),
    [
        (polygon, None, None),
        (polygon, "segment", None),
        (polygon, "detect", "info"),
        (lambda number: polygon(number, corners=4), None, "info"),
        (box, "segment", "critical"),
        (box, "detect", None),
    ],
)
def test_rows_of_another_kind_than_the_task_needs(
    tmp_path: Path, row: Any, task: Optional[str], severity: Optional[str]
) -> None:
    text = f"{row(0)}\n{row(1)}"
    found = faults(tmp_path, {"train": [text] * 90, "val": [text] * 30}, task=task)
    expected = [] if severity is None else [("polygon-labels", severity)]
    assert [(one.kind, one.severity) for one in found] == expected


def test_polygons_among_boxes_are_a_warning(tmp_path: Path) -> None:
    splits = healthy()
    splits["train"][:3] = [polygon(0)] * 3
    fault = only(faults(tmp_path, splits))
    assert (fault.kind, fault.severity) == ("polygon-labels", "warning")
    assert (fault.evidence["polygons"], fault.evidence["boxes"]) == (3, 234)


@pytest.mark.parametrize(
    ("row", "severity", "kinds"),
    [
        ("0 0.9 0.5 0.5 0.1", "info", {"boxes-out-of-range"}),
        ("0 0.5 0.5 0 0.1", "warning", {"boxes-out-of-range"}),
        ("0 300 200 50 50", "warning", {"boxes-out-of-range", "empty-labels"}),
    ],
)
def test_boxes_outside_the_image(tmp_path: Path, row: str, severity: str, kinds: set[str]) -> None:
    splits = healthy()
    splits["train"][0] = f"{row}\n{TWO}"
    found = faults(tmp_path, splits)
    assert {one.kind for one in found} == kinds
    assert {one.severity for one in found} == {severity}


@pytest.mark.parametrize(("files", "severity"), [(1, "info"), (90, "warning")])
def test_duplicate_boxes(tmp_path: Path, files: int, severity: str) -> None:
    splits = healthy()
    splits["train"][:files] = [f"{TWO}\n{box(0, 11)}"] * files
    fault = only(faults(tmp_path, splits))
    assert (fault.kind, fault.severity) == ("duplicate-boxes", severity)
    assert fault.evidence["rows"] == files


def test_names_and_nc_must_agree(tmp_path: Path) -> None:
    fault = only(faults(tmp_path, healthy(), nc=3))
    assert (fault.kind, fault.severity) == ("class-names", "critical")
    assert fault.summary.startswith("2 class names but nc 3")
    assert faults(tmp_path, healthy(), nc=2) == []


def test_class_ids_without_a_name_are_critical(tmp_path: Path) -> None:
    splits = healthy()
    splits["train"][0] = box(7)
    found = faults(tmp_path, splits)
    assert [(one.kind, one.severity) for one in found] == [
        ("class-names", "critical"),
        ("empty-labels", "warning"),
    ]
    assert found[0].evidence == {"classes": 2, "unknown": [7]}


def test_two_classes_of_one_name_are_a_warning(tmp_path: Path) -> None:
    fault = only(faults(tmp_path, healthy(), names=("disc", "disc")))
    assert (fault.kind, fault.severity) == ("class-names", "warning")


def test_a_file_that_names_no_class_is_critical(tmp_path: Path) -> None:
    fault = only(faults(tmp_path, healthy(), names=None))
    assert (fault.kind, fault.severity) == ("class-names", "critical")


@pytest.mark.parametrize(
    ("train", "val", "fires"),
    [
        (90, VAL_IMAGES_MIN, False),
        (90, VAL_IMAGES_MIN - 1, True),
        (270, 30, False),
        (271, 30, True),
    ],
)
def test_a_small_validation_split(tmp_path: Path, train: int, val: int, fires: bool) -> None:
    found = faults(tmp_path, healthy(train, val))
    assert [one.kind for one in found] == (["small-split"] if fires else [])


def test_no_validation_images_are_critical(tmp_path: Path) -> None:
    fault = only(faults(tmp_path, {"train": [TWO] * 40}, val="nowhere"))
    assert (fault.kind, fault.severity) == ("empty-split", "critical")


@pytest.mark.parametrize(
    ("instances", "fires"), [(VAL_INSTANCES_MIN, False), (VAL_INSTANCES_MIN - 1, True)]
)
def test_a_class_with_few_validation_instances(tmp_path: Path, instances: int, fires: bool) -> None:
    val = [TWO] * instances + [box(0)] * (30 - instances)
    found = faults(tmp_path, {"train": [TWO] * 90, "val": val})
    assert [one.kind for one in found] == (["few-instances"] if fires else [])


@pytest.mark.parametrize(("rare", "fires"), [(9, False), (8, True)])
def test_an_imbalance_is_information(tmp_path: Path, rare: int, fires: bool) -> None:
    train = [TWO] * rare + [box(0)] * (9 * IMBALANCE - rare)
    found = faults(tmp_path, {"train": train, "val": [TWO] * 30})
    expected = [("class-imbalance", "info")] if fires else []
    assert [(one.kind, one.severity) for one in found] == expected


def test_every_summary_is_one_sentence_without_a_path(tmp_path: Path) -> None:
    splits: Labelled = {
        "train": [TWO, box(7), polygon(0), "", None, f"{box(0)}\n{box(0)}", "0 3 3 1 1"],
        "val": [None, box(1)],
    }
    found = faults(tmp_path, splits, names=("disc", "ring", "ring"), nc=9)
    assert len({one.kind for one in found}) >= 6
    order = ["critical", "warning", "info"]
    assert [order.index(one.severity) for one in found] == sorted(
        order.index(one.severity) for one in found
    )
    for one in found:
        assert one.summary.count(". ") == 0
        assert one.summary.endswith(".")
        assert one.advice.endswith(".")
        assert str(tmp_path) not in one.summary + one.advice + str(one.evidence)
        assert one.summary[0].isdigit() or one.summary.startswith("All ")
