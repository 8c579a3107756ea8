"""A real training is told in its log what will waste it, before its first epoch has ended, and each thing once."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens import lifecycle
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tests.training import outcome

pytestmark = [
    pytest.mark.slow,
    pytest.mark.training,
    pytest.mark.skipif(
        importlib.util.find_spec("ultralytics") is None, reason="ultralytics is not installed"
    ),
]

JOB = {"images": [24, 8], "epochs": 4, "patience": 20, "lr0": 0.002}

BEFORE_AN_EPOCH = {
    "data-overlap": "1 of 9 validation images (11 %) is in train too",
    "few-instances": "of 3 classes have fewer than 10 validation instances",
    "polygon-labels": "label rows are polygons where boxes are expected",
    "lr-ignored": "lr0=0.002 was not used: optimizer=auto trained with 0.00143",
    "patience-unreachable": "patience=20 with 4 epochs: early stopping can never end this training",
}
"""Rule -> how it is said."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made: Path = tmp_path_factory.mktemp("alarming")
    outcome.run_program("alarming.py", made, JOB)
    return made


@pytest.fixture
def outcomes(folder) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "told.json").read_text("utf-8"))
    return found


def rule_of(said: str) -> str:
    return said.rpartition("[")[2].rstrip("]")


def test_before_the_first_epoch_ends_the_training_is_told(outcomes):
    told = {rule_of(one): one for epoch in ("0", "1") for one in outcomes["told"].get(epoch, [])}
    for rule, words in BEFORE_AN_EPOCH.items():
        assert told[rule].startswith("RunLens: ")
        assert words in told[rule]


def test_when_it_will_end_is_told_after_the_second(outcomes):
    (epoch,) = (
        int(epoch)
        for (epoch, said) in outcomes["told"].items()
        if any("[late-end]" in one for one in said)
    )
    assert epoch in (2, 3)


def test_each_rule_is_told_once(outcomes):
    told = [rule_of(one) for said in outcomes["told"].values() for one in said]
    assert sorted(told) == sorted(set(told))


def test_no_process_is_left(outcomes):
    assert outcomes["left"] == []


def test_the_run_says_the_same_of_its_data(folder):
    """Whoever opens it: the tab, a scan, a digest."""
    found = {one.rule: one.summary for one in analyse(open_run(str(folder / "run"))).findings}
    for rule in ("data-overlap", "few-instances", "polygon-labels", "lr-ignored"):
        assert BEFORE_AN_EPOCH[rule] in found[rule]


def test_what_runs_no_more_is_not_told_how_to_run(folder):
    run = open_run(str(folder / "run"))
    assert lifecycle.planned_epochs(run) == 4
    rules = {one.rule for one in analyse(run).findings}
    assert not rules & {"patience-unreachable", "late-end"}
