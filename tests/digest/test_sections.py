"""What is in each section of the digest, and what is not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tensorboard_runlens.recording.process import this_process
from tensorboard_runlens.schema.digest import DigestAnswer
from tests.builders import write
from tests.comparison.runs import rising
from tests.housekeeping.pruned import checkpoint

from .nights import (
    EVENING,
    HOUR,
    KILLED,
    NOW,
    OUT_OF_MEMORY,
    begun,
    copied,
    digest,
    names,
    training,
)


def baseline(logdir: Path, **values: object) -> None:
    write(logdir / "runlens.yaml", "".join(f"{key}: {value}\n" for key, value in values.items()))


def nothing_happened(answer: DigestAnswer) -> bool:
    return not (answer.finished or answer.died or answer.improved or answer.running)


# --- what finished ---


def test_what_ended_since_then_finished(tmp_path: Path) -> None:
    training(tmp_path / "a", ended=EVENING + 1)
    training(tmp_path / "before", ended=EVENING - 1, metric=rising(60, 0.5))
    (one,) = digest(tmp_path).finished
    assert (one.run, one.state, one.at) == ("a", "finished", EVENING + 1)
    assert (one.epochs, one.planned, one.seconds) == (60, 60, 3600.0)
    assert one.main_metric is not None
    assert one.main_metric.name == "map50_95"
    assert one.said.startswith("Finished after 1.0 hours. ")
    assert "deploy the weights" in one.said


def test_the_best_comes_first_with_the_users_own_words(tmp_path: Path) -> None:
    training(tmp_path / "worse", ended=NOW - HOUR, metric=rising(60, 0.4))
    training(tmp_path / "better", ended=NOW - 2 * HOUR, metric=rising(60, 0.7))
    baseline(tmp_path, notes="{worse: /home/anna/x}", tags="{worse: [deployed]}")
    (first, second) = digest(tmp_path).finished
    assert (first.run, first.note, first.tags) == ("better", None, [])
    assert (second.run, second.note, second.tags) == ("worse", "…/x", ["deployed"])


def test_a_file_that_was_added_later_does_not_make_a_training_end_again(tmp_path: Path) -> None:
    run = training(tmp_path / "old", ended=NOW - 40 * 24 * HOUR)
    write(run / ".DS_Store", b"")
    write(run / "notes.txt", "looked at it")
    copied(run / ".DS_Store", NOW)
    assert nothing_happened(digest(tmp_path))


def test_copies_are_left_out_and_counted(tmp_path: Path) -> None:
    for number in range(5):
        metric = rising(60, 0.5, seed=number)
        copied(training(tmp_path / f"copy{number}", ended=0, metric=metric), NOW - HOUR)
    training(tmp_path / "own", ended=NOW - HOUR, metric=rising(60, 0.6))
    answer = digest(tmp_path)
    assert names(answer.finished) == ["own"]
    assert answer.notes == [
        "5 runs with new files left out, since these do not tell when it trained: a copy's all have one time, and so"
        " has a single file. copy0, copy1, copy2 and 2 more."
    ]


def test_a_training_and_its_copies_are_one(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        training(tmp_path / name, ended=NOW - HOUR)
    copied(tmp_path / "a", NOW)
    answer = digest(tmp_path)
    assert names(answer.finished) == ["b"]
    assert answer.headline.startswith("1 finished; ")
    assert answer.notes == []


def test_a_recording_tells_when_it_trained_though_its_files_have_one_time(tmp_path: Path) -> None:
    """A Recorder writes the manifest anew when it is done."""
    folder = tmp_path / "loop" / "runlens"
    lines = [
        {"epoch": number, "seconds": 600.0, "fitness": 0.1, "metrics": {"box": {"map50_95": 0.1}}}
        for number in range(1, 13)
    ]
    manifest = {"format": 1, "framework": "recorded", "task": "detect", "epochs": 12}
    manifest |= {"finished": 12, "started": NOW - 5 * HOUR}
    write(folder / "manifest.json", json.dumps(manifest))
    write(folder / "epochs.jsonl", "".join(f"{json.dumps(line)}\n" for line in lines))
    copied(tmp_path / "loop", NOW - 3 * HOUR)
    assert names(digest(tmp_path).finished) == ["loop"]
    copied(tmp_path / "loop", NOW - HOUR)
    assert nothing_happened(digest(tmp_path))


def test_of_a_training_without_a_plan_nobody_knows_whether_it_finished(tmp_path: Path) -> None:
    run = training(tmp_path / "home_made", ended=NOW - HOUR)
    (run / "args.yaml").write_text("task: detect\nmode: train\n")
    copied(run / "args.yaml", NOW - 2 * HOUR)
    answer = digest(tmp_path)
    assert nothing_happened(answer)
    assert answer.notes == [
        "1 run stopped writing, and how many epochs were planned is not known: finished or broken off. home_made."
    ]


# --- what died ---


def test_where_and_why_a_training_died_and_how_to_resume_it(tmp_path: Path) -> None:
    training(
        tmp_path / "dead",
        ended=NOW - 2 * HOUR,
        done=37,
        planned=100,
        weights=["best.pt", "last.pt"],
        log=OUT_OF_MEMORY,
        batch=16,
    )
    answer = digest(tmp_path)
    (one,) = answer.died
    assert (one.run, one.at, one.epoch, one.planned) == ("dead", NOW - 2 * HOUR, 37, 100)
    assert one.why == "out_of_memory"
    assert one.said.startswith("Broke off after epoch 37 of 100: ")
    assert one.command == "yolo train resume model=weights/last.pt"
    assert answer.headline.startswith("1 died at epoch 37 (out of memory); ")
    assert answer.next[0].command == one.command
    assert "Halve the batch size before resuming." in answer.next[0].said


def test_a_training_that_is_silent_is_not_called_dead(tmp_path: Path) -> None:
    training(tmp_path / "silent", ended=NOW - HOUR, done=37, planned=100)
    answer = digest(tmp_path)
    assert [(one.state, one.why) for one in answer.died] == [("stale", None)]
    assert answer.died[0].said == "Silent since epoch 37 of 100."
    assert answer.headline.startswith("1 fell silent at epoch 37; ")


def test_a_training_that_another_run_continues_did_not_die(tmp_path: Path) -> None:
    values = rising(60)
    training(tmp_path / "exp", ended=NOW - 4 * HOUR, metric=values[:30], planned=60)
    training(tmp_path / "exp2", ended=NOW - HOUR, metric=values)
    answer = digest(tmp_path)
    assert names(answer.finished) == ["exp2"]
    assert answer.died == []


def test_a_training_that_died_in_its_first_epoch_is_told(tmp_path: Path) -> None:
    begun(tmp_path / "dead", NOW - HOUR, log=OUT_OF_MEMORY)
    answer = digest(tmp_path)
    (one,) = answer.died
    assert (one.state, one.epoch, one.why, one.command) == ("empty", None, "out_of_memory", None)
    assert one.said.startswith("Broke off before its first epoch was done: ")
    assert answer.headline.startswith("1 died in its first epoch (out of memory); ")
    assert answer.next[0].run == "dead"


def test_arguments_that_were_copied_are_no_training_that_died(tmp_path: Path) -> None:
    begun(tmp_path / "copy", NOW - HOUR, spread=0)
    assert nothing_happened(digest(tmp_path))


def test_several_deaths_are_counted_by_their_reasons(tmp_path: Path) -> None:
    for number, log in enumerate([OUT_OF_MEMORY, OUT_OF_MEMORY, KILLED, None]):
        metric = rising(30, seed=number)
        ended = NOW - (26 if log is None else 2) * HOUR
        training(tmp_path / f"dead{number}", ended, metric=metric, planned=60, log=log)
    answer = digest(tmp_path, since=NOW - 48 * HOUR)
    assert answer.headline.startswith("4 died (2 out of memory, 1 killed); ")
    assert names(answer.died)[-1] == "dead3"


# --- what is better ---


def test_what_is_better_than_the_baseline_by_more_than_noise(tmp_path: Path) -> None:
    training(tmp_path / "base", ended=NOW - 99 * HOUR, metric=rising(100, 0.5))
    training(tmp_path / "good", ended=NOW - HOUR, metric=rising(100, 0.6, seed=1))
    training(tmp_path / "alike", ended=NOW - HOUR, metric=rising(100, 0.503, seed=2))
    training(tmp_path / "good_before", ended=NOW - 50 * HOUR, metric=rising(100, 0.7, seed=3))
    baseline(tmp_path, baseline="base")
    answer = digest(tmp_path)
    (one,) = answer.improved
    assert (one.run, answer.baseline) == ("good", "base")
    assert one.delta == pytest.approx(0.1, abs=0.01)
    assert one.interval is not None
    assert one.interval[0] > 0
    assert answer.headline.startswith("2 finished, 1 beats the baseline; ")
    assert ("good", "runlens compare base good") in [
        (step.run, step.command) for step in answer.next
    ]


def test_what_is_better_than_numbers(tmp_path: Path) -> None:
    training(tmp_path / "good", ended=NOW - HOUR, metric=rising(100, 0.6))
    baseline(tmp_path, baseline="paper", baselines="{paper: {map50_95: 0.5}, more: {map50_95: .9}}")
    answer = digest(tmp_path)
    (one,) = answer.improved
    assert (one.run, one.interval, answer.baseline) == ("good", None, "paper")
    assert "mAP50-95 is 10.0 points above 0.5" in one.said
    assert answer.next[0].command == "runlens compare good --baseline=paper"
    baseline(tmp_path, baseline="more", baselines="{more: {map50_95: 0.9}}")
    assert digest(tmp_path).improved == []


def test_of_several_numbers_all_count_where_the_main_metric_is_not_among_them(
    tmp_path: Path,
) -> None:
    training(tmp_path / "good", ended=NOW - HOUR, metric=rising(100, 0.6))
    baseline(tmp_path, baseline="paper", baselines="{paper: {precision: 0.1, recall: 0.1}}")
    assert names(digest(tmp_path).improved) == ["good"]
    baseline(tmp_path, baseline="paper", baselines="{paper: {precision: 0.1, recall: 0.99}}")
    assert digest(tmp_path).improved == []


def test_the_baseline_its_copies_and_a_run_that_is_gone_are_nothing(tmp_path: Path) -> None:
    training(tmp_path / "base", ended=NOW - HOUR)
    training(tmp_path / "copy", ended=NOW - HOUR)
    baseline(tmp_path, baseline="base")
    assert digest(tmp_path).improved == []
    baseline(tmp_path, baseline="gone")
    assert (digest(tmp_path).baseline, digest(tmp_path).improved) == (None, [])


# --- what runs ---


def test_what_runs_and_when_it_ends(tmp_path: Path) -> None:
    training(tmp_path / "long", ended=NOW - 60, done=30, planned=400)
    training(tmp_path / "short", ended=NOW - 60, metric=rising(30, seed=1), planned=60)
    answer = digest(tmp_path)
    assert names(answer.running) == ["short", "long"]
    (short, _) = answer.running
    assert (short.epoch, short.planned, short.per_epoch) == (30, 60, 60.0)
    assert short.ends == NOW - 60 + 30 * 60
    assert short.said == "Epoch 30 of 60 done, 1 minute each."
    assert answer.headline == (
        "Nothing is known to have ended since 2027-01-14 20:00; 2 are running, the last until 14:09."
    )


def test_a_running_training_stands_to_the_baseline(tmp_path: Path) -> None:
    training(tmp_path / "base", ended=NOW - 50 * HOUR, metric=rising(100, 0.5))
    training(tmp_path / "live", ended=NOW - 60, metric=rising(100, 0.7, seed=1)[:60], planned=100)
    baseline(tmp_path, baseline="base")
    (one,) = digest(tmp_path).running
    assert one.standing is not None
    assert one.standing.delta is not None
    assert one.standing.delta > 0.1


def test_a_plan_that_nobody_lives_to_see_has_no_end(tmp_path: Path) -> None:
    training(tmp_path / "live", ended=NOW - 60, done=30, planned=90_000_000)
    (one,) = digest(tmp_path).running
    assert one.ends is None
    assert digest(tmp_path).headline.endswith("; 1 is running.")


@pytest.mark.skipif(this_process() is None, reason="only Linux tells whether a process is there")
def test_a_copy_that_a_process_goes_on_with_runs(tmp_path: Path) -> None:
    run = training(tmp_path / "live", ended=NOW, done=10, planned=60)
    manifest = {"format": 1, "framework": "ultralytics", "process": this_process()}
    write(run / "runlens" / "manifest.json", json.dumps(manifest))
    line = {"epoch": 10, "metrics": {"box": {"map50_95": 0.1}}}
    write(run / "runlens" / "epochs.jsonl", f"{json.dumps(line)}\n")
    copied(run, NOW - 200)
    answer = digest(tmp_path)
    assert names(answer.running) == ["live"]
    assert answer.notes == []


def test_a_training_in_its_first_epoch_runs(tmp_path: Path) -> None:
    begun(tmp_path / "live", NOW - 10, spread=90)
    (one,) = digest(tmp_path).running
    assert (one.epoch, one.ends, one.said) == (None, None, "In its first epoch.")


# --- what to do ---


def test_checkpoints_to_free_are_summed_up(tmp_path: Path) -> None:
    run = training(tmp_path / "run", ended=NOW - 90 * HOUR, weights=["best.pt", "last.pt"])
    write(run / "weights" / "best.pt", checkpoint())
    for number in (10, 20):
        write(run / "weights" / f"epoch{number}.pt", checkpoint())
        os.truncate(run / "weights" / f"epoch{number}.pt", 10**9)
    copied(run / "weights", NOW - 90 * HOUR)
    answer = digest(tmp_path)
    assert answer.disk.said == "2.0 GB in 2 checkpoints can go."
    assert (answer.disk.files, answer.disk.bytes) == (2, 2 * 10**9)
    assert [(one.run, one.files, one.bytes) for one in answer.disk.runs] == [("run", 2, 2 * 10**9)]
    assert [(one.run, one.command) for one in answer.next] == [(None, "runlens prune .")]


def test_a_little_to_free_is_nothing_to_do(tmp_path: Path) -> None:
    run = training(tmp_path / "run", ended=NOW - 90 * HOUR)
    for name in ("best.pt", "epoch10.pt"):
        write(run / "weights" / name, checkpoint())
    copied(run / "weights", NOW - 90 * HOUR)
    answer = digest(tmp_path)
    assert (answer.disk.files, answer.next) == (1, [])


def test_the_list_of_things_to_do_ends(tmp_path: Path) -> None:
    for number in range(25):
        metric = rising(30, seed=number)
        training(tmp_path / f"dead{number}", NOW - 2 * HOUR, metric=metric, planned=60)
    answer = digest(tmp_path)
    assert len(answer.died) == 25
    assert len(answer.next) == 20


def test_nothing_is_said_too(tmp_path: Path) -> None:
    training(tmp_path / "old", ended=NOW - 99 * HOUR)
    answer = digest(tmp_path)
    assert nothing_happened(answer)
    assert answer.headline == (
        "Nothing is known to have ended since 2027-01-14 20:00; no sign of a training since 2027-01-14 20:00."
    )
