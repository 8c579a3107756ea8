"""What in a curve makes a finding, and what does not: one component, one dip, a few unsteady epochs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tensorboard_runlens import answers
from tests.builders import DETECT, rows_of, write_csv

from . import trainings
from .cases.overfitting import risen
from .trainings import HEALTHY, OVERFITTED, analysed, first


def test_the_component_that_rises_is_named(tmp_path: Path) -> None:
    rows = rows_of(DETECT, range(1, len(OVERFITTED) + 1))
    for row, train, fine, rising in zip(rows, OVERFITTED.train, HEALTHY.val, OVERFITTED.val):
        row.update({f"train/{name}_loss": train for name in ("box", "cls", "dfl")})
        row.update({"val/box_loss": fine, "val/cls_loss": rising, "val/dfl_loss": fine})
    analysis = trainings.judged(write_csv(tmp_path, DETECT, rows))
    (finding,) = [one for one in analysis.findings if one.rule == "overfitting"]
    assert "(mostly cls loss)" in finding.summary
    assert finding.evidence["component"] == "cls"
    assert answers.run_of(analysis).overfitting.component == "cls"


def test_a_dip_that_recovers_is_no_finding(tmp_path: Path) -> None:
    scores = list(HEALTHY.map50_95)
    scores[40] -= 0.07
    recovered = analysed(HEALTHY.changed(map50_95=scores), tmp_path / "recovered")
    assert (recovered.findings, recovered.health.level) == ([], "ok")
    stayed = HEALTHY.changed(map50_95=[*scores[:40], *[scores[40]] * 20])
    assert "past-best" in [one.rule for one in analysed(stayed, tmp_path / "stayed").findings]


def test_unsteady_metrics_of_few_epochs_are_said(tmp_path: Path) -> None:
    training = first(HEALTHY, 3).changed(map50_95=[0.47, 0.27, 0.72])
    (finding,) = analysed(training, tmp_path / "unsteady").findings
    assert "unsteady: 0.470 to 0.270 to 0.720" in finding.summary
    (steady,) = analysed(first(HEALTHY, 3), tmp_path / "steady").findings
    assert "unsteady" not in steady.summary


@pytest.mark.parametrize(("excess", "said"), [(0.037, True), (0.1, False)])
def test_a_verdict_near_a_limit_is_called_borderline(
    excess: float, said: bool, tmp_path: Path
) -> None:
    findings = analysed(risen(excess), tmp_path).findings
    (finding,) = [one for one in findings if one.rule == "overfitting"]
    assert ("(borderline)." in finding.summary) is said
    assert finding.evidence["borderline"] is said
