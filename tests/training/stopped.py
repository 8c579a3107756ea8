"""Trains the same small model, stops it at some point, and trains on: each in a process of its own.

    python stopped.py FOLDER '{"images": [24, 8], "epochs": 3, ...}'

The run of a case lands in ``FOLDER/runs/CASE``, what it was when it stopped in ``FOLDER/left/CASE``.
``FOLDER/exits.json`` has the exit codes of both trainings, negative for a signal, and
``FOLDER/weights.json`` what the checkpoints at the end hold.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import traceback
from pathlib import Path
from typing import Any, Callable

from checkpoints import contents
from shapes import prepare, write_data_set
from small import QUICK, write_model

STOPPED_IN = 1  # the second epoch, counted from 0

Stop = Callable[[Any], None]
"""Sees to it that a training of this model stops."""


def kill(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def at(event: str, then: Callable[[], None]) -> Stop:
    """At an event of the second epoch."""

    def prepared(model: Any) -> None:
        model.add_callback(event, lambda trainer: then() if trainer.epoch == STOPPED_IN else None)

    return prepared


def in_the_middle_of_a_line(model: Any) -> None:
    """Half of what was to be appended is on the disk."""
    from tensorboard_runlens.recording.store import Store

    append = Store.append

    def half(store: Store, line: Any) -> None:
        append(store, line)
        if line["epoch"] == STOPPED_IN + 1:
            path = Path(store._path("epochs.jsonl"))
            (*whole, last) = path.read_bytes().splitlines(keepends=True)
            path.write_bytes(b"".join([*whole, last[: len(last) // 2]]))
            kill()

    Store.append = half  # type: ignore[method-assign]


def before_a_file_is_in_place(model: Any) -> None:
    """An archive is written, but has not yet replaced the earlier one."""
    from tensorboard_runlens.recording import disk

    replace = os.replace
    archives = []

    def in_place(source: str, target: str) -> None:
        archives.extend([target] if target.endswith("curves_best.npz") else [])
        if len(archives) > STOPPED_IN:
            kill()
        replace(source, target)

    disk.os.replace = in_place  # type: ignore[attr-defined]


STOPS: dict[str, Stop] = {
    "killed_in_an_epoch": at("on_train_batch_end", kill),
    "killed_before_the_line": at("on_model_save", kill),
    "killed_in_the_line": in_the_middle_of_a_line,
    "killed_in_an_archive": before_a_file_is_in_place,
    "interrupted": at("on_train_batch_end", lambda: signal.raise_signal(signal.SIGINT)),
}
FIRST = "killed_in_an_epoch"
UNTRACKED_FROM_THEN_ON = "untracked_from_then_on"
"""A copy of it, resumed without RunLens."""
AGAIN = "again"
"""A second training in the folder of one that was finished, with an epoch less."""
AGAIN_UNTRACKED = "again_untracked"
"""The second one without RunLens, and from other random numbers."""


def in_a_process_of_its_own(work: Callable[[], object], log: Path) -> int:
    """Its exit code, negative for a signal. The process starts from this one, which has never trained."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with open(log, "ab", buffering=0) as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


class Trainings:
    """Trainings in one folder, all with the same arguments."""

    def __init__(self, folder: Path, arguments: dict[str, Any]) -> None:
        self.folder = folder
        self.arguments = arguments
        self.exits: dict[str, list[int]] = {}

    def train(self, name: str, stop: Stop = lambda model: None, **more: Any) -> None:
        """From scratch, tracked."""

        def work() -> None:
            model = self.model(self.folder / "small-detect.yaml")
            stop(model)
            self.start(model, name, **more)

        self.record(name, work)

    def begin(self, name: str, stop: Stop) -> int:
        """The same while this process goes on; the id of the child that waits for its end."""
        child = os.fork()
        if not child:
            self.train(name, stop)
            os._exit(0)
        return child

    def train_untracked(self, name: str, **more: Any) -> None:
        def work() -> None:
            model = self.model(self.folder / "small-detect.yaml", tracked=False)
            self.start(model, name, **more)

        self.record(name, work)

    def resume(self, name: str, tracked: bool = True) -> None:
        """From last.pt, in the same folder."""
        run = self.folder / "runs" / name

        def work() -> None:
            model = self.model(run / "weights" / "last.pt", tracked)
            model.train(resume=True, save_dir=str(run))

        self.record(name, work)

    def record(self, name: str, work: Callable[[], object]) -> None:
        code = in_a_process_of_its_own(work, self.folder / f"{name}.log")
        self.exits.setdefault(name, []).append(code)

    def start(self, model: Any, name: str, **more: Any) -> None:
        model.train(project=str(self.folder / "runs"), name=name, **{**self.arguments, **more})

    def model(self, weights: Path, tracked: bool = True) -> Any:
        from ultralytics import YOLO

        from tensorboard_runlens import track

        return track(YOLO(weights)) if tracked else YOLO(weights)


def main(folder: Path, images: tuple[int, int], **given: Any) -> None:
    prepare(folder)
    import torch
    import ultralytics.models.yolo.detect  # noqa: F401, once for all processes

    torch.set_num_threads(1)
    write_model(folder, "detect")
    arguments = {"data": write_data_set(folder, *images, 0.0), **QUICK, **given}
    trainings = Trainings(folder, arguments)
    stop_and_resume(trainings)
    trainings.train(AGAIN)
    trainings.train(AGAIN, exist_ok=True, epochs=given["epochs"] - 1)
    trainings.train(AGAIN_UNTRACKED)
    trainings.train_untracked(AGAIN_UNTRACKED, exist_ok=True, seed=1)
    (folder / "exits.json").write_text(json.dumps(trainings.exits), encoding="utf-8")
    weights = {
        name: contents(folder / "runs" / name / "weights" / "last.pt")
        for name in (FIRST, UNTRACKED_FROM_THEN_ON)
    }
    (folder / "weights.json").write_text(json.dumps(weights), encoding="utf-8")


def stop_and_resume(trainings: Trainings) -> None:
    (runs, left) = (trainings.folder / "runs", trainings.folder / "left")
    for name, stop in STOPS.items():
        trainings.train(name, stop)
        shutil.copytree(runs / name, left / name)
    shutil.copytree(left / FIRST, runs / UNTRACKED_FROM_THEN_ON)
    for name in STOPS:
        trainings.resume(name)
    trainings.resume(UNTRACKED_FROM_THEN_ON, tracked=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), **json.loads(sys.argv[2]))
