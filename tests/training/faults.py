"""Trains the same small model again and again, tracked and untracked, and breaks something in most of the cases.

    python faults.py FOLDER '{"images": [24, 8], "epochs": 2, ...}'

The run of a case lands in ``FOLDER/runs/CASE``; ``FOLDER/outcome.json`` says of each what came out of
``model.train()``, what RunLens warned of, what of it stays in the process, what the checkpoints hold, and
which random numbers came next. All trainings are of one process: those untracked at the start and at
the end show that they do not influence each other.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import pkgutil
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Callable
from unittest import mock

from checkpoints import contents
from shapes import prepare, write_data_set
from small import QUICK, write_model

TMPFS_BYTES = 64 * 1024
PACKAGE = "tensorboard_runlens.recording"
CARRYING_MODULES = ("guard", "ultralytics", "tracking", "watched")
"""What the framework itself calls, and what keeps an error of the others away from it."""

Broken = contextlib.AbstractContextManager[Any]
logger = logging.getLogger("tensorboard_runlens")


def fail(*_: Any, **__: Any) -> Any:
    raise RuntimeError("a bug of ours")


# What is broken: each takes a tracked model, and lasts as long as its training.


@contextlib.contextmanager
def nothing(model: Any) -> Iterator[None]:
    yield


@contextlib.contextmanager
def every_event_raises(model: Any) -> Iterator[None]:
    """Every method of a part that the framework's events reach, and every one that writes."""
    from tensorboard_runlens.recording.parts import PARTS
    from tensorboard_runlens.recording.store import Store

    with contextlib.ExitStack() as stack:
        for owner in (*PARTS, Store):
            for name in public_methods(owner):
                stack.enter_context(mock.patch.object(owner, name, fail))
        yield


@contextlib.contextmanager
def parts_cannot_be_made(model: Any) -> Iterator[None]:
    from tensorboard_runlens.recording.parts import PARTS

    with contextlib.ExitStack() as stack:
        for part in PARTS:
            stack.enter_context(mock.patch.object(part, "__init__", fail))
        yield


@contextlib.contextmanager
def nothing_is_told(model: Any) -> Iterator[None]:
    """What passes the events on to the parts raises itself."""
    from tensorboard_runlens.recording.tracking import Tracking

    with contextlib.ExitStack() as stack:
        for name in ("tell", "log", "log_final"):
            stack.enter_context(mock.patch.object(Tracking, name, fail))
        yield


def some_calls_raise(seed: int) -> Callable[[Any], Broken]:
    """Any function and method of the recording, one call in ten, and what failed is tried again: all depths are
    reached."""
    chance = random.Random(seed)

    @contextlib.contextmanager
    def broken(model: Any) -> Iterator[None]:
        from tensorboard_runlens.recording.guard import Guard

        never_off = property(lambda guard: set(), lambda guard, value: None)
        armed: list[Any] = []
        model.add_callback("on_train_epoch_start", armed.append)
        with contextlib.ExitStack() as stack:
            stack.enter_context(mock.patch.object(Guard, "_off", never_off, create=True))
            for owner, name, function in functions():
                replaced = unreliable(function, lambda: bool(armed) and chance.random() < 0.1)
                stack.enter_context(mock.patch.object(owner, name, replaced))
            yield

    return broken


def unreliable(function: Callable[..., Any], raises: Callable[[], bool]) -> Callable[..., Any]:
    def called(*given: Any, **named: Any) -> Any:
        if raises():
            fail()
        return function(*given, **named)

    return called


def functions() -> Iterator[tuple[Any, str, FunctionType]]:
    """Every name of a module or class of the recording under which a function of it is called."""
    for module in modules():
        for name, value in list(vars(module).items()):
            origin = str(getattr(value, "__module__", ""))
            if not origin.startswith(PACKAGE) or origin.rpartition(".")[2] in CARRYING_MODULES:
                continue
            if isinstance(value, FunctionType):
                yield module, name, value
            elif isinstance(value, type) and origin == module.__name__:
                for method in methods(value):
                    yield value, method, vars(value)[method]


def modules() -> list[ModuleType]:
    package = sys.modules[PACKAGE]
    names = [one.name for one in pkgutil.walk_packages(package.__path__, f"{PACKAGE}.")]
    return [sys.modules[name] for name in names if name in sys.modules]


