"""A training that was killed or interrupted keeps what was recorded, and has every epoch once when it is resumed."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from tensorboard_runlens.catalog import open_run
from tests.training import outcome

pytestmark = [
    pytest.mark.slow,
    pytest.mark.training,
    pytest.mark.skipif(
        importlib.util.find_spec("ultralytics") is None, reason="ultralytics is not installed"
    ),
]

KILLED = -9
RECORDED_WHEN_STOPPED = {
    "killed_in_an_epoch": [1],
    "killed_before_the_line": [1],
    "killed_in_the_line": [1],
    "killed_in_an_archive": [1, 2],
    "interrupted": [1],
}
RECORDED_AT_THE_END = {
    "killed_in_an_epoch": [1, 2, 3],
    "killed_before_the_line": [
        1,
        3,
    ],  # the framework had kept the second epoch and trains on from it
    "killed_in_the_line": [1, 3],
    "killed_in_an_archive": [1, 2, 3],
    "interrupted": [1, 2, 3],
}


@pytest.fixture
def exits(stopped) -> dict[str, list[int]]:
    found: dict[str, list[int]] = json.loads((stopped / "exits.json").read_text("utf-8"))
    return found


def epochs(run: Path) -> list[int]:
    return [line["epoch"] for line in outcome.lines(run)]


def epoch_of_archive(run: Path) -> int:
    with np.load(run / "runlens" / "curves_best.npz") as archive:
        return int(archive["epoch"])


@pytest.mark.parametrize("case", RECORDED_WHEN_STOPPED)
def test_the_training_was_stopped_and_then_finished(exits, case):
    assert exits[case] == [1 if case == "interrupted" else KILLED, 0]


@pytest.mark.parametrize(("case", "recorded"), RECORDED_WHEN_STOPPED.items())
def test_what_was_recorded_stays_readable(stopped, case, recorded):
    run = open_run(str(stopped / "left" / case))
    assert run.problems == ()
    assert run.recorded is not None
    assert run.recorded.epochs == len(recorded)
    assert epochs(stopped / "left" / case) == recorded
    assert epoch_of_archive(stopped / "left" / case) == 1


def test_half_a_line_was_left(stopped):
    left = (stopped / "left" / "killed_in_the_line" / "runlens" / "epochs.jsonl").read_bytes()
    assert not left.endswith(b"\n")


@pytest.mark.parametrize(("case", "recorded"), RECORDED_AT_THE_END.items())
def test_a_resumed_training_has_every_epoch_once(stopped, case, recorded):
    run = stopped / "runs" / case
    assert [row["epoch"] for row in outcome.table(run)] == ["1", "2", "3"]
    assert epochs(run) == recorded
    assert epoch_of_archive(run) in recorded
    shown = open_run(str(run))
    assert shown.problems == ()
    assert shown.recorded is not None
    assert shown.recorded.epochs == len(recorded)


@pytest.mark.parametrize("case", RECORDED_AT_THE_END)
def test_best_pt_is_recorded_at_the_end(stopped, case):
    assert outcome.recorded(stopped / "runs" / case, "final.json")["weights"] == "best"
    assert not (stopped / "left" / case / "runlens" / "final.json").exists()


def test_a_resumed_training_is_the_same_as_without(stopped):
    (tracked, plain) = (
        stopped / "runs" / name for name in ("killed_in_an_epoch", "untracked_from_then_on")
    )
    assert outcome.table(tracked) == outcome.table(plain)
    assert outcome.files(tracked) == outcome.files(plain)
    tags = outcome.of_the_framework(outcome.scalars(tracked))
    assert tags == outcome.of_the_framework(outcome.scalars(plain))
    weights = json.loads((stopped / "weights.json").read_text("utf-8"))
    assert weights[tracked.name] == weights[plain.name]
    assert len(weights[plain.name]) > 10


def test_a_second_training_in_the_same_folder_replaces_the_first(stopped, exits):
    run = stopped / "runs" / "again"
    assert exits["again"] == [0, 0]
    assert [row["epoch"] for row in outcome.table(run)] == ["1", "2"]
    assert epochs(run) == [1, 2]
    assert epoch_of_archive(run) <= 2
    assert outcome.recorded(run, "manifest.json")["arguments"]["epochs"] == 2
    assert open_run(str(run)).problems == ()


def test_an_untracked_training_in_the_same_folder_is_told_apart(stopped, exits):
    """The first one's recording is still there, and is not taken for the second one's."""
    run = open_run(str(stopped / "runs" / "again_untracked"))
    assert exits["again_untracked"] == [0, 0]
    assert run.recorded is None
    assert [problem.file for problem in run.problems] == ["runlens/epochs.jsonl"]
