"""Gradient norms and update ratios: what is told of an epoch, and that steps are the framework's own."""

from __future__ import annotations

import numpy as np

from tensorboard_runlens.recording.machine.gradients import described
from tests.recording.trainings import fire, lines, train_epoch, trainer


def test_steps_that_are_not_finite_count_apart():
    norms = np.array([2.0, np.inf, 4.0, 20.0, np.nan, 6.0])
    found = described(norms, {"pg0": np.array([0.1, 0.3, np.nan, 0.2])})
    assert (found["steps"], found["not_finite"], found["clipped"]) == (6, 2, 0.25)
    assert (found["norm"]["p50"], found["norm"]["max"]) == (5.0, 20.0)
    assert found["update_ratio"] == {"pg0": 0.2}


def test_nothing_measured_is_missing_and_not_zero():
    found = described(np.array([np.inf]), {"pg0": np.empty(0), "pg1": np.array([np.inf])})
    assert found == {
        "steps": 1,
        "norm": None,
        "clipped": None,
        "not_finite": 1,
        "update_ratio": {"pg0": None, "pg1": None},
    }


def test_a_step_is_untouched_where_nobody_asked(tmp_path):
    running = trainer(tmp_path / "train")
    running.optimizer_step = step = object()
    fire("on_train_start", running)
    assert running.optimizer_step is step
    train_epoch(running, 1)
    assert "gradients" not in lines(tmp_path / "train")[0]
