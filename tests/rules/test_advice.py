"""What a finding tells to do, and where there is nothing to be done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens.dataset.checks import check_dataset
from tensorboard_runlens.dataset.facts import read_dataset
from tests.dataset.datasets import Labelled, box, healthy, write

from . import trainings
from .trainings import HEALTHY, Case, analysed, first

OVERCONFIDENT = trainings.OVERFITTED.changed(map50_95=[0.6] * trainings.N)
"""The validation loss overfits and the metric does not suffer."""


@pytest.mark.parametrize(
    ("case", "rule", "key", "words"),
    [
        (first(HEALTHY, 5), "too-short", "train-longer", "50 epochs or more"),
        (OVERCONFIDENT, "overfitting", "check-threshold", "confidence threshold anew"),
        (trainings.OVERFITTED, "overfitting", "use-best", "best.pt, not last.pt"),
        (trainings.OVERFITTED, "overfitting", "more-data", "training images or stronger augmentation"),
        (trainings.ZERO, "not-learning", "check-labels", "class numbers, label paths and format"),
        (trainings.DIVERGED, "diverged", "lower-lr", "Lower the learning rate"),
        (trainings.REGRESSED, "iteration-regressed", "stricter-pseudo-labels", "more slowly"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_finding_says_what_to_do(
    case: Case, rule: str, key: str, words: str, tmp_path: Path
) -> None:
    (finding,) = [one for one in analysed(case, tmp_path).findings if one.rule == rule]
    assert words in {advice.key: advice.text for advice in finding.advice}[key]


def test_a_short_plan_gets_a_longer_one_to_copy(tmp_path: Path) -> None:
    (finding,) = analysed(first(HEALTHY, 5), tmp_path).findings
    assert finding.advice[0].change == ("epochs", 5, 50)


def test_early_stopping_advises_nothing(tmp_path: Path) -> None:
    analysis = analysed(trainings.STOPPED_EARLY, tmp_path)
    (finding,) = analysis.findings
    assert (finding.rule, list(finding.advice)) == ("early-stopped", [])
    assert "train" not in analysis.headline.lower()


TWO = f"{box(0, 11)}\n{box(1, 55)}"
ONE = box(0)


@pytest.mark.parametrize(
    ("splits", "kind", "words"),
    [
        (healthy(90, 20), "small-split", "move some over from train"),
        ({"train": [TWO] * 90, "val": [TWO] * 4 + [ONE] * 30}, "few-instances", "from train to val"),
        ({"train": [TWO] * 9 + [ONE] * 120, "val": [TWO] * 30}, "class-imbalance", "add images of it"),
        ({"train": [TWO] * 90, "val": [None] * 30}, "empty-labels", "check where the label files lie"),
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
