"""A night with real trainings: whoever tells of one, watch, digest, commands or tab, tells the same."""

from __future__ import annotations

import importlib.util
import json
import os
from collections import Counter
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

EPOCHS = 4
TELLERS = {"table", "show", "scan", "digest", "digest of the tab"}
MOMENTS = {
    "running": ["running", None, 1],
    "killed": ["interrupted", "killed", 1],
    "finished": ["finished", None, EPOCHS],
    "out_of_memory": ["interrupted", "out_of_memory", 1],
    "disk_full": ["interrupted", "disk_full", 1],
}
"""State, why it ended, epochs done."""

DEATHS = {
    "night": "its process is gone without a word: killed, or crashed",
    "out_of_memory": "the machine ran out of memory",
    "disk_full": "the disk was full",
}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What overnight.py has left."""
    folder: Path = tmp_path_factory.mktemp("overnight")
    disk = may_mount()
    job = {**SHORT_JOB, "epochs": EPOCHS, "disk": disk}
    return outcome.told_by("overnight.py", folder, job, OWN_MOUNTS if disk else ())


def told(night: dict[str, Any], run: str) -> list[dict[str, Any]]:
    """What the watches told of a run."""
    return [event for event in night["events"] if event["run"] == run]


def test_the_training_and_the_watch_raise_the_same_alarm_in_the_first_epoch(night):
    (alarm,) = (one for one in told(night, "night") if one["rule"] == "few-instances")
    assert alarm["epoch"] is None
    assert f"RunLens: {alarm['summary']} " in night["log"]


@pytest.mark.parametrize("moment", MOMENTS)
def test_all_tell_the_same(night, moment):
    if moment not in night["moments"]:
        pytest.skip("mounting a disk takes root, and a mount namespace of its own")
    said = night["moments"][moment]
    for teller in TELLERS:
        facts = said[teller] if teller in ("table", "show", "scan") else said[teller][0]
        assert facts == MOMENTS[moment], teller


def test_a_run_has_one_place_in_a_digest(night):
    for said in night["moments"].values():
        assert [len(said[teller]) for teller in ("digest", "digest of the tab")] == [1, 1]


def test_digest_and_tab_agree_where_it_stands(night):
    (digest, tab) = night["standings"]
    assert digest["epoch"] == 1
    assert digest == tab


@pytest.mark.parametrize("run", DEATHS)
def test_the_watch_tells_each_death_and_why(night, run):
    if not told(night, run):
        pytest.skip("mounting a disk takes root, and a mount namespace of its own")
    (death,) = (
        one for one in told(night, run) if (one["rule"], one["event"]) == ("interrupted", "finding")
    )
    assert death["epoch"] == 1
    assert death["summary"].endswith(f"; {DEATHS[run]}.")


def test_the_second_watch_takes_the_death_back_and_tells_the_end(night):
    words = [one["event"] for one in told(night, "night") if one["rule"] == "interrupted"]
    assert words == ["finding", "withdrawn"]
    assert told(night, "night")[-1]["event"] == "finished"


def test_nothing_is_told_twice_all_night(night):
    events = Counter((one["run"], one["rule"], one["event"]) for one in night["events"])
    assert [event for (event, times) in events.items() if times > 1] == []


def test_the_command_is_given_what_is_printed(night):
    assert [json.loads(line) for line in night["commands"]] == night["events"]