def methods(owner: type) -> list[str]:
    own = vars(owner).items()
    functions = [name for (name, value) in own if isinstance(value, FunctionType)]
    return [name for name in functions if name[:2] != "__"]


def public_methods(owner: type) -> list[str]:
    return [name for name in methods(owner) if not name.startswith("_")]


@contextlib.contextmanager
def broken_handler(model: Any) -> Iterator[None]:
    """A handler of the user's fails on every warning, and there are some."""

    class Broken(logging.Handler):
        def handle(self, record: logging.LogRecord) -> bool:
            raise OSError("no log any more")

    handler = Broken()
    logger.addHandler(handler)
    try:
        with every_event_raises(model):
            yield
    finally:
        logger.removeHandler(handler)


@contextlib.contextmanager
def vanishing(model: Any) -> Iterator[None]:
    """RUN/runlens is removed while batches are trained and validated."""

    def remove(source: Any) -> None:
        shutil.rmtree(recording_of(source), ignore_errors=True)

    model.add_callback("on_train_batch_end", remove)
    model.add_callback("on_val_batch_end", remove)
    yield


@contextlib.contextmanager
def a_file_in_its_place(model: Any) -> Iterator[None]:
    """From the second epoch on, RUN/runlens is a file."""

    def put(trainer: Any) -> None:
        folder = recording_of(trainer)
        if trainer.epoch and folder.is_dir():
            shutil.rmtree(folder)
            folder.write_text("mine", encoding="utf-8")

    model.add_callback("on_train_epoch_start", put)
    yield


@contextlib.contextmanager
def full_device(model: Any) -> Iterator[None]:
    """From the second epoch on, every file is one on a disk without space."""

    def fill(trainer: Any) -> None:
        if not trainer.epoch:
            return
        for path in recording_of(trainer).iterdir():
            for name in (path, path.with_name(f"{path.name}.part")):
                name.unlink(missing_ok=True)
                name.symlink_to("/dev/full")

    model.add_callback("on_train_epoch_start", fill)
    yield


def full_disk(model: Any) -> Broken:
    """RUN/runlens is a small disk; from the second epoch on, the rest of it is used."""

    def fill(folder: Path) -> None:
        with contextlib.suppress(OSError), open(folder / "filler", "wb", buffering=0) as file:
            while True:
                file.write(bytes(1024))

    return on_a_disk_of_its_own(model, fill)


def read_only(model: Any) -> Broken:
    """RUN/runlens is a disk that cannot be written from the second epoch on."""

    def lock(folder: Path) -> None:
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)

    return on_a_disk_of_its_own(model, lock)


@contextlib.contextmanager
def on_a_disk_of_its_own(model: Any, then: Callable[[Path], None]) -> Iterator[None]:
    """``then`` is done to it before the second epoch; what it holds at the end stays readable."""
    mounted: list[Path] = []

    def mount(trainer: Any) -> None:
        folder = recording_of(trainer)
        folder.mkdir()
        options = f"size={TMPFS_BYTES}"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], check=True)
        mounted.append(folder)

    def change(trainer: Any) -> None:
        if trainer.epoch:
            then(recording_of(trainer))

    model.add_callback("on_pretrain_routine_start", mount)
    model.add_callback("on_train_epoch_start", change)
    try:
        yield
    finally:
        for folder in mounted:
            copy = shutil.copytree(folder, folder.with_name("copied"))
            subprocess.run(["umount", folder], check=True)
            folder.rmdir()
            copy.rename(folder)


def recording_of(source: Any) -> Path:
    return Path(source.save_dir) / "runlens"


def interrupted(model: Any) -> Broken:
    """Ctrl-C in the second epoch."""
    return in_the_second_epoch(model, lambda: signal.raise_signal(signal.SIGINT))


def error_of_the_users(model: Any) -> Broken:
    """A callback of the user's raises in the second epoch."""
    return in_the_second_epoch(model, fail)


@contextlib.contextmanager
def in_the_second_epoch(model: Any, then: Callable[[], object]) -> Iterator[None]:
    def stop(trainer: Any) -> None:
        if trainer.epoch:
            then()

    model.add_callback("on_train_batch_end", stop)
    yield


