"""The examples run as they stand, and what they record is a run that can be judged."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import open_run

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"

pytestmark = pytest.mark.training


def needs(*modules: str) -> pytest.MarkDecorator:
    """Skips where none of these is installed."""
    there = any(importlib.util.find_spec(module) for module in modules)
    return pytest.mark.skipif(not there, reason=f"{modules[0]} is not installed")


def run_of(name: str, folder: Path) -> Analysis:
    path = os.pathsep.join([str(EXAMPLES.parent), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(EXAMPLES / f"{name}.py"), str(folder / name)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "not recorded" not in done.stderr
    analysis = analyse(open_run(str(folder / name)))
    assert analysis.run.problems == ()
    assert (analysis.run.framework, analysis.state) == ("recorded", "finished")
    return analysis


@needs("torch")
def test_a_plain_loop(tmp_path):
    analysis = run_of("plain_pytorch", tmp_path)
    history = analysis.run.history
    assert history.epoch.tolist() == list(range(1, 16))
    assert history.train["loss"][-1] < 0.5 * history.train["loss"][0]
    assert analysis.signals.metric_name == "classify top1"
    assert [line.name for line in analysis.run.classes] == ["disc", "square", "ring"]


@needs("torch")
def test_self_training(tmp_path):
    analysis = run_of("unet_self_training", tmp_path)
    assert (analysis.run.axis, analysis.run.history.epoch.tolist()) == ("iteration", [0, 1, 2])
    assert analysis.run.history.metrics["pixel"]["f1"].min() > 0.5
    assert analysis.run.history.metrics["pixel"]["auc"].min() > 0.9
    assert 0 < analysis.operating_point.confidence < 1
    assert "missing-iteration" not in [finding.rule for finding in analysis.findings]


@needs("lightning", "pytorch_lightning")
def test_lightning(tmp_path):
    analysis = run_of("lightning_callback", tmp_path)
    assert analysis.run.history.epoch.tolist() == list(range(1, 13))
    assert analysis.run.history.val.keys() == {"loss"}
    assert analysis.run.history.metrics["classify"]["top1"][-1] > 0.8
