"""``runlens evaluate`` without Ultralytics: what is asked for, what a stand-in finds, what is kept and read back."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens import schema
from tensorboard_runlens.catalog import Catalog, open_run
from tensorboard_runlens.cli import main
from tensorboard_runlens.evaluation.request import request
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.recorded_evaluation import evaluations
from tensorboard_runlens.recording.evaluating.checkpoint import CannotEvaluate, reason
from tensorboard_runlens.recording.layout import EVALUATIONS
from tensorboard_runlens.recording.parts import classes, detections, matches
from tensorboard_runlens.schema.evaluation import EvaluateAnswer
from tests.builders import YOLOV5, decoded, kinds, rows_of, txt_row, write, write_csv, write_detect
from tests.dataset import datasets
from tests.recording.archives import NAMES, final_arrays, metrics, packed
from tests.recording.evaluations import FOUND, Framework, nothing_matched
from tests.recording.trainings import trainer
from tests.recording.validations import fire

METRICS = "runlens/evaluation_val.json"
ARCHIVE = "runlens/evaluation_val.npz"
WEIGHTS = b"weights"
CHATTER = "chatter of the framework"

SPLITS = {split: [datasets.box(0)] * 2 for split in ("train", "val")}
WITH_TEST = {**SPLITS, "test": [datasets.box(1)]}


@pytest.fixture
def framework(monkeypatch, tmp_path):
    """Ultralytics as a stand-in, and a temporary folder that is looked into afterwards."""
    standin = Framework()
    for name, module in standin.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(matches, "validated_boxes", nothing_matched)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    yield standin
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.fixture
def data(tmp_path):
    """A data set with val and test."""
    return datasets.write(tmp_path / "shapes", WITH_TEST, NAMES)


@pytest.fixture
def run(tmp_path, data):
    """A run that was never tracked, and knows its data set."""
    run = write_detect(tmp_path / "train", task="detect", mode="train", epochs=5, data=data)
    write(run / "weights" / "best.pt", WEIGHTS)
    return run


def evaluate(*call):
    return main(["evaluate", *map(str, call)])


def read(run):
    return evaluations(Folder(str(run)))


def files(run):
    """Every file of a run with its content and time, what an evaluation makes left out."""
    ours = {f"runlens/{name}" for name in EVALUATIONS}
    there = (path for path in run.rglob("*") if path.is_file())
    return {
        path: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in there
        if path.relative_to(run).as_posix() not in ours
    }


def plain_rows():
    """A results.txt of three epochs."""
    cells = (0.05, 0.01, 0.0, 0.06, 12, 640, 0.7, 0.6, 0.65, 0.4, 0.04, 0.01, 0.0)
    return "".join(f"{txt_row(epoch, 8, cells)}\n" for epoch in range(3))


def refused(capsys, *call):
    """The one line in which a call is refused."""
    assert evaluate(*call, "--json") == 2
    printed = capsys.readouterr()
    said = decoded(printed.out, schema.ErrorAnswer).error.message
    lines = [line for line in printed.err.splitlines() if CHATTER not in line]
    assert lines[-1] == f"runlens: {said}"
    assert "Traceback" not in printed.err
    return said


def write_evaluation(run, arrays=None, **changed):
    """An evaluation of val written by hand as docs/recorded_data.md describes it; None leaves a field out."""
    fields = {
        "format": 1,
        "runlens": "0.1.0",
        "split": "val",
        "framework": "ultralytics",
        "version": "8.4.190",
        "torch": "2.13.0",
        "evaluated": 1_800_000_000.5,
        "weights": {"file": "best.pt", "sha256": "a" * 64, "bytes": len(WEIGHTS)},
        "names": NAMES,
        "task": "detect",
        "imgsz": 640,
        "n_images": 3,
        "data": "data.yaml",
        **metrics(of=arrays),
        **changed,
    }
    kept = {name: value for (name, value) in fields.items() if value is not None}
    write(run / ARCHIVE, packed(final_arrays() if arrays is None else arrays))
    write(run / METRICS, json.dumps(kept))
    return run


# What is read back


def test_an_evaluation_is_read(run):
    (found, problems) = read(write_evaluation(run))
    assert problems == []
    assert set(found) == {"val"}
    val = found["val"]
    assert (val.split, val.images, val.imgsz) == ("val", 3, 640)
    assert (val.names, val.weights_sha256) == (NAMES, "a" * 64)
    assert val.evaluated == 1_800_000_000.5
    assert val.measured.optimum["box"][0] == pytest.approx(0.43, abs=0.001)
    assert [line.name for line in val.measured.classes] == list(NAMES)
    assert val.evidence.epoch is None
    assert val.evidence.detections.images == 3
    assert val.evidence.matrix.count.tolist() == [7, 2, 1]


def test_a_run_with_an_evaluation_only_reads_as_before(run):
    before = open_run(str(run))
    write_evaluation(run)
    after = open_run(str(run))
    assert (after.recorded, after.problems) == (None, ())
    assert (after.framework, after.files) == (before.framework, before.files)
    catalog = Catalog([("", str(run.parent))])
    catalog.refresh()
    assert list(catalog.runs) == ["train"]


@pytest.mark.parametrize("gone", [ARCHIVE, METRICS])
def test_either_file_alone_is_no_evaluation(run, gone):
    (write_evaluation(run) / gone).unlink()
    (found, problems) = read(run)
    assert found == {}
    # An archive without metrics is one that is being written: nothing is wrong with it.
    assert kinds(problems) == (["disagreement"] if gone == ARCHIVE else [])


@pytest.mark.parametrize(
    ("fields", "kind", "said"),
    [
        ({"format": 2}, "newer_format", "format 2 of a later RunLens"),
        ({"format": None}, "damaged", "format"),
        ({"format": "one"}, "damaged", "$.format"),
        ({"names": None}, "damaged", "names"),
        ({"names": []}, "damaged", "$.names"),
        ({"names": [1]}, "damaged", "$.names[0]"),
        ({"n_images": -1}, "damaged", "$.n_images"),
        ({"imgsz": 0}, "damaged", "$.imgsz"),
        ({"evaluated": -1}, "damaged", "$.evaluated"),
        ({"evaluated": 1e300}, "damaged", "$.evaluated"),
        ({"weights": {"file": "best.pt", "sha256": "Z" * 64, "bytes": 1}}, "damaged", "sha256"),
        ({"weights": "best"}, "damaged", "$.weights"),
        ({"box": {"precision": [2.0] * 3}}, "damaged", "$.box.precision[0]"),
        ({"classes": [0, 0, 1]}, "damaged", "a class twice"),
    ],
)
def test_a_damaged_field_is_named(run, fields, kind, said):
    (found, problems) = read(write_evaluation(run, **fields))
    assert (found, kinds(problems)) == ({}, [kind])
    assert problems[0].file == METRICS
    assert said in problems[0].problem


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"split": "test"}, "of the split test"),
        ({"n_images": 4}, "3 images where 4 were validated"),
        ({"weights": {"file": "best.pt", "sha256": "a" * 64, "bytes": 9}}, "another one by now"),
        ({"box": {"optimum": {"confidence": 0.43, "f1": 0.1}}}, "of another validation"),
        ({"names": ["disc"]}, "classes holds what is no number from 0 to 0"),
    ],
)
def test_an_archive_that_does_not_belong_is_not_used(run, fields, said):
    (found, problems) = read(write_evaluation(run, **fields))
    assert found == {}
    assert [problem.file for problem in problems] == [ARCHIVE]
    assert said in problems[0].problem


@given(content=st.binary(max_size=200))
def test_whatever_lies_there_raises_nothing(tmp_path_factory, content):
    run = tmp_path_factory.mktemp("run")
    write(run / METRICS, content)
    write(run / ARCHIVE, content)
    assert read(run)[0] == {}


def test_a_damaged_archive_is_named(run):
    write(write_evaluation(run) / ARCHIVE, b"PK damaged")
    (found, problems) = read(run)
    assert (found, [problem.file for problem in problems]) == ({}, [ARCHIVE])


def test_a_recording_beside_an_evaluation_is_read_as_without(run):
    write_evaluation(run)
    fire("on_train_start", trainer(run))
    assert read(run) == ({}, [])  # a training replaces best.pt
    write_evaluation(run)
    assert open_run(str(run)).recorded is not None
    assert set(read(run)[0]) == {"val"}


# What is asked for


def test_the_data_set_is_the_users_the_settings_or_the_runs(run, data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert request(str(run), None).named_by == "args.yaml"
    pointed_out = datasets.write(tmp_path / "other", SPLITS, NAMES)
    write(tmp_path / "runlens.yaml", "datasets: {train: other/data.yaml}\n")
    asked = request(str(run), None)
    assert (asked.named_by, asked.images.path) == ("runlens.yaml", str(pointed_out))
    asked = request(str(run), str(data))
    assert (asked.named_by, asked.images.path) == ("--data", str(data))


def test_a_settings_file_inside_the_run_points_nothing_out(run, data, tmp_path):
    write(run / "runlens.yaml", "datasets: {train: ../shapes/data.yaml}\n")
    write_detect(run, task="detect", mode="train", epochs=5, data="gone.yaml")
    with pytest.raises(CannotEvaluate, match=r"names gone.yaml, which is not here"):
        request(str(run), None)


def test_best_pt_may_lie_beside_the_table(run):
    assert request(str(run), None).weights == str(run / "weights" / "best.pt")
    os.replace(run / "weights" / "best.pt", run / "best.pt")
    assert request(str(run), None).weights == str(run / "best.pt")


def test_a_best_pt_that_leads_out_of_the_run_is_not_loaded(run, tmp_path):
    os.replace(run / "weights" / "best.pt", tmp_path / "best.pt")
    os.symlink(tmp_path / "best.pt", run / "weights" / "best.pt")
    with pytest.raises(CannotEvaluate, match="a link to a file outside the run"):
        request(str(run), None)


def test_nothing_is_written_through_a_link(run, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    os.symlink(tmp_path / "elsewhere", run / "runlens")
    with pytest.raises(CannotEvaluate, match="is a link"):
        request(str(run), None)


def test_other_programs_validate_their_own_checkpoints(tmp_path, capsys):
    run = write_csv(tmp_path / "exp", YOLOV5, rows_of(YOLOV5, range(3)))
    write(run / "weights" / "best.pt", WEIGHTS)
    line = refused(capsys, run)
    assert "a checkpoint of YOLOv5; in its own folder: python val.py" in line
    assert "--conf-thres .001" in line
    (run / "results.csv").unlink()
    write(run / "results.txt", plain_rows())
    write(run / "opt.yaml", "hyp: hyp.yaml\nweights: yolov7.pt\nepochs: 9\nloss_ota: 1\n")
    assert "a checkpoint of YOLOv7; in its own folder: python test.py" in refused(capsys, run)


def test_what_is_missing_is_said_in_one_line(run, tmp_path, capsys):
    assert refused(capsys, tmp_path / "nowhere") == "no such folder: nowhere"
    assert refused(capsys, run, "--data", "nowhere.yaml") == "no such file: nowhere.yaml"
    assert "describes no data set" in refused(capsys, run, "--data", run / "args.yaml")
    without = datasets.write(tmp_path / "other", SPLITS, NAMES)
    assert "names no test images" in refused(capsys, run, "--data", without, "--split", "test")
    (run / "weights" / "best.pt").unlink()
    assert refused(capsys, run).startswith("no best.pt in train")


def test_without_ultralytics_one_line_says_what_to_install(run, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "ultralytics", None)
    assert evaluate(run) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "runlens: runlens evaluate needs ultralytics: pip install ultralytics\n"
    assert not (run / "runlens").exists()


def test_a_release_without_detections_is_too_old(framework, run, capsys):
    sys.modules["ultralytics"].__version__ = "8.0.200"
    assert refused(capsys, run) == "runlens evaluate needs Ultralytics 8.0.235 or later"


# What is validated


def test_val_is_validated_then_test(framework, run, capsys):
    before = files(run)
    assert evaluate(run) == 0
    printed = capsys.readouterr()
    assert [call["split"] for call in framework.calls] == ["val", "test"]
    (val, test) = printed.out.splitlines()
    assert val.startswith("val: 3 images, 12 detections; F1 is best at 0.4")
    assert val.endswith(f"-> runlens threshold {run}")
    assert test.startswith("test: 2 images, 10 detections; F1 at 0.4")
    assert "which args.yaml names" in printed.err
    assert CHATTER in printed.err
    assert files(run) == before
    assert sorted(path.name for path in (run / "runlens").iterdir()) == sorted(EVALUATIONS)


def test_what_was_validated_is_read_back(framework, run):
    evaluate(run)
    (found, problems) = read(run)
    assert problems == []
    for split, counts in FOUND.items():
        one = found[split]
        assert one.images == one.evidence.detections.images == len(counts)
        assert len(one.evidence.detections.confidence) == sum(number for (number, _) in counts)
        assert one.evidence.detections.truth_count.sum() == sum(objects for (_, objects) in counts)
        assert one.weights_sha256 == hashlib.sha256(WEIGHTS).hexdigest()
        assert len(one.evidence.matrix.confidence) == 20
    stated = json.loads((run / METRICS).read_text())
    assert (stated["data"], stated["conf"], stated["iou"]) == ("data.yaml", 0.001, 0.7)
    assert stated["weights"] == {
        "file": "best.pt",
        "sha256": hashlib.sha256(WEIGHTS).hexdigest(),
        "bytes": len(WEIGHTS),
    }
    assert str(run) not in json.dumps(stated)


def test_as_json_stdout_holds_the_answer_only(framework, run, capsys):
    assert evaluate(run, "--json") == 0
    found = decoded(capsys.readouterr().out, EvaluateAnswer)
    assert (found.run, [one.split for one in found.evaluations]) == ("train", ["val", "test"])
    (val, test) = found.evaluations
    assert (val.images, val.detections, test.images, test.detections) == (3, 12, 2, 10)
    assert test.confidence == val.confidence
    assert 0 < val.f1 <= 1


def test_test_is_reported_where_val_is_best(framework, run, capsys):
    """Tuned on val, reported on test, also where val was validated before."""
    assert evaluate(run, "--split", "test", "--json") == 0
    (alone,) = decoded(capsys.readouterr().out, EvaluateAnswer).evaluations
    assert (alone.confidence, alone.f1) == (None, None)
    evaluate(run, "--split", "val", "--json")
    (val,) = decoded(capsys.readouterr().out, EvaluateAnswer).evaluations
    evaluate(run, "--split", "test", "--json")
    (test,) = decoded(capsys.readouterr().out, EvaluateAnswer).evaluations
    assert test.confidence == val.confidence is not None
    curves = read(run)[0]["test"].evidence.curves["box"]
    assert test.f1 == pytest.approx(curves.f1[curves.nearest(val.confidence)], rel=1e-5)


def test_the_trainings_own_arguments_hold(framework, run):
    (run / "args.yaml").open("a").write("imgsz: 96\nclasses: [0, 2]\nconf: 0.5\ndevice: '3'\n")
    evaluate(run, "--split", "val", "--device", "cpu")
    (call,) = framework.calls
    assert (call["imgsz"], call["classes"], call["device"]) == (96, [0, 2], "cpu")
    assert (call["conf"], call["iou"], call["max_det"], call["plots"]) == (0.001, 0.7, 300, False)
    evaluate(run, "--split", "val")
    assert "device" not in framework.calls[1]  # that of the training may not be here


def test_the_framework_is_given_a_description_that_fetches_nothing(
    framework, run, tmp_path, monkeypatch
):
    path = datasets.write(
        tmp_path / "elsewhere", SPLITS, NAMES, path="gone", download="print('executed')"
    )
    monkeypatch.chdir(tmp_path)
    assert evaluate(run, "--data", path) == 0
    described = yaml.safe_load(framework.described[0])
    assert "download" not in described
    assert described["val"] == [str(tmp_path / "elsewhere" / "images" / "val")]
    assert os.environ["YOLO_AUTOINSTALL"] == "false"


def test_a_test_split_of_the_same_images_is_left_out(framework, run, tmp_path, capsys):
    path = datasets.write(tmp_path / "same", SPLITS, NAMES, test="images/val")
    assert evaluate(run, "--data", path) == 0
    assert [call["split"] for call in framework.calls] == ["val"]
    assert "the same images as val" in capsys.readouterr().err


def test_a_test_split_without_images_is_left_out(framework, run, tmp_path):
    path = datasets.write(tmp_path / "none", SPLITS, NAMES, test="images/test")
    assert evaluate(run, "--data", path) == 0
    assert [call["split"] for call in framework.calls] == ["val"]


def test_other_classes_than_the_models_are_refused_before_the_work(framework, run, capsys):
    framework.data_names = {0: "cat", 1: "dog"}
    assert "has 2 classes and best.pt 3" in refused(capsys, run)
    assert read(run) == ({}, [])


def test_classes_of_other_names_are_said(framework, run, caplog):
    framework.data_names = {0: "square", 1: "disc", 2: "ring"}
    assert evaluate(run) == 0
    assert "called square, disc, ring, the model's disc, square, ring" in caplog.text


def test_names_of_classes_do_not_command_the_terminal(framework, run, caplog):
    framework.data_names = {0: "\x1b[31mred", 1: "\u202eevil", 2: "ring"}
    assert evaluate(run) == 0
    assert "evil" in caplog.text
    assert "\x1b" not in caplog.text and "\u202e" not in caplog.text


def test_a_data_set_of_another_task_is_refused(framework, run, data, tmp_path, capsys):
    for side in ("train", "val"):
        write(tmp_path / "animals" / side / "cat" / "1.png", datasets.png(1))
    assert "task detect is a YAML file" in refused(capsys, run, "--data", tmp_path / "animals")
    framework.task = "classify"
    assert "task classify is a folder" in refused(capsys, run, "--data", data)
    framework.task = "semantic"
    assert refused(capsys, run) == "nothing is recorded of the task semantic"
    assert "no images of a classification" in refused(
        capsys, run, "--data", tmp_path / "animals" / "val"
    )
    assert framework.calls == []


def test_images_without_labels_are_said(framework, run, capsys, monkeypatch):
    monkeypatch.setattr(classes, "measured", lambda validator: {})
    said = refused(capsys, run)
    assert said.startswith("nothing was measured on the 3 images of val: they have no labelled")
    assert not (run / "runlens").exists()


def test_a_model_of_a_single_class_has_one(framework, run):
    (run / "args.yaml").open("a").write("single_cls: true\n")
    framework.names = {0: "item"}
    framework.data_names = dict(enumerate(NAMES))
    evaluate(run, "--split", "val")
    assert framework.calls[0]["single_cls"] is True
    assert json.loads((run / METRICS).read_text())["names"] == ["item"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileNotFoundError("\x1b[34mimages not found ❌\x1b[0m, missing '/home/anna/x/y.png'\nNote"),
         "val: Ultralytics: images not found , missing '…/x/y.png'"),
        (RuntimeError("CUDA out of memory"), "val: Ultralytics: CUDA out of memory"),
        (KeyboardInterrupt(), "interrupted"),
    ],
)  # fmt: skip
def test_a_validation_that_fails_leaves_nothing(framework, run, capsys, error, said):
    framework.validates = error
    assert refused(capsys, run) == said
    assert not (run / "runlens").exists()


def test_a_test_split_that_fails_leaves_val(framework, run, capsys):
    evaluate(run, "--split", "val")
    capsys.readouterr()
    framework.validates = RuntimeError("broken")
    refused(capsys, run, "--split", "test")
    assert set(read(run)[0]) == {"val"}


def test_a_checkpoint_that_cannot_be_loaded_is_said(framework, run, capsys):
    framework.loads = TypeError("ERROR ❌️ /home/anna/best.pt is not a loadable checkpoint")
    assert (
        refused(capsys, run)
        == "Ultralytics cannot load best.pt: …/best.pt is not a loadable checkpoint"
    )
    framework.loads = TypeError("appears to be a YOLOv5 model")
    framework.loads.__cause__ = ModuleNotFoundError("models", name="models.yolo")
    assert "--conf-thres .001" in refused(capsys, run)


def test_a_fault_of_ours_is_no_half_evaluation(framework, run, capsys, monkeypatch):
    def broken(validator):
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(detections, "held", broken)
    assert "RunLens failed: ZeroDivisionError" in refused(capsys, run)
    assert not (run / "runlens").exists()


def test_evaluations_of_replaced_weights_are_removed(framework, run):
    evaluate(run)
    write(run / "weights" / "best.pt", WEIGHTS[::-1])  # as long as before
    assert set(read(run)[0]) == {"val", "test"}
    evaluate(run, "--split", "val")
    assert set(read(run)[0]) == {"val"}
    assert read(run)[1] == []


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_that_cannot_be_written_is_said_first(framework, run, capsys):
    run.chmod(0o500)
    assert "no permission" in refused(capsys, run)
    assert framework.calls == []
    run.chmod(0o700)


def test_a_full_disk_is_said(framework, run, capsys, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert "No space left on device" in refused(capsys, run)
    assert list((run / "runlens").iterdir()) == []


@given(st.text(max_size=400))
def test_a_reason_is_one_short_line(text):
    said = reason(RuntimeError(text))
    assert said
    assert len(said.splitlines()) == 1
    assert len(said) < 400
    assert "/home/anna" not in reason(RuntimeError(f"/home/anna/x/{text}"))


def test_the_names_of_classes_keep_their_script():
    assert reason(RuntimeError("класс 猫 ⚠️")) == "класс 猫"


def test_an_image_alone_is_one(framework, run, capsys, monkeypatch):
    monkeypatch.setitem(FOUND, "val", ((1200, 3),))
    evaluate(run, "--split", "val")
    assert capsys.readouterr().out.startswith("val: 1 image, 1,200 detections;")