@contextlib.contextmanager
def without_tensorboard(model: Any) -> Iterator[None]:
    from ultralytics import settings

    settings.update({"tensorboard": False})
    try:
        yield
    finally:
        settings.update({"tensorboard": True})


Case = tuple[bool, Callable[[Any], Broken]]

CASES: dict[str, Case] = {
    "plain": (False, nothing),
    "plain_again": (False, nothing),
    "tracked": (True, nothing),
    "every_event_raises": (True, every_event_raises),
    "parts_cannot_be_made": (True, parts_cannot_be_made),
    "nothing_is_told": (True, nothing_is_told),
    "some_calls_raise": (True, some_calls_raise(1)),
    "others_raise": (True, some_calls_raise(2)),
    "broken_handler": (True, broken_handler),
    "vanishing": (True, vanishing),
    "a_file_in_its_place": (True, a_file_in_its_place),
    "full_device": (True, full_device),
    "plain_interrupted": (False, interrupted),
    "interrupted": (True, interrupted),
    "plain_error": (False, error_of_the_users),
    "error": (True, error_of_the_users),
    "plain_without_tensorboard": (False, without_tensorboard),
    "without_tensorboard": (True, without_tensorboard),
}
WITH_A_DISK: dict[str, Case] = {"full_disk": (True, full_disk), "read_only": (True, read_only)}
AT_LAST: dict[str, Case] = {"plain_at_last": (False, nothing)}


ALARM = re.compile(r" \[[a-z-]+\]$")
"""How a line ends that is about the training, not about its recording: when it comes depends on the machine."""


class Warned(logging.Handler):
    """Keeps what RunLens says of its recording."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if not ALARM.search(said):
            self.said.append(said)


def ours(source: Any) -> list[str]:
    """Attributes of an object that hold something of RunLens'."""
    return [
        name
        for name, value in vars(source).items()
        if type(value).__module__.startswith("tensorboard_runlens")
        or str(getattr(value, "__module__", "")).startswith("tensorboard_runlens")
    ]


def random_numbers() -> str:
    """Those that come next, of every generator that a training draws from."""
    import numpy as np
    import torch

    return str((random.getrandbits(64), np.random.bytes(8), torch.randint(2**60, (1,)).item()))


def run_case(folder: Path, name: str, case: Case, arguments: dict[str, Any]) -> dict[str, Any]:
    from ultralytics import YOLO

    from tensorboard_runlens import track

    (tracked, broken) = case
    yolo = YOLO(folder / "small-detect.yaml")
    warned = Warned()
    logger.addHandler(warned)
    ended = "normally"
    with broken(yolo):
        if tracked:
            # After the user's own callbacks, as they were there first.
            track(yolo, gradients=True, confusion=True)
        try:
            yolo.train(project=str(folder / "runs"), name=name, **arguments)
        except BaseException as error:
            ended = f"{error!r} during {error.__context__!r} because of {error.__cause__!r}"
    logger.removeHandler(warned)
    left = [*ours(yolo.trainer), *ours(yolo.trainer.validator)]
    checkpoints = sorted((folder / "runs" / name / "weights").glob("*.pt"))
    return {
        "ended": ended,
        "warned": warned.said,
        "left": [*left, *(thread.name for thread in threading.enumerate() if ours(thread))],
        "random": random_numbers(),
        "weights": {path.name: contents(path) for path in checkpoints},
    }


def main(folder: Path, images: tuple[int, int], disk: bool, **given: Any) -> None:
    prepare(folder)
    import torch

    torch.set_num_threads(1)
    write_model(folder, "detect")
    arguments = {"data": write_data_set(folder, *images, 0.0), **QUICK, **given}
    cases = {**CASES, **(WITH_A_DISK if disk else {}), **AT_LAST}
    outcome = {}
    for name, case in cases.items():
        os.chdir(folder)
        outcome[name] = run_case(folder, name, case, arguments)
    (folder / "outcome.json").write_text(json.dumps(outcome), encoding="utf-8")


if __name__ == "__main__":
    given = json.loads(sys.argv[2])
    main(Path(sys.argv[1]).resolve(), given.pop("images"), given.pop("disk"), **given)
