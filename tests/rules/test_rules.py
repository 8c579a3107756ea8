"""Every rule: a training on which it fires, one on which it is quiet, and both sides of its limits."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path
from typing import Optional

import pytest

from tensorboard_runlens.analysis import Analysis, FailedRule, analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.rules import Advice, Finding, Rule, all_rules
from tensorboard_runlens.settings import Settings

from . import trainings
from .cases import all_cases
from .trainings import HEALTHY, Training, analysed, first

CASES = all_cases()
RULES = {rule.id: rule for rule in all_rules()}


def found(analysis: Analysis, rule: str) -> Optional[Finding]:
    return next((one for one in analysis.findings if one.rule == rule), None)


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_fires_on_what_it_describes(rule: str, tmp_path: Path) -> None:
    analysis = analysed(CASES[rule].fires.case, tmp_path)
    finding = found(analysis, rule)
    assert finding is not None, analysis.findings
    assert analysis.failed_rules == []


@pytest.mark.parametrize(
    ("rule", "number"),
    [(rule, number) for rule in CASES for number in range(len(CASES[rule].quiet))],
)
def test_the_rule_is_quiet_on_what_it_does_not_describe(
    rule: str, number: int, tmp_path: Path
) -> None:
    assert found(analysed(CASES[rule].quiet[number].case, tmp_path), rule) is None


@pytest.mark.parametrize("rule", RULES)
def test_a_finding_is_one_sentence_with_a_span_inside_the_run(rule: str, tmp_path: Path) -> None:
    analysis = analysed(CASES[rule].fires.case, tmp_path)
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
    analysis = analysed(CASES[rule].fires.case, tmp_path, Settings(off=frozenset({rule})))
    assert found(analysis, rule) is None


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_documents_itself(rule: Rule) -> None:
    for heading in ("## What it says", "## Why it matters", "## How it decides", "## Source"):
        assert heading in rule.page()
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
    assert all(limit.why.endswith(".") for limit in rule.limits.values())


def test_every_rule_is_tested_both_ways() -> None:
    assert set(CASES) == set(RULES)
    assert all(cases.quiet for cases in CASES.values())


BORDERS = [(rule, name) for rule in CASES for name in CASES[rule].borders]


@pytest.mark.parametrize(("rule", "name"), BORDERS)
def test_a_little_to_the_other_side_of_a_limit_is_judged_otherwise(
    rule: str, name: str, tmp_path: Path
) -> None:
    (here, there) = (
        found(analysed(case, tmp_path / side), rule)
        for (case, side) in zip(CASES[rule].borders[name], ("here", "there"))
    )
    assert _gist(here) != _gist(there)


def _word(advice: Advice) -> Optional[str]:
    """What an argument is to be changed to, where that is a word."""
    to = advice.change[2] if advice.change else None
    return to if isinstance(to, str) else None


def _gist(finding: Optional[Finding]) -> object:
    """What a reader would do otherwise by: the numbers in the words apart."""
    if finding is None:
        return None
    advised = [(advice.key, _word(advice)) for advice in finding.advice]
    return (finding.severity, finding.confidence, advised, re.sub(r"[\d.]+", "0", finding.summary))


@pytest.mark.parametrize("rule", RULES)
def test_every_number_of_a_rule_has_both_its_sides_tested(rule: str) -> None:
    module = importlib.import_module(f"tensorboard_runlens.rules.{rule.replace('-', '_')}")
    tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
    numbers = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and type(node.value.value) in (int, float)
    }
    assert set(CASES[rule].borders) >= (numbers - CASES[rule].facts) | set(RULES[rule].limits)


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
