"""The writer: one line an epoch, one manifest in one piece, whatever the values and the disk are like."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens import Recorder
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.recorded import recorded
from tensorboard_runlens.formats.recorded_archive import evidence
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
    assert {path.name for path in (tmp_path / "runlens").iterdir()} == {
        "manifest.json",
        "ended.json",
    }


def test_a_manifest_that_cannot_be_put_in_place_leaves_nothing(tmp_path, caplog):
    (tmp_path / "runlens" / "manifest.json").mkdir(parents=True)
    Recorder(tmp_path).describe(task="detect")
    assert [path.name for path in (tmp_path / "runlens").iterdir()] == ["manifest.json"]
    assert "manifest" in caplog.text


def test_what_a_killed_process_left_of_an_archive_is_removed(tmp_path):
    Recorder(tmp_path).log_epoch(1)
    left = tmp_path / "runlens" / "curves_best.npz.part"
    left.write_bytes(b"PK")
    Recorder(tmp_path).start_over()
    assert list((tmp_path / "runlens").iterdir()) == []


def test_what_is_no_folder_is_said(tmp_path, monkeypatch, caplog):
    monkeypatch.chdir(tmp_path)
    Recorder(None).log_epoch(1)
    assert list(tmp_path.iterdir()) == []
    assert "not recorded" in caplog.text


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
        (os.fsdecode(b"/home/anna/B\xe4r/data.yaml"), "…/B\\udce4r/data.yaml"),
        ({"\udce4": "\udce4"}, {"\\udce4": "\\udce4"}),
    ],
)
def test_values_become_plain(value, written):
    assert plain(value) == written


def test_what_contains_itself_ends():
    endless: list[object] = []
    endless.append(endless)
    assert "list" in json.dumps(plain(endless))


def validate(recorder: Recorder, skill: float = 1.0) -> None:
    """Two images with a disc and a ring; of lesser skill the ring is found where nothing is."""
    boxes = np.array([[10.0, 10, 30, 30], [50, 50, 70, 80]])
    found = boxes + (1 - skill) * np.array([[0.0], [40.0]])
    for _ in range(2):
        recorder.log_detections(found, [0.9, 0.8], [0, 2], boxes, [0, 2])


def archive(run: Path) -> dict[str, np.ndarray]:
    with np.load(run / "runlens" / "curves_best.npz", allow_pickle=False) as found:
        return {name: found[name] for name in found.files}


def test_detections_become_metrics_by_class_and_their_means(tmp_path):
    recorder = Recorder(tmp_path)
    validate(recorder, skill=0.5)
    recorder.log_epoch(1)
    (line,) = lines(tmp_path)
    assert (line["classes"], line["images"], line["instances"]) == ([0, 2], [2, 2], [2, 2])
    assert line["box"]["recall"] == [1, 0]
    assert line["box"]["ap50_95"] == pytest.approx([0.995, 0])
    assert line["metrics"]["box"]["map50_95"] == pytest.approx(0.4975) == line["fitness"]
    assert line["box"]["optimum"]["f1"] == pytest.approx(0.5, abs=0.01)
    assert [len(curve) for curve in line["box"]["curves"].values()] == [101] * 3


def test_what_was_collected_is_of_one_epoch(tmp_path):
    recorder = Recorder(tmp_path)
    validate(recorder)
    recorder.log_epoch(1)
    recorder.log_epoch(2)
    assert lines(tmp_path)[1] == {"epoch": 2, "seconds": None, "fitness": None}


def test_curves_are_of_the_best_epoch(tmp_path):
    recorder = Recorder(tmp_path)
    for epoch, skill in ((1, 0.5), (2, 1.0), (3, 1.0), (4, 0.5)):
        validate(recorder, skill)
        recorder.log_epoch(epoch)
    found = archive(tmp_path)
    assert found["epoch"] == 3
    assert found["box_f1"].shape == found["confidence"].shape == (1000,)
    assert found["box_class_f1"].shape == (2, 101)
    assert found["classes"].tolist() == [0, 2]
    confidence = np.cumsum(found["detection_step"], dtype=np.uint32).view(np.float32)
    assert confidence.tolist() == np.array([0.8, 0.8, 0.9, 0.9], np.float32).tolist()
    assert found["box_hits"].tolist() == [1023] * 4


def test_a_resumed_loop_knows_what_was_best(tmp_path):
    for epochs in ([(1, 0.5), (2, 1.0)], [(3, 0.5)]):
        recorder = Recorder(tmp_path)
        for epoch, skill in epochs:
            validate(recorder, skill)
            recorder.log_epoch(epoch)
    assert archive(tmp_path)["epoch"] == 2


def test_curves_of_an_epoch_that_is_void_are_removed(tmp_path):
    recorder = Recorder(tmp_path)
    validate(recorder)
    recorder.log_epoch(2)
    Recorder(tmp_path).log_epoch(1, fitness=0.1)
    assert not (tmp_path / "runlens" / "curves_best.npz").exists()


def test_fitness_that_is_given_decides(tmp_path):
    recorder = Recorder(tmp_path)
    for epoch, fitness in ((1, 0.9), (2, 0.1)):
        validate(recorder)
        recorder.log_epoch(epoch, fitness=fitness)
    assert archive(tmp_path)["epoch"] == 1


@pytest.mark.parametrize(
    ("metrics", "fitness"),
    [
        ({"box": {"map50_95": 0.4}, "mask": {"map50_95": 0.3}}, 0.3),
        ({"box": {"mAP50-95": 0.4, "precision": 0.9}}, 0.4),
        ({"classify": {"accuracy": 0.7}}, 0.7),
        ({"pixel": {"dice": 0.6, "iou": 0.5}}, 0.6),
        ({"box": {"precision": 0.9}}, None),
    ],
)
def test_without_fitness_the_main_metric_is_it(tmp_path, metrics, fitness):
    Recorder(tmp_path).log_epoch(1, metrics=metrics)
    assert lines(tmp_path)[0]["fitness"] == fitness


def test_classes_may_go_by_name(tmp_path):
    recorder = Recorder(tmp_path)
    recorder.describe(names={0: "disc", 1: "ring"})
    recorder.log_classes({"ring": {"map50": 0.4, "instances": 3}, 0: {"ap50": 0.2}})
    recorder.log_epoch(1)
    (line,) = lines(tmp_path)
    assert (line["classes"], line["instances"]) == ([0, 1], [None, 3])
    assert line["box"] == {"ap50": [0.2, 0.4]}
    assert line["metrics"] == {"box": {"map50": pytest.approx(0.3)}}


def test_names_that_were_not_described_are_numbered(tmp_path):
    recorder = Recorder(tmp_path)
    for epoch in (1, 2):
        recorder.log_classes({"b": {"iou": 0.5}, "a": {"iou": 0.7}}, group="pixel")
        recorder.log_epoch(epoch)
    assert manifest(tmp_path)["names"] == ["b", "a"]
    assert lines(tmp_path)[1]["classes"] == [0, 1]
    assert lines(tmp_path)[1]["metrics"] == {"pixel": {"miou": pytest.approx(0.6)}}


def test_losses_and_rates_without_a_name_get_one(tmp_path):
    Recorder(tmp_path).log_epoch(1, train=0.5, val={"seg": np.float32(0.25)}, lr=0.01)
    (line,) = lines(tmp_path)
    assert (line["train"], line["val"], line["lr"]) == ({"loss": 0.5}, {"seg": 0.25}, {"pg0": 0.01})


def test_a_training_that_ends_by_itself_is_finished(tmp_path):
    with Recorder(tmp_path) as recorder:
        recorder.describe(task="detect")
        recorder.log_epoch(7)
    assert (manifest(tmp_path)["task"], manifest(tmp_path)["finished"]) == ("detect", 7)


def test_one_that_breaks_off_is_not(tmp_path):
    with pytest.raises(RuntimeError, match="out of memory"), Recorder(tmp_path) as recorder:
        recorder.log_epoch(7)
        raise RuntimeError("out of memory")
    assert "finished" not in manifest(tmp_path)


def test_the_run_folder_is_made(tmp_path):
    Recorder(tmp_path / "runs" / "mine").log_epoch(1)
    assert lines(tmp_path / "runs" / "mine")[0]["epoch"] == 1


def test_other_processes_of_a_training_record_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("RANK", "1")
    recorder = Recorder(tmp_path / "run")
    recorder.describe(task="detect")
    recorder.log_epoch(1)
    assert not (tmp_path / "run").exists()


def test_a_recorder_can_be_copied(tmp_path):
    recorder = copy.deepcopy(Recorder(tmp_path))
    recorder.log_epoch(1)
    assert len(lines(tmp_path)) == 1


BOX = [[0.0, 0.0, 10.0, 10.0]]


def test_a_validation_that_could_not_be_taken_costs_its_epoch_only(tmp_path, caplog):
    recorder = Recorder(tmp_path)
    for epoch, score in ((1, 7.0), (2, 0.5)):
        recorder.log_detections(BOX, [score], [0], BOX, [0])
        recorder.log_epoch(epoch)
    assert ["box" in line for line in lines(tmp_path)] == [False, True]
    assert len(caplog.records) == 1


def test_a_detection_that_is_inside_out_finds_nothing(tmp_path, caplog):
    recorder = Recorder(tmp_path)
    inside_out = [[10.0, 10.0, 5.0, 5.0]]
    recorder.log_detections([*BOX, *inside_out], [0.9, 0.8], [0, 0], BOX, [0])
    recorder.log_epoch(1)
    assert lines(tmp_path)[0]["box"]["recall"] == [1.0]
    assert caplog.records == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((BOX, [0.5, 0.6], [0], BOX, [0]), "2 scores for 1 boxes"),
        (([[0.0, 0.0, 10.0]], [0.5], [0], BOX, [0]), "boxes have to be"),
        ((BOX, [0.5], [0], [[10.0, 10.0, 5.0, 5.0]], [0]), "x1, y1, x2, y2"),
        ((BOX, [7.0], [0], BOX, [0]), "from 0 to 1"),
        ((BOX, [0.5], [-1], BOX, [0]), "class numbers"),
        ((BOX, [0.5], ["disc"], BOX, [0]), "numbers are expected"),
        ((BOX, [0.5], [0], None, [0]), "numbers are expected"),
    ],
)
def test_detections_that_do_not_fit_are_said_once_and_never_half_measured(
    tmp_path, caplog, arguments, said
):
    recorder = Recorder(tmp_path)
    validate(recorder)
    for _ in range(3):
        recorder.log_detections(*arguments)
    recorder.log_epoch(1, train={"loss": 0.5})
    assert [said in record.getMessage() for record in caplog.records] == [True]
    assert lines(tmp_path) == [
        {"epoch": 1, "seconds": None, "fitness": None, "train": {"loss": 0.5}}
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"metrics": {"map50": 0.5}},
        {"metrics": [0.5]},
        {"train": {"loss": "low"}},
        {"val": object()},
        {"lr": [0.01, 0.02]},
        {"fitness": "good"},
        {"seconds": "long"},
    ],
)
def test_an_argument_that_makes_no_sense_costs_itself_only(tmp_path, caplog, fields):
    recorder = Recorder(tmp_path)
    for epoch in (1, 2):
        recorder.log_epoch(epoch, **fields)
    assert [line["epoch"] for line in lines(tmp_path)] == [1, 2]
    assert len(caplog.records) == 1


@pytest.mark.parametrize(
    "facts", [{"axis": "step"}, {"names": "disc"}, {"images": 400}, {"epochs": "ten"}]
)
def test_a_description_that_makes_no_sense_is_said(tmp_path, caplog, facts):
    recorder = Recorder(tmp_path)
    recorder.describe(**facts)
    recorder.log_epoch(1)
    assert len(caplog.records) == 1
    assert len(lines(tmp_path)) == 1


ANYTHING = st.one_of(
    st.none(),
    st.floats(),
    st.integers(),
    st.text(max_size=5),
    st.binary(max_size=5),
    st.builds(object),
    st.lists(st.floats(0, 1), max_size=5),
    st.dictionaries(st.text(max_size=5), st.floats(), max_size=3),
)


@given(st.lists(ANYTHING, min_size=6, max_size=6))
def test_nothing_raises(tmp_path_factory, values):
    with Recorder(tmp_path_factory.mktemp("any")) as recorder:
        recorder.describe(task=values[0], names=values[1], images=values[2], optimizer=values[3])
        recorder.log_classes(values[0], values[1])
        recorder.log_classes({"a": values[0]})
        recorder.log_detections(*values[:5])
        recorder.log_confidences(values[0], values[1])
        recorder.log_epoch(*values, something=values[0])


@pytest.mark.parametrize(("boxes", "pixels"), [(True, False), (False, True), (True, True)])
def test_curves_are_read_back(tmp_path, boxes, pixels):
    recorder = Recorder(tmp_path)
    if boxes:
        validate(recorder, skill=0.5)
    if pixels:
        recorder.log_confidences(np.linspace(0, 1, 50), np.arange(50) % 3 > 0)
    recorder.log_epoch(1)
    folder = Folder(str(tmp_path))
    (found, problems) = recorded(folder)
    (read, more) = evidence(folder, found)
    groups = [name for (name, there) in (("box", boxes), ("pixel", pixels)) if there]
    assert problems + more == []
    assert list(read.curves) == groups
    assert (read.detections is not None) == boxes
    for group in groups:
        assert read.curves[group].f1.max() == pytest.approx(found.best.optimum[group][1], abs=1e-6)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes in folders")
def test_a_pipe_in_place_of_an_earlier_manifest_is_not_waited_for(tmp_path):
    (tmp_path / "runlens").mkdir()
    os.mkfifo(tmp_path / "runlens" / "manifest.json")
    Recorder(tmp_path).log_epoch(1, train={"loss": 0.3})
    assert manifest(tmp_path)["framework"] == "recorded"
