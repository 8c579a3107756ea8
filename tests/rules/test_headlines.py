"""One sentence a run, and the health beside it: they say what the weightiest finding says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tensorboard_runlens.analysis import Health
from tensorboard_runlens.headline import headline
from tensorboard_runlens.next_step import next_step
from tensorboard_runlens.weights import weights_to_use

from . import trainings
from .cases import all_cases
from .trainings import HEALTHY, Training, analysed, first

BEST = ["weights/best.pt"]


@pytest.mark.parametrize(
    ("training", "level", "rule", "words"),
    [
        (HEALTHY.changed(weights=BEST), "ok", None, ["Best mAP50-95", "deploy weights/best.pt"]),
        (trainings.OVERFITTED, "warning", "overfitting", ["Overfits since about epoch", "best.pt"]),
        (trainings.PAST_BEST, "warning", "past-best", ["Past its best", "deploy the weights of"]),
        (trainings.ZERO, "critical", "not-learning", ["Not learning", "check data and labels"]),
        (first(HEALTHY, 3), "no_verdict", "too-short", ["No verdict yet (3 epochs", "train on"]),
        (trainings.INTERRUPTED, "warning", "interrupted", ["Interrupted at epoch 60 of 100"]),
        (trainings.STOPPED_EARLY, "info", "early-stopped", ["Best mAP50-95"]),
    ],
)
def test_headline_and_health(
    training: Training, level: str, rule: object, words: list[str], tmp_path: Path
) -> None:
    analysis = analysed(training, tmp_path)
    assert (analysis.health.level, analysis.health.rule) == (level, rule)
    assert all(word in analysis.headline for word in words), analysis.headline
    assert analysis.headline.endswith(".")


def test_a_rise_from_the_start_that_did_no_harm_is_no_reason_not_to_deploy(tmp_path: Path) -> None:
    training = trainings.NEVER_GENERALISED.changed(map50_95=HEALTHY.map50_95, weights=BEST)
    analysis = analysed(training, tmp_path)
    assert analysis.health.level == "info"
    assert analysis.findings[0].rule == "overfitting"
    assert "no reason to stop" in analysis.findings[0].summary
    assert analysis.headline.endswith("deploy weights/best.pt.")


def test_a_model_that_never_became_of_use_is_not_deployed(tmp_path: Path) -> None:
    training = trainings.NEVER_GENERALISED.changed(weights=BEST)
    analysis = analysed(training, tmp_path)
    assert analysis.health == Health("critical", "never-generalised")
    assert "deploying" in analysis.headline
    assert "deploy weights" not in analysis.headline


@pytest.mark.parametrize(
    ("broken", "begins"), [(2, "Best mAP50-95"), (10, "Training loss is not finite in 10 epochs")]
)
def test_a_few_epochs_are_not_what_a_run_is_about(broken: int, begins: str, tmp_path: Path) -> None:
    train = [float("nan") if 10 <= row < 10 + broken else HEALTHY.train[row] for row in range(60)]
    assert analysed(HEALTHY.changed(train=train), tmp_path).headline.startswith(begins)


@pytest.mark.parametrize("rule", ["missing-class", "data-overlap", "data-faults"])
def test_of_a_fault_of_the_data_the_headline_names_what_is_wrong_only(
    rule: str, tmp_path: Path
) -> None:
    analysis = analysed(all_cases()[rule].fires.case, tmp_path)
    assert analysis.headline.partition(":")[0] + ":" in analysis.findings[0].summary
    assert "best mAP50-95" in analysis.headline.split(": ")[1]


@pytest.mark.parametrize(
    ("lower", "said"), [(0.0005, "Best mAP50-95"), (0.0015, "Best fitness at epoch 30 with mAP50")]
)
def test_the_epoch_of_best_fitness_is_not_said_to_have_the_best_metric(
    lower: float, said: str, tmp_path: Path
) -> None:
    signals = analysed(HEALTHY.changed(map50_95=[0.6] * 29 + [0.6 - lower] * 31), tmp_path).signals
    signals.__dict__["best_row"] = 29
    sentence = headline(signals, [], weights_to_use(signals), next_step(signals, []))
    assert sentence.startswith(said)


def test_without_validation_there_is_no_verdict(tmp_path: Path) -> None:
    training = HEALTHY.changed(val=[0.0] * 60, map50_95=[0.0] * 60)
    analysis = analysed(training, tmp_path)
    assert analysis.health == Health("no_verdict", "too-short")
    assert "0 of 60 epochs validated" in analysis.headline


def test_an_interrupted_run_is_to_be_resumed(tmp_path: Path) -> None:
    headline = analysed(trainings.INTERRUPTED.changed(weights=BEST), tmp_path).headline
    assert headline.endswith("resume or train again, or deploy weights/best.pt.")


@pytest.mark.parametrize("training", [trainings.INTERRUPTED, first(HEALTHY, 3)])
def test_what_the_first_finding_counts_is_not_counted_again(
    training: Training, tmp_path: Path
) -> None:
    sentence = analysed(training, tmp_path).headline
    assert "done" not in sentence
    assert sentence.count(" epochs ") + sentence.count(" of 100") == 1


def test_beside_the_headline_stands_the_finding_that_it_begins_with(tmp_path: Path) -> None:
    """Two losses that are not finite weigh more than a plateau, and are not what the run is about."""
    train = [float("nan") if row in (10, 11) else HEALTHY.train[row] for row in range(60)]
    level = [min(0.5, 0.05 * row) + 0.0001 * (row % 3) for row in range(60)]
    analysis = analysed(HEALTHY.changed(train=train, map50_95=level), tmp_path)
    assert next(one.rule for one in analysis.findings) == "non-finite"
    assert analysis.health == Health("info", "plateau")
    assert analysis.headline.startswith("Levelled off")


def test_findings_of_low_confidence_raise_no_alarm(tmp_path: Path) -> None:
    """Fourteen epochs that fall off: the finding is shown, the run is not painted with it."""
    training = first(HEALTHY, 14).changed(map50_95=[0.5, 0.501] * 4 + [0.45, 0.451] * 3)
    analysis = analysed(training, tmp_path)
    finding = next(one for one in analysis.findings if one.rule == "past-best")
    assert (finding.severity, finding.confidence) == ("warning", "low")
    assert analysis.health.level == "info"
    assert "Past its best" not in analysis.headline


def test_a_critical_finding_of_a_short_run_outranks_no_verdict(tmp_path: Path) -> None:
    training = first(HEALTHY, 6).changed(train=[1.0, 0.9, *[float("nan")] * 4])
    analysis = analysed(training, tmp_path)
    assert (analysis.health.level, analysis.health.rule) == ("critical", "non-finite")
