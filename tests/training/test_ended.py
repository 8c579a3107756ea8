"""Real trainings that end in every way: as soon as their process is gone, RunLens says why, and the training ends as it
would have."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import pytest

from tests.training import outcome
from tests.training.conftest import OWN_MOUNTS, SHORT_JOB, may_mount

pytestmark = [
    pytest.mark.slow,
    pytest.mark.training,
    pytest.mark.skipif(
        importlib.util.find_spec("ultralytics") is None, reason="ultralytics is not installed"
    ),
    pytest.mark.skipif(not os.path.exists("/proc/self/ns/pid"), reason="only Linux tells"),
]

KILLED = -9
ENDED = {
    "error": "error",
    "stopped_by_user": "stopped_by_user",
    "out_of_memory": "out_of_memory",
    "terminated": "killed",
    "killed": "killed",
    "disk_full": "disk_full",
}
WORDS = {
    "error": "an error ended it (ValueError: a callback of the user's, about …/data/shapes.yaml)",
    "stopped_by_user": "it was stopped by hand",
    "out_of_memory": "the machine ran out of memory",
    "terminated": "the process was killed",
    "killed": "its process is gone without a word: killed, or crashed",
    "disk_full": "the disk was full",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What ended.py has left."""
    folder: Path = tmp_path_factory.mktemp("ended")
    disk = may_mount()
    job = {**SHORT_JOB, "epochs": 3, "disk": disk}
    return outcome.told_by("ended.py", folder, job, OWN_MOUNTS if disk else ())


@pytest.mark.parametrize("case", ENDED)
def test_it_is_said_at_once_why_a_training_broke_off(told, case):
    if case not in told:
        pytest.skip("mounting a disk takes root, and a mount namespace of its own")
    assert (told[case]["state"], told[case]["ended"]) == ("interrupted", ENDED[case])
    assert told[case]["summary"].endswith(f"; {WORDS[case]}.")
    assert told[case]["problems"] == []


@pytest.mark.parametrize("case", ["finished", "stopped_by_itself", "after_an_error", "resumed"])
def test_a_training_that_came_to_its_end_did_not_break_off(told, case):
    assert (told[case]["state"], told[case]["ended"]) == ("finished", None)


def test_a_training_runs_until_it_is_killed(told):
    (before, after) = told["while"]
    assert (before["state"], before["ended"]) == ("running", None)
    assert (after["state"], after["ended"]) == ("interrupted", "killed")


def test_the_training_ends_as_it_would(told):
    by_code: dict[int, set[str]] = {}
    for case, (code, *_) in told["exits"].items():
        by_code.setdefault(code, set()).add(case)
    assert by_code[0] == {"after_an_error", "finished", "stopped_by_itself"}
    assert by_code[KILLED] == {"killed"}
    assert by_code[1] >= {"error", "stopped_by_user", "out_of_memory", "terminated"}
