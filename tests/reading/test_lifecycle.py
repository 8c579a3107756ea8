"""Where a run stands: told by rows, arguments and file times."""

from __future__ import annotations

import os

import pytest

from tensorboard_runlens import answers
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import Catalog, open_run
from tensorboard_runlens.lifecycle import epoch_seconds, last_planned_epoch, planned_epochs
from tensorboard_runlens.signals import Signals
from tests.builders import (
    BOX,
    DETECT,
    DETECT_WITHOUT_TIME,
    YOLOV5,
    YOLOV5_BOX,
    csv_text,
    rows_of,
    set_times,
    write,
    write_args,
    write_csv,
    write_detect,
)

NOW = 1_800_000_000.0
DAY = 24 * 3600.0


def state_of(folder, now=NOW):
    return Signals(open_run(str(folder)), now).state


def peaked(folder, columns, first, count, best, **arguments):
    """A run whose fitness is highest in row ``best``."""
    metrics = YOLOV5_BOX if columns is YOLOV5 else BOX
    rows = rows_of(columns, range(first, first + count), **dict.fromkeys(metrics, 0.3))
    rows[best].update(dict.fromkeys(metrics, 0.5))
    write_csv(folder, columns, rows)
    return write_args(folder, "opt.yaml" if columns is YOLOV5 else "args.yaml", **arguments)


def test_a_run_that_reached_its_plan_is_finished(tmp_path):
    assert state_of(write_detect(tmp_path, range(1, 11), epochs=10, patience=3)) == "finished"


def test_a_run_that_reached_its_plan_is_finished_however_fresh_its_files(tmp_path):
    set_times(write_detect(tmp_path, range(1, 11), epochs=10), newest=NOW - 5, spread=300)
    assert state_of(tmp_path) == "finished"


def test_patience_that_ran_out_is_early_stopping(tmp_path):
    peaked(tmp_path, DETECT, first=1, count=15, best=4, epochs=100, patience=10)
    assert state_of(tmp_path) == "early_stopped"


def test_one_epoch_short_of_patience_is_an_interruption(tmp_path):
    peaked(tmp_path, DETECT, first=1, count=14, best=4, epochs=100, patience=10)
    assert state_of(tmp_path) == "interrupted"


def test_patience_counts_from_the_first_of_tied_epochs(tmp_path):
    peaked(tmp_path, DETECT, first=1, count=15, best=4, epochs=100, patience=10)
    rows = rows_of(DETECT, range(1, 16), **dict.fromkeys(BOX, 0.3))
    for row in (4, 9):
        rows[row].update(dict.fromkeys(BOX, 0.5))
    write_csv(tmp_path, DETECT, rows)
    assert state_of(tmp_path) == "early_stopped"


@pytest.mark.parametrize("patience", [0, -1, "null", "false"])
def test_without_patience_nothing_stops_early(tmp_path, patience):
    peaked(tmp_path, DETECT, first=1, count=15, best=4, epochs=100, patience=patience)
    assert state_of(tmp_path) == "interrupted"


def test_a_complete_run_that_counts_from_zero_did_not_stop_early(tmp_path):
    peaked(tmp_path, YOLOV5, first=0, count=20, best=9, epochs=20, patience=10)
    assert last_planned_epoch(open_run(str(tmp_path))) == 19
    assert state_of(tmp_path) == "finished"


def test_a_run_from_zero_that_misses_its_last_epoch_is_not_finished(tmp_path):
    peaked(tmp_path, YOLOV5, first=0, count=19, best=18, epochs=20, patience=10)
    assert state_of(tmp_path) == "interrupted"


def test_an_early_ultralytics_run_from_zero_is_finished_at_its_plan(tmp_path):
    write_csv(tmp_path, DETECT_WITHOUT_TIME, rows_of(DETECT_WITHOUT_TIME, range(10)))
    write_args(tmp_path, epochs=10, patience=5)
    assert state_of(tmp_path) == "finished"


