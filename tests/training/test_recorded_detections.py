"""The detections in the archives of a real training give back the curves that the framework had computed from them."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training import outcome
from tests.training.conftest import TASKS, TASKS_JOB

pytestmark = [
    pytest.mark.slow,
    pytest.mark.training,
    pytest.mark.skipif(
        importlib.util.find_spec("ultralytics") is None, reason="ultralytics is not installed"
    ),
]

ATTRIBUTE_OF_GROUP = {"box": "box", "mask": "seg", "pose": "pose"}
GROUPS_OF_TASK = {
    "detect": ("box",),
    "segment": ("box", "mask"),
    "pose": ("box", "pose"),
    "obb": ("box",),
}
ARCHIVES = ("curves_best.npz", "final.npz")
CURVES = {"precision": "p_curve", "recall": "r_curve", "f1": "f1_curve"}
STEP = 1 / 65_535

Arrays = dict[str, Any]


@pytest.fixture(params=[task for task in TASKS if task in GROUPS_OF_TASK])
def folder(request, trained) -> Path:
    return trained / request.param


@pytest.fixture(params=ARCHIVES)
def archive(request, folder) -> Arrays:
    return load(folder / "tracked" / "runlens" / request.param)


@pytest.fixture
def held(folder, archive) -> Arrays:
    """What the framework's validator held at that validation."""
    return load(folder / f"curves_{archive.get('epoch', 'final')}.npz")


@pytest.fixture(scope="module")
def ap_per_class(tmp_path_factory):
    """The framework's own, which every metric of a validation comes from."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YOLO_CONFIG_DIR", str(tmp_path_factory.mktemp("settings")))
        patch.setenv("YOLO_OFFLINE", "1")
        from ultralytics.utils import metrics
    return metrics.ap_per_class


def load(path: Path) -> Arrays:
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def groups(folder: Path) -> tuple[str, ...]:
    return GROUPS_OF_TASK[folder.name]


def decoded(archive: Arrays) -> tuple[Any, Any, Any]:
    """Confidence and class of every detection, and the class of every object."""
    steps = archive["detection_step"]
    confidence = np.cumsum(steps, dtype=np.uint32).view(np.float32)
    true = np.repeat(archive["truth_class"], archive["truth_count"])
    return confidence, archive["detection_class"].astype(np.float32), true.astype(np.float32)


def hits(archive: Arrays, group: str) -> Any:
    """(detections, 10) true positives."""
    return (archive[f"{group}_hits"][:, None] >> np.arange(10)) & 1 == 1


def test_the_best_epoch_is_the_frameworks(folder):
    found = json.loads((folder / "measured.json").read_text("utf-8"))
    fitness = [found[str(epoch)]["fitness"] for epoch in range(1, TASKS_JOB["epochs"] + 1)]
    best = len(fitness) - int(np.argmax(fitness[::-1]))
    assert load(folder / "tracked" / "runlens" / "curves_best.npz")["epoch"] == best


def test_the_detections_give_the_frameworks_metrics(folder, archive, held, ap_per_class):
    (confidence, predicted, true) = decoded(archive)
    assert len(confidence) > 100
    for group in groups(folder):
        results = ap_per_class(hits(archive, group), confidence, predicted, true)
        (average_precision, classes, p_curve, r_curve, f1_curve, px) = results[5:11]
        name = ATTRIBUTE_OF_GROUP[group]
        assert classes.tolist() == archive["classes"].tolist()
        np.testing.assert_array_equal(px, held[f"{name}_px"])
        np.testing.assert_array_equal(average_precision, held[f"{name}_all_ap"])
        for found, curve in ((p_curve, "p_curve"), (r_curve, "r_curve"), (f1_curve, "f1_curve")):
            np.testing.assert_array_equal(found, held[f"{name}_{curve}"])


def test_the_curves_are_the_frameworks(folder, archive, held):
    for group in groups(folder):
        name = ATTRIBUTE_OF_GROUP[group]
        px = held[f"{name}_px"]
        np.testing.assert_array_equal(archive["confidence"], px.astype(np.float32))
        for mine, theirs in CURVES.items():
            curves = held[f"{name}_{theirs}"]
            means = archive[f"{group}_{mine}"]
            np.testing.assert_array_equal(means, curves.mean(0).astype(np.float32))
            at = np.linspace(0, 1, 101)
            thinned = np.array([np.interp(at, px, curve) for curve in curves])
            of_classes = archive[f"{group}_class_{mine}"] * STEP
            np.testing.assert_allclose(of_classes, thinned, rtol=0, atol=STEP)


def test_every_epoch_has_the_mean_curves(folder):
    for line in outcome.lines(folder / "tracked"):
        held = load(folder / f"curves_{line['epoch']}.npz")
        for group in groups(folder):
            name = ATTRIBUTE_OF_GROUP[group]
            for mine, theirs in CURVES.items():
                mean = held[f"{name}_{theirs}"].mean(0)
                thinned = np.interp(np.linspace(0, 1, 101), held[f"{name}_px"], mean)
                recorded = line[group]["curves"][mine]
                np.testing.assert_allclose(recorded, thinned, rtol=0, atol=5.1e-5)


def test_every_image_and_object_is_counted(folder, archive):
    (_, n_val) = TASKS_JOB["images"]
    assert archive["images"] == n_val
    assert archive["detection_image"].max() < n_val
    final = outcome.recorded(folder / "tracked", "final.json")
    of_class = np.bincount(archive["truth_class"], weights=archive["truth_count"])
    assert of_class[final["classes"]].tolist() == final["instances"]
    images = np.bincount(archive["truth_class"])
    assert images[final["classes"]].tolist() == final["images"]


def test_classification_has_every_image(trained):
    folder = trained / "classify"
    found = json.loads((folder / "measured.json").read_text("utf-8"))["final"]
    archive = load(folder / "tracked" / "runlens" / "final.npz")
    assert archive["true_class"].tolist() == found["true"]
    assert archive["top1_class"].tolist() == found["predicted"]


def test_the_final_matrix_of_a_classifier_counts_the_same(trained):
    archive = load(trained / "classify" / "tracked" / "runlens" / "final.npz")
    assert archive["matrix_confidence"].tolist() == [0]
    counts = {
        (int(predicted), int(true)): int(count)
        for (_, predicted, true), count in zip(archive["matrix_nonzero"], archive["matrix_count"])
    }
    expected: dict[tuple[int, int], int] = {}
    for pair in zip(archive["top1_class"].tolist(), archive["true_class"].tolist()):
        expected[pair] = expected.get(pair, 0) + 1
    assert counts == expected


def test_the_recording_is_small(trained):
    """An epoch is some kilobytes, and nothing else grows with the epochs."""
    for task in TASKS:
        recording = trained / task / "tracked" / "runlens"
        lines = (recording / "epochs.jsonl").read_bytes().splitlines()
        assert max(map(len, lines)) < 16_000
        assert sum(path.stat().st_size for path in recording.iterdir()) < 1_500_000
