"""The framework's best confidence, computed from recorded detections, is the one that it computes and prints itself."""

from __future__ import annotations

import importlib
import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.recorded_archive import read_archive
from tensorboard_runlens.recording.layout import FOLDER
from tensorboard_runlens.run import Curves, Detections
from tensorboard_runlens.thresholds.best.estimate import point
from tensorboard_runlens.thresholds.best.framework import (
    framework_curves,
    framework_optimum,
    picture_smoothing,
)
from tensorboard_runlens.thresholds.counts.counting import Counting, counting
from tensorboard_runlens.thresholds.counts.passing import passing
from tensorboard_runlens.thresholds.objective import F1
from tests.thresholds.detectors import detections
from tests.training import outcome
from tests.training.conftest import TASKS
from tests.training.test_recorded_detections import ATTRIBUTE_OF_GROUP, GROUPS_OF_TASK, load

pytestmark = [
    pytest.mark.training,
    pytest.mark.skipif(
        importlib.util.find_spec("ultralytics") is None, reason="ultralytics is not installed"
    ),
]

VALIDATIONS = {"curves_best.npz": None, "final.npz": "final"}
"""Archive -> what tracked.py calls its validation; None is the epoch in the archive."""

TABLE_SMOOTHING = 0.1
"""Of all releases; that of the picture differs."""


