"""``RUNLENS_AUTO=1``: trainings that no script starts are recorded."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.training.shapes import write_data_set

pytestmark = [
    pytest.mark.slow,
    pytest.mark.training,
    pytest.mark.skipif(
        importlib.util.find_spec("ultralytics") is None, reason="ultralytics is not installed"
    ),
]

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
AT_START = """
import site
site.addsitedir({folder!r})
import shapes
shapes.make_torchvision_work()
"""
COMMAND = "from ultralytics.cfg import entrypoint; entrypoint()"
TUNE = "from ultralytics import YOLO; YOLO({model!r}).tune(iterations=1, **{arguments!r})"
TRACKED = """
from tensorboard_runlens import track
from ultralytics import YOLO
track(YOLO({model!r})).train(name="twice", **{arguments!r})
"""


class Project:
    """A folder with a data set, where every Python starts as one that has RunLens installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        start = folder / "start"
        start.mkdir()
        shutil.copyfile(ROOT / "runlens_auto.pth", start / "runlens_auto.pth")
        (start / "sitecustomize.py").write_text(AT_START.format(folder=str(start)), "utf-8")
        write_data_set(folder, 8, 4, 0.0)
        self.path = os.pathsep.join([str(start), str(ROOT), str(HERE)])
        self.model = "yolo11n.yaml"
        self.arguments = {
            "data": str(folder / "shapes.yaml"),
            "project": str(folder / "runs"),
            "epochs": 1,
            "imgsz": 64,
            "batch": 4,
            "plots": False,
            "device": "cpu",
        }

    def python(self, code: str, *arguments: str, auto: str = "1") -> None:
        left_out = ("PYTEST_CURRENT_TEST", "GITHUB_ACTIONS")
        environment = {
            **{name: value for (name, value) in os.environ.items() if name not in left_out},
            "PYTHONPATH": self.path,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "RUNLENS_AUTO": auto,
            "YOLO_OFFLINE": "1",
            "YOLO_CONFIG_DIR": str(self.folder),
            "MPLBACKEND": "agg",
            "OMP_NUM_THREADS": "1",
        }
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]

    def yolo_train(self, name: str, auto: str) -> None:
        arguments = {"model": self.model, "name": name, **self.arguments}
        words = [f"{key}={value}" for (key, value) in arguments.items()]
        self.python(COMMAND, "train", *words, auto=auto)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    return Project(tmp_path_factory.mktemp("auto"))


def epochs(run: Path) -> list[int]:
    text = (run / "runlens" / "epochs.jsonl").read_text("utf-8")
    return [json.loads(line)["epoch"] for line in text.splitlines()]


def test_the_command_line_is_recorded(project):
    project.yolo_train("on", auto="1")
    assert epochs(project.folder / "runs" / "on") == [1]


def test_without_the_switch_it_is_not(project):
    project.yolo_train("off", auto="0")
    assert (project.folder / "runs" / "off" / "results.csv").exists()
    assert not (project.folder / "runs" / "off" / "runlens").exists()


def test_the_trials_of_tuning_are_recorded(project):
    """Each is a process of its own; the framework keeps the best."""
    project.python(TUNE.format(model=project.model, arguments=project.arguments))
    (trial,) = project.folder.glob("runs/multitrain*/*/results.csv")
    assert epochs(trial.parent) == [1]


def test_a_tracked_model_is_recorded_once(project):
    project.python(TRACKED.format(model=project.model, arguments=project.arguments))
    assert epochs(project.folder / "runs" / "twice") == [1]