def test_a_yolov5_run_resumed_at_epoch_54_still_counts_from_zero(tmp_path):
    write_csv(tmp_path, YOLOV5, rows_of(YOLOV5, range(54, 60)))
    write_args(tmp_path, "opt.yaml", epochs=60)
    assert state_of(tmp_path) == "finished"


def test_an_ultralytics_run_resumed_at_epoch_54_ends_at_its_plan(tmp_path):
    write_detect(tmp_path, range(54, 60), epochs=60)
    assert state_of(tmp_path) == "interrupted"


def test_files_written_just_now_over_the_whole_training_are_a_running_one(tmp_path):
    set_times(write_detect(tmp_path, range(1, 6), epochs=100), newest=NOW - 30, spread=60)
    assert state_of(tmp_path) == "running"


def test_a_copy_whose_files_share_one_time_is_never_running(tmp_path):
    set_times(write_detect(tmp_path, range(1, 6), epochs=100), newest=NOW - 1, spread=0)
    assert state_of(tmp_path) == "interrupted"


def test_a_copy_that_took_a_few_seconds_is_not_running(tmp_path):
    set_times(write_detect(tmp_path, range(1, 101), epochs=300), newest=NOW - 1, spread=8)
    assert state_of(tmp_path) == "interrupted"


def test_a_run_without_a_time_column_is_judged_by_its_files(tmp_path):
    write_csv(tmp_path, YOLOV5, rows_of(YOLOV5, range(5)))
    write_args(tmp_path, "opt.yaml", epochs=100)
    set_times(tmp_path, newest=NOW - 30, spread=61)
    assert state_of(tmp_path) == "running"
    set_times(tmp_path, newest=NOW - 30, spread=59)
    assert state_of(tmp_path) == "interrupted"


@pytest.mark.parametrize(
    ("silence", "expected"),
    [(599, "running"), (601, "stale"), (DAY - 1, "stale"), (DAY + 1, "interrupted")],
)
def test_silence_turns_running_into_stale_and_stale_into_interrupted(tmp_path, silence, expected):
    set_times(write_detect(tmp_path, range(1, 6), epochs=100), newest=NOW - silence, spread=90)
    assert state_of(tmp_path) == expected


@pytest.mark.parametrize(("silence", "expected"), [(2999, "running"), (3001, "stale")])
def test_a_run_of_long_epochs_may_be_silent_for_three_of_them(tmp_path, silence, expected):
    rows = rows_of(DETECT, range(1, 6))
    for row in rows:
        row["time"] = 1000 * row["epoch"]
    write_args(write_csv(tmp_path, DETECT, rows), epochs=100)
    set_times(tmp_path, newest=NOW - silence, spread=5000)
    assert epoch_seconds(open_run(str(tmp_path))) == 1000
    assert state_of(tmp_path) == expected


def test_a_clock_ahead_of_ours_does_not_matter(tmp_path):
    set_times(write_detect(tmp_path, range(1, 6), epochs=100), newest=NOW + 3600, spread=90)
    assert state_of(tmp_path) == "running"


def test_a_file_dated_years_ahead_says_nothing_about_now(tmp_path):
    set_times(write_detect(tmp_path, range(1, 6), epochs=100), newest=NOW + 1e8, spread=90)
    assert state_of(tmp_path) == "interrupted"


def test_a_run_that_was_seen_to_grow_is_running_whatever_its_files_times(tmp_path):
    catalog = Catalog([("", str(tmp_path))])
    set_times(write_detect(tmp_path, range(1, 3), epochs=100), newest=NOW - 9, spread=0)
    catalog.refresh()
    assert Signals(catalog.runs["."], NOW).state == "interrupted"
    set_times(write_detect(tmp_path, range(1, 4), epochs=100), newest=NOW - 1, spread=0)
    catalog.refresh()
    assert Signals(catalog.runs["."], NOW).state == "running"


