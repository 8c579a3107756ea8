"""That a training is over and why: what its process wrote, that it is gone, and what its console says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.answers import show_answer
from tensorboard_runlens.answers.runs_table import table_row
from tensorboard_runlens.catalog import Catalog, open_run
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.recorded_end import recorded_end
from tensorboard_runlens.judging import Judging
from tensorboard_runlens.pointed_out import Shelf
from tensorboard_runlens.recording.process import place, this_process
from tensorboard_runlens.report import text
from tensorboard_runlens.rules import Finding
from tensorboard_runlens.settings import Settings
from tests.builders import (
    BOX,
    DETECT,
    DETECT_WITHOUT_TIME,
    kinds,
    rows_of,
    set_times,
    write,
    write_args,
    write_csv,
    write_detect,
)

HOUR = 3600.0
KILLED_LOG = """\
Ultralytics 8.3.74 Python-3.12.6 torch-2.3.0+cu121 CUDA:0 (NVIDIA RTX A6000, 48685MiB)
engine/trainer: task=detect, mode=train, model=yolo11s.pt, data=data.yaml, imgsz=640, workers=8
train.sh: line 3: 12345 Killed                  python train.py
"""

needs_linux = pytest.mark.skipif(place() is None, reason="only Linux tells that a process is gone")


@pytest.fixture(scope="module")
def gone() -> dict[str, Any]:
    """A process that was there."""
    code = "from tensorboard_runlens.recording.process import this_process; print(this_process())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    told: dict[str, Any] = eval(done.stdout)  # noqa: S307, printed above
    return told


def recording(
    run: Path, epochs: int, process: Optional[dict[str, Any]] = None, ended: Any = None
) -> Path:
    """A recording of so many epochs, in a folder whose table was written over an hour, just now."""
    fields = {"format": 1, "framework": "ultralytics", "process": process}
    write(run / "runlens" / "manifest.json", json.dumps(fields))
    lines = "".join(f'{{"epoch":{epoch},"seconds":9}}\n' for epoch in range(1, epochs + 1))
    write(run / "runlens" / "epochs.jsonl", lines)
    if ended is not None:
        write(run / "runlens" / "ended.json", json.dumps(ended).ljust(4096))
    return run


def judged(run: Path, now: Optional[float] = None, spread: float = HOUR) -> Analysis:
    now = time.time() if now is None else now
    set_times(run, newest=now - 5, spread=spread)
    return analyse(open_run(str(run)), now=now)


def finding(analysis: Analysis) -> Finding:
    return next(one for one in analysis.findings if one.rule == "interrupted")


def of_ten(tmp_path: Path, **arguments: Any) -> Path:
    """10 of 100 epochs are done."""
    return write_detect(tmp_path / "run", range(1, 11), **{"epochs": 100, **arguments})


def test_without_a_word_a_training_runs_while_it_writes(tmp_path):
    analysis = judged(recording(of_ten(tmp_path), 10))
    assert (analysis.state, analysis.signals.ended) == ("running", None)


@pytest.mark.parametrize(
    "word", ["out_of_memory", "killed", "disk_full", "stopped_by_user", "error"]
)
def test_one_that_said_why_it_broke_off_is_interrupted_at_once(tmp_path, word):
    analysis = judged(recording(of_ten(tmp_path), 10, ended={"why": word, "epoch": 11}))
    assert (analysis.state, analysis.signals.ended) == ("interrupted", word)
    assert finding(analysis).evidence["ended"] == word


def test_every_answer_says_why(tmp_path):
    ended = {"why": "out_of_memory", "epoch": 11}
    analysis = judged(recording(of_ten(tmp_path), 10, ended=ended))
    assert text.scan([analysis], [], []).splitlines()[0].endswith("interrupted: out of memory")
    assert text.show(analysis).splitlines()[0].endswith("interrupted: out of memory")
    assert show_answer(analysis).run.ended == "out_of_memory"
    assert table_row(analysis, False, 0).ended == "out_of_memory"


def test_one_that_came_to_its_end_is_finished_however_much_was_planned(tmp_path):
    analysis = judged(recording(of_ten(tmp_path), 10, ended={"why": "over", "epoch": 10}))
    assert (analysis.state, analysis.signals.ended) == ("finished", None)


def test_patience_that_ran_out_is_still_early_stopping(tmp_path):
    rows = rows_of(DETECT, range(1, 11), **dict.fromkeys(BOX, 0.3))
    rows[2].update(dict.fromkeys(BOX, 0.5))
    run = write_args(write_csv(tmp_path / "run", DETECT, rows), epochs=100, patience=7)
    analysis = judged(recording(run, 10, ended={"why": "over", "epoch": 10}))
    assert analysis.state == "early_stopped"


def test_one_that_ended_without_a_reason_is_interrupted_without_one(tmp_path):
    analysis = judged(recording(of_ten(tmp_path), 10, ended={"why": None, "epoch": 10}))
    assert (analysis.state, analysis.signals.ended) == ("interrupted", None)


def test_an_end_after_which_the_table_went_on_does_not_count(tmp_path):
    analysis = judged(recording(of_ten(tmp_path), 9, ended={"why": "error", "epoch": 9}))
    assert (analysis.state, analysis.signals.ended) == ("running", None)


def test_before_the_first_epoch_the_headline_says_why(tmp_path):
    run = write_args(tmp_path / "run", epochs=10, task="detect")
    ended = {"why": "out_of_memory", "epoch": 1, "error": "OutOfMemoryError: CUDA out of memory."}
    analysis = judged(recording(run, 0, ended=ended))
    assert (analysis.state, analysis.signals.ended) == ("empty", "out_of_memory")
    assert analysis.headline == "No epoch logged: the GPU ran out of memory; train again."


def test_a_finished_run_is_not_said_to_have_broken_off(tmp_path):
    run = write_detect(tmp_path / "run", range(1, 11), epochs=10)
    analysis = judged(recording(run, 10, ended={"why": "error", "epoch": 10}))
    assert (analysis.state, analysis.signals.ended) == ("finished", None)


def test_without_a_plan_a_recorded_reason_makes_it_interrupted(tmp_path):
    run = of_ten(tmp_path, epochs="null")
    analysis = judged(recording(run, 10, ended={"why": "error", "epoch": 10, "error": "KeyError: 'x'"}))  # fmt: skip
    assert (analysis.state, analysis.signals.ended) == ("interrupted", "error")
    assert (
        finding(analysis).summary
        == "Interrupted after epoch 10; an error ended it (KeyError: 'x')."
    )


@needs_linux
def test_one_whose_process_is_gone_was_killed(tmp_path, gone):
    analysis = judged(recording(of_ten(tmp_path), 10, gone))
    assert (analysis.state, analysis.signals.ended) == ("interrupted", "killed")
    assert "gone without a word: killed, or crashed" in finding(analysis).summary


@pytest.mark.parametrize(
    ("used", "words", "keys"),
    [
        (0.95, ", maybe by the system: 95 % of its main memory were in use.", ["fewer-workers"]),
        (0.5, "; the process was killed.", []),
    ],
)
def test_where_main_memory_was_nearly_full_that_is_said_of_a_killed_one(
    tmp_path, used, words, keys
):
    run = recording(of_ten(tmp_path, workers=8), 9, ended={"why": "killed", "epoch": 10})
    line = {"epoch": 10, "machine": {"main_memory_used": used}}
    with open(run / "runlens" / "epochs.jsonl", "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    one = finding(judged(run))
    assert one.summary.endswith(words)
    assert [advice.key for advice in one.advice] == [*keys, "train-again"]


@needs_linux
def test_its_console_knows_more_of_it(tmp_path, gone):
    run = recording(of_ten(tmp_path), 10, gone)
    slurm = "slurmstepd: error: Detected 1 oom_kill event in StepId=7.0.\n"
    write(run / "train.log", KILLED_LOG + slurm)
    analysis = judged(run)
    assert analysis.signals.ended == "out_of_memory"
    assert "the machine ran out of memory" in finding(analysis).summary


STARTED = """\
Ultralytics 8.3.74 Python-3.12.6 torch-2.3.0+cu121 CUDA:0 (NVIDIA RTX A6000, 48685MiB)
engine/trainer: task=detect, mode=train, model=yolo11s.pt, data=data.yaml, epochs=100, patience=50
Starting training for 100 epochs...
"""
HEADER = "\n      Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size\n"
BAR = "       11/100      2.1G      1.030      2.892      1.362         39        640: {share}%|##|"
FULL = "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.20 GiB\n"


def printed(tmp_path: Path, text: str, after: float = 1.0) -> Analysis:
    """A training without a recording that wrote its last row just now, and its log so long after it."""
    run = of_ten(tmp_path)
    write(run / "train.log", text)
    now = time.time()
    set_times(run, newest=now - 60, spread=HOUR)
    os.utime(run / "train.log", (now - 60 + after,) * 2)
    return analyse(open_run(str(run)), now=now)


def test_one_whose_console_says_why_it_broke_off_is_interrupted_at_once(tmp_path):
    analysis = printed(tmp_path, STARTED + FULL)
    assert (analysis.state, analysis.signals.ended) == ("interrupted", "out_of_memory")
    assert "the GPU ran out of memory" in finding(analysis).summary


def test_a_log_that_is_older_than_the_table_is_not_the_end(tmp_path):
    analysis = printed(tmp_path, STARTED + FULL, after=-600)
    assert (analysis.state, analysis.signals.ended) == ("running", None)


@pytest.mark.parametrize(
    "later",
    [STARTED, STARTED.split("Starting")[0], STARTED + HEADER + BAR.format(share=10) + "\n"],
    ids=["started", "read its arguments", "in an epoch"],
)
@pytest.mark.parametrize("before", [STARTED, STARTED + HEADER + BAR.format(share=100) + "\n"])
def test_a_training_that_was_resumed_into_the_same_log_goes_on(tmp_path, before, later):
    assert printed(tmp_path, before + FULL + later).state == "running"


def test_what_was_survived_within_an_epoch_is_not_the_end(tmp_path):
    bars = "".join(f"{BAR.format(share=share)}\n" for share in range(40))
    assert printed(tmp_path, STARTED + HEADER + FULL + bars).state == "running"
    few = BAR.format(share=40) + "\n"
    assert printed(tmp_path / "few", STARTED + HEADER + few + FULL + few).state == "interrupted"


def test_one_that_was_resumed_and_died_again_is_told_by_its_last_words(tmp_path):
    whole = STARTED + HEADER + BAR.format(share=100) + "\n" + FULL + STARTED + "KeyboardInterrupt\n"
    assert printed(tmp_path, whole).signals.ended == "stopped_by_user"


def test_its_recording_knows_more_than_its_console(tmp_path):
    run = recording(of_ten(tmp_path), 10, ended={"why": "disk_full", "epoch": 10})
    write(run / "train.log", KILLED_LOG)
    assert judged(run).signals.ended == "disk_full"


EPOCH_S = 30.0


def last_row_after(run: Path, seconds: float, rows: int = 10) -> Analysis:
    """A training of epochs of 30 s whose last row came so long after the last record."""
    table = rows_of(DETECT, range(1, rows + 1))
    for number, row in enumerate(table, 1):
        row["time"] = EPOCH_S * number
    write_args(write_csv(run, DETECT, table), epochs=100)
    now = time.time()
    set_times(run, newest=now - 5, spread=HOUR)
    for name in ("manifest.json", "epochs.jsonl"):
        os.utime(run / "runlens" / name, (now - 5 - seconds,) * 2)
    return analyse(open_run(str(run)), now=now)


@needs_linux
@pytest.mark.parametrize(
    ("recorded", "seconds", "expected"),
    [
        (9, EPOCH_S, ("interrupted", "killed")),
        (9, EPOCH_S - 3, ("interrupted", "killed")),
        (9, EPOCH_S + 5, ("running", None)),
        (8, EPOCH_S, ("running", None)),
        (0, EPOCH_S, ("running", None)),
    ],
    ids=["killed", "slow to record", "another went on", "two rows", "all rows"],
)
def test_a_process_may_be_killed_between_a_row_and_its_record(
    tmp_path, gone, recorded, seconds, expected
):
    """Another process that goes on, unrecorded, needs a while to begin."""
    analysis = last_row_after(recording(tmp_path / "run", recorded, gone), seconds)
    assert (analysis.state, analysis.signals.ended) == expected


@needs_linux
@pytest.mark.parametrize(("seconds", "state"), [(EPOCH_S + 1, "interrupted"), (HOUR, "running")])
def test_a_process_may_be_killed_before_its_first_record(tmp_path, gone, seconds, state):
    run = recording(tmp_path / "run", 0, gone)
    assert last_row_after(run, seconds, rows=1).state == state


@needs_linux
def test_a_table_without_a_clock_does_not_tell_whose_its_last_row_is(tmp_path, gone):
    rows = rows_of(DETECT_WITHOUT_TIME, range(1, 11))
    run = write_args(write_csv(tmp_path / "run", DETECT_WITHOUT_TIME, rows), epochs=100)
    assert judged(recording(run, 9, gone)).state == "running"


@needs_linux
def test_of_a_process_of_another_machine_nothing_is_concluded(tmp_path, gone):
    analysis = judged(recording(of_ten(tmp_path), 10, {**gone, "place": "elsewhere"}))
    assert (analysis.state, analysis.signals.process_is_there) == ("running", None)


@needs_linux
def test_one_whose_process_is_there_runs_though_its_files_share_one_time(tmp_path):
    run = recording(of_ten(tmp_path), 10, this_process())
    assert judged(run, spread=0).state == "running"
    assert judged(recording(run, 10), spread=0).state == "interrupted"


@needs_linux
@pytest.mark.parametrize("hours", [1, 72])
def test_one_that_is_silent_for_long_is_stale_though_its_process_is_there(tmp_path, hours):
    run = recording(of_ten(tmp_path), 10, this_process())
    analysis = analyse(open_run(str(run)), now=time.time() + hours * HOUR)
    assert (analysis.state, analysis.signals.ended) == ("stale", None)
    one = finding(analysis)
    assert one.summary.startswith("Silent since epoch 10 of 100")
    assert one.summary.endswith("; its process is still there.")
    assert [advice.key for advice in one.advice] == ["look-at-process"]
    assert str(os.getpid()) in one.advice[0].text


@needs_linux
def test_a_first_epoch_may_take_longer_than_any_silence(tmp_path):
    run = write_args(tmp_path / "run", epochs=10, task="detect")
    recording(run, 0, this_process())
    now = time.time() + 2 * HOUR
    assert analyse(open_run(str(run)), now=now).state == "running"
    recording(run, 0)
    assert analyse(open_run(str(run)), now=now).state == "empty"


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[str]]:
    code = (
        "from tensorboard_runlens.recording.process import this_process; "
        "print(this_process(), flush=True); input()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield child
    child.kill()
    child.communicate()


@needs_linux
def test_a_run_is_judged_again_when_its_process_goes(tmp_path, sleeper):
    assert sleeper.stdout is not None
    recording(of_ten(tmp_path), 10, eval(sleeper.stdout.readline()))  # noqa: S307, printed above
    set_times(tmp_path / "run", newest=time.time() - 5, spread=HOUR)
    catalog = Catalog([("", str(tmp_path))])
    catalog.refresh()
    judging = Judging(catalog, Shelf())
    before = judging.judge(catalog.runs["run"], Settings())
    assert judging.judge(catalog.runs["run"], Settings()) is before
    sleeper.kill()
    sleeper.wait()
    after = judging.judge(catalog.runs["run"], Settings())
    assert [(one.state, one.signals.ended) for one in (before, after)] == [
        ("running", None),
        ("interrupted", "killed"),
    ]


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b'{"why":"boredom"}', b'{"epoch":-1}', b'{"error":7}', b"[" * 9000],
)
def test_a_damaged_file_is_said_and_left_out(tmp_path, content):
    run = recording(of_ten(tmp_path), 10)
    write(run / "runlens" / "ended.json", content)
    analysis = judged(run)
    assert [(one.file, one.kind) for one in analysis.run.problems] == [
        ("runlens/ended.json", "damaged")
    ]
    assert analysis.state == "running"


def test_a_file_that_is_too_large_is_refused(tmp_path):
    run = recording(of_ten(tmp_path), 10)
    write(run / "runlens" / "ended.json", b" " * 10**6 + b"null")
    assert kinds(judged(run).run.problems) == ["refused"]


@given(st.binary(max_size=200))
def test_no_content_raises(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("any")
    write(folder / "ended.json", content)
    problems: list[Any] = []
    found = recorded_end(Folder(str(folder)), problems)
    assert found is None or not problems


@pytest.mark.parametrize(
    "process", [{"pid": 0}, {"pid": -1}, {"pid": 2**40}, {"started": -1}, {"place": "x" * 999}]
)
def test_a_process_that_cannot_be_is_a_problem_and_nobody_is_asked(tmp_path, process, monkeypatch):
    asked: list[Any] = []
    monkeypatch.setattr(os, "kill", lambda *told: asked.append(told))
    fields = {"pid": 1, "started": 1, "place": place(), **process}
    analysis = judged(recording(of_ten(tmp_path), 10, fields))
    assert "damaged" in kinds(analysis.run.problems)
    assert asked == []


def test_no_path_of_another_machine_is_told(tmp_path):
    ended = {"why": "error", "epoch": 10, "error": "OSError: /home/anna/secret/data.yaml"}
    analysis = judged(recording(of_ten(tmp_path), 10, ended=ended))
    assert "anna" not in finding(analysis).summary
