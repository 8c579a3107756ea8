"""Evaluates trainings of tracked.py with ``runlens evaluate`` and with Ultralytics itself.

    python evaluated.py FOLDER '{"trained": TRAINED, "tasks": ["detect", "pose"]}'

Each tracked run of TRAINED is copied to ``FOLDER/TASK/run``, without its recording and with best.pt beside
the table, and evaluated on val and on a test split. Beside it lie what ``--json`` printed
(``answer.json``), what changed of the files (``changed.json``), and what the framework's own validations
held (``curves_val.npz``, ``curves_test.npz``).
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from shapes import prepare

SPLITS = ("val", "test")
ATTRIBUTES = ("box", "seg", "pose")
CURVES = ("p_curve", "r_curve", "f1_curve", "all_ap", "px", "p", "r", "f1")

Files = dict[str, tuple[int, int]]


def copy_of(tracked: Path, folder: Path) -> Path:
    """The run as somebody may have kept it who never heard of RunLens."""
    run = folder / "run"
    shutil.copytree(tracked, run, ignore=shutil.ignore_patterns("runlens"))
    os.replace(run / "weights" / "best.pt", run / "best.pt")
    return run


def with_test_split(data: Path, folder: Path) -> Path:
    """The data set of a training, whose training images are the test split."""
    if data.is_dir():
        shutil.copytree(data, folder / "shapes")
        shutil.copytree(data / "train", folder / "shapes" / "test")
        return folder / "shapes"
    described = json.loads(data.read_text("utf-8"))
    images = data.parent / described["path"]
    path = folder / "with_test.yaml"
    described = {**described, "path": str(images), "test": described["train"]}
    path.write_text(json.dumps(described), encoding="utf-8")
    return path


def files(folder: Path) -> Files:
    """Every file with its bytes' hash and time."""
    return {
        str(path): (hash(path.read_bytes()), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def changed(before: Files, after: Files) -> list[str]:
    names = before.keys() | after.keys()
    return sorted(name for name in names if before.get(name) != after.get(name))


def evaluate(run: Path, data: Path) -> str:
    """What ``runlens evaluate --json`` prints."""
    from tensorboard_runlens.cli import main

    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(printed):
        assert main(["evaluate", str(run), "--data", str(data), "--device", "cpu", "--json"]) == 0
    printed.seek(0)
    return printed.read()


def validate(run: Path, data: Path, split: str, folder: Path) -> dict[str, Any]:
    """What the framework holds of its own validation."""
    from ultralytics import YOLO

    where = {"project": str(folder / "theirs"), "name": split, "plots": False}
    metrics = YOLO(run / "best.pt").val(data=str(data), split=split, device="cpu", **where)
    held = {
        f"{name}_{curve}": getattr(getattr(metrics, name), curve)
        for name in ATTRIBUTES
        if hasattr(metrics, name)
        for curve in CURVES
    }
    return held or {"top1": metrics.top1}


def compare(task: str, trained: Path, folder: Path) -> None:
    run = copy_of(trained / task / "tracked", folder)
    stated = trained / task / ("shapes" if task == "classify" else "shapes.yaml")
    data = with_test_split(stated, folder)
    for split in SPLITS:  # first: the framework reads the labels once, and keeps what it has read
        np.savez(folder / f"curves_{split}.npz", **validate(run, data, split, folder))
    before = files(folder)
    answer = evaluate(run, data)
    found = [str(Path(path).relative_to(folder)) for path in changed(before, files(folder))]
    left = os.listdir(tempfile.gettempdir())
    told = {"changed": found, "left": [name for name in left if name.startswith("runlens-")]}
    (folder / "answer.json").write_text(answer, encoding="utf-8")
    (folder / "changed.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    (target, job) = (Path(sys.argv[1]).resolve(), json.loads(sys.argv[2]))
    prepare(target)
    (target / "temporary").mkdir()
    tempfile.tempdir = str(target / "temporary")
    for one in job["tasks"]:
        (target / one).mkdir()
        compare(one, Path(job["trained"]), target / one)