def test_without_a_plan_the_end_is_unknown(tmp_path):
    set_times(write_detect(tmp_path, range(1, 6)), newest=NOW - DAY * 9, spread=0)
    assert state_of(tmp_path) == "unknown"


def test_arguments_without_results_are_an_empty_run(tmp_path):
    set_times(write_args(tmp_path, epochs=10, task="detect"), newest=NOW - DAY * 9, spread=0)
    assert state_of(tmp_path) == "empty"


def test_a_header_without_rows_is_an_empty_run(tmp_path):
    write(tmp_path / "results.csv", csv_text(DETECT, []))
    set_times(tmp_path, newest=NOW - DAY * 9, spread=0)
    assert state_of(tmp_path) == "empty"


def test_a_run_in_its_first_epoch_is_running(tmp_path):
    write_args(tmp_path, epochs=10, task="detect")
    write(tmp_path / "train_batch0.jpg", b"")
    set_times(tmp_path, newest=NOW - 5, spread=70)
    assert state_of(tmp_path) == "running"


@pytest.mark.parametrize(
    "name", [".DS_Store", ".nfs0001", "Thumbs.db", "notes.txt", "README.md", "runlens.yaml"]
)
def test_who_looks_into_a_folder_or_writes_a_note_does_not_make_it_run(tmp_path, name):
    set_times(write_detect(tmp_path, range(1, 6), epochs=100), newest=NOW - 9 * DAY, spread=90)
    write(tmp_path / name, b"x")
    os.utime(tmp_path / name, (NOW - 5, NOW - 5))
    assert state_of(tmp_path) == "interrupted"
    os.utime(tmp_path / "args.yaml", (NOW - 5, NOW - 5))
    assert state_of(tmp_path) == "running"


def test_arguments_that_somebody_edits_are_no_training(tmp_path):
    write_args(tmp_path, epochs=10, task="detect")
    write(tmp_path / "note.txt", "try this")
    set_times(tmp_path, newest=NOW - 5, spread=3600)
    assert state_of(tmp_path) == "empty"


@pytest.mark.parametrize("epochs", [".inf", ".nan", "0", "-3", "true", "[1]", "soon", "null"])
def test_a_plan_that_is_no_number_of_epochs_is_unknown(tmp_path, epochs):
    run = open_run(str(write_detect(tmp_path, range(1, 6), epochs=epochs)))
    assert planned_epochs(run) is None
    assert analyse(run, now=NOW).state == "unknown"


@pytest.mark.parametrize("name", ["epochs", "patience", "close_mosaic"])
@pytest.mark.parametrize("number", [".inf", ".nan", "1e400", "9" * 30, "-1"])
def test_absurd_arguments_still_give_an_answer(tmp_path, name, number):
    arguments = {"epochs": 100, "patience": 50, "close_mosaic": 10, name: number}
    analysis = analyse(open_run(str(write_detect(tmp_path, range(1, 16), **arguments))), now=NOW)
    assert analysis.failed_rules == []
    assert answers.encode(answers.show_answer(analysis)).startswith(b'{"ok":true')


@pytest.mark.parametrize(("columns", "best"), [(DETECT_WITHOUT_TIME, 12), (DETECT, 5)])
def test_the_sentence_names_the_epoch_from_which_the_release_counted(tmp_path, columns, best):
    """Up to 8.3.74 patience began anew at an equally good epoch; a table without a clock is older."""
    rows = rows_of(columns, range(1, 23), **dict.fromkeys(BOX[2:], 0.4))
    for number in (5, 12):
        rows[number - 1].update(dict.fromkeys(BOX[2:], 0.6))
    write_csv(tmp_path, columns, rows)
    write_args(tmp_path, epochs=80, patience=10)
    (finding,) = (
        one for one in analyse(open_run(str(tmp_path))).findings if one.rule == "early-stopped"
    )
    assert finding.evidence["best_epoch"] == best
