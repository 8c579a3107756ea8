"""What a training left behind, as far as two trainings of the same must agree: no times, no paths."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

ROOT = Path(__file__).parents[2]
OURS = "runlens/"
CURVES = ".png"
"""What the framework draws of its metrics. Its pictures of batches, .jpg, are drawn by two threads at once
that change the same images, and may differ from one training to the next."""
OF_THE_RUN = {"name", "project", "save_dir"}

Scalars = dict[str, list[tuple[int, float]]]


def run_program(name: str, folder: Path, job: dict[str, Any], before: Sequence[str] = ()) -> None:
    """Runs a program that lies beside this file on ``folder``, in a process of its own."""
    program = Path(__file__).with_name(name)
    command = [*before, sys.executable, str(program), str(folder), json.dumps(job)]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]


def told_by(
    name: str, folder: Path, job: dict[str, Any], before: Sequence[str] = ()
) -> dict[str, Any]:
    """What such a program leaves in ``folder`` as told.json."""
    run_program(name, folder, job, before)
    found: dict[str, Any] = json.loads((folder / "told.json").read_text("utf-8"))
    return found


def table(run: Path) -> list[dict[str, str]]:
    """The rows of results.csv, the time left out."""
    with open(run / "results.csv", encoding="utf-8") as file:
        return [
            {name: cell for (name, cell) in row.items() if name != "time"}
            for row in csv.DictReader(file)
        ]


def arguments(run: Path) -> dict[str, Any]:
    found = yaml.safe_load((run / "args.yaml").read_text("utf-8"))
    return {name: value for (name, value) in found.items() if name not in OF_THE_RUN}


def scalars(run: Path) -> Scalars:
    """Every tag of the event files with its steps and values."""
    events = EventAccumulator(str(run), size_guidance={"scalars": 0}).Reload()
    return {
        tag: [(event.step, event.value) for event in events.Scalars(tag)]
        for tag in events.Tags()["scalars"]
    }


def of_the_framework(tags: Scalars) -> Scalars:
    return {tag: values for (tag, values) in tags.items() if not tag.startswith(OURS)}


def event_files(run: Path) -> int:
    return len(list(run.rglob("*tfevents*")))


def files(run: Path) -> dict[str, str]:
    """The framework's own files, the event file left out, and the content of its curves as a digest."""
    return {
        path.relative_to(run).as_posix(): digest(path) if path.suffix == CURVES else ""
        for path in run.rglob("*")
        if path.is_file() and "tfevents" not in path.name and "runlens" not in path.parts
    }


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def lines(run: Path) -> list[dict[str, Any]]:
    """The complete lines of the recorded epochs."""
    text = (run / "runlens" / "epochs.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def recorded(run: Path, name: str) -> Any:
    """A JSON file of the recording."""
    return json.loads((run / "runlens" / name).read_text("utf-8"))
