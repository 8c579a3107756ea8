"""What is copied: lines that a shell, Python and YAML read as they are meant, whatever the names."""

from __future__ import annotations

import ast
import hashlib
import re
import shlex
from types import SimpleNamespace

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens import __version__
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.commands import image_size
from tensorboard_runlens.deployment import fingerprint
from tensorboard_runlens.deployment.customer import found_interval
from tensorboard_runlens.deployment.fingerprint import sha256_of
from tensorboard_runlens.deployment.snippets import python_of, yaml_of
from tensorboard_runlens.schema.threshold import DeployFile
from tensorboard_runlens.thresholds.counts.counting import counting
from tests.builders import write
from tests.test_commands import run_of
from tests.thresholds.runs import (
    WEIGHTS,
    a_single_class,
    a_validation,
    arrays_of,
    classes_apart,
    write_evaluated,
    write_run,
    write_tracked,
)
from tests.thresholds.simulated import WEAK
from tests.thresholds.test_answer import answered

HOSTILE = (
    'a"; import os; os.system("x")  #',
    "line\nbreak",
    "{confidence}",
    "back\\slash",
    "'quoted'",
    "\u202etfel",
    "$(rm -rf ~)",
    "コーティング",
)

JARGON = re.compile(
    r"precision|recall|\bF1\b|confidence|threshold|mAP|IoU|validation|detection|epoch|bootstrap|interval",
    re.IGNORECASE,
)


def test_every_framework_has_its_own_lines():
    yolo = python_of(run_of("ultralytics"), "weights/best.pt", 0.41, {})
    assert 'model = YOLO("weights/best.pt")' in yolo
    assert 'model.predict("IMAGES", conf=0.41)' in yolo
    assert "RTDETR(" in python_of(run_of("ultralytics", model="rtdetr-l.pt"), "best.pt", 0.4, {})
    hub = python_of(run_of("yolov5"), "weights/best.pt", 0.41, {})
    assert 'torch.hub.load("ultralytics/yolov5", "custom", "weights/best.pt")' in hub
    assert "model.conf = 0.41" in hub
    assert '"WongKinYiu/yolov7"' in python_of(run_of("yolov7"), "best.pt", 0.4, {})
    partinet = run_of("yolov7", backbone_detector="yolov7")
    assert python_of(partinet, "best.pt", 0.4, {}) is None
    assert python_of(run_of("recorded"), "best.pt", 0.4, {}) is None


@pytest.mark.parametrize("own", [{}, {"ring": 0.25}])
@pytest.mark.parametrize(("framework", "name"), [("yolov5", "imgsz"), ("yolov7", "img_size")])
def test_python_detects_at_the_size_of_the_training(framework, name, own):
    code = python_of(run_of(framework, **{name: 320}), "best.pt", 0.4, own)
    assert 'model("IMAGE", size=320)' in code
    assert 'model("IMAGE")' in python_of(run_of(framework, **{name: 640}), "best.pt", 0.4, own)


def test_yaml_is_what_yolo_takes():
    text = yaml_of(run_of("ultralytics"), "weights/best.pt", 0.41041)
    assert yaml.safe_load(text) == {
        "task": "detect",
        "mode": "predict",
        "model": "weights/best.pt",
        "conf": 0.41,
    }
    assert yaml_of(run_of("yolov5"), "weights/best.pt", 0.41) is None


@pytest.mark.parametrize("framework", ["ultralytics", "yolov5", "yolov7"])
@given(st.dictionaries(st.text() | st.sampled_from(HOSTILE), st.floats(0.001, 0.999)), st.text())
def test_names_stay_text_in_python(framework, own, weights):
    code = python_of(run_of(framework), weights, 0.5, own)
    tree = ast.parse(code)
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert weights in texts
    assert set(own) <= texts
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    known = {"YOLO", "model", "results", "result", "passing", "box", "OWN", "int", "index"}
    assert names <= known | {"passes", "enumerate", "torch", "found"}


def test_the_lowest_threshold_is_asked_for_and_the_rest_sorted_out():
    code = python_of(run_of("ultralytics"), "best.pt", 0.5, {"ring": 0.25})
    assert "conf=0.25, stream=True" in code
    boxes = [(0, 0.9), (0, 0.4), (1, 0.3), (1, 0.2)]
    (kept, given_conf) = run_ultralytics(code, boxes, {0: "disc", 1: "ring"})
    assert kept == [0, 2]
    assert given_conf == 0.25


def test_rotated_boxes_have_a_name_of_their_own():
    code = python_of(run_of("ultralytics", "obb"), "best.pt", 0.5, {"ring": 0.25})
    assert "for box in result.obb" in code


def run_ultralytics(code, boxes, names):
    """Runs the lines on a stand-in; returns which boxes are kept and the conf that was asked for."""
    asked = {}

    class Result:
        def __init__(self):
            self.names = names
            self.boxes = [
                SimpleNamespace(cls=number, conf=SimpleNamespace(item=lambda at=at: at))
                for (number, at) in boxes
            ]

        def __getitem__(self, index):
            return index

    class Model:
        def __init__(self, weights):
            pass

        def predict(self, source, conf, stream):
            asked["conf"] = conf
            return [Result()]

    space = {"YOLO": Model}
    exec(code.replace("from ultralytics import YOLO\n", ""), space)  # noqa: S102 - our own text
    return (space["result"], asked["conf"])


