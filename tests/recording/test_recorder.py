"""The writer: one line an epoch, one manifest in one piece, whatever the values and the disk are like."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens import Recorder
from tensorboard_runlens.recording.disk import cut_half_line
from tensorboard_runlens.recording.plain import plain
from tests.recording.trainings import lines, manifest


def test_epochs_are_appended(tmp_path):
    Recorder(tmp_path).log_epoch(1, seconds=2.0)
    Recorder(tmp_path).log_epoch(2, classes=np.array([0]), box={"ap50": np.array([0.5])})
    assert lines(tmp_path) == [
        {"epoch": 1, "seconds": 2.0, "fitness": None},
        {"epoch": 2, "seconds": None, "fitness": None, "classes": [0], "box": {"ap50": [0.5]}},
    ]


def test_a_half_line_of_a_killed_process_is_cut(tmp_path):
    Recorder(tmp_path).log_epoch(1)
    with open(tmp_path / "runlens" / "epochs.jsonl", "a", encoding="utf-8") as file:
        file.write('{"epoch":2,"sec')
    Recorder(tmp_path).log_epoch(2)
    assert [line["epoch"] for line in lines(tmp_path)] == [1, 2]


@given(st.lists(st.binary(max_size=20)))
def test_whole_lines_are_never_cut(tmp_path_factory, parts):
    path = tmp_path_factory.mktemp("cut") / "file"
    content = b"\n".join(parts)
    path.write_bytes(content)
    cut_half_line(str(path))
    assert path.read_bytes() == content[: content.rfind(b"\n") + 1]


def test_the_manifest_replaces_an_earlier_one(tmp_path):
    Recorder(tmp_path).describe(task="detect")
    Recorder(tmp_path).describe(task="segment")
    assert manifest(tmp_path)["task"] == "segment"
    assert [path.name for path in (tmp_path / "runlens").iterdir()] == ["manifest.json"]


def test_a_manifest_that_cannot_be_put_in_place_leaves_nothing(tmp_path, caplog):
    (tmp_path / "runlens" / "manifest.json").mkdir(parents=True)
    Recorder(tmp_path).describe(task="detect")
    assert [path.name for path in (tmp_path / "runlens").iterdir()] == ["manifest.json"]
    assert "manifest" in caplog.text


def test_where_nothing_can_be_written_one_warning_names_no_path(tmp_path, caplog):
    (tmp_path / "runlens").write_text("a file in the way")
    recorder = Recorder(tmp_path)
    recorder.log_epoch(1)
    recorder.log_epoch(2)
    assert len(caplog.records) == 1
    assert str(tmp_path) not in caplog.text


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_said_once(tmp_path, caplog):
    (tmp_path / "runlens").mkdir()
    (tmp_path / "runlens" / "epochs.jsonl").symlink_to("/dev/full")
    recorder = Recorder(tmp_path)
    recorder.log_epoch(1)
    recorder.log_epoch(2)
    assert len(caplog.records) == 1


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (float("inf"), None),
        (np.array([1.0, np.nan]), [1.0, None]),
        ((1, "a"), [1, "a"]),
        (Path("/home/anna/runs/best.pt"), "…/runs/best.pt"),
        ({1: {"data": "C:\\Users\\anna\\data\\a.yaml"}}, {"1": {"data": "…/data/a.yaml"}}),
        (print, "<builtin_function_or_method>"),
    ],
)
def test_values_become_plain(value, written):
    assert plain(value) == written


def test_what_contains_itself_ends():
    endless: list[object] = []
    endless.append(endless)
    assert "list" in json.dumps(plain(endless))
