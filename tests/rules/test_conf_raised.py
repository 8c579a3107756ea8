"""A raised confidence bends mAP; which way depends on the release, and a later evaluation proves it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

import pytest

from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.rules import Finding
from tensorboard_runlens.run import Run, Version

from . import trainings
from .trainings import HEALTHY

RAISED = HEALTHY.changed(args={"conf": 0.25})


def found(run: Run) -> Optional[Finding]:
    analysis = analyse(run, now=trainings.NOW)
    assert analysis.failed_rules == []
    return next((one for one in analysis.findings if one.rule == "conf-raised"), None)


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (Version("8.3.231", "8.3.231", "test"), "too high a mAP"),
        (Version("8.4.36", "8.4.36", "test"), "too high a mAP"),
        (Version("8.4.37", None, "test"), "too low a mAP"),
        (Version("8.4.0", None, "test"), "too high or too low"),
        (None, "too high or too low"),
    ],
)
def test_the_release_decides_which_way_map_is_bent(
    version: Optional[Version], words: str, tmp_path: Path
) -> None:
    run = replace(open_run(str(trainings.write(RAISED, tmp_path))), version=version)
    one = found(run)
    assert one is not None
    assert words in one.summary


@pytest.mark.parametrize(
    ("conf", "fires"),
    [(0.01, False), (0.011, True), (1, True), (1.5, False), ("true", False), ("'.25'", False)],
)
def test_only_a_confidence_above_the_defaults_counts(
    conf: Any, fires: bool, tmp_path: Path
) -> None:
    training = HEALTHY.changed(args={"conf": conf})
    assert (found(open_run(str(trainings.write(training, tmp_path)))) is not None) is fires


def test_a_classifier_has_no_confidence_to_raise(tmp_path: Path) -> None:
    run = replace(open_run(str(trainings.write(RAISED, tmp_path))), task="classify")
    assert found(run) is None


def evaluated(folder: Path, **changes: float) -> Optional[Finding]:
    """The finding where metrics.json beside the run holds the best epoch's metrics, with changes."""
    trainings.write(RAISED, folder)
    run = open_run(str(folder))
    best = {name: float(values[-1]) for (name, values) in run.history.metrics["box"].items()}
    (folder / "metrics.json").write_text(json.dumps({**best, **changes}))
    return found(open_run(str(folder)))


def test_the_same_detections_with_another_map_prove_it(tmp_path: Path) -> None:
    one = evaluated(tmp_path, map50=0.85)
    assert one is not None
    assert "evaluated after training mAP50 is 0.850, not 0.888" in one.summary
    assert "0.888 is an artefact" in one.summary
    assert one.evidence["final_map50"] == 0.85
    assert one.evidence["best_precision"] == one.evidence["final_precision"] == 0.8


def test_other_detections_with_another_map_prove_nothing(tmp_path: Path) -> None:
    one = evaluated(tmp_path, map50=0.85, recall=0.6)
    assert one is not None
    assert "0.850, not 0.888" in one.summary
    assert "artefact" not in one.summary


def test_the_same_map_adds_nothing(tmp_path: Path) -> None:
    one = evaluated(tmp_path)
    assert one is not None
    assert "evaluated after training" not in one.summary
