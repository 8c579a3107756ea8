"""Numbers of an epoch as TensorBoard scalars: which, where they go, and that TensorBoard reads them."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from tensorboard_runlens.recording.event_file import FRAMEWORKS, FrameworkFile, OwnFile, event_file
from tensorboard_runlens.recording.parts.scalars import scalars
from tests.recording.trainings import fire, manifest, metrics, train_epoch, trainer

FULL = {
    "epoch": 7,
    "box": {"optimum": {"confidence": 0.4, "f1": 0.7}, "ap50_95": np.array([0.5, 0.2, np.nan])},
    "machine": {
        "data_seconds": 1.0,
        "compute_seconds": 3.0,
        "gpu": {"utilisation": {"mean": 0.8, "max": 0.9}},
    },
}


@pytest.fixture
def run(tmp_path):
    return tmp_path / "train"


def read(run):
    """By tag, the steps and values that TensorBoard sees."""
    events = EventAccumulator(str(run)).Reload()
    return {
        tag: [(event.step, pytest.approx(event.value)) for event in events.Scalars(tag)]
        for tag in events.Tags()["scalars"]
    }


class Framework:
    """As torch's SummaryWriter, with TensorBoard's own writer below it."""

    def __init__(self, log_dir):
        self.log_dir = str(log_dir)
        self.file_writer = self
        self._events = EventFileWriter(self.log_dir)

    def add_summary(self, summary, step):
        self._events.add_event(Event(summary=summary, step=step))

    def close(self):
        self._events.close()
        self.file_writer = None


@pytest.fixture
def framework(monkeypatch):
    """Has the framework's callback hold an open writer for a folder."""

    def open_for(folder):
        writer = Framework(folder)
        module = ModuleType(FRAMEWORKS)
        module.WRITER = writer
        monkeypatch.setitem(sys.modules, FRAMEWORKS, module)
        return writer

    return open_for


def test_five_of_the_numbers_have_a_tag():
    assert scalars(FULL) == {
        "runlens/f1": 0.7,
        "runlens/confidence": 0.4,
        "runlens/worst_class_map50_95": 0.2,
        "runlens/data_wait_share": 0.25,
        "runlens/gpu_utilisation": 0.8,
    }


@pytest.mark.parametrize(
    "line",
    [
        {"epoch": 1, "fitness": None},
        {"epoch": 1, "box": {"optimum": None, "ap50_95": []}, "machine": {"memory": {"total": 5}}},
        {"epoch": 1, "machine": {"gpu": {"utilisation": {"mean": float("inf")}}}},
        {"epoch": 1, "machine": {"data_seconds": 0.0, "compute_seconds": 0.0}},
    ],
)
def test_what_is_missing_has_none(line):
    assert scalars(line) == {}


def test_masks_go_before_boxes():
    line = {"box": FULL["box"], "mask": {"optimum": {"confidence": 0.3, "f1": 0.5}}}
    assert scalars(line) == {"runlens/f1": 0.5, "runlens/confidence": 0.3}


def test_a_run_without_an_event_file_gets_one(run):
    running = trainer(run)
    fire("on_train_start", running)
    assert list(run.glob("*tfevents*")) == []
    for epoch in (1, 2):
        train_epoch(running, epoch, metrics())
    assert len(list(run.glob("*tfevents*"))) == 1
    found = read(run)
    assert found["runlens/f1"] == [(1, 0.7), (2, 0.7)]
    assert [step for (step, _) in found["runlens/worst_class_map50_95"]] == [1, 2]


def test_every_epoch_is_there_as_soon_as_it_is_logged(tmp_path):
    file = OwnFile(tmp_path)
    for epoch in (1, 2, 3):
        file.write({"runlens/f1": epoch / 10}, epoch)
        assert read(tmp_path) == {"runlens/f1": [(n, n / 10) for n in range(1, epoch + 1)]}


def test_the_frameworks_file_is_used_where_it_is_open(run, framework):
    running = trainer(run)
    writer = framework(run)
    fire("on_train_start", running)
    train_epoch(running, 1, metrics())
    writer.close()
    assert len(list(run.glob("*tfevents*"))) == 1
    assert read(run)["runlens/confidence"] == [(1, pytest.approx(0.4, abs=0.001))]


def test_a_writer_of_another_run_is_left_alone(tmp_path, framework):
    writer = framework(tmp_path / "earlier")
    (tmp_path / "now").mkdir()
    assert isinstance(event_file(tmp_path / "earlier"), FrameworkFile)
    assert isinstance(event_file(tmp_path / "now"), OwnFile)
    writer.close()
    assert isinstance(event_file(tmp_path / "earlier"), OwnFile)


def test_an_epoch_is_one_record(tmp_path):
    file = OwnFile(tmp_path)
    (path,) = tmp_path.iterdir()
    empty = path.stat().st_size
    file.write({f"runlens/{n}": 1.0 for n in range(10)}, 1)
    assert path.stat().st_size - empty < 400


def test_tensorflow_is_not_imported(tmp_path):
    """TensorBoard's own EventFileWriter would, where it is installed."""
    (tmp_path / "tensorflow.py").write_text("raise SystemExit('imported')")
    code = (
        "from tensorboard_runlens.recording.event_file import OwnFile; "
        f"OwnFile({str(tmp_path)!r}).write({{'runlens/f1': 0.5}}, 1)"
    )
    environment = {"PYTHONPATH": f"{tmp_path}:."}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_a_missing_tensorboard_is_said_once(run, monkeypatch, caplog):
    running = trainer(run)
    found = SimpleNamespace(find_spec=lambda name: None)
    monkeypatch.setattr(
        "tensorboard_runlens.recording.parts.scalars.importlib", SimpleNamespace(util=found)
    )
    fire("on_train_start", running)
    train_epoch(running, 1, metrics())
    assert list(run.glob("*tfevents*")) == []
    assert len(caplog.records) == 1
    assert "TensorBoard" in manifest(run)["missing"][0]
