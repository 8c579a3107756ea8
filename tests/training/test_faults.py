"""Whatever breaks in the recording or under it, the training gives what it gives untracked; and it ends as it would."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

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

RECORDED_IN_FULL = ("tracked", "without_tensorboard")
OF_A_DISK = ("full_disk", "read_only")
BROKEN = (
    "every_event_raises",
    "parts_cannot_be_made",
    "nothing_is_told",
    "some_calls_raise",
    "others_raise",
    "broken_handler",
    "a_file_in_its_place",
    "full_device",
    *OF_A_DISK,
)
UNTRACKED = ("plain_again", "plain_at_last")
ENDS_EARLY = ("interrupted", "error")


@pytest.fixture
def outcomes(faults) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((faults / "outcome.json").read_text("utf-8"))
    return found


@pytest.fixture
def case(request, outcomes) -> str:
    """The name of a case, where this machine can break that."""
    name: str = request.param
    if name in OF_A_DISK and name not in outcomes:
        pytest.skip("mounting a disk takes root, and a mount namespace of its own")
    return name


def same(faults: Path, outcomes: dict[str, dict[str, Any]], case: str, reference: str) -> None:
    """The results of both trainings agree in everything but times and paths."""
    (run, other) = (faults / "runs" / case, faults / "runs" / reference)
    for name in ("ended", "random"):
        assert outcomes[case][name] == outcomes[reference][name]
    assert outcome.table(run) == outcome.table(other)
    assert outcome.arguments(run) == outcome.arguments(other)
    assert outcome.files(run) == outcome.files(other)
    tags = outcome.of_the_framework(outcome.scalars(run))
    assert tags == outcome.scalars(other)
    assert tags.keys() >= {"train/box_loss", "metrics/mAP50(B)", "lr/pg0"}
    assert outcomes[case]["weights"].keys() == {"best.pt", "last.pt"}
    for name, contents in outcomes[reference]["weights"].items():
        assert len(contents) > 10
        assert outcomes[case]["weights"][name] == contents


@pytest.mark.parametrize("case", [*UNTRACKED, "tracked", *BROKEN, "vanishing"], indirect=True)
def test_the_training_is_that_of_an_untracked_run(faults, outcomes, case):
    assert outcomes["plain"]["ended"] == "normally"
    same(faults, outcomes, case, "plain")


@pytest.mark.parametrize("case", ENDS_EARLY)
def test_a_training_ends_as_it_would(faults, outcomes, case):
    assert outcomes[f"plain_{case}"]["ended"] != "normally"
    same(faults, outcomes, case, f"plain_{case}")


def test_ctrl_c_is_still_ctrl_c(outcomes):
    assert outcomes["interrupted"]["ended"].startswith("KeyboardInterrupt()")


@pytest.mark.parametrize("case", ENDS_EARLY)
def test_what_was_recorded_before_the_end_stays(faults, case):
    run = faults / "runs" / case
    assert [line["epoch"] for line in outcome.lines(run)] == [1]
    assert open_run(str(run)).problems == ()


@pytest.mark.parametrize("case", ["plain", "plain_interrupted", "plain_without_tensorboard"])
def test_an_untracked_run_has_no_recording(faults, case):
    assert not (faults / "runs" / case / "runlens").exists()


@pytest.mark.parametrize("case", RECORDED_IN_FULL)
def test_nothing_is_said_where_nothing_is_broken(faults, outcomes, case):
    assert outcomes[case]["warned"] == []
    run = faults / "runs" / case
    assert [line["epoch"] for line in outcome.lines(run)] == [1, 2]
    assert open_run(str(run)).problems == ()


@pytest.mark.parametrize("case", [*RECORDED_IN_FULL, *ENDS_EARLY, "vanishing", "full_device"])
def test_nothing_stays_in_the_process(outcomes, case):
    """No method is watched any more, no thread runs, and trainer and validator are as the framework made them."""
    assert outcomes[case]["left"] == []


@pytest.mark.parametrize("case", [*BROKEN, "vanishing"], indirect=True)
def test_what_is_left_can_be_read(faults, case):
    """A recording may be cut short, which is said, but no run is damaged by it."""
    run = open_run(str(faults / "runs" / case))
    assert {problem.kind for problem in run.problems} <= {"not_recorded"}
    assert len(run.history.epoch) == 2


@pytest.mark.parametrize(
    "case",
    [name for name in BROKEN if name not in ("some_calls_raise", "others_raise")],
    indirect=True,
)
def test_what_broke_is_said_once(outcomes, case):
    """The two cases left out try again what has failed."""
    warned = [said.partition(",")[0] for said in outcomes[case]["warned"]]
    assert warned
    if case != "nothing_is_told":  # there the training itself, when it begins and later
        assert len(set(warned)) == len(warned)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("full_device", "No space left on device"),
        ("full_disk", "No space left on device"),
        ("read_only", "Read-only file system"),
    ],
    indirect=["case"],
)
def test_a_disk_that_takes_no_more_keeps_what_it_has(faults, outcomes, case, reason):
    assert all(reason in said for said in outcomes[case]["warned"])
    if case != "full_device":  # whose files were replaced
        run = faults / "runs" / case
        assert [line["epoch"] for line in outcome.lines(run)] == [1]
        recorded = open_run(str(run)).recorded
        assert recorded is not None


def test_many_calls_did_fail(outcomes):
    """Otherwise their trainings show nothing."""
    failed = {
        said for case in ("some_calls_raise", "others_raise") for said in outcomes[case]["warned"]
    }
    assert len(failed) > 5
    assert all("a bug of ours" in said for said in failed)


def test_without_the_frameworks_event_file_there_is_at_most_ours(faults):
    (plain, tracked) = (
        faults / "runs" / name for name in ("plain_without_tensorboard", "without_tensorboard")
    )
    assert outcome.event_files(plain) == 0
    assert outcome.event_files(tracked) <= 1
    if outcome.event_files(tracked):
        assert outcome.of_the_framework(outcome.scalars(tracked)) == {}
    assert outcome.table(tracked) == outcome.table(plain)


@pytest.mark.parametrize("case", ["tracked", "interrupted", "every_event_raises"])
def test_there_is_one_event_file(faults, case):
    assert outcome.event_files(faults / "runs" / case) == 1