@pytest.fixture(scope="module")
def metrics(tmp_path_factory):
    """The framework's module, imported only now: it changes how PIL opens images in the whole process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YOLO_CONFIG_DIR", str(tmp_path_factory.mktemp("settings")))
        patch.setenv("YOLO_OFFLINE", "1")
        return importlib.import_module("ultralytics.utils.metrics")


@pytest.fixture
def legend(metrics, tmp_path, monkeypatch):
    """Curves (classes, 1000) -> what the framework prints on their F1 picture."""
    figure = importlib.import_module("matplotlib.figure").Figure
    printed: list[str] = []

    def keep(self: Any, *_: Any, **__: Any) -> None:
        printed.append(self.axes[0].get_legend().get_texts()[-1].get_text())

    def draw(px: Any, f1: Any) -> str:
        monkeypatch.setattr(figure, "savefig", keep)
        metrics.plot_mc_curve(px, f1, tmp_path / "F1_curve.png", names={}, ylabel="F1")
        return printed[-1]

    return draw


@pytest.fixture(params=[task for task in TASKS if task in GROUPS_OF_TASK])
def folder(request, trained) -> Path:
    return trained / request.param


def width_of_picture() -> float:
    version = importlib.import_module("ultralytics").__version__
    width = picture_smoothing("ultralytics", version)
    assert width is not None
    return width


def counted(recording: Path, name: str, group: str) -> Counting:
    below = Folder(recording).below(FOLDER)
    assert below is not None
    evidence = read_archive(below, name, 1000)
    assert evidence.detections is not None
    return counting(evidence.detections, group)


@pytest.mark.slow
@pytest.mark.parametrize("name", VALIDATIONS)
def test_curves_and_optimum_of_a_training_are_the_frameworks(folder, name, legend):
    when = VALIDATIONS[name] or int(load(folder / "tracked" / FOLDER / name)["epoch"])
    measured = json.loads((folder / "measured.json").read_text("utf-8"))[str(when)]
    held = load(folder / f"curves_{when}.npz")
    for group in GROUPS_OF_TASK[folder.name]:
        attribute = ATTRIBUTE_OF_GROUP[group]
        counts = counted(folder / "tracked", name, group)
        curves = framework_curves(counts)
        assert curves.classes is not None
        px = held[f"{attribute}_px"]
        np.testing.assert_array_equal(curves.confidence, px)
        for mine, theirs in (("precision", "p"), ("recall", "r"), ("f1", "f1")):
            of_classes = held[f"{attribute}_{theirs}_curve"]
            np.testing.assert_array_equal(getattr(curves.classes, mine), of_classes)
        best = framework_optimum(curves, TABLE_SMOOTHING)
        assert best is not None
        rows = np.array(measured[attribute]["rows"])  # precision, recall, AP50, AP50-95, F1
        assert best.confidence == measured[attribute]["confidence"]
        assert best.f1 == pytest.approx(measured[attribute]["f1"], abs=1e-15)
        assert best.precision == pytest.approx(rows[:, 0].mean(), abs=1e-15)
        assert best.recall == pytest.approx(rows[:, 1].mean(), abs=1e-15)
        drawn = framework_optimum(curves, width_of_picture())
        assert drawn is not None
        f1_curve = held[f"{attribute}_f1_curve"]
        assert legend(px, f1_curve) == f"all classes {drawn.legend}"
        if best.confidence >= TABLE_SMOOTHING:
            assert point(counts, F1).confidence == best.confidence


@pytest.mark.slow
def test_the_result_table_states_the_optimum(trained):
    """The validation of the best epoch, whose row is in results.csv with five decimals."""
    for task, groups in GROUPS_OF_TASK.items():
        run = trained / task / "tracked"
        epoch = int(load(run / FOLDER / "curves_best.npz")["epoch"])
        row = {key.strip(): value for (key, value) in outcome.table(run)[epoch - 1].items()}
        for group, letter in zip(groups, ("B", "P" if task == "pose" else "M")):
            best = framework_optimum(counted(run, "curves_best.npz", group), TABLE_SMOOTHING)
            assert best is not None
            for name in ("precision", "recall"):
                stated = float(row[f"metrics/{name}({letter})"])
                assert getattr(best, name) == pytest.approx(stated, rel=5.1e-5, abs=5.1e-6)


def sample() -> Detections:
    """A jagged mean F1 of two classes: every width of the moving average has another best confidence."""
    rng = np.random.default_rng(3)
    hit = np.arange(400) < 60
    confidence = np.where(hit, rng.beta(5, 3, 400), 0.9 * rng.beta(1, 5, 400))
    confidence[-3:] = (0.001, 0.0005, 0.0011)
    number = rng.integers(0, 2, 400)
    return detections(confidence, hit, number, rng.integers(0, 12, 400), images=12)


def frameworks(metrics: Any, given: Detections) -> tuple[Any, ...]:
    tp = (given.hits["box"][:, None] >> np.arange(10)) & 1 == 1
    true = np.repeat(given.truth_class, given.truth_count)
    found: tuple[Any, ...] = metrics.ap_per_class(tp, given.confidence, given.class_number, true)
    return found


def test_g6_the_legend_is_the_smoothed_mean_of_the_classes(metrics, legend):
    given = sample()
    (f1_curve, px) = frameworks(metrics, given)[9:11]
    curves = framework_curves(counting(given, "box"))
    printed = legend(px, f1_curve)
    assert printed == f"all classes {legend_at(curves, width_of_picture())}"
    others = {legend_at(curves, width) for width in (0.0, 0.05, 0.1)}
    assert len(others) == 3


def legend_at(curves: Curves, width: float) -> str:
    best = framework_optimum(curves, width)
    assert best is not None
    return best.legend


def test_g7_false_positives_are_counted_as_the_framework_counts(metrics):
    """Cumulative over its sorted detections at any confidence; at the optimum what it says of each class itself."""
    given = sample()
    counts = counting(given, "box")
    order = np.argsort(-given.confidence)
    wrong = (1 - (given.hits["box"][order] & 1)).cumsum()
    scores = given.confidence[order].astype(np.float64)
    best = framework_optimum(counts)
    assert best is not None
    found = {}
    for confidence in (0.001, 0.25, best.confidence):
        at = passing(counts, confidence)
        found[confidence] = at.found - at.right
        assert found[confidence] == wrong[np.flatnonzero(scores >= confidence)[-1]]
    assert found[0.001] > 10 * found[best.confidence] > 0
    (right_of_classes, wrong_of_classes) = frameworks(metrics, given)[:2]
    at = passing(counts, best.confidence)
    assert at.right == pytest.approx(right_of_classes.sum(), abs=len(right_of_classes))
    assert at.found - at.right == pytest.approx(wrong_of_classes.sum(), abs=len(wrong_of_classes))
