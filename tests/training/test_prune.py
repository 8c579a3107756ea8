"""What Ultralytics really keeps of its epochs goes, and the run is read as before."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from tensorboard_runlens.answers import run_of
from tensorboard_runlens.cli import main
from tensorboard_runlens.command_line.judged import scanned
from tests.training import outcome
from tests.training.conftest import SHORT_JOB

pytestmark = [
    pytest.mark.slow,
    pytest.mark.training,
    pytest.mark.skipif(
        importlib.util.find_spec("ultralytics") is None, reason="ultralytics is not installed"
    ),
]


def test_snapshots_go_and_best_and_last_and_the_judgement_stay(tmp_path: Path) -> None:
    outcome.run_program("snapshots.py", tmp_path, {**SHORT_JOB, "epochs": 3})
    weights = tmp_path / "runs" / "exp" / "weights"
    snapshots = {f"epoch{epoch}.pt" for epoch in range(3)}
    assert set(os.listdir(weights)) == {"best.pt", "last.pt", *snapshots}
    kept = {name: (weights / name).read_bytes() for name in ("best.pt", "last.pt")}
    (before,) = scanned(str(tmp_path / "runs")).analyses
    assert before.state == "finished"
    assert main(["prune", str(tmp_path / "runs")]) == 0
    assert len(os.listdir(weights)) == 5
    assert main(["prune", str(tmp_path / "runs"), "--yes"]) == 0
    assert {path.name: path.read_bytes() for path in weights.iterdir()} == kept
    (after,) = scanned(str(tmp_path / "runs")).analyses
    weightless = {**before.run.files.by_role, "weights": ("weights/best.pt", "weights/last.pt")}
    assert after.run.files.by_role == weightless
    assert replace(run_of(after), files={}) == replace(run_of(before), files={})
