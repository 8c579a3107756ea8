"""The verdicts on real trainings agree with people who looked at their curves: floors a little below what was measured.

The trainings lie beside the checkout and are no part of the repository; without them these tests are skipped.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import open_run

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
LABELS = {
    "own": ROOT / "benchmarks" / "labels" / "by_eye.jsonl",
    "development": ROOT.parent / "shared" / "labelled" / "yolo_by_eye_dev.jsonl",
}

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir() or not all(path.is_file() for path in LABELS.values()),
    reason="no corpus of real runs beside this checkout (../shared/corpus)",
)


@cache
def judged(labels: str) -> list[tuple[dict[str, str], Analysis]]:
    """Each labelled training with what RunLens says of it."""
    lines = map(json.loads, LABELS[labels].read_text("utf-8").splitlines())
    return [(line, analyse(open_run(str(CORPUS / line["run_id"])))) for line in lines]


def f1(labels: str, field: str, said: dict[str, bool]) -> float:
    """Of the trainings on which the raters agreed."""
    clear = [line for (line, _) in judged(labels) if line[field] in ("yes", "no")]
    hits = sum(said[line["run_id"]] for line in clear if line[field] == "yes")
    positive = sum(line[field] == "yes" for line in clear)
    return 2 * hits / (positive + sum(said[line["run_id"]] for line in clear))


@pytest.mark.parametrize(("labels", "floor"), [("own", 0.8), ("development", 0.9)])
def test_declines_of_the_metric_are_those_that_people_see(labels: str, floor: float) -> None:
    said = {line["run_id"]: one.overfitting.quality == "worse" for (line, one) in judged(labels)}
    assert f1(labels, "metric_decline", said) >= floor


@pytest.mark.parametrize(("labels", "floor"), [("own", 0.7), ("development", 0.6)])
def test_unstable_trainings_are_those_that_people_see(labels: str, floor: float) -> None:
    said = {
        line["run_id"]: any(finding.rule == "unstable" for finding in one.findings)
        for (line, one) in judged(labels)
    }
    assert f1(labels, "unstable", said) >= floor


@pytest.mark.parametrize(("labels", "floor"), [("own", 0.9), ("development", 0.9)])
def test_losses_that_overfit_are_those_that_people_see(labels: str, floor: float) -> None:
    said = {line["run_id"]: one.overfitting.loss_overfits for (line, one) in judged(labels)}
    assert f1(labels, "loss_overfit", said) >= floor
