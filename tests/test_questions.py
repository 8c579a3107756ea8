"""The six questions of guide 001, each answered in a sentence that says what it rests on, or that it is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Optional

import numpy as np
import pytest

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.answers import detailed_run_of
from tensorboard_runlens.next_step import DONE, NextStep
from tensorboard_runlens.questions import Question, questions_of
from tensorboard_runlens.relations import Relations
from tensorboard_runlens.report.text import show
from tensorboard_runlens.run import ClassMetrics
from tensorboard_runlens.targets import Target
from tensorboard_runlens.thresholds.point import OperatingPoint
from tests.builders import write_args
from tests.rules import trainings
from tests.rules.trainings import HEALTHY, Case, analysed, first, judged

IDS = ["learning", "overfitting", "threshold", "classes", "going_on", "others"]
RUNNING = HEALTHY.changed(args={"epochs": 100})


def asked(analysis: Analysis, name: str, runs: Sequence[Analysis] = ()) -> Question:
    return next(one for one in questions_of(analysis, runs) if one.id == name)


def empty_run(folder: Path) -> Analysis:
    folder.mkdir()
    write_args(folder, task="detect", mode="train", epochs=50)
    return judged(folder)


@pytest.mark.parametrize(
    ("case", "name", "level", "begins", "rules"),
    [
        (HEALTHY, "learning", "ok", "Yes: mAP50-95 rose from 0.100 to 0.688 by epoch 60.", ()),
        (trainings.ZERO, "learning", "critical", "No: no epoch of 60 reached", ("not-learning",)),
        (first(HEALTHY, 3), "learning", "unknown", "Too early to say: 3 epochs logged", ("too-short",)),
        (HEALTHY.changed(map50_95=[0.6, 0.601] * 30), "learning", "info", "Hardly: mAP50-95 was 0.600", ()),
        (HEALTHY, "overfitting", "ok", "No: validation loss ends", ()),
        (trainings.OVERFITTED, "overfitting", "warning", "Yes: validation loss has risen", ("overfitting",)),
        (trainings.PAST_BEST, "overfitting", "warning", "Not by its loss: 4", ("past-best",)),
        (trainings.NEVER_GENERALISED, "overfitting", "critical", "From the start:", ("never-generalised",)),
        (trainings.MOSAIC_STEP, "overfitting", "info", "Not before mosaic was closed:", ("mosaic-step",)),
        (first(HEALTHY, 3), "overfitting", "unknown", "Too early to say", ("too-short",)),
        (trainings.ITERATIONS, "overfitting", "unknown", "Unknown: iterations of this kind", ()),
        (HEALTHY, "threshold", "unknown", "Unknown: the command runlens threshold finds it", ()),
        (HEALTHY, "classes", "unknown", "Unknown: results by class", ()),
        (trainings.ZERO, "going_on", "critical", "No: not learning", ("not-learning",)),
        (trainings.OVERFITTED, "going_on", "warning", "No: overfits since", ("overfitting",)),
        (trainings.ITERATIONS, "going_on", "unknown", "Open: too few iterations to tell", ()),
        (trainings.REGRESSED, "learning", "ok", "Yes: F1 rose from", ()),
        (trainings.INTERRUPTED, "going_on", "info", "Yes, resume it: 60 of 100", ("interrupted",)),
        (first(HEALTHY, 3), "going_on", "info", "Yes: no verdict yet", ("too-short",)),
        (trainings.STOPPED_EARLY, "going_on", "ok", "No finding asks for it: mAP50-95", ("early-stopped",)),
        (HEALTHY, "others", "unknown", "Unknown from this run alone: the command runlens compare", ()),
    ],
)  # fmt: skip
def test_the_answer(
    case: Case, name: str, level: str, begins: str, rules: tuple[str, ...], tmp_path: Path
) -> None:
    question = asked(analysed(case, tmp_path / "run"), name)
    assert question.answer.startswith(begins)
    assert (question.level, question.rules) == (level, rules)


@pytest.mark.parametrize(
    "case", [HEALTHY, trainings.ZERO, trainings.ITERATIONS, first(HEALTHY, 1), trainings.DIVERGED]
)
def test_all_six_are_answered_in_a_sentence(case: Case, tmp_path: Path) -> None:
    questions = questions_of(analysed(case, tmp_path / "run"))
    assert [one.id for one in questions] == IDS
    assert all(one.answer.endswith(".") and one.question.endswith("?") for one in questions)
    assert not any("nan" in one.answer or "None:" in one.answer for one in questions)


def test_of_a_run_without_epochs_nothing_is_known(tmp_path: Path) -> None:
    analysis = empty_run(tmp_path / "run")
    unknown = [one.id for one in questions_of(analysis) if one.level == "unknown"]
    assert unknown == IDS


def test_without_a_metric_the_loss_tells(tmp_path: Path) -> None:
    analysis = analysed(HEALTHY, tmp_path / "run")
    history = replace(analysis.run.history, metrics={})
    signals = type(analysis.signals)(replace(analysis.run, history=history), trainings.NOW)
    question = asked(replace(analysis, signals=signals, findings=[]), "learning")
    assert question.answer.startswith("Yes: validation loss fell 5")
    assert question.level == "ok"


@pytest.mark.parametrize(
    ("excess", "said"),
    [(0.0004, "ends at its minimum"), (0.0006, "0.1 % above"), (-0.01, "at its")],
)
def test_a_loss_at_its_minimum_is_said_to_be_there(
    excess: float, said: str, tmp_path: Path
) -> None:
    analysis = analysed(HEALTHY, tmp_path / "run")
    analysis.signals.__dict__["overfitting"] = replace(analysis.overfitting, excess=excess)
    answer = asked(analysis, "overfitting").answer
    assert said in answer
    assert "minimum (smoothed)" in answer  # single epochs of the chart beside it may differ by more


@pytest.mark.parametrize(("rise", "begins"), [(0.009, "Hardly"), (0.011, "Yes")])
def test_a_point_is_what_must_be_learnt(rise: float, begins: str, tmp_path: Path) -> None:
    scores = [0.5, 0.501] * 29 + [0.5, 0.5 + rise]
    analysis = analysed(HEALTHY.changed(map50_95=scores), tmp_path / "run")
    assert asked(analysis, "learning").answer.startswith(begins)


POINT = OperatingPoint(0.42, 0.81, plateau=(0.33, 0.5), source="detections", status="exact")


@pytest.mark.parametrize(
    ("point", "level", "answer"),
    [
        (POINT, "ok", "0.42 with F1 0.81; 0.33 to 0.50 is as good."),
        (replace(POINT, plateau=None, reason="it is coarse"), "info", "0.42 with F1 0.81; it is coarse."),
        (OperatingPoint(reason="no detections"), "unknown", "Unknown: no detections."),
    ],
)  # fmt: skip
def test_the_threshold_is_the_operating_point(
    point: OperatingPoint, level: str, answer: str, tmp_path: Path
) -> None:
    analysis = replace(analysed(HEALTHY, tmp_path / "run"), closer_point=point)
    question = asked(analysis, "threshold")
    assert (question.level, question.answer) == (level, answer)


def classes(*values: float, instances: Optional[int] = 80) -> tuple[ClassMetrics, ...]:
    return tuple(
        ClassMetrics(f"kind {index}", {"box": {"map50_95": value}}, instances=instances)
        for (index, value) in enumerate(values)
    )


@pytest.mark.parametrize(
    ("lines", "level", "answer"),
    [
        (classes(0.61, 0.7, 0.65), "ok", "None stands out: mAP50-95 is 0.61 (kind 0) to 0.70 (kind 1)."),
        (classes(0.61), "ok", "There is one class only."),
        (classes(0.6, 0.7, instances=3), "unknown", "Unknown; of 2 too few instances were validated."),
    ],
)  # fmt: skip
def test_classes_that_do_not_stand_out(
    lines: tuple[ClassMetrics, ...], level: str, answer: str, tmp_path: Path
) -> None:
    analysis = analysed(HEALTHY, tmp_path / "run")
    run = replace(analysis.run, classes=lines)
    signals = type(analysis.signals)(run, trainings.NOW)
    question = asked(replace(analysis, run=run, signals=signals), "classes")
    assert (question.level, question.answer) == (level, answer)


def test_a_running_training_is_told_what_to_expect(tmp_path: Path) -> None:
    folder = trainings.write(RUNNING, tmp_path / "run")
    trainings.set_time(folder / "args.yaml", trainings.NOW - 1830)
    trainings.set_time(folder / "results.csv", trainings.NOW - 30)
    question = asked(judged(folder), "going_on")
    assert question.answer.startswith(
        "Yes, it is running: 60 of 100 planned epochs are done; mAP50-95 will end at"
    )
    assert question.level == "ok"


def test_what_continues_a_run_is_named(tmp_path: Path) -> None:
    relations = Relations(continued_by=("exp3",))
    question = asked(analysed(HEALTHY, tmp_path / "run", relations=relations), "going_on")
    assert question.answer == "It goes on in exp3."


@pytest.mark.parametrize(("rows", "told"), [(20, True), (19, False)])
def test_the_change_over_the_last_quarter_needs_enough_epochs(
    rows: int, told: bool, tmp_path: Path
) -> None:
    analysis = analysed(first(HEALTHY, rows), tmp_path / "run")
    ended = replace(analysis, findings=[], next_step=NextStep(DONE))
    question = asked(ended, "going_on")
    assert ("over the last quarter" in question.answer) is told


@pytest.mark.parametrize(
    ("least", "level", "begins"),
    [(0.9, "info", "It misses 1 of 1 target: mAP50-95 0.688 of 0.9"), (0.5, "ok", "It reaches 1 target")],
)  # fmt: skip
def test_targets_are_what_a_run_is_held_against(
    least: float, level: str, begins: str, tmp_path: Path
) -> None:
    training = HEALTHY.changed(targets=[Target("map50_95", least, least)])
    question = asked(analysed(training, tmp_path / "run"), "others")
    assert (question.level, question.answer.startswith(begins)) == (level, True)


HERE = "runs in this logdir, if all were validated on the same images"


def beside(own: Analysis, *bests: float) -> list[Analysis]:
    """Other runs of the same kind with these best values."""
    others = []
    for number, best in enumerate(bests):
        history = replace(own.run.history, metrics={"box": {"map50_95": np.full(60, best)}})
        run = replace(own.run, name=f"run {number}", history=history)
        others.append(replace(own, run=run, signals=type(own.signals)(run, trainings.NOW)))
    return [own, *others]


@pytest.mark.parametrize(
    ("bests", "begins"),
    [
        ((0.5, 0.72), f"By mAP50-95 it is number 2 of 3 {HERE}; the best is run 1 with 0.720"),
        ((0.5, 0.6), f"By mAP50-95 it is number 1 of 3 {HERE}; the next is run 1 with 0.600"),
        ((), "Unknown from this run alone"),
    ],
)  # fmt: skip
def test_the_rank_among_the_runs_of_the_logdir(
    bests: tuple[float, ...], begins: str, tmp_path: Path
) -> None:
    analysis = analysed(HEALTHY, tmp_path / "run")
    assert asked(analysis, "others", beside(analysis, *bests)).answer.startswith(begins)


def test_runs_validated_on_other_images_have_no_rank_among_each_other(tmp_path: Path) -> None:
    analysis = analysed(HEALTHY, tmp_path / "run")
    others = beside(analysis, 0.9)
    vars(others[1].signals.data)["val_fingerprint"] = "other images"
    assert asked(analysis, "others", others).level == "unknown"


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({"task": "obb"}, "unknown"),
        ({"arguments": {"data": "C:\\work\\fights.yaml"}}, "unknown"),
        ({"arguments": {"data": "C:\\work\\parts.yaml"}}, "ok"),
    ],
)
def test_runs_of_another_task_or_other_data_have_no_rank_among_each_other(
    changes: dict[str, object], level: str, tmp_path: Path
) -> None:
    own = analysed(HEALTHY.changed(args={"data": "data/parts.yaml"}), tmp_path / "run")
    (_, other) = beside(own, 0.9)
    run = replace(other.run, **changes)
    rival = replace(other, run=run, signals=type(other.signals)(run, trainings.NOW))
    assert asked(own, "others", [own, rival]).level == level


def test_a_copy_is_no_rival(tmp_path: Path) -> None:
    relations = Relations(duplicates=("run 0",))
    analysis = analysed(HEALTHY, tmp_path / "run", relations=relations)
    assert asked(analysis, "others", beside(analysis, 0.9)).level == "unknown"


def test_a_repeat_is_the_first_to_compare_with(tmp_path: Path) -> None:
    relations = Relations(repeats=("seed 2",))
    question = asked(analysed(HEALTHY, tmp_path / "run", relations=relations), "others")
    assert "seed 2" in question.answer


def test_terminal_and_json_have_them(tmp_path: Path) -> None:
    analysis = analysed(HEALTHY, tmp_path / "run")
    text = show(analysis)
    answered = detailed_run_of(analysis).questions
    assert [one.id for one in answered] == IDS
    assert all(f"{one.question} {one.answer}" in text for one in answered)
