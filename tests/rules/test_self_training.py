"""What is said of a self-training: its best iteration, the ones that are missing, and metrics that contradict."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens import answers
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.rules import Finding
from tests.projects import SELF_TRAINING

from . import trainings
from .trainings import ITERATIONS, SelfTraining, analysed


def finding(analysis: Analysis, rule: str) -> Finding:
    assert analysis.failed_rules == []
    return next(one for one in analysis.findings if one.rule == rule)


def rules(analysis: Analysis) -> list[str]:
    assert analysis.failed_rules == []
    return [one.rule for one in analysis.findings]


def scored(*f1: float) -> SelfTraining:
    """Iterations of which only F1 was recorded."""
    return SelfTraining({number: {"f1": value} for (number, value) in enumerate(f1)})


def test_a_good_experiment_is_deployed_by_its_best_iteration(tmp_path: Path) -> None:
    analysis = analysed(ITERATIONS, tmp_path)
    assert (analysis.state, analysis.health.level) == ("finished", "ok")
    assert analysis.weights.use == "iteration_3_selftrain/model.pt"
    assert analysis.weights.why == "iteration 3 is best by F1"
    assert analysis.headline == (
        "Best F1 0.700 at iteration 3, 4 iterations done; deploy iteration_3_selftrain/model.pt."
    )


def test_few_rounds_are_no_short_training_and_no_overfitting(tmp_path: Path) -> None:
    analysis = analysed(scored(0.7, 0.6), tmp_path)
    assert {"too-short", "past-best", "overfitting", "best-not-last"}.isdisjoint(rules(analysis))
    assert answers.run_of(analysis).overfitting.verdict == "unknown"
    assert analysis.health.rule == "iteration-regressed"


@pytest.mark.parametrize(
    ("last", "confidence"), [(0.6905, None), (0.6895, "low"), (0.6805, "low"), (0.6795, "moderate")]
)
def test_a_point_lost_is_a_regression_and_two_are_a_sure_one(
    last: float, confidence: Any, tmp_path: Path
) -> None:
    analysis = analysed(scored(0.65, 0.70, last), tmp_path)
    found = [one for one in analysis.findings if one.rule == "iteration-regressed"]
    assert [one.confidence for one in found] == ([confidence] if confidence else [])
    assert analysis.health.level == (
        "warning" if confidence == "moderate" else analysis.health.level
    )


def test_after_a_regression_the_earlier_model_is_named_everywhere(tmp_path: Path) -> None:
    analysis = analysed(trainings.REGRESSED, tmp_path)
    one = finding(analysis, "iteration-regressed")
    assert one.evidence == {
        "drop": pytest.approx(0.0501),
        "best_iteration": 3,
        "last_iteration": 4,
    }
    assert "use the model of iteration 3" in one.summary
    assert analysis.weights.use == "iteration_3_selftrain/model.pt"
    assert "iteration_3_selftrain/model.pt" in analysis.headline
    assert "final_model.pt" not in analysis.headline


def test_without_its_own_model_only_the_last_iteration_is_the_final_model(tmp_path: Path) -> None:
    trainings.write(ITERATIONS, tmp_path / "good")
    (tmp_path / "good" / "iteration_3_selftrain" / "model.pt").unlink()
    trainings.write(trainings.REGRESSED, tmp_path / "worse")
    (tmp_path / "worse" / "iteration_3_selftrain" / "model.pt").unlink()
    good = trainings.judged(tmp_path / "good")
    assert good.weights.use == "final_model.pt"
    worse = trainings.judged(tmp_path / "worse")
    assert worse.weights.use is None
    assert "deploy the model of iteration 3 (not in this folder)" in worse.headline


def test_a_gap_is_named_and_costs_nothing_else(tmp_path: Path) -> None:
    analysis = analysed(trainings.GAP, tmp_path)
    one = finding(analysis, "missing-iteration")
    assert one.evidence == {"missing": [1], "recorded": 2}
    assert one.summary == "Iteration 1 of 3 without metrics: 2 iterations can be judged."
    assert answers.run_of(analysis).epochs.best == 2


@pytest.mark.parametrize(("final", "state"), [(True, "finished"), (False, "interrupted")])
def test_an_iteration_that_was_planned_and_never_came_is_missing(
    final: bool, state: str, tmp_path: Path
) -> None:
    three = SelfTraining(dict(enumerate(SELF_TRAINING[:3])), args={"self_training_iterations": 3})
    folder = trainings.write(three, tmp_path)
    if not final:
        (folder / "final_model.pt").unlink()
    analysis = trainings.judged(folder)
    assert finding(analysis, "missing-iteration").evidence["missing"] == [3]
    run = answers.run_of(analysis)
    assert (run.epochs.planned, run.epochs.logged, run.state) == (4, 3, state)


def test_a_plan_that_was_kept_is_finished(tmp_path: Path) -> None:
    analysis = analysed(ITERATIONS.changed(args={"self_training_iterations": 3}), tmp_path)
    assert analysis.state == "finished"
    assert rules(analysis) == []


def test_of_many_missing_iterations_the_first_are_listed(tmp_path: Path) -> None:
    one = finding(
        analysed(scored(*[0.5]).changed(args={"self_training_iterations": 40}), tmp_path),
        "missing-iteration",
    )
    assert one.evidence["missing"] == list(range(1, 11))
    assert "7, 8, 9, 10 and more of 41 without metrics" in one.summary


@pytest.mark.parametrize("planned", ["9999999", "1e300", "-3", ".nan", "'three'", "true", "[3]"])
def test_a_plan_that_is_none_is_survived_at_once(planned: str, tmp_path: Path) -> None:
    started = time.perf_counter()
    analysis = analysed(ITERATIONS.changed(args={"self_training_iterations": planned}), tmp_path)
    assert time.perf_counter() - started < 0.3
    assert analysis.failed_rules == []
    for one in analysis.findings:
        assert len(one.summary) < 300


@pytest.mark.parametrize(("iou", "fires"), [(0.5384, False), (0.5424, False), (0.5444, True)])
def test_metrics_agree_within_their_rounding(iou: float, fires: bool, tmp_path: Path) -> None:
    analysis = analysed(ITERATIONS.with_last(iou=iou), tmp_path)
    assert ("identity-mismatch" in rules(analysis)) is fires


def test_the_identity_that_breaks_and_its_iteration_are_named(tmp_path: Path) -> None:
    one = finding(analysed(ITERATIONS.with_last(f1=0.75, iou=0.6), tmp_path), "identity-mismatch")
    assert one.evidence["identity"] == "F1 = 2PR/(P+R)"
    assert one.evidence["deviation"] == pytest.approx(0.0501, abs=1e-4)
    assert "iteration 3" in one.summary
    assert one.severity == "info"


def test_precision_and_recall_of_zero_contradict_nothing(tmp_path: Path) -> None:
    zero = dict.fromkeys(("precision", "recall", "f1", "iou"), 0.0)
    analysis = analysed(SelfTraining({0: zero, 1: SELF_TRAINING[1]}), tmp_path)
    assert "identity-mismatch" not in rules(analysis)


def test_an_experiment_that_goes_on_is_running(tmp_path: Path) -> None:
    folder = trainings.write(SelfTraining(dict(enumerate(SELF_TRAINING[:2]))), tmp_path)
    (folder / "final_model.pt").unlink()
    trainings.set_time(folder / "iteration_1_selftrain", trainings.NOW - 60)
    analysis = trainings.judged(folder)
    assert analysis.state == "running"
    assert analysis.headline.endswith("training goes on.")
