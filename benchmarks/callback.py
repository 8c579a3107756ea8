"""What ``track(model)`` costs a training, beside the framework's own TensorBoard callback, in one command:

    PYTHONPATH=. OMP_NUM_THREADS=1 python benchmarks/callback.py [--epochs 3] [--pairs 6] [--gradients]

It needs torch and ultralytics, and trains yolo11n on 320 images of 96 pixels (validated on 96), on the
CPU and offline, with Ultralytics' TensorBoard callback on. Quote the ratios, not the seconds:

- inside the hooks and threads of each callback: wall and CPU time an epoch, over the epoch's time. RunLens
  writes the archive of detections only when an epoch is the best so far (in trainings as short as these,
  every one is);
- whole trainings, untracked (A) and tracked (B) in the order A B B A ..., each pair a ratio of CPU and of
  wall time. The range of six ratios holds the median of such ratios with a probability of 97 %;
- ``benchmarks/many_classes.py``: the same hooks at 80 classes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Callable, NamedTuple
from unittest.mock import patch

ROOT = Path(__file__).parents[1]
sys.path += [str(ROOT), str(ROOT / "tests" / "training"), str(Path(__file__).parent)]

import many_classes  # noqa: E402
from shapes import SIZE, prepare, write_data_set  # noqa: E402
from tensorboard.summary.writer.record_writer import RecordWriter  # noqa: E402

from tensorboard_runlens import track  # noqa: E402
from tensorboard_runlens.recording.parts import PARTS  # noqa: E402
from tensorboard_runlens.recording.store import Store  # noqa: E402
from tensorboard_runlens.recording.tracking import Straight  # noqa: E402
from tensorboard_runlens.recording.ultralytics import BATCHES, Callback  # noqa: E402
from tensorboard_runlens.recording.watched import Watched, nothing  # noqa: E402

IMAGES = (320, 96)
RUNLENS = "RunLens"
ARCHIVE = "  archive of a best epoch"
CLOCK = "  the clock at its batches"
"""What timing an empty callback at every event of a batch costs; RunLens' own time includes as much."""

TENSORBOARD = "TensorBoard callback"

GRAPH_BYTES = 10_000
"""A record of the framework's event file that is larger is the model's graph, written once."""


class Cost(NamedTuple):
    """Seconds."""

    wall: float = 0.0
    cpu: float = 0.0

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.wall - other.wall, self.cpu - other.cpu)

    def __truediv__(self, count: int) -> Cost:
        return Cost(self.wall / count, self.cpu / count)


