"""What is said of a training that has just begun, from its recording alone."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Optional

import pytest

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.formats.recorded_fields import MAX_COUNT
from tensorboard_runlens.recording.evidence.label_kinds import label_kinds
from tensorboard_runlens.recording.machine import accelerator
from tensorboard_runlens.rules import Finding
from tests.rules.machine_trainings import waiting
from tests.rules.trainings import BEGUN, HEALTHY, SKIPPING, Training, analysed, first, tracked

NAN = float("nan")


def of(analysis: Analysis, rule: str) -> Optional[Finding]:
    return next((one for one in analysis.findings if one.rule == rule), None)


def kinds(images: int, instances: int, polygons: int = 0) -> dict[str, int]:
    return {"images": images, "instances": instances, "polygons": polygons}


# Before the first row


def test_the_headline_says_what_is_wrong_before_there_is_an_epoch(tmp_path: Path) -> None:
    analysis = analysed(BEGUN.changed(manifest={"labels": {"train": kinds(40, 0)}}), tmp_path)
    assert analysis.health.level == "critical"
    assert analysis.headline == "0 of 40 train images have a label: no epoch logged yet."


def test_where_nothing_is_wrong_the_headline_is_as_ever(tmp_path: Path) -> None:
    assert analysed(BEGUN, tmp_path).headline.startswith("No epoch logged")


def test_none_of_the_faults_hides_another(tmp_path: Path) -> None:
    counts = {"train": {"instances": [90, 90]}, "val": {"instances": [30, 3]}}
    manifest = {
        "names": ["disc", "ring"],
        "class_counts": counts,
        "labels": {"train": kinds(90, 180, 180), "val": kinds(30, 33, 33)},
        "device": "cpu",
        "accelerator": "mps",
        "optimizer": {"name": "AdamW", "lr": [0.002]},
    }
    arguments = {"epochs": 80, "patience": 120, "optimizer": "auto", "lr0": 0.001}
    analysis = analysed(BEGUN.changed(manifest=manifest, args=arguments), tmp_path)
    found = {one.rule for one in analysis.findings}
    assert found >= {"few-instances", "polygon-labels", "gpu-unused"}
    assert found >= {"lr-ignored", "patience-unreachable"}


def test_a_recorded_split_without_images_is_one_without(tmp_path: Path) -> None:
    analysis = analysed(BEGUN.changed(manifest={"images": {"train": 40, "val": 0}}), tmp_path)
    finding = of(analysis, "empty-split")
    assert finding is not None
    assert finding.summary.startswith("0 validation images were found")


def test_boxes_where_polygons_are_needed_are_critical(tmp_path: Path) -> None:
    arguments = {"epochs": 100, "task": "obb"}
    manifest = {"labels": {"train": kinds(40, 90)}}
    finding = of(
        analysed(BEGUN.changed(args=arguments, manifest=manifest), tmp_path), "polygon-labels"
    )
    assert finding is not None
    assert finding.severity == "critical"


@pytest.mark.parametrize(
    "labels",
    [
        {"train": kinds(40, 0, 1)},
        {"train": kinds(40, -1)},
        {"train": kinds(MAX_COUNT + 1, 0)},
        {"train": {"images": 40}},
        {"train": 3},
        [],
    ],
)
def test_damaged_counts_are_none(labels: Any, tmp_path: Path) -> None:
    assert (
        of(analysed(BEGUN.changed(manifest={"labels": labels}), tmp_path), "no-instances") is None
    )


# The first rows


def test_images_that_are_waited_for_are_said_at_the_third_epoch(tmp_path: Path) -> None:
    training = waiting(2000, 1000).changed(args={"epochs": 100}, running=True)
    (two, three) = (
        of(analysed(cut(training, rows), tmp_path / str(rows)), "input-bound") for rows in (2, 3)
    )
    assert two is None
    assert three is not None
    assert three.severity == "warning"


def cut(training: Training, rows: int) -> Training:
    return first(training, rows).changed(recording=training.recording[:rows])


def test_steps_that_overflow_are_said_at_the_second_epoch(tmp_path: Path) -> None:
    skipping = tracked(lambda row: {"amp": {"scale": 64.0, "steps": 200, "skipped_steps": 40}})
    found = of(analysed(cut(skipping, 2), tmp_path), "skipped-steps")
    assert found is not None
    assert found.severity == "warning"


@pytest.mark.parametrize(
    ("training", "mixed"),
    [
        (HEALTHY.changed(args={"amp": True}), True),
        (HEALTHY.changed(args={"amp": True, "device": "cpu"}), False),
        (HEALTHY.changed(args={"amp": True}, manifest={"device": "mps"}), False),
        (HEALTHY.changed(args={"amp": False}), False),
        (HEALTHY, False),
        (SKIPPING, True),
    ],
)
def test_a_loss_that_is_no_number_in_the_first_epoch_says_whether_precision_was_mixed(
    training: Training, mixed: bool, tmp_path: Path
) -> None:
    broken = cut(training, 1).changed(train=[NAN], running=True)
    finding = of(analysed(broken, tmp_path), "non-finite")
    assert finding is not None
    assert finding.severity == "critical"
    assert ("mixed precision (amp) is on" in finding.summary) is mixed


def test_no_box_loss_is_no_label_however_few_the_epochs(tmp_path: Path) -> None:
    nothing = cut(HEALTHY, 1).changed(train=[0.0], columns={"train/cls_loss": [2.0]})
    analysis = analysed(nothing, tmp_path)
    finding = of(analysis, "unused-loss")
    assert finding is not None
    assert "no training image has a label" in finding.summary


# What is recorded for it


def test_labels_are_counted_by_kind() -> None:
    labels = [
        {"cls": [[0], [1]], "segments": [[[0, 0]], [[1, 1]]]},
        {"cls": [], "segments": []},
        {"cls": [[0]]},
    ]
    assert label_kinds(SimpleNamespace(labels=labels)) == kinds(3, 3, 2)
    assert label_kinds(SimpleNamespace(samples=[])) is None
    assert label_kinds(None) is None


class Torch:
    """As much of it as is asked."""

    def __init__(self, cuda: bool, mps: bool) -> None:
        self.cuda = SimpleNamespace(is_available=lambda: cuda)
        self.backends = SimpleNamespace(mps=SimpleNamespace(is_available=lambda: mps))


@pytest.mark.parametrize(
    ("device", "torch", "driver", "expected"),
    [
        ("cpu", Torch(True, False), False, "cuda"),
        ("cpu", Torch(False, True), False, "mps"),
        ("cpu", Torch(False, False), True, "nvidia"),
        ("cpu", Torch(False, False), False, None),
        ("cpu", None, True, "nvidia"),
        ("cuda", Torch(True, False), True, None),
        ("mps", Torch(False, True), False, None),
    ],
)
def test_what_is_unused_beside_the_processor(
    device: str,
    torch: Any,
    driver: bool,
    expected: Optional[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setattr(accelerator, "DRIVER", str(tmp_path / "gpus"))
    if driver:
        (tmp_path / "gpus" / "0000:01:00.0").mkdir(parents=True)
    trainer = SimpleNamespace(device=SimpleNamespace(type=device))
    assert accelerator.unused_accelerator(trainer) == expected
