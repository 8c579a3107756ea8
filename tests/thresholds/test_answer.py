"""The JSON of a threshold: numbers against plain counting, and what is null where nothing is known."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens import Recorder
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.deployment.answer import threshold_answer
from tensorboard_runlens.deployment.slider import passing_of
from tensorboard_runlens.deployment.study import Study, study
from tensorboard_runlens.deployment.tested import f1_interval
from tensorboard_runlens.run import Curves, Detections
from tensorboard_runlens.schema.threshold import ThresholdAnswer
from tensorboard_runlens.thresholds.best.framework import framework_optimum
from tensorboard_runlens.thresholds.counts.counting import counting
from tensorboard_runlens.thresholds.objective import F1
from tensorboard_runlens.thresholds.point import OperatingPoint
from tests.builders import decoded, write
from tests.thresholds.runs import (
    a_single_class,
    a_validation,
    arrays_of,
    write_evaluated,
    write_run,
    write_tracked,
)
from tests.thresholds.test_study import with_picture

NAMES = ("disc", "square", "ring")


def answered(run: Path, *asked: str, **named: str) -> ThresholdAnswer:
    """As it is read back from JSON."""
    analysis = analyse(open_run(str(run)))
    answer = threshold_answer(analysis, study(analysis, *asked, **named))
    return decoded(msgspec.json.encode(answer), ThresholdAnswer)


def plainly(found: Detections, confidence: float) -> dict[str, Any]:
    """What passes a confidence, counted class by class."""
    passes = found.confidence.astype(float) >= confidence
    right = (found.hits["box"] & 1).astype(bool) & passes
    classes = []
    for number in np.unique(found.truth_class):
        objects = found.truth_count[found.truth_class == number].sum()
        mine = found.class_number == number
        (hits, count) = ((right & mine).sum(), (passes & mine).sum())
        precision = hits / count if count else 1.0
        classes.append((2 * hits / (objects + count), precision, hits / objects))
    (f1, precision, recall) = np.mean(classes, axis=0)
    counts = {"found": passes.sum(), "right": right.sum(), "instances": found.truth_count.sum()}
    return {"f1": f1, "precision": precision, "recall": recall, **counts}


def test_every_point_is_what_plain_counting_gives(tmp_path):
    found = a_validation()
    answer = answered(write_tracked(tmp_path / "train", found))
    point = answer.operating_point
    for at in (answer.at, answer.usual, answer.knee):
        assert at is not None
        for name, value in plainly(found, at.confidence).items():
            assert getattr(at, name) == pytest.approx(value, rel=1e-5), name
    assert (answer.at.f1, answer.at.confidence) == (point.f1, point.confidence)
    assert answer.usual.confidence == 0.25


def test_the_sweep_is_what_plain_counting_gives(tmp_path):
    found = a_validation()
    sweep = answered(write_tracked(tmp_path / "train", found)).sweep
    assert len(sweep.confidence) == 201
    for step in (0, 17, 50, 133, 200):
        plain = plainly(found, sweep.confidence[step])
        assert sweep.f1[step] == pytest.approx(plain["f1"], abs=1e-4)
        assert (sweep.found[step], sweep.right[step]) == (plain["found"], plain["right"])
    assert sum(line.found[50] for line in sweep.classes) == sweep.found[50]
    assert [line.name for line in sweep.classes] == list(NAMES)
    assert sum(line.instances for line in sweep.classes) == sweep.instances


def test_ranges_hold_what_they_are_about(tmp_path):
    answer = answered(write_tracked(tmp_path / "train", a_validation()))
    point = answer.operating_point
    assert point.interval[0] <= point.confidence <= point.interval[1]
    assert point.plateau[0] <= point.confidence <= point.plateau[1]
    assert answer.value_interval[0] <= answer.value <= answer.value_interval[1]
    assert answer.expected == pytest.approx(answer.value - answer.optimism, abs=1e-5)
    assert f"{point.interval[0]:.3f} and {point.interval[1]:.3f}" in answer.sure


def test_other_definitions_stand_beside_it(tmp_path):
    answer = answered(write_tracked(tmp_path / "train", a_validation()))
    definitions = {one.key: one for one in answer.definitions}
    assert set(definitions) == {"framework", "highest", "micro", "iou75"}
    assert definitions["highest"].f1 >= answer.at.f1
    assert definitions["framework"].confidence == pytest.approx(
        answer.operating_point.confidence, abs=0.05
    )


@pytest.mark.parametrize(("release", "width"), [("8.3.102", 0.05), ("8.3.103", 0.1), ("?", 0.1)])
def test_the_framework_smooths_as_the_release_that_drew_the_picture(tmp_path, release, width):
    found = a_validation()
    run = write_tracked(tmp_path / "train", found)
    manifest = json.loads((run / "runlens" / "manifest.json").read_text("utf-8"))
    write(run / "runlens" / "manifest.json", json.dumps({**manifest, "version": release}))
    (framework,) = (one for one in answered(run).definitions if one.key == "framework")
    printed = framework_optimum(counting(found, "box"), width)
    assert framework.confidence == pytest.approx(printed.confidence, rel=1e-5)
    assert framework.f1 == pytest.approx(printed.printed, rel=1e-5)


def test_definitions_are_of_f_beta_only(tmp_path):
    run = write_tracked(tmp_path / "train", a_validation())
    assert answered(run, "recall@0.5").definitions == []
    of_f2 = {one.key: one.text for one in answered(run, "f2").definitions}
    assert of_f2.keys() == {"highest", "micro", "iou75"}
    assert of_f2["highest"].startswith("where F2 is highest")


def test_a_loop_of_ones_own_has_no_picture_of_a_framework(tmp_path):
    run = write_tracked(tmp_path / "loop", a_validation())
    for name in ("args.yaml", "results.csv"):
        (run / name).unlink()
    manifest = json.loads((run / "runlens" / "manifest.json").read_text("utf-8"))
    write(run / "runlens" / "manifest.json", json.dumps({**manifest, "framework": None}))
    assert [one.key for one in answered(run).definitions] == ["highest", "micro", "iou75"]


def test_each_class_has_a_line(tmp_path):
    found = a_validation()
    answer = answered(write_tracked(tmp_path / "train", found))
    assert [line.name for line in answer.classes] == list(NAMES)
    for line in answer.classes:
        mine = found.truth_class == line.number
        assert line.instances == found.truth_count[mine].sum()
        assert line.images == mine.sum()
        assert line.common.confidence == answer.operating_point.confidence
        assert line.common.instances == line.instances
        assert line.verdict in ("own", "common", "too_few")
        assert (line.advised == answer.operating_point.confidence) == (line.verdict != "own")
    assert sum(line.common.found for line in answer.classes) == answer.at.found


def test_the_value_is_that_of_the_objective(tmp_path):
    run = write_tracked(tmp_path / "train", a_validation())
    careful = answered(run, "precision@0.8")
    assert careful.value == pytest.approx(careful.at.right / careful.at.found, abs=1e-5)
    assert careful.value >= 0.8
    complete = answered(run, "recall@0.5")
    assert complete.value == pytest.approx(complete.at.right / complete.at.instances, abs=1e-5)
    dear = answered(run, "cost@1:5")
    cost = (dear.at.found - dear.at.right) + 5 * (dear.at.instances - dear.at.right)
    assert dear.value == pytest.approx(-cost / dear.at.instances, abs=1e-5)


def test_what_cannot_be_reached_is_said_and_gives_nothing_to_copy(tmp_path):
    answer = answered(write_tracked(tmp_path / "train", a_validation()), "precision@0.999")
    assert answer.operating_point.confidence is None
    assert "no confidence surely has a precision of 0.999" in answer.reason
    assert (answer.at, answer.deploy, answer.classes, answer.value) == (None, None, [], None)
    assert answer.sweep is not None  # one can still look


def test_curves_have_no_counts(tmp_path):
    found = a_validation()
    run = write_tracked(tmp_path / "train", found, arrays=arrays_of(found, detections=False))
    answer = answered(run)
    assert answer.operating_point.source == "curves"
    assert (answer.at.found, answer.at.instances, answer.sweep.found) == (None, None, None)
    assert answer.sweep.classes == []
    assert answer.usual.f1 == pytest.approx(plainly(found, 0.25)["f1"], abs=0.02)
    assert (answer.definitions, answer.calibration, answer.value_interval) == ([], None, None)
    assert "not known" in answer.sure
    assert answer.deploy is not None


def test_a_picture_says_what_was_read_of_it(tmp_path):
    answer = answered(with_picture(write_run(tmp_path / "train")))
    (picture,) = answer.pictures
    assert (picture.file, picture.kind, picture.group) == ("BoxF1_curve.png", "f1", "box")
    assert (picture.status, picture.confidence, picture.value) == ("exact", 0.448, 0.95)
    assert (answer.sweep, answer.usual, answer.images) == (None, None, None)
    assert answer.deploy.file.source == "picture"
    assert "a picture does not tell" in answer.sure


def test_the_result_table_says_what_would_tell_more(tmp_path):
    run = write_run(tmp_path / "train")
    answer = answered(run)
    assert (answer.operating_point.source, answer.operating_point.status) == ("results", "unknown")
    assert answer.value == pytest.approx(answer.operating_point.f1)
    assert "runlens evaluate RUN_DIR" in answer.reason
    shutil.rmtree(run / "weights")
    assert "track(model)" in answered(run).reason


def test_a_picture_that_cannot_be_read_is_said_in_whole_sentences(tmp_path):
    run = write_run(tmp_path / "train")
    write(run / "BoxF1_curve.png", b"\x89PNG\r\n\x1a\n" + bytes(100))
    reason = answered(run).reason
    assert "could not be read" in reason and "runlens evaluate RUN_DIR" in reason
    assert ".." not in reason


def test_a_classifier_has_nothing_to_choose(tmp_path):
    write(tmp_path / "train" / "args.yaml", "task: classify\nmode: train\nepochs: 2\n")
    columns = "epoch,train/loss,metrics/accuracy_top1,metrics/accuracy_top5,val/loss"
    write(tmp_path / "train" / "results.csv", f"{columns}\n1,1,0.5,0.9,1\n2,0.9,0.6,0.9,1\n")
    answer = answered(tmp_path / "train")
    assert answer.reason.startswith("there is no confidence to choose")
    assert (answer.groups, answer.deploy) == ([], None)


def test_pixels_have_a_confidence_to_choose_if_not_for_every_objective(tmp_path):
    labels = np.arange(1000) % 2
    with Recorder(tmp_path / "unet") as recorder:
        recorder.describe(task="semantic", axis="iteration", epochs=1)
        recorder.log_confidences(np.linspace(0, 0.5, 1000) + 0.4 * labels, labels)
        recorder.log_epoch(0, train={"loss": 1.0})
    assert answered(tmp_path / "unet").operating_point.confidence is not None
    assert "only curves are known" in answered(tmp_path / "unet", "recall@0.5").reason


def test_the_test_split_has_the_number_to_report(tmp_path):
    (val, test) = (a_validation(), a_validation(40, seed=9))
    run = write_evaluated(write_evaluated(write_run(tmp_path / "train"), val), test, "test")
    answer = answered(run)
    confidence = answer.operating_point.confidence
    assert answer.tested.images == 40
    assert answer.tested.at.confidence == confidence
    for name, value in plainly(test, confidence).items():
        assert getattr(answer.tested.at, name) == pytest.approx(value, rel=1e-5), name
    (low, high) = answer.tested.f1_interval
    assert low < answer.tested.at.f1 < high
    assert answer.tested.text.endswith("report the one on test")
    assert "that had no part in choosing it" in answer.deploy.customer


def test_few_test_images_have_no_interval(tmp_path):
    run = write_evaluated(write_run(tmp_path / "train"), a_validation())
    answer = answered(write_evaluated(run, a_validation(6, seed=9), "test"))
    assert answer.tested.f1_interval is None


def test_nothing_right_on_test_is_not_known_to_be_so_on_other_images():
    test = a_validation(40, seed=9)
    nothing = replace(test, hits={"box": np.zeros_like(test.hits["box"])})
    (low, high) = f1_interval(counting(nothing, "box"), 0.25)
    assert low == 0 < high


def test_a_confidence_of_curves_has_the_digits_of_an_answer():
    steps = np.linspace(0, 1, 1001)
    found = Study(F1, "box", ("box",), OperatingPoint(), curves=Curves(steps, *[steps] * 3))
    assert steps[142] != 0.142
    assert passing_of(found, float(steps[142])).confidence == 0.142


def test_a_single_class_is_answered(tmp_path):
    run = write_tracked(
        tmp_path / "train", a_single_class(), ("part",), arrays_of(a_single_class(), matrix=False)
    )
    answer = answered(run)
    (line,) = answer.classes
    assert (line.name, line.common.f1) == ("part", answer.at.f1)


def test_classes_without_a_recorded_name_are_numbered(tmp_path):
    found = a_validation()
    run = write_tracked(tmp_path / "train", found, (), arrays_of(found, matrix=False))
    assert [line.name for line in answered(run).classes] == ["class 0", "class 1", "class 2"]


def test_every_number_is_json(tmp_path):
    run = write_tracked(tmp_path / "train", a_validation(12))
    analysis = analyse(open_run(str(run)))
    for objective in ("f1", "f0.5", "precision@0.5", "recall@0.5", "cost@1:1"):
        answer = threshold_answer(analysis, study(analysis, objective))
        text = msgspec.json.encode(answer).decode()
        json.loads(text, parse_constant=lambda name: pytest.fail(name))
        assert str(tmp_path) not in text


@settings(max_examples=15)
@given(st.integers(0, 60), st.integers(0, 4))
def test_any_few_detections_are_answered(tmp_path_factory, images, seed):
    found = a_validation(max(images, 1), seed=seed)
    if not (found.hits["box"] & 1).any():
        return
    run = write_tracked(tmp_path_factory.mktemp("run") / "train", found)
    answer = answered(run)
    assert answer.operating_point.source == "detections"
    assert answer.images == max(images, 1)
