"""``runlens evaluate`` on real trainings: the framework's own numbers, and nothing else of the run is touched."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.recorded_evaluation import Evaluation, evaluations
from tests.training import outcome
from tests.training.conftest import TASKS, TASKS_JOB

pytestmark = [
    pytest.mark.slow,
    pytest.mark.training,
    pytest.mark.skipif(
        importlib.util.find_spec("ultralytics") is None, reason="ultralytics is not installed"
    ),
]

WITH_OBJECTS = tuple(task for task in TASKS if task != "classify")
ATTRIBUTE_OF_GROUP = {"box": "box", "mask": "seg", "pose": "pose"}
MAIN_GROUP = {"detect": "box", "segment": "mask", "pose": "pose", "obb": "box"}
IMAGES = {"val": TASKS_JOB["images"][1], "test": TASKS_JOB["images"][0]}


@pytest.fixture(scope="module")
def evaluated(trained, tmp_path_factory) -> Path:
    """What evaluated.py has left: a folder a task."""
    folder = tmp_path_factory.mktemp("evaluated")
    outcome.run_program("evaluated.py", folder, {"trained": str(trained), "tasks": TASKS})
    return folder


@pytest.fixture(scope="module")
def ap_per_class(tmp_path_factory):
    """The framework's own, which every metric of a validation comes from."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YOLO_CONFIG_DIR", str(tmp_path_factory.mktemp("settings")))
        patch.setenv("YOLO_OFFLINE", "1")
        from ultralytics.utils import metrics
    return metrics.ap_per_class


@pytest.fixture(params=WITH_OBJECTS)
def folder(request, evaluated) -> Path:
    return evaluated / request.param


@pytest.fixture(params=("val", "test"))
def split(request) -> str:
    return request.param


def found(folder: Path, split: str) -> Evaluation:
    (every, problems) = evaluations(Folder(str(folder / "run")))
    assert problems == []
    return every[split]


def theirs(folder: Path, split: str) -> dict[str, Any]:
    with np.load(folder / f"curves_{split}.npz", allow_pickle=False) as archive:
        return dict(archive)


@pytest.mark.parametrize("task", TASKS)
def test_only_the_evaluations_are_new(evaluated, task):
    told = json.loads((evaluated / task / "changed.json").read_text("utf-8"))
    names = [f"evaluation_{split}.{end}" for split in IMAGES for end in ("json", "npz")]
    assert told == {"changed": sorted(f"run/runlens/{name}" for name in names), "left": []}


def test_the_detections_give_the_frameworks_metrics(folder, ap_per_class):
    """Bit for bit those that Ultralytics' own validation of the same weights holds; of the images that were trained on
    many detections are equally sure, and then their order decides about the last digits."""
    detections = found(folder, "val").evidence.detections
    assert len(detections.confidence) > 100
    true = np.repeat(detections.truth_class, detections.truth_count.astype(int))
    columns = (detections.confidence, detections.class_number.astype(np.float32))
    held = theirs(folder, "val")
    for group, hits in detections.hits.items():
        name = ATTRIBUTE_OF_GROUP[group]
        flags = (hits[:, None] >> np.arange(10)) & 1 == 1
        results = ap_per_class(flags, *columns, true.astype(np.float32))
        for result, curve in (
            (results[5], "all_ap"),
            (results[7], "p_curve"),
            (results[8], "r_curve"),
            (results[9], "f1_curve"),
        ):
            np.testing.assert_array_equal(result, held[f"{name}_{curve}"])


def test_the_curves_are_the_frameworks(folder, split):
    held = theirs(folder, split)
    curves = found(folder, split).evidence.curves
    assert MAIN_GROUP[folder.name] in curves
    for group, kept in curves.items():
        name = ATTRIBUTE_OF_GROUP[group]
        for mine, theirs_ in (("precision", "p"), ("recall", "r"), ("f1", "f1")):
            means = held[f"{name}_{theirs_}_curve"].mean(0).astype(np.float32)
            assert getattr(kept, mine).tolist() == means.tolist()


def test_the_metrics_by_class_are_the_frameworks(folder, split):
    held = theirs(folder, split)
    measured = found(folder, split).measured
    for group in measured.optimum:
        name = ATTRIBUTE_OF_GROUP[group]
        for mine, values in (("precision", "p"), ("recall", "r"), ("f1", "f1")):
            kept = [line.metrics[group][mine] for line in measured.classes]
            assert kept == held[f"{name}_{values}"].tolist()


def test_every_image_is_counted(folder, split):
    one = found(folder, split)
    assert (one.images, one.imgsz) == (IMAGES[split], 96)
    matrix = one.evidence.matrix
    assert len(matrix.confidence) == 20
    first = matrix.cells[:, 0] == 0
    (predicted, true) = matrix.cells[first, 1:].T
    objects = matrix.count[first][true < len(one.names)].sum()
    assert objects == one.evidence.detections.truth_count.sum()
    assert matrix.count[first][predicted < len(one.names)].sum() > 0


def test_the_answer_reports_test_where_val_is_best(folder):
    answer = json.loads((folder / "answer.json").read_text("utf-8"))
    (val, test) = answer["evaluations"]
    group = MAIN_GROUP[folder.name]
    (confidence, f1) = found(folder, "val").measured.optimum[group]
    assert val["confidence"] == pytest.approx(confidence, rel=1e-5, abs=1e-9)
    assert val["f1"] == pytest.approx(f1, rel=1e-5)
    assert val["precision"] == pytest.approx(
        theirs(folder, "val")[f"{ATTRIBUTE_OF_GROUP[group]}_p"].mean(), rel=1e-5
    )
    assert test["confidence"] == val["confidence"]
    at = round(confidence * 999)
    f1_curve = theirs(folder, "test")[f"{ATTRIBUTE_OF_GROUP[group]}_f1_curve"]
    assert test["f1"] == pytest.approx(f1_curve[:, at].mean(), rel=1e-4)


def test_an_evaluation_is_what_the_training_would_have_kept(evaluated, trained):
    """The images are square, so that other batches change nothing but the last bits."""
    for task in WITH_OBJECTS:
        kept = outcome.recorded(trained / task / "tracked", "final.json")
        (confidence, f1) = found(evaluated / task, "val").measured.optimum[MAIN_GROUP[task]]
        optimum = kept[MAIN_GROUP[task]]["optimum"]
        assert f1 == pytest.approx(optimum["f1"], rel=0.02)
        assert confidence == pytest.approx(optimum["confidence"], abs=0.02)


def test_a_classification_has_every_answer(evaluated):
    held = theirs(evaluated / "classify", "val")
    answers = found(evaluated / "classify", "val").evidence.classified
    assert (answers.top1 == answers.true).mean() == pytest.approx(float(held["top1"]), abs=1e-5)


def test_the_run_reads_as_one_that_was_never_tracked(folder):
    run = open_run(str(folder / "run"))
    assert (run.framework, run.recorded, run.problems) == ("ultralytics", None, ())
    assert len(run.history) == TASKS_JOB["epochs"]
