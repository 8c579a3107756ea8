"""What a watch tells of real folders, look after look."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from tensorboard_runlens import analysis as analysing
from tensorboard_runlens.watching.memory import Sighting
from tensorboard_runlens.watching.noticing import WITHDRAWN_EPOCHS
from tests.builders import write_args
from tests.rules import trainings
from tests.rules.trainings import HEALTHY, NOT_A_NUMBER, OVERFITTED, set_time, write

from .logdirs import HOUR, Watched, running, silent

NAN = ("finding", "non-finite")
DEATH = ("finding", "interrupted")


def test_a_finding_is_told_once_while_the_training_goes_on(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    told = []
    for rows in range(28, 40):
        running(NOT_A_NUMBER, tmp_path / "run", rows)
        told += watched.told()
    assert told.count(NAN) == 1


def test_the_line_says_run_epoch_and_what_to_do(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    running(NOT_A_NUMBER, tmp_path / "night" / "run", 34)
    (event,) = (one for one in watched.look() if one.rule == "non-finite")
    assert (event.run, event.epoch, event.planned) == ("night/run", 34, 60)
    assert (event.state, event.severity) == ("running", "critical")
    assert event.advice
    assert str(tmp_path) not in repr(event)


def test_a_finding_about_curves_must_hold_at_a_second_epoch(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    running(OVERFITTED, tmp_path / "run", 58)
    assert watched.told() == []
    assert watched.told() == []
    running(OVERFITTED, tmp_path / "run", 59)
    assert watched.told() == [("finding", "overfitting")]


def test_below_the_level_nothing_is_told(tmp_path: Path) -> None:
    running(NOT_A_NUMBER, tmp_path / "a", 34)
    write(OVERFITTED, tmp_path / "b")
    write(trainings.STOPPED_EARLY, tmp_path / "c")
    told = {level: Watched(tmp_path, level).look() for level in analysing.SEVERITIES}
    assert {one.severity for one in told["critical"]} == {"critical"}
    assert {one.severity for one in told["warning"]} == {"warning", "critical"}
    assert len(told["info"]) > len(told["warning"])


def test_low_confidence_raises_no_alarm(tmp_path: Path) -> None:
    unsure = trainings.first(HEALTHY, 14).changed(
        map50_95=[0.5, 0.501] * 4 + [0.45, 0.451] * 3, args={"epochs": 14}
    )
    write(unsure, tmp_path / "run")
    watched = Watched(tmp_path, "info")
    findings = {one.rule: one.confidence for run in watched.watch.look() for one in run.findings}
    assert "low" in findings.values()
    told = {one.rule for one in watched.look()}
    assert not {rule for (rule, confidence) in findings.items() if confidence == "low"} & told


def test_a_training_that_has_just_begun_is_not_called_too_short(tmp_path: Path) -> None:
    watched = Watched(tmp_path, "info")
    running(HEALTHY, tmp_path / "run", 3)
    assert watched.told() == []


def test_what_was_told_before_the_first_epoch_is_not_taken_back_since_few_were_trained(
    tmp_path: Path,
) -> None:
    short = trainings.first(HEALTHY, 4).changed(args={"epochs": 4})
    watched = Watched(tmp_path, "info")
    running(short, tmp_path / "run", 3)
    watched.look()
    told = Sighting(0, "told", summary="8 validation images: too few.")
    watched.memory.trainings["run"].findings["small-validation"] = told
    running(short, tmp_path / "run", 4)
    events = watched.told()
    assert ("finding", "too-short") in events
    assert ("withdrawn", "small-validation") not in events


def test_another_training_in_the_same_folder_is_told_of_anew(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    running(NOT_A_NUMBER, tmp_path / "run", 34)
    assert NAN in watched.told()
    other = NOT_A_NUMBER.changed(val=[1.5 * one for one in NOT_A_NUMBER.val])
    running(other, tmp_path / "run", 36)
    assert NAN in watched.told()


def test_the_same_training_begun_anew_is_known_by_its_lost_epochs(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    running(NOT_A_NUMBER, tmp_path / "run", 40)
    assert NAN in watched.told()
    running(NOT_A_NUMBER, tmp_path / "run", 3)
    assert (watched.told(), watched.told()) == ([], [])
    running(NOT_A_NUMBER, tmp_path / "run", 34)
    assert NAN in watched.told()


def test_a_table_that_is_written_anew_for_a_moment_changes_nothing(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    for rows in (40, 3, 41, 0, 42):
        running(NOT_A_NUMBER, tmp_path / "run", rows)
        told = watched.told()
        assert (NAN in told) == (rows == 40), rows


def test_a_half_written_row_is_waited_for(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    table = running(NOT_A_NUMBER, tmp_path / "run", 35) / "results.csv"
    whole = table.read_bytes()
    told = []
    for end in range(len(whole) - 120, len(whole) + 1, 7):
        table.write_bytes(whole[:end])
        told += watched.told()
    assert told.count(NAN) == 1
    assert [one for one in told if one[0] != "finding"] == []


def test_a_death_is_told_once_and_a_later_one_again(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    run = tmp_path / "run"
    running(HEALTHY, run, 20)
    assert watched.told() == []
    silent(run)
    assert watched.told() == [DEATH]
    assert watched.told() == []
    running(HEALTHY, run, 20)
    assert watched.told() == []
    running(HEALTHY, run, 21)
    assert watched.told() == [("withdrawn", "interrupted")]
    silent(run)
    assert watched.told() == [DEATH]


def test_at_the_end_nothing_has_to_hold_on_any_more(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    short = trainings.first(trainings.ZERO, 14)
    for rows in (11, 12, 13):
        running(short, tmp_path / "run", rows)
        assert watched.told() == []
    running(short, tmp_path / "run", 14)
    assert watched.told() == [("finding", "not-learning")]


def test_a_death_before_the_first_epoch_is_told_of_what_had_begun(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    write_args(tmp_path / "never", task="detect", mode="train", epochs=100)
    set_time(tmp_path / "never", time.time() - 2 * HOUR)
    arguments = write_args(tmp_path / "run", task="detect", mode="train", epochs=100) / "args.yaml"
    (tmp_path / "run" / "labels.jpg").write_bytes(b"")
    set_time(arguments, time.time() - HOUR)
    assert watched.told() == []
    set_time(arguments, time.time() - HOUR - 20)
    set_time(tmp_path / "run" / "labels.jpg", time.time() - HOUR)
    (event,) = watched.look()
    assert (event.run, event.rule, event.epoch) == ("run", "interrupted", None)
    assert event.summary == "Silent before its first epoch ended."
    assert watched.told() == []


def test_what_was_copied_a_moment_ago_is_no_death_yet(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    write(trainings.INTERRUPTED, tmp_path / "run")
    set_time(tmp_path / "run", time.time())
    assert watched.told() == []
    later = time.time() + 700
    (event,) = watched.watch.new(watched.watch.look(), later)
    assert event.rule == "interrupted"


@pytest.mark.parametrize(("level", "expected"), [("info", 1), ("warning", 0)])
def test_the_end_is_told_of_what_was_seen_running(
    tmp_path: Path, level: str, expected: int
) -> None:
    write(HEALTHY, tmp_path / "old")
    watched = Watched(tmp_path, level)
    told = []
    for rows in (50, 60, 60):
        running(HEALTHY, tmp_path / "run", rows)
        told += watched.look()
    ends = [one for one in told if one.event == "finished"]
    assert [(one.run, one.epoch) for one in ends] == [("run", 60)] * expected


def test_a_finding_that_holds_no_longer_is_taken_back_once(tmp_path: Path) -> None:
    nothing_at_first = HEALTHY.changed(map50_95=[0.0] * 30 + list(HEALTHY.map50_95[30:]))
    watched = Watched(tmp_path)
    told = []
    for rows in range(10, 32 + 2 * WITHDRAWN_EPOCHS):
        running(nothing_at_first, tmp_path / "run", rows)
        told += watched.look()
    of_rule = [one for one in told if one.rule == "not-learning"]
    assert [one.event for one in of_rule] == ["finding", "withdrawn"]
    assert of_rule[1].summary == f"No longer so: {of_rule[0].summary}"


def test_a_broken_run_costs_the_others_nothing_and_is_said_once(tmp_path: Path) -> None:
    running(NOT_A_NUMBER, tmp_path / "good", 34)
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "results.csv").write_bytes(bytes(range(256)) * 20)
    watched = Watched(tmp_path)
    assert NAN in watched.told()
    assert [one.partition(":")[0] for one in watched.watch.new_notes()] == ["damaged"]
    watched.look()
    assert watched.watch.new_notes() == []


def test_a_run_that_is_gone_and_comes_back_is_known(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    run = running(NOT_A_NUMBER, tmp_path / "run", 34)
    assert NAN in watched.told()
    shutil.move(run, tmp_path.parent / "elsewhere")
    assert watched.told() == []
    shutil.move(tmp_path.parent / "elsewhere", run)
    assert watched.told() == []


def test_what_stands_there_is_taken_as_known(tmp_path: Path) -> None:
    write(OVERFITTED, tmp_path / "old")
    watched = Watched(tmp_path)
    watched.watch.take_as_known(watched.watch.look(), time.time())
    assert watched.told() == []
    write(OVERFITTED, tmp_path / "new")
    assert [one.run for one in watched.look()] == ["new"]


def test_unchanged_runs_are_not_judged_again(tmp_path: Path) -> None:
    for name in "abc":
        write(OVERFITTED, tmp_path / name)
    watched = Watched(tmp_path)
    before = watched.watch.look()
    assert all(one is other for (one, other) in zip(before, watched.watch.look()))
