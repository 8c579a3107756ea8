"""What a finding tells to do, and where there is nothing to be done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens.dataset.checks import check_dataset
from tensorboard_runlens.dataset.facts import read_dataset
from tensorboard_runlens.report.text import show
from tensorboard_runlens.rules import Advice
from tests.dataset.datasets import Labelled, box, healthy, write

from . import trainings
from .cases import all_cases
from .trainings import HEALTHY, Case, analysed, first

OVERCONFIDENT = trainings.OVERFITTED.changed(map50_95=[0.6, 0.601] * (trainings.N // 2))
"""The validation loss overfits and the metric does not suffer."""


@pytest.mark.parametrize(
    ("case", "rule", "key", "words"),
    [
        (first(HEALTHY, 5), "too-short", "train-longer", "50 epochs or more"),
        (OVERCONFIDENT, "overfitting", "check-threshold", "confidence threshold anew"),
        (trainings.OVERFITTED, "overfitting", "use-best", "best.pt, not last.pt"),
        (trainings.OVERFITTED, "overfitting", "more-data", "training images or stronger augmentation"),
        (trainings.ZERO, "not-learning", "check-labels", "class numbers, label paths and format"),
        (trainings.DIVERGED, "diverged", "lower-lr", "Lower the initial learning rate"),
        (trainings.REGRESSED, "iteration-regressed", "pseudo-label-decay", "more slowly"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_finding_says_what_to_do(
    case: Case, rule: str, key: str, words: str, tmp_path: Path
) -> None:
    (finding,) = [one for one in analysed(case, tmp_path).findings if one.rule == rule]
    assert words in {advice.key: advice.text for advice in finding.advice}[key]


@pytest.mark.parametrize(
    ("rule", "keys"),
    [
        ("undertrained", ["train-longer", "own-weights"]),
        ("capacity-limited", ["larger-model", "larger-images", "fix-labels"]),
        ("overfitting", ["use-best", "more-data", "weight-decay"]),
        ("unstable", ["lower-lr", "review-augmentation"]),
        ("cpu-training", ["use-gpu", "smaller-images"]),
        ("missed-pixels", ["pos-weight", "check-threshold"]),
        ("iteration-regressed", ["use-best-iteration", "pseudo-label-decay"]),
    ],
)
def test_a_rules_advice_comes_in_its_order(rule: str, keys: list[str], tmp_path: Path) -> None:
    found = analysed(all_cases()[rule].fires.case, tmp_path).findings
    advice = next(one.advice for one in found if one.rule == rule)
    assert [one.key for one in advice] == keys


def test_every_finding_has_one_to_three(tmp_path: Path) -> None:
    for number, cases in enumerate(all_cases().values()):
        analysis = analysed(cases.fires.case, tmp_path / str(number))
        assert all(1 <= len(one.advice) <= 3 for one in analysis.findings), analysis.findings


def test_a_short_plan_gets_a_longer_one_to_copy(tmp_path: Path) -> None:
    (finding,) = analysed(first(HEALTHY, 5), tmp_path).findings
    assert finding.advice[0].change == ("epochs", 5, 50)


def test_a_short_plan_gets_the_line_of_its_program(tmp_path: Path) -> None:
    (finding,) = analysed(first(HEALTHY, 5), tmp_path).findings
    assert "epochs=50" in (finding.advice[0].command or "")


def test_where_patience_ran_out_too_early_it_is_raised(tmp_path: Path) -> None:
    falling = first(HEALTHY, 5).changed(
        map50_95=[0.3, 0.2, 0.2, 0.2, 0.2], args={"epochs": 20, "patience": 4}
    )
    found = analysed(falling, tmp_path).findings
    (advice,) = next(one.advice for one in found if one.rule == "too-short")
    assert (advice.key, advice.change) == ("more-patience", ("patience", 4, 8))
    assert "still getting better" not in advice.text


def test_the_terminal_shows_each_entry_of_a_file_on_its_own_line(tmp_path: Path) -> None:
    analysis = analysed(first(HEALTHY, 5), tmp_path)
    advice = Advice("small-objects", "Less mosaic.", None, "mosaic: 0.2\nmixup: 0.0  # in hyp.yaml")
    shown = show(replace(analysis, findings=[replace(analysis.findings[0], advice=[advice])]))
    lines = shown.splitlines()
    at = lines.index("    Less mosaic.")
    assert lines[at + 1 : at + 3] == ["      mosaic: 0.2", "      mixup: 0.0  # in hyp.yaml"]


def test_early_stopping_advises_no_training(tmp_path: Path) -> None:
    analysis = analysed(trainings.STOPPED_EARLY, tmp_path)
    (finding,) = analysis.findings
    assert (finding.rule, [one.key for one in finding.advice]) == ("early-stopped", ["use-best"])
    assert "train" not in analysis.headline.lower()


TWO = f"{box(0, 11)}\n{box(1, 55)}"
ONE = box(0)


@pytest.mark.parametrize(
    ("splits", "kind", "words"),
    [
        (healthy(90, 20), "small-split", "move some over from train"),
        ({"train": [TWO] * 90, "val": [TWO] * 4 + [ONE] * 30}, "few-instances", "from train to val"),
        ({"train": [TWO] * 9 + [ONE] * 120, "val": [TWO] * 30}, "class-imbalance", "add images of it"),
        ({"train": [TWO] * 90, "val": [None] * 30}, "no-instances", "check where the label files lie"),
        ({"train": [TWO] * 60 + ["damaged"] * 30, "val": [TWO] * 30}, "empty-labels", "repair or delete them"),
    ],
)  # fmt: skip
def test_a_fault_of_the_data_says_what_to_do(
    splits: Labelled, kind: str, words: str, tmp_path: Path
) -> None:
    faults: Any = check_dataset(read_dataset(str(write(tmp_path, splits))))
    said = [f"{fault.summary} {fault.advice}" for fault in faults if fault.kind == kind]
    assert len(said) == 1
    assert words in said[0]
