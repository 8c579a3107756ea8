"""Why a training ended: classified from what ended it, and written whatever ends the process, but for what kills it."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens import Recorder
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.recorded_end import recorded_end
from tensorboard_runlens.recording.ending import MAX_CHAIN, Ending, said, why
from tensorboard_runlens.recording.layout import ENDED_BYTES
from tensorboard_runlens.recording.store import Store
from tests.recording.trainings import fire, train_epoch, trainer
from tests.training.conftest import OWN_MOUNTS, may_mount

WORDS = {"out_of_memory", "killed", "disk_full", "stopped_by_user", "error"}


class OutOfMemoryError(RuntimeError):
    """As torch names its own."""


class Unspeakable(Exception):
    def __str__(self) -> str:
        raise ValueError("no words")


def raised_from(cause: BaseException) -> BaseException:
    try:
        raise RuntimeError("could not save") from cause
    except RuntimeError as error:
        return error


def raised_while(other: BaseException, hidden: bool = False) -> BaseException:
    try:
        try:
            raise other
        except BaseException:
            if hidden:
                raise ValueError("something else") from None
            raise ValueError("something else")  # noqa: B904, that is what is tested
    except ValueError as error:
        return error


FULL_DISK = OSError(errno.ENOSPC, "No space left on device", "/data/runs/last.pt")

ENDINGS: list[tuple[BaseException, Optional[str]]] = [
    (OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB."), "out_of_memory"),
    (RuntimeError("CUDA error: out of memory"), "out_of_memory"),
    (RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"), "out_of_memory"),
    (RuntimeError("[enforce fail] . DefaultCPUAllocator: can't allocate memory: you tried"), "out_of_memory"),
    (MemoryError(), "out_of_memory"),
    (OSError(errno.ENOMEM, "Cannot allocate memory"), "out_of_memory"),
    (RuntimeError("unable to write to file </torch_12_34>: No space left on device (28)"), "out_of_memory"),
    (FULL_DISK, "disk_full"),
    (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk_full"),
    (RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 64 vs 0"), "disk_full"),
    (RuntimeError("PytorchStreamWriter failed writing file data/0: file write failed"), "disk_full"),
    (raised_from(FULL_DISK), "disk_full"),
    (raised_while(FULL_DISK), "disk_full"),
    (raised_while(FULL_DISK, hidden=True), "error"),
    (KeyboardInterrupt(), "stopped_by_user"),
    (RuntimeError("DataLoader worker (pid 12) is killed by signal: Killed. "), "killed"),
    (SystemExit(143), "killed"),
    (SystemExit(137), "killed"),
    (SystemExit(1), "error"),
    (SystemExit("no data"), "error"),
    (SystemExit(0), None),
    (SystemExit(), None),
    (ValueError("the disk is full of memory"), "error"),
    (Unspeakable(), "error"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "word"), ENDINGS)
def test_what_ended_it_has_a_word(error, word):
    assert why(error) == word


@given(st.text(), st.sampled_from([RuntimeError, OSError, MemoryError, SystemExit, KeyError]))
def test_any_message_is_classified_and_short(message, kind):
    error = kind(message)
    assert why(error) in {*WORDS, None}
    assert "\n" not in said(error)
    assert len(said(error)) <= 200


def test_a_ring_of_exceptions_has_an_end():
    (first, second) = (ValueError("a"), ValueError("b"))
    (first.__context__, second.__context__) = (second, first)
    assert why(first) == "error"


def test_what_lies_far_behind_is_not_asked():
    error: BaseException = FULL_DISK
    for _ in range(MAX_CHAIN):
        error = raised_from(error)
    assert why(error) == "error"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("bad\nsecond line"), "ValueError: bad"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
        (Unspeakable(), "Unspeakable"),
    ],
)
def test_an_exception_is_said_in_a_line(error, words):
    assert said(error) == words


def written(run: Path) -> Any:
    return json.loads((run / "runlens" / "ended.json").read_text("utf-8"))


def test_its_bytes_are_there_from_the_beginning(tmp_path):
    ending = Ending(Store(tmp_path), tmp_path)
    path = tmp_path / "runlens" / "ended.json"
    ending.begin()
    assert (path.stat().st_size, written(tmp_path)) == (ENDED_BYTES, None)
    inode = path.stat().st_ino
    ending.broke_off(ValueError("\N{CROSS MARK}" * 500 + " /home/anna/data/a.yaml"))
    assert (path.stat().st_size, path.stat().st_ino) == (ENDED_BYTES, inode)
    assert written(tmp_path)["why"] == "error"


def test_no_path_of_the_users_is_written(tmp_path):
    ending = Ending(Store(tmp_path), tmp_path)
    ending.broke_off(FileNotFoundError(2, "No such file", "/home/anna/data/shapes/a.jpg"))
    assert "anna" not in (tmp_path / "runlens" / "ended.json").read_text("utf-8")


def test_a_file_name_that_is_no_text_costs_nothing(tmp_path):
    """As of a file whose name was written by another system; half a sign makes a JSON that readers refuse."""
    ending = Ending(Store(tmp_path), tmp_path)
    name = os.fsdecode(b"/home/anna/data/B\xe4r.jpg")
    ending.broke_off(ValueError(f"cannot read {name}"))
    problems: list[Any] = []
    found = recorded_end(Folder(str(tmp_path / "runlens")), problems)
    assert problems == []
    assert found is not None
    assert found.error == "ValueError: cannot read …/data/B\\udce4r.jpg"


def tracked(run: Path, epochs: int = 2) -> Any:
    begun = trainer(run)
    fire("on_train_start", begun)
    for epoch in range(1, epochs + 1):
        begun.epoch = epoch - 1
        fire("on_train_epoch_start", begun)
        train_epoch(begun, epoch)
    return begun


def train(self: Any, error: Optional[BaseException]) -> None:
    """As the framework does; ``self`` is the trainer."""
    try:
        if error is not None:
            raise error
    finally:
        fire("teardown", self)


@pytest.mark.parametrize(
    ("error", "word"),
    [(KeyboardInterrupt(), "stopped_by_user"), (MemoryError(), "out_of_memory")],
)
def test_a_tracked_training_says_what_ended_it(tmp_path, error, word):
    begun = tracked(tmp_path / "run")
    with pytest.raises(type(error)):
        train(begun, error)
    assert written(tmp_path / "run")["why"] == word
    assert written(tmp_path / "run")["epoch"] == 2


def test_one_that_ends_by_itself_is_over(tmp_path):
    train(tracked(tmp_path / "run"), None)
    assert written(tmp_path / "run")["why"] == "over"


def test_an_exception_that_the_user_handles_meanwhile_is_not_its_end(tmp_path):
    try:
        raise ValueError("of an earlier attempt")
    except ValueError:
        train(tracked(tmp_path / "run"), None)
    assert written(tmp_path / "run")["why"] == "over"


def test_a_resumed_training_has_not_ended(tmp_path):
    begun = tracked(tmp_path / "run")
    with pytest.raises(ValueError, match="x"):
        train(begun, ValueError("x"))
    resumed = trainer(tmp_path / "run", start_epoch=1)
    fire("on_train_start", resumed)
    assert written(tmp_path / "run") is None
    train(resumed, None)
    assert written(tmp_path / "run")["epoch"] == 2


def test_a_recorder_says_that_its_block_came_to_its_end(tmp_path):
    with Recorder(tmp_path) as recorder:
        recorder.log_epoch(7)
    assert (written(tmp_path)["why"], written(tmp_path)["epoch"]) == ("over", 7)


def test_a_recorder_says_what_left_its_block(tmp_path):
    with pytest.raises(MemoryError), Recorder(tmp_path) as recorder:
        recorder.log_epoch(7)
        raise MemoryError
    assert (written(tmp_path)["why"], written(tmp_path)["epoch"]) == ("out_of_memory", 7)


def test_a_recorder_that_goes_on_takes_its_end_back(tmp_path):
    recorder = Recorder(tmp_path)
    recorder.log_epoch(1)
    recorder.finish()
    recorder.log_epoch(2)
    assert written(tmp_path) is None
    Recorder(tmp_path).finish()


BEGIN = "from tensorboard_runlens import Recorder; r = Recorder('run'); r.log_epoch(1)\n"
SCRIPTS: dict[str, tuple[str, Optional[int], Any]] = {
    "an error that nobody catches": ("def loop(recorder): raise MemoryError\nloop(r)", 1, "out_of_memory"),
    "Ctrl-C": (  # which a shell's background jobs ignore, and so does what these start
        "import signal as s\ns.signal(s.SIGINT, s.default_int_handler)\ns.raise_signal(s.SIGINT)", None,
        "stopped_by_user",
    ),
    "it just ends": ("", 0, None),
    "it exits": ("raise SystemExit(3)", 3, None),
    "it is finished": ("r.finish(); raise ValueError", 1, "over"),
    "an error that is none of the training's": (
        "import atexit\ndef other():\n    import sys; sys.last_value = KeyError('x')\natexit.register(other)", 0, None,
    ),
    "a copy of the process ends": (
        "import os\nif not os.fork(): raise SystemExit(0)\nos.wait(); r.finish()", 0, "over",
    ),
}  # fmt: skip


def in_a_process(folder: Path, code: str, before: tuple[str, ...] = ()) -> int:
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    script = [*before, sys.executable, "-c", code]
    done = subprocess.run(script, cwd=folder, env=environment, capture_output=True, check=False)
    return done.returncode


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_end_of_the_process_tells_where_nobody_else_does(tmp_path, name):
    (code, expected, word) = SCRIPTS[name]
    returned = in_a_process(tmp_path, BEGIN + code)
    assert expected is None or returned == expected
    assert written(tmp_path / "run")["why"] == word


@pytest.mark.skipif(os.name != "posix", reason="no signals that kill")
def test_a_killed_process_tells_nothing(tmp_path):
    code = f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})"
    assert in_a_process(tmp_path, BEGIN + code) == -signal.SIGKILL
    assert written(tmp_path / "run") is None


ON_A_FULL_DISK = """
import os, pathlib, shutil, subprocess
os.mkdir("disk")
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", "disk"], check=True)
from tensorboard_runlens import Recorder
try:
    with Recorder("disk/run") as recorder:
        recorder.log_epoch(1)
        with open("disk/filler", "wb", 0) as file:
            while True:
                file.write(bytes(512))
finally:
    shutil.copytree("disk/run", "run")
"""


def test_a_full_disk_takes_the_last_word(tmp_path):
    if not may_mount():
        pytest.skip("mounting a disk takes root, and a mount namespace of its own")
    assert in_a_process(tmp_path, ON_A_FULL_DISK, OWN_MOUNTS) == 1
    assert written(tmp_path / "run")["why"] == "disk_full"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize("then", [Ending.begin, Ending.over])
def test_a_pipe_in_its_place_is_not_waited_for(tmp_path, then: Callable[[Ending], None]):
    (tmp_path / "runlens").mkdir()
    os.mkfifo(tmp_path / "runlens" / "ended.json")
    ending = Ending(Store(tmp_path), tmp_path)
    with pytest.raises(OSError, match="No such device"):
        then(ending)
    ending.forget()