class Stopwatch:
    """Seconds spent by (whose, when): at the ``start`` of a training, in its ``epochs``, in the ``final``
    validation and after it."""

    def __init__(self) -> None:
        self.spent: dict[tuple[str, str], Cost] = defaultdict(Cost)
        self.epochs: list[float] = []
        self._when = "start"

    def timed(self, whose: str, body: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            (wall, cpu) = (time.perf_counter(), time.thread_time())
            try:
                return body(*arguments, **named)
            finally:
                wall = time.perf_counter() - wall
                self.add(whose, self._when, wall, time.thread_time() - cpu)

        return run

    def add(self, whose: str, when: str, wall: float, cpu: float) -> None:
        spent = self.spent[whose, when]
        self.spent[whose, when] = Cost(spent.wall + wall, spent.cpu + cpu)

    def follow(self, trainer: Any) -> None:
        """Stands in for the callbacks of a trainer whose training is about to be prepared."""
        for registered in trainer.callbacks.values():
            registered[:] = [
                self.timed(owner, one) if (owner := owner_of(one)) else one for one in registered
            ]
        for event in BATCHES:
            trainer.callbacks[event].append(self.timed(CLOCK, nothing))
        trainer.callbacks["on_train_epoch_start"].insert(0, self._epoch_starts)
        trainer.callbacks["on_fit_epoch_end"].append(self._epoch_ends)

    def _epoch_starts(self, trainer: Any) -> None:
        self._when = "epochs"

    def _epoch_ends(self, trainer: Any) -> None:
        if self._when == "epochs":
            self.epochs.append(trainer.epoch_time)
        if trainer.epoch + 1 >= trainer.epochs:
            self._when = "final"


def owner_of(callback: Any) -> str:
    if isinstance(callback, Callback):
        return RUNLENS
    return TENSORBOARD if getattr(callback, "__module__", "").endswith(".tensorboard") else ""


@contextmanager
def everything_timed(watch: Stopwatch) -> Iterator[None]:
    """Also what RunLens does around the framework's methods, its archives, and the threads of both."""
    (put, run, write) = (Watched.__init__, threading.Thread.run, RecordWriter.write)

    def timed_put(
        self: Any, source: Any, name: str, before: Any = nothing, after: Any = nothing
    ) -> None:
        bodies = [one if one is nothing else watch.timed(RUNLENS, one) for one in (before, after)]
        put(self, source, name, *bodies)

    def timed_run(self: threading.Thread) -> None:
        run(self)
        if self.name.startswith("runlens"):
            watch.add(RUNLENS, "start", 0.0, time.thread_time())

    def timed_write(self: Any, data: bytes) -> None:
        start = time.thread_time()
        write(self, data)
        when = "start" if len(data) > GRAPH_BYTES else "epochs"
        watch.add(TENSORBOARD, when, 0.0, time.thread_time() - start)

    with ExitStack() as stack:
        for owner, name, instead in (
            (Watched, "__init__", timed_put),
            (threading.Thread, "run", timed_run),
            (RecordWriter, "write", timed_write),
            (Straight, "__call__", watch.timed(RUNLENS, Straight.__call__)),
            (Store, "write_archive", watch.timed(ARCHIVE, Store.write_archive)),
            *(
                (part, "best", watch.timed(ARCHIVE, part.best))
                for part in PARTS
                if hasattr(part, "best")
            ),
        ):
            stack.enter_context(patch.object(owner, name, instead))
        yield


class Trainings:
    """Trains the same over and over, in one process."""

    def __init__(self, folder: Path, epochs: int, gradients: bool) -> None:
        prepare(folder)
        self._data = str(folder / write_data_set(folder, *IMAGES, 0.0))
        self._folder = folder
        self._epochs = epochs
        self._gradients = gradients

    def train(self, tracked: bool, *callbacks: Callable[[Any], None]) -> Cost:
        """What the whole training takes."""
        from ultralytics import YOLO

        model = YOLO("yolo11n.yaml")
        if tracked:
            track(model, gradients=self._gradients)
        for callback in callbacks:
            model.add_callback("on_pretrain_routine_start", callback)
        (wall, cpu) = (time.perf_counter(), time.process_time())
        model.train(
            data=self._data,
            project=str(self._folder / "runs"),
            imgsz=SIZE,
            epochs=self._epochs,
            workers=0,
            amp=False,
            pretrained=False,
            plots=False,
            verbose=False,
        )
        return Cost(time.perf_counter() - wall, time.process_time() - cpu)


def inside(trainings: Trainings) -> None:
    """Prints what a tracked training spends in RunLens, and an untracked one in the framework's callback."""
    watches = {RUNLENS: Stopwatch(), TENSORBOARD: Stopwatch()}
    for whose, watch in watches.items():
        with everything_timed(watch):
            trainings.train(whose == RUNLENS, watch.follow)
    print(f"\n{'':30}{'wall':>12}{'CPU':>12}{'of an epoch':>14}")
    for whose, watch in watches.items():
        spent = watch.spent
        count = len(watch.epochs)
        seconds = sum(watch.epochs) / count
        archive = spent[ARCHIVE, "epochs"] / count
        rows = {whose: spent[whose, "epochs"] / count - archive}
        if whose == RUNLENS:
            rows[ARCHIVE] = archive
            rows[CLOCK] = spent[CLOCK, "epochs"] / count
        for name, cost in rows.items():
            print(f"{name:30}{milliseconds(cost)}{max(cost) / seconds:14.3%}  ({seconds:.1f} s)")
        for when in ("start", "final"):
            print(f"{'  once, ' + when:30}{milliseconds(spent[whose, when])}")


def milliseconds(cost: Cost) -> str:
    return f"{cost.wall * 1000:9.2f} ms{cost.cpu * 1000:9.2f} ms"


def whole(trainings: Trainings, pairs: int) -> None:
    """Prints the ratios of tracked to untracked trainings."""
    trainings.train(False)  # the first one warms up
    ratios: dict[str, list[float]] = {name: [] for name in Cost._fields}
    for number in range(pairs):
        order = (False, True) if number % 2 == 0 else (True, False)
        cost = {tracked: trainings.train(tracked) for tracked in order}
        for name, values in ratios.items():
            values.append(getattr(cost[True], name) / getattr(cost[False], name))
    covered = 1 - 0.5 ** (pairs - 1)
    print(
        f"\ntracked / untracked, {pairs} pairs of whole trainings ({covered:.0%} range of the median)"
    )
    for name, values in ratios.items():
        print(f"{name:6}{median(values):8.4f}   {min(values):.4f} to {max(values):.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=6)
    parser.add_argument("--gradients", action="store_true", help="with track(gradients=True)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trainings = Trainings(Path(folder), asked.epochs, asked.gradients)
        if asked.pairs:
            whole(trainings, asked.pairs)
        inside(trainings)
    many_classes.main()


if __name__ == "__main__":
    main()
