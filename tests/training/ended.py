"""Trains the same small model again and again, and ends each training in another way: each in a process of its own.

    python ended.py FOLDER '{"images": [24, 8], "epochs": 4, "disk": true, ...}'

The run of a case lands in ``FOLDER/runs/CASE``. ``FOLDER/told.json`` has for each case what RunLens said of the run as
soon as its process was gone, ``while`` what it said of one that went on and of the same when it was killed, ``resumed``
after the killed one was resumed, and ``exits`` the exit codes, negative for a signal.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable

from shapes import prepare, write_data_set
from small import QUICK, write_model
from stopped import STOPPED_IN, Trainings, at, kill

TMPFS_BYTES = 2**20
ROOM = 2**29
"""Bytes of address space that a training may take beyond what it has: enough for everything but ``TOO_MUCH``."""

TOO_MUCH = 2**40
WAIT = 60.0
"""Seconds in which an epoch of these trainings must be over."""


def fail() -> None:
    raise ValueError("a callback of the user's, about /home/anna/data/shapes.yaml")


def end_by_a_handler() -> None:
    """As a cluster's notice is often handled."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    os.kill(os.getpid(), signal.SIGTERM)


def take_memory() -> None:
    import torch

    used = int(Path("/proc/self/statm").read_text("utf-8").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, used + ROOM))
    torch.zeros(TOO_MUCH, dtype=torch.uint8)


def fill_the_disk(model: Any) -> None:
    """The run is on a small disk of its own; from the second epoch on, the rest of it is used."""

    def mount(trainer: Any) -> None:
        options = f"size={TMPFS_BYTES}"
        folder = str(trainer.save_dir)
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], check=True)
        (trainer.save_dir / "weights").mkdir()

    def fill(trainer: Any) -> None:
        if trainer.epoch != STOPPED_IN:
            return
        with contextlib.suppress(OSError), open(trainer.save_dir / "filler", "wb", 0) as file:
            while True:
                file.write(bytes(512))

    model.add_callback("on_pretrain_routine_start", mount)
    model.add_callback("on_train_epoch_start", fill)


ENDS: dict[str, Callable[[Any], None]] = {
    "error": at("on_train_batch_end", fail),
    "stopped_by_user": at("on_train_batch_end", lambda: signal.raise_signal(signal.SIGINT)),
    "out_of_memory": at("on_train_batch_end", take_memory),
    "terminated": at("on_train_batch_end", end_by_a_handler),
    "killed": at("on_train_batch_end", kill),
    "stopped_by_itself": lambda model: model.add_callback(
        "on_fit_epoch_end", lambda trainer: setattr(trainer, "stop", trainer.epoch >= STOPPED_IN)
    ),
    "finished": lambda model: None,
}
ON_A_DISK = "disk_full"
AFTER_AN_ERROR = "after_an_error"
"""A training that is finished while an exception is handled."""
RESUMED = "killed"


def told(run: Path) -> dict[str, Any]:
    """What RunLens says of a run now."""
    from tensorboard_runlens.analysis import analyse
    from tensorboard_runlens.catalog import open_run

    analysis = analyse(open_run(str(run)))
    interrupted = [one.summary for one in analysis.findings if one.rule == "interrupted"]
    return {
        "state": analysis.state,
        "ended": analysis.signals.ended,
        "summary": "".join(interrupted),
        "problems": [one.problem for one in analysis.run.problems],
    }


def told_while(trainings: Trainings, name: str) -> list[dict[str, Any]]:
    """What is said of a training that waits in its second epoch, before and after it is killed from outside."""
    waiting = trainings.folder / "waiting"

    def wait() -> None:
        waiting.touch()
        time.sleep(WAIT)

    child = trainings.begin(name, at("on_train_batch_end", wait))
    deadline = time.monotonic() + WAIT
    while not waiting.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    run = trainings.folder / "runs" / name
    before = told(run)
    kill_from_outside(run)
    os.waitpid(child, 0)
    return [before, told(run)]


def kill_from_outside(run: Path) -> None:
    manifest = json.loads((run / "runlens" / "manifest.json").read_text("utf-8"))
    os.kill(manifest["process"]["pid"], signal.SIGKILL)


def train_after_an_error(trainings: Trainings) -> None:
    def work() -> None:
        model = trainings.model(trainings.folder / "small-detect.yaml")
        try:
            raise ValueError("of an earlier attempt")
        except ValueError:
            trainings.start(model, AFTER_AN_ERROR)

    trainings.record(AFTER_AN_ERROR, work)


def of_a_full_disk(trainings: Trainings) -> dict[str, Any]:
    """Judged before the disk vanishes with its process."""
    said = trainings.folder / "disk.json"

    def work() -> None:
        model = trainings.model(trainings.folder / "small-detect.yaml")
        fill_the_disk(model)
        try:
            trainings.start(model, ON_A_DISK)
        finally:
            said.write_text(json.dumps(told(trainings.folder / "runs" / ON_A_DISK)), "utf-8")

    trainings.record(ON_A_DISK, work)
    found: dict[str, Any] = json.loads(said.read_text("utf-8"))
    return found


def main(folder: Path, images: tuple[int, int], disk: bool, **given: Any) -> None:
    prepare(folder)
    import torch
    import ultralytics.models.yolo.detect  # noqa: F401, once for all processes

    torch.set_num_threads(1)
    write_model(folder, "detect")
    arguments = {"data": write_data_set(folder, *images, 0.0), **QUICK, **given}
    trainings = Trainings(folder, arguments)
    found: dict[str, Any] = {}
    for name, stop in ENDS.items():
        trainings.train(name, stop)
        found[name] = told(folder / "runs" / name)
    train_after_an_error(trainings)
    found[AFTER_AN_ERROR] = told(folder / "runs" / AFTER_AN_ERROR)
    found["while"] = told_while(trainings, "waiting")
    trainings.resume(RESUMED)
    found["resumed"] = told(folder / "runs" / RESUMED)
    if disk:
        found[ON_A_DISK] = of_a_full_disk(trainings)
    found["exits"] = trainings.exits
    (folder / "told.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), **json.loads(sys.argv[2]))
