"""Every rule: a training on which it fires, one on which it is quiet, and both sides of its limits."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Optional

import numpy as np
import pytest

from tensorboard_runlens.analysis import Analysis, FailedRule, analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.rules import Finding, Rule, all_rules
from tensorboard_runlens.settings import Settings

from . import trainings
from .trainings import HEALTHY, ITERATIONS, Case, Training, analysed, first

FIRES: dict[str, Case] = {
    "overfitting": trainings.OVERFITTED,
    "past-best": trainings.PAST_BEST,
    "never-generalised": trainings.NEVER_GENERALISED,
    "mosaic-step": trainings.MOSAIC_STEP,
    "too-short": first(HEALTHY, 9),
    "non-finite": trainings.NOT_A_NUMBER,
    "diverged": trainings.DIVERGED,
    "not-learning": trainings.ZERO,
    "best-not-last": trainings.PAST_BEST,
    "early-stopped": trainings.STOPPED_EARLY,
    "interrupted": trainings.INTERRUPTED,
    "conf-raised": HEALTHY.changed(args={"conf": 0.25}),
    "appended-runs": trainings.APPENDED,
    "missing-iteration": trainings.GAP,
    "iteration-regressed": trainings.REGRESSED,
    "identity-mismatch": trainings.AVERAGED_APART,
    "input-bound": trainings.INPUT_BOUND,
    "gpu-memory": trainings.FULL_MEMORY,
    "skipped-steps": trainings.SKIPPING,
    "throughput-drift": trainings.SLOWING,
    "exploding-gradients": trainings.EXPLODING,
    "vanishing-gradients": trainings.VANISHING,
    "data-overlap": HEALTHY.changed(data=trainings.overlapping_data),
    "empty-labels": HEALTHY.changed(data=trainings.unlabelled_data),
    "missing-class": HEALTHY.changed(data=trainings.data_without_a_class),
    "data-faults": HEALTHY.changed(data=trainings.data_of_few_images),
}
OF_THE_MACHINE = (
    "input-bound",
    "gpu-memory",
    "skipped-steps",
    "throughput-drift",
    "exploding-gradients",
    "vanishing-gradients",
)
OF_THE_DATA = ("data-overlap", "empty-labels", "missing-class", "data-faults")
QUIET: dict[str, list[Case]] = {
    "overfitting": [HEALTHY, trainings.PAST_BEST, trainings.MOSAIC_STEP],
    "past-best": [HEALTHY, trainings.OVERFITTED],
    "never-generalised": [
        HEALTHY,
        trainings.OVERFITTED,
        trainings.NEVER_GENERALISED.changed(map50_95=HEALTHY.map50_95),
    ],
    "mosaic-step": [HEALTHY, trainings.OVERFITTED.changed(args={"close_mosaic": 10})],
    "too-short": [HEALTHY, first(HEALTHY, 10), ITERATIONS],
    "non-finite": [HEALTHY, trainings.DIVERGED],
    "diverged": [HEALTHY, trainings.NOT_A_NUMBER, first(HEALTHY, 12)],
    "not-learning": [HEALTHY, first(trainings.ZERO, 9)],
    "best-not-last": [HEALTHY],
    "early-stopped": [HEALTHY, trainings.INTERRUPTED],
    "interrupted": [HEALTHY, trainings.STOPPED_EARLY],
    "conf-raised": [HEALTHY, HEALTHY.changed(args={"conf": 0.001})],
    "appended-runs": [HEALTHY, HEALTHY.changed(epochs=[*range(1, 31), *range(28, 58)])],
    "missing-iteration": [ITERATIONS, HEALTHY.changed(epochs=[*range(1, 60), 90])],
    "iteration-regressed": [ITERATIONS, trainings.PAST_BEST],
    "identity-mismatch": [ITERATIONS, HEALTHY],
    **{
        rule: [HEALTHY, *(FIRES[other] for other in OF_THE_DATA if other != rule)]
        for rule in OF_THE_DATA
    },
    **{
        rule: [
            HEALTHY,
            trainings.tracked(),
            *(FIRES[other] for other in OF_THE_MACHINE if other != rule),
        ]
        for rule in OF_THE_MACHINE
    },
}
RULES = {rule.id: rule for rule in all_rules()}


def found(analysis: Analysis, rule: str) -> Optional[Finding]:
    return next((one for one in analysis.findings if one.rule == rule), None)


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_fires_on_what_it_describes(rule: str, tmp_path: Path) -> None:
    analysis = analysed(FIRES[rule], tmp_path)
    finding = found(analysis, rule)
    assert finding is not None, analysis.findings
    assert analysis.failed_rules == []


@pytest.mark.parametrize(
    ("rule", "number"), [(rule, number) for rule in RULES for number in range(len(QUIET[rule]))]
)
def test_the_rule_is_quiet_on_what_it_does_not_describe(
    rule: str, number: int, tmp_path: Path
) -> None:
    assert found(analysed(QUIET[rule][number], tmp_path), rule) is None


@pytest.mark.parametrize("rule", RULES)
def test_a_finding_is_one_sentence_with_a_span_inside_the_run(rule: str, tmp_path: Path) -> None:
    analysis = analysed(FIRES[rule], tmp_path)
    finding = found(analysis, rule)
    assert finding is not None
    assert finding.summary.endswith(".")
    assert not re.search(r"[!{}]|nan|None", finding.summary)
    if finding.span is not None:
        assert 0 <= finding.span[0] <= finding.span[1] < analysis.signals.rows


def test_a_good_data_set_makes_no_finding(tmp_path: Path) -> None:
    training = HEALTHY.changed(data=trainings.good_data)
    assert analysed(training, tmp_path).health.level == "ok"


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_can_be_switched_off(rule: str, tmp_path: Path) -> None:
    analysis = analysed(FIRES[rule], tmp_path, Settings(off=frozenset({rule})))
    assert found(analysis, rule) is None


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_documents_itself(rule: Rule) -> None:
    for heading in ("## What it says", "## Why it matters", "## How it decides", "## Source"):
        assert heading in rule.page()
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
    assert all(limit.why.endswith(".") for limit in rule.limits.values())


def test_every_rule_is_tested_both_ways() -> None:
    assert set(FIRES) == set(QUIET) == set(RULES)


@pytest.mark.parametrize(
    ("rule", "training", "severity"),
    [
        ("overfitting", trainings.OVERFITTED, "warning"),
        ("not-learning", trainings.ZERO, "critical"),
        ("non-finite", trainings.NOT_A_NUMBER, "critical"),
        ("early-stopped", trainings.STOPPED_EARLY, "info"),
    ],
)
def test_severity_is_the_size_of_the_effect(
    rule: str, training: Training, severity: str, tmp_path: Path
) -> None:
    finding = found(analysed(training, tmp_path), rule)
    assert finding is not None
    assert finding.severity == severity


@pytest.mark.parametrize(("drop", "severity"), [(0.19, "warning"), (0.21, "critical")])
def test_losing_twenty_points_is_critical(drop: float, severity: str, tmp_path: Path) -> None:
    scores = np.where(np.arange(60) < 30, 0.6, 0.6 - drop)
    finding = found(analysed(HEALTHY.changed(map50_95=scores.tolist()), tmp_path), "past-best")
    assert finding is not None
    assert finding.severity == severity


@pytest.mark.parametrize(("highest", "fires"), [(0.0099, True), (0.0101, False)])
def test_one_point_of_map_is_something_learnt(highest: float, fires: bool, tmp_path: Path) -> None:
    training = HEALTHY.changed(map50_95=np.linspace(0.001, highest, 60).tolist())
    assert (found(analysed(training, tmp_path), "not-learning") is not None) is fires


@pytest.mark.parametrize(("last", "state"), [(60, "early_stopped"), (59, "interrupted")])
def test_early_stopping_needs_all_of_its_patience(last: int, state: str, tmp_path: Path) -> None:
    training = first(trainings.STOPPED_EARLY, last)
    assert analysed(training, tmp_path).state == state


@pytest.mark.parametrize(("limit", "fires"), [(0.1, True), (0.9, False)])
def test_a_user_can_move_a_limit(limit: float, fires: bool, tmp_path: Path) -> None:
    settings = Settings(limits={"overfitting": {"excess_min": limit}})
    analysis = analysed(trainings.OVERFITTED, tmp_path, settings)
    assert (found(analysis, "overfitting") is not None) is fires


def test_a_raised_confidence_is_judged_by_the_release(tmp_path: Path) -> None:
    finding = found(analysed(HEALTHY.changed(args={"conf": 0.25}), tmp_path), "conf-raised")
    assert finding is not None
    assert finding.advice[0].change == ("conf", 0.25, None)
    assert "too high or too low" in finding.summary


def test_an_interrupted_run_with_a_checkpoint_gets_its_resume_command(tmp_path: Path) -> None:
    training = trainings.INTERRUPTED.changed(weights=["weights/last.pt", "weights/best.pt"])
    analysis = analysed(training, tmp_path)
    finding = found(analysis, "interrupted")
    assert finding is not None
    assert finding.advice[0].command == "yolo train resume model=weights/last.pt"
    assert analysis.weights.use == "weights/best.pt"


def test_a_rule_that_raises_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    def broken(*_: object) -> Optional[Finding]:
        raise ZeroDivisionError("no epochs")

    run = open_run(str(trainings.write(trainings.ZERO, tmp_path)))
    analysis = analyse(run, rules=lambda: [Rule("broken", broken), RULES["not-learning"]])
    assert analysis.failed_rules == [FailedRule("broken", "ZeroDivisionError: no epochs")]
    assert found(analysis, "not-learning") is not None
