"""Runs that were cut off: what they are worth, how they go on, and what another run makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.answers import show_answer
from tensorboard_runlens.relations import Relations
from tensorboard_runlens.rules import Finding
from tests.builders import set_times, write, write_args

from . import trainings
from .trainings import INTERRUPTED, Training, analysed

CHECKPOINTS = ["weights/best.pt", "weights/last.pt"]
CONTINUED = Relations(continued_by=("exp3", "exp4"))


def found(training: Training, folder: Path, **more: Any) -> Finding:
    analysis = analysed(training, folder, **more)
    return next(one for one in analysis.findings if one.rule == "interrupted")


def test_a_run_that_another_one_continues_is_information(tmp_path: Path) -> None:
    training = INTERRUPTED.changed(weights=CHECKPOINTS)
    analysis = analysed(training, tmp_path, relations=CONTINUED)
    one = next(one for one in analysis.findings if one.rule == "interrupted")
    assert one.severity == "info"
    assert one.summary.endswith("it goes on in exp4.")
    assert [advice.key for advice in one.advice] == ["see-continued"]
    assert all(advice.command is None for advice in one.advice)
    assert analysis.health.level == "info"
    assert analysis.headline.endswith("go on with exp4, which continues it.")
    assert "resume" not in analysis.headline


def test_nobody_continued_it_so_it_is_a_warning_with_a_command(tmp_path: Path) -> None:
    one = found(INTERRUPTED.changed(weights=CHECKPOINTS), tmp_path)
    assert (one.severity, one.evidence["continued_by"]) == ("warning", [])
    assert one.advice[0].command == "yolo train resume model=weights/last.pt"
    assert one.advice[0].text == "Resume in the run's folder."


def test_a_training_is_resumed_where_its_relative_paths_begin(tmp_path: Path) -> None:
    arguments = {**INTERRUPTED.args, "save_dir": "runs/detect/train3"}
    one = found(INTERRUPTED.changed(weights=CHECKPOINTS, args=arguments), tmp_path)
    assert one.advice[0].command == "yolo train resume model=runs/detect/train3/weights/last.pt"
    assert one.advice[0].text == "Resume in the folder where it was started."


def test_without_last_pt_there_is_no_command(tmp_path: Path) -> None:
    one = found(INTERRUPTED.changed(weights=["weights/best.pt"]), tmp_path)
    assert [(advice.key, advice.command) for advice in one.advice] == [("train-again", None)]


OUT_OF_MEMORY = """\
Ultralytics 8.3.74 Python-3.12.6 torch-2.3.0+cu121 CUDA:0 (NVIDIA RTX A6000, 48685MiB)
engine/trainer: task=detect, mode=train, model=yolo11s.pt, data=data.yaml, imgsz=640, workers=8
Traceback (most recent call last):
torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.20 GiB
"""


@pytest.mark.parametrize(
    ("batch", "change"),
    [(16, ("batch", 16, 8)), (1, None), (-1, None), ("true", None), (0.9, None)],
)
def test_out_of_memory_asks_for_half_the_batch(batch: Any, change: Any, tmp_path: Path) -> None:
    training = INTERRUPTED.changed(args={**INTERRUPTED.args, "batch": batch})
    folder = trainings.write(training, tmp_path)
    (folder / "train.log").write_text(OUT_OF_MEMORY)
    trainings.set_time(folder, trainings.OLD)
    analysis = trainings.judged(folder)
    one = next(one for one in analysis.findings if one.rule == "interrupted")
    assert one.evidence["ended"] == "out_of_memory"
    assert "the GPU ran out of memory" in one.summary
    smaller = next(advice for advice in one.advice if advice.key == "smaller-batch")
    assert smaller.change == change


BEFORE = OUT_OF_MEMORY.split("torch.Out")[0]
MAIN_MEMORY = "RuntimeError: [enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"


def with_a_log(training: Training, text: str, folder: Path) -> Finding:
    written = trainings.write(training.changed(weights=CHECKPOINTS), folder)
    (written / "train.log").write_text(text)
    trainings.set_time(written, trainings.OLD)
    return next(one for one in trainings.judged(written).findings if one.rule == "interrupted")


@pytest.mark.parametrize(
    ("words", "reason", "clause", "keys"),
    [
        (MAIN_MEMORY, "the machine ran out of memory", "Out of memory at", ["fewer-workers", "resume"]),
        ("OSError: [Errno 28] No space left on device", "the disk was full", "Disk full at", ["free-space", "resume"]),
        ("Killed", "the process was killed", "Killed at", ["resume"]),
        ("KeyboardInterrupt", "it was stopped by hand", "Stopped by hand at", ["resume"]),
        ("KeyError: 'x'", "an error ended it (KeyError: 'x')", "Ended by an error at", ["mend-error", "resume"]),
        ("no exception", "an error ended it", "Ended by an error at", ["resume"]),
    ],
)  # fmt: skip
def test_it_says_why_and_what_to_do_first(
    words: str, reason: str, clause: str, keys: list[str], tmp_path: Path
) -> None:
    one = with_a_log(INTERRUPTED, f"{BEFORE}{words}\n", tmp_path)
    assert one.summary.endswith(f"; {reason}.")
    assert one.clause == f"{clause} epoch 60 of 100"
    assert [advice.key for advice in one.advice] == keys


@pytest.mark.parametrize(
    ("arguments", "change"),
    [
        ({"cache": "true", "workers": 8}, ("cache", True, False)),
        ({"cache": "ram", "workers": 8}, ("cache", "ram", False)),
        ({"cache": "disk", "workers": 8}, ("workers", 8, 4)),
        ({"cache": "false", "workers": 1}, ("workers", 1, 0)),
        ({"workers": 0}, None),
    ],
)
def test_main_memory_is_freed_where_it_was_spent(
    arguments: dict[str, Any], change: Any, tmp_path: Path
) -> None:
    training = INTERRUPTED.changed(args={**INTERRUPTED.args, **arguments})
    one = with_a_log(training, f"{BEFORE}{MAIN_MEMORY}\n", tmp_path)
    assert one.advice[0].change == change


def test_a_run_that_has_just_fallen_silent_is_stale(tmp_path: Path) -> None:
    folder = trainings.write(INTERRUPTED, tmp_path)
    trainings.set_time(folder / "results.csv", trainings.NOW - 7200)
    analysis = trainings.judged(folder)
    assert analysis.state == "stale"
    one = next(one for one in analysis.findings if one.rule == "interrupted")
    assert one.summary.startswith("Silent since epoch 60 of 100 (60 % of the planned epochs)")


HOUR = 3600.0


def begun(folder: Path, silence: float, spread: float, *files: str) -> Analysis:
    """A training that has no epoch: its arguments and ``files``, the newest of which is so old."""
    write_args(folder, task="detect", mode="train", epochs=50)
    for name in files:
        write(folder / name, b"")
    set_times(folder, trainings.NOW - silence, spread)
    return trainings.judged(folder)


def of_rule(analysis: Analysis) -> list[Finding]:
    return [one for one in analysis.findings if one.rule == "interrupted"]


@pytest.mark.parametrize(
    ("silence", "summary", "headline"),
    [
        (
            HOUR,
            "Silent before its first epoch ended.",
            "No epoch logged: silent before its first one ended; see whether it still runs.",
        ),
        (
            48 * HOUR,
            "Interrupted before its first epoch ended.",
            "No epoch logged: it stopped before its first one ended; train again.",
        ),
    ],
)
def test_one_without_an_epoch_is_a_warning_like_any_other(
    silence: float, summary: str, headline: str, tmp_path: Path
) -> None:
    analysis = begun(tmp_path, silence, 20, "train_batch0.jpg")
    (one,) = of_rule(analysis)
    assert (analysis.state, one.severity, one.span, one.summary) == (
        "empty",
        "warning",
        None,
        summary,
    )
    assert [advice.key for advice in one.advice] == ["train-again"]
    assert (analysis.headline, analysis.health.rule) == (headline, "interrupted")
    assert show_answer(analysis).run.findings[0].evidence["last_epoch"] is None


def test_why_it_has_no_epoch_is_said_with_the_remedy(tmp_path: Path) -> None:
    write_args(tmp_path, task="detect", mode="train", epochs=50, batch=16)
    write(tmp_path / "train.log", OUT_OF_MEMORY)
    set_times(tmp_path, trainings.OLD, 20)
    (one,) = of_rule(trainings.judged(tmp_path))
    assert one.summary == "Interrupted before its first epoch ended; the GPU ran out of memory."
    assert one.clause == "Out of memory at the first epoch"
    assert [advice.key for advice in one.advice] == ["smaller-batch", "train-again"]


@pytest.mark.parametrize(
    ("silence", "spread", "files"),
    [
        (48 * HOUR, HOUR, ["note.txt"]),
        (48 * HOUR, 0, ["train_batch0.jpg"]),
        (48 * HOUR, HOUR, ["train_batch0.jpg", "weights/best.pt"]),
        (500, 20, ["train_batch0.jpg"]),
    ],
    ids=["arguments only", "a copy", "epochs were done", "it may still run"],
)
def test_what_is_not_known_to_have_died_is_no_warning(
    silence: float, spread: float, files: list[str], tmp_path: Path
) -> None:
    analysis = begun(tmp_path, silence, spread, *files)
    assert of_rule(analysis) == []
    assert analysis.headline.startswith("No epoch logged")
    assert "it stopped" not in analysis.headline
