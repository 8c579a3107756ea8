"""All that is said of a run agrees: its advice, its headline and the answer to "should I continue training?"."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens import next_step
from tensorboard_runlens.actions.contradictions import contradicted, without_contradictions
from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import Catalog
from tensorboard_runlens.questions import questions_of
from tensorboard_runlens.rules import Advice, Finding, Limits, Rule
from tensorboard_runlens.signals import Signals

from . import trainings
from .trainings import HEALTHY, NOW, Training, analysed

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"

SAYS_NO = ("No:", "It goes on in")
SAYS_YES = ("Yes", "In a new and longer training")


def assert_agreement(analysis: Analysis) -> None:
    """Nobody who reads all of it is told two things."""
    keys = [one.key for finding in analysis.findings for one in finding.advice]
    for one, other in itertools.combinations(keys, 2):
        assert not contradicted(one, [other]), (one, other)
    going_on = next(one for one in questions_of(analysis) if one.id == "going_on")
    assert_headline_agrees(analysis, keys, going_on.answer)


def assert_headline_agrees(analysis: Analysis, keys: Sequence[str], answer: str) -> None:
    headline = analysis.headline
    if "check data and labels" in headline:
        assert answer.startswith("No:")
        assert not {"use-best", "resume", "train-longer"} & set(keys)
    if "resume or train again" in headline or "train longer" in headline:
        assert answer.startswith(SAYS_YES), (headline, answer)
    if "training goes on" in headline:
        assert answer.startswith(SAYS_YES), (headline, answer)
    if "stop it" in headline or "unlikely to gain" in headline:
        assert answer.startswith("No:"), (headline, answer)
    if answer.startswith(SAYS_NO):
        assert not {"train-longer", "resume", "train-again", "keep-going"} & set(keys), (
            answer,
            keys,
        )
    if answer.startswith("No finding asks for it"):
        assert not {"train-longer", "resume"} & set(keys), (answer, keys)


def finding(rule: str, *keys: str, severity: str = "warning", confidence: str = "high") -> Finding:
    advice = [Advice(key, key) for key in keys]
    return Finding(severity, confidence, f"{rule}.", rule, {}, None, advice)


def rules(*found: tuple[str, Finding], **withdrawn_by: tuple[str, ...]) -> list[Rule]:
    return [
        Rule(name, always(one), withdrawn_by=withdrawn_by.get(name, ())) for (name, one) in found
    ]


def always(found: Finding) -> Callable[[Signals, Limits], Finding]:
    return lambda signals, limits: found


def judged(*given_rules: Rule, **changes: object) -> Analysis:
    with tempfile.TemporaryDirectory() as folder:
        training = HEALTHY.changed(weights=["weights/best.pt"], **changes)
        run = analysed(training, Path(folder) / "run").run
        return analyse(run, now=NOW, rules=lambda: list(given_rules))


def kept(analysis: Analysis) -> dict[str, list[str]]:
    return {one.rule: [advice.key for advice in one.advice] for one in analysis.findings}


def test_of_two_that_contradict_the_weightier_findings_advice_stands() -> None:
    (first, second) = without_contradictions(
        [finding("a", "lower-lr"), finding("b", "raise-lr", "more-data")]
    )
    assert [one.key for one in first.advice] == ["lower-lr"]
    assert [one.key for one in second.advice] == ["more-data"]


def test_a_finding_that_loses_all_its_advice_takes_over_what_it_contradicts() -> None:
    found = [finding("a", "more-data", "check-labels"), finding("b", "resume")]
    assert [one.key for one in without_contradictions(found)[1].advice] == ["check-labels"]


def test_a_finding_without_advice_takes_none_over() -> None:
    assert without_contradictions([finding("a", "check-labels"), finding("b")])[1].advice == []


@pytest.mark.parametrize(
    ("stronger", "weaker", "withdrawn"),
    [
        (("warning", "high"), ("warning", "moderate"), True),
        (("warning", "moderate"), ("warning", "moderate"), True),
        (("warning", "low"), ("warning", "moderate"), False),
        (("info", "high"), ("warning", "high"), False),
        (("info", "high"), ("info", "high"), True),
    ],
)
def test_a_finding_withdraws_behind_one_as_sure_and_as_severe(
    stronger: tuple[str, str], weaker: tuple[str, str], withdrawn: bool
) -> None:
    (one, other) = (
        finding("stronger", severity=stronger[0], confidence=stronger[1]),
        finding("weaker", severity=weaker[0], confidence=weaker[1]),
    )
    analysis = judged(*rules(("stronger", one), ("weaker", other), weaker=("stronger",)))
    assert ("weaker" not in kept(analysis)) is withdrawn


def test_where_a_run_is_too_short_to_judge_nothing_is_severe() -> None:
    (short, other) = (finding("too-short", severity="info"), finding("unstable"))
    analysis = judged(*rules(("too-short", short), ("unstable", other), unstable=("too-short",)))
    assert list(kept(analysis)) == ["too-short"]


@pytest.mark.parametrize(
    ("found", "said", "headline"),
    [
        (("not-learning", "critical"), "No: not-learning, so data and labels", "check data and labels before"),
        (("overfitting", "warning"), "No: overfitting; more epochs as they are", "deploy weights/best.pt"),
        (("diverged", "critical"), "No: diverged; more epochs as they are", "deploy weights/best.pt"),
        (("plateau", "info"), "No: plateau", "deploy weights/best.pt"),
        (("undertrained", "info"), "In a new and longer training", "train longer, or deploy weights/best.pt"),
        (("overfitting", "info"), "No finding asks for it", "deploy weights/best.pt"),
        (("non-finite", "warning"), "No finding asks for it", "deploy weights/best.pt"),
        (("non-finite", "critical"), "No: non-finite", "deploy weights/best.pt"),
    ],
)  # fmt: skip
def test_headline_and_answer_say_the_same(found: tuple[str, str], said: str, headline: str) -> None:
    (rule, severity) = found
    advice = "train-longer" if rule == "undertrained" else "use-best"
    analysis = judged(*rules((rule, finding(rule, advice, severity=severity))))
    answer = next(one for one in questions_of(analysis) if one.id == "going_on").answer
    assert answer.startswith(said)
    assert headline in analysis.headline
    assert_agreement(analysis)


def test_a_finding_of_low_confidence_decides_nothing() -> None:
    analysis = judged(*rules(("overfitting", finding("overfitting", confidence="low"))))
    assert analysis.next_step.kind == next_step.DONE


def test_a_rise_that_is_not_sure_leaves_the_question_open() -> None:
    unsure = finding("undertrained", "train-longer", severity="info", confidence="low")
    analysis = judged(*rules(("undertrained", unsure)))
    answer = next(one for one in questions_of(analysis) if one.id == "going_on").answer
    assert answer == "Open: undertrained, with low confidence."
    assert "train longer" not in analysis.headline


def test_an_interrupted_run_that_overfits_is_not_resumed() -> None:
    found = (
        ("overfitting", finding("overfitting", "use-best")),
        ("interrupted", finding("interrupted", "resume")),
    )
    analysis = judged(*rules(*found), args={"epochs": 100})
    assert kept(analysis) == {"overfitting": ["use-best"], "interrupted": []}
    assert "resume" not in analysis.headline


CURVES = st.lists(st.floats(0.0, 1.0), min_size=2, max_size=5)


def curve(knots: Sequence[float], rows: int, noise: float, seed: int) -> list[float]:
    """Through evenly spaced knots, with noise from epoch to epoch."""
    smooth = np.interp(np.linspace(0, 1, rows), np.linspace(0, 1, len(knots)), knots)
    values = np.clip(smooth + np.random.default_rng(seed).normal(0, noise, rows), 0, 1)
    return [float(value) for value in values]


@st.composite
def generated(draw: st.DrawFn) -> Training:
    """Any course of two losses and a metric, finished or cut off."""
    rows = draw(st.integers(1, 60))
    noise = draw(st.sampled_from([0.0, 0.004, 0.03]))
    seed = draw(st.integers(0, 9))
    (train, val, metric) = (curve(draw(CURVES), rows, noise, seed + one) for one in range(3))
    args = {
        "epochs": draw(st.sampled_from([rows, 100])),
        "patience": draw(st.sampled_from([5, 100])),
    }
    weights = draw(st.sampled_from([(), ("weights/best.pt", "weights/last.pt")]))
    return Training(train, val, metric, args=args, weights=weights)


@settings(max_examples=60)
@given(generated())
def test_whatever_the_curves_nothing_contradicts(training: Training) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert_agreement(analysed(training, Path(folder) / "run"))


@pytest.mark.parametrize(
    "case",
    [
        trainings.OVERFITTED,
        trainings.PAST_BEST,
        trainings.INTERRUPTED,
        trainings.ZERO,
        trainings.DIVERGED,
    ],
)
def test_of_the_typical_cases_nothing_contradicts(case: Training, tmp_path: Path) -> None:
    assert_agreement(analysed(case, tmp_path))


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus of real runs beside this checkout")
def test_of_the_corpus_nothing_contradicts() -> None:
    catalog = Catalog([("", str(CORPUS))])
    catalog.refresh()
    assert len(catalog.runs) > 400
    for run in catalog.runs.values():
        assert_agreement(analyse(run, now=NOW))