def test_the_deploy_file_holds_what_is_needed(tmp_path):
    answer = answered(write_tracked(tmp_path / "train", a_validation()))
    (deploy, point) = (answer.deploy, answer.operating_point)
    assert yaml.safe_load(deploy.file_text) == msgspec.to_builtins(
        msgspec.convert(msgspec.to_builtins(deploy.file), DeployFile)
    ) | {"interval": list(point.interval)}
    file = deploy.file
    assert (file.format, file.run, file.made_by) == (1, "train", f"runlens {__version__}")
    assert (file.weights, file.imgsz) == ("weights/best.pt", 640)
    assert file.weights_sha256 == hashlib.sha256(WEIGHTS).hexdigest()
    assert file.confidence == float(f"{point.confidence:.3g}")
    assert (file.f1, file.objective, file.source) == (point.f1, "f1", "detections")
    assert deploy.commands == [
        f"yolo predict model=weights/best.pt source=IMAGES conf={file.confidence:g}"
    ]


def test_the_size_is_that_of_the_validation(tmp_path):
    run = write_evaluated(write_run(tmp_path / "train", imgsz=960), a_validation())
    assert answered(run).deploy.file.imgsz == 1280
    found = a_validation()
    assert answered(write_tracked(tmp_path / "b", found, imgsz=960)).deploy.file.imgsz == 960


@pytest.mark.parametrize(
    ("arguments", "side"),
    [
        ({"imgsz": 960}, 960),
        ({"imgsz": [640, 1280]}, 1280),
        ({"imgsz": [1280, 640]}, 1280),
        ({"img_size": [1280, 640]}, 640),  # of YOLOv7: training, testing
        ({"img_size": True}, None),
        ({}, None),
    ],
)
def test_the_size_is_the_side_that_was_validated_at(arguments, side):
    assert image_size(arguments) == side


def test_without_weights_a_word_stands_to_be_filled_in(tmp_path):
    run = write_tracked(tmp_path / "train", a_validation())
    (run / "weights" / "best.pt").unlink()
    deploy = answered(run).deploy
    assert (deploy.file.weights, deploy.file.weights_sha256) == (None, None)
    assert "model=WEIGHTS" in deploy.commands[0]


def test_a_class_with_its_own_threshold_goes_into_every_text(tmp_path):
    answer = answered(write_tracked(tmp_path / "train", classes_apart(), ("a", 'b"c', "d")))
    own = {line.name: line for line in answer.classes if line.verdict == "own"}
    assert own, [line.reason for line in answer.classes]
    assert answer.deploy.file.classes == {
        name: float(f"{line.advised:.3g}") for (name, line) in own.items()
    }
    assert "OWN = {" in answer.deploy.python
    assert all(
        repr(name) in answer.deploy.python or f'"{name}"' in answer.deploy.python for name in own
    )
    ast.parse(answer.deploy.python)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_class_names_stay_text(tmp_path, name):
    answer = answered(write_tracked(tmp_path / "train", a_validation(), (name, "b", "c")))
    assert name in [line.name for line in answer.classes]
    assert yaml.safe_load(answer.deploy.file_text)["run"] == "train"
    for command in answer.deploy.commands:
        assert shlex.split(command)[0] == "yolo"


def test_nothing_is_deployed_where_everything_passes(tmp_path):
    run = write_run(tmp_path / "train")
    answer = answered(run)
    assert (answer.operating_point.confidence, answer.deploy) == (None, None)


def test_the_customer_hears_no_jargon_and_the_numbers_are_right(tmp_path):
    answer = answered(write_tracked(tmp_path / "train", a_validation()))
    said = answer.deploy.customer
    at = answer.at
    assert not JARGON.search(said), said
    assert f"finds about {round(100 * at.right / at.instances)} of 100 objects" in said
    wrong = round(100 * (at.found - at.right) / at.found)
    assert f"about {wrong} of 100 of its reports are wrong" in said
    assert "in 60 images" in said


def test_the_customer_is_not_told_what_was_not_counted(tmp_path):
    found = a_validation()
    run = write_tracked(tmp_path / "train", found, arrays=arrays_of(found, detections=False))
    said = answered(run).deploy.customer
    assert not JARGON.search(said), said
    assert "on average over the kinds of objects" in said
    assert (
        "how many of its reports are wrong, and how it does on other images, is not known" in said
    )


def test_the_share_found_is_less_sure_where_images_differ():
    """Objects of an image are found or missed together: drawn one by one they would promise too much."""
    counted = counting(a_single_class(60), "box")
    (low, high) = found_interval(counted, 0.4)
    weak = counting(a_validation(60, classes=1, detector=WEAK), "box")
    (weak_low, weak_high) = found_interval(weak, 0.05)
    assert 0 <= low < high <= 1
    assert weak_high - weak_low > high - low


def test_the_fingerprint_is_of_the_file_as_it_is(tmp_path):
    run = open_run(str(write_run(tmp_path / "train")))
    assert sha256_of(run, "weights/best.pt") == hashlib.sha256(WEIGHTS).hexdigest()
    write(tmp_path / "train" / "weights" / "best.pt", b"other weights")
    assert sha256_of(run, "weights/best.pt") == hashlib.sha256(b"other weights").hexdigest()
    assert sha256_of(run, "weights/none.pt") is None
    assert sha256_of(run, "../train/weights/best.pt") is None
    assert sha256_of(run, None) is None


def test_a_fingerprint_that_takes_too_long_is_left_out(tmp_path, monkeypatch):
    run = open_run(str(write_run(tmp_path / "train")))
    monkeypatch.setattr(fingerprint, "MAX_SECONDS", -1.0)
    assert sha256_of(run, "weights/best.pt") is None


def test_a_link_to_weights_elsewhere_has_no_fingerprint(tmp_path):
    run = write_run(tmp_path / "train")
    (run / "weights" / "best.pt").unlink()
    write(tmp_path / "secret", b"secret")
    (run / "weights" / "best.pt").symlink_to(tmp_path / "secret")
    assert sha256_of(analyse(open_run(str(run))).run, "weights/best.pt") is None
