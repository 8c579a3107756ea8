"""How much longer TensorBoard takes to show a run of 300 epochs that was tracked, beside the same one untracked:

    PYTHONPATH=. python benchmarks/tensorboard_start.py [ROUNDS]

From the start of the process until the last epoch is served, in slow and in fast mode. Both
runs hold what Ultralytics logs, without the model's graph, which would only make the difference look smaller; the
tracked one has our scalars in the same event file, and a recording of 80 classes beside it. Rounds take
turns (untracked, tracked, tracked, untracked); quote the ratio and its interval, not the seconds.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import numpy as np
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

from tensorboard_runlens.recording.layout import TAG_PREFIX
from tensorboard_runlens.recording.parts.scalars import scalars
from tensorboard_runlens.recording.store import Store

EPOCHS = 300
CLASSES = 80
LOSSES = ("box_loss", "cls_loss", "dfl_loss")
METRICS = ("precision", "recall", "mAP50", "mAP50-95")
FRAMEWORKS = (
    *(f"{split}/{name}" for split in ("train", "val") for name in LOSSES),
    *(f"metrics/{name}(B)" for name in METRICS),
    *(f"lr/pg{group}" for group in range(3)),
)
"""Tags of a detection run; each value is a record of its own."""

ROUNDS = 5
ADDRESS = re.compile(r"TensorBoard \S+ at (http://.+?)/? \(Press")
POLL_S = 0.05
MODES = {"slow": "--load_fast=false", "fast": "--load_fast=true"}


def line(epoch: int, rng: np.random.Generator) -> dict[str, Any]:
    """An epoch as it is recorded."""
    values = {
        name: rng.random(CLASSES) for name in ("precision", "recall", "f1", "ap50", "ap50_95")
    }
    curves = {name: rng.random(101).round(4) for name in ("precision", "recall", "f1")}
    return {
        "epoch": epoch,
        "seconds": 100.0,
        "fitness": float(rng.random()),
        "classes": list(range(CLASSES)),
        "box": {**values, "curves": curves, "optimum": {"confidence": 0.3, "f1": 0.6}},
        "machine": {
            "data_seconds": 3.0,
            "compute_seconds": 80.0,
            "images_per_second": 200.0,
            "memory": {"reserved": 8e9, "total": 16e9},
            "gpu": {"utilisation": {"mean": 0.9}},
            "amp": {"skipped_steps": 0},
        },
        "gradients": {"norm": {"p50": 20.0}},
    }


def write_run(run: Path, tracked: bool) -> None:
    run.mkdir(parents=True)
    rng = np.random.default_rng(0)
    store = Store(run)
    with open(run / "events.out.tfevents.1700000000.host.1.0", "wb") as file:
        records = RecordWriter(file)
        for epoch in range(1, EPOCHS + 1):
            for tag in FRAMEWORKS:
                write(records, epoch, {tag: float(rng.random())})
            if tracked:
                recorded = line(epoch, np.random.default_rng(epoch))
                store.append(recorded)
                write(records, epoch, scalars(recorded))


def write(records: RecordWriter, step: int, values: dict[str, float]) -> None:
    summary = Summary(value=[Summary.Value(tag=tag, simple_value=x) for (tag, x) in values.items()])
    event = Event(wall_time=1.7e9 + step, step=step, summary=summary)
    records.write(event.SerializeToString())


@contextlib.contextmanager
def tensorboard(logdir: Path, mode: str) -> Iterator[str]:
    """Its address."""
    command = [sys.executable, "-m", "tensorboard.main", "--host=127.0.0.1", "--port=0"]
    process = subprocess.Popen(
        [*command, f"--logdir={logdir}", MODES[mode]], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    try:
        found = next(filter(None, map(ADDRESS.search, process.stderr)))
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield found[1]
    finally:
        process.terminate()
        process.wait()


def ask(url: str) -> Any:
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return json.loads(response.read())
    except urllib.error.HTTPError:
        return None


def is_shown(address: str) -> bool:
    """Whether the last epoch is there, of what is written last."""
    tags = sorted((ask(f"{address}/data/plugin/scalars/tags") or {}).get("run", {}))
    own = [tag for tag in tags if tag.startswith(TAG_PREFIX)]
    return bool(tags) and last_step(address, (own or FRAMEWORKS)[-1]) == EPOCHS


def last_step(address: str, tag: str) -> int:
    query = urlencode({"run": "run", "tag": tag})
    points = ask(f"{address}/data/plugin/scalars/scalars?{query}")
    return points[-1][1] if points else 0


def start(logdir: Path, mode: str) -> tuple[float, float]:
    """Seconds until everything is shown, and CPU seconds of the process until it is ended then."""
    (began, spent) = (time.perf_counter(), children_cpu())
    with tensorboard(logdir, mode) as address:
        while not is_shown(address):
            time.sleep(POLL_S)
        shown = time.perf_counter() - began
    return shown, children_cpu() - spent


def children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def tell(mode: str, name: str, untracked: list[float], tracked: list[float]) -> None:
    ratios = np.array(tracked) / np.array(untracked)
    drawn = np.random.default_rng(0).choice(ratios, (10_000, len(ratios)))
    (low, high) = np.quantile(np.median(drawn, axis=1), [0.025, 0.975])
    print(
        f"{mode} mode, {name:4}: {median(untracked):6.3f} s untracked, {median(tracked):6.3f} s tracked, "
        f"ratio {np.median(ratios):.3f} (95 %: {low:.3f} to {high:.3f}, {len(ratios)} pairs)"
    )


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        logdirs = {name: Path(folder) / name for name in ("untracked", "tracked")}
        for name, logdir in logdirs.items():
            write_run(logdir / "run", tracked=name == "tracked")
        size = sum(path.stat().st_size for path in logdirs["tracked"].rglob("*") if path.is_file())
        print(f"{os.cpu_count()} cores, tracked run of {size / 1e6:.1f} MB")
        for mode in MODES:
            if mode == "fast" and importlib.util.find_spec("tensorboard_data_server") is None:
                print("fast mode: tensorboard_data_server is not installed")
                continue
            measure(mode, logdirs, rounds)


def measure(mode: str, logdirs: dict[str, Path], rounds: int) -> None:
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in logdirs}
    for turn in range(rounds):
        for name in ("untracked", "tracked", "tracked", "untracked"):
            seconds = start(logdirs[name], mode)
            if turn:  # the first one fills caches
                taken[name].append(seconds)
    for index, what in enumerate(("wall", "CPU")):
        columns = ([pair[index] for pair in taken[name]] for name in ("untracked", "tracked"))
        tell(mode, what, *columns)


if __name__ == "__main__":
    main()
