"""The estimate for many curves at once is the estimate for each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens.recording.evidence import optimum
from tensorboard_runlens.run import Floats
from tensorboard_runlens.thresholds.best.estimate import COST_SMOOTHING, best_by_estimate
from tensorboard_runlens.thresholds.best.estimate_of_many import best_of_each, smoothed
from tensorboard_runlens.thresholds.best.exact import ROUNDING

POINTS = 400
GRID = np.linspace(0, 1, POINTS)


def curves(rng: np.random.Generator) -> Floats:
    """Humps anywhere, also near 0, some of them smooth, some with steps, some flat at the top."""
    columns = []
    for _ in range(12):
        centre = rng.choice([rng.uniform(0, 1), rng.uniform(0, 0.1), 0.0])
        hump = np.exp(-(((GRID - centre) / rng.uniform(0.01, 0.5)) ** 2))
        steps = np.round(hump * rng.integers(1, 20)) / 20
        noisy = hump + rng.normal(0, 0.02, POINTS).cumsum() * rng.choice([0, 0.1])
        columns.append([hump, steps, noisy, np.minimum(hump, 0.5)][rng.integers(0, 4)])
    return np.stack([*columns, np.zeros(POINTS), np.ones(POINTS)], axis=1)


@given(st.integers(0, 10_000), st.sampled_from([optimum.SMOOTHING, COST_SMOOTHING]))
@settings(deadline=None, max_examples=60)
def test_it_is_the_estimate_of_each_curve(seed: int, width: float) -> None:
    made_up = curves(np.random.default_rng(seed))
    (index, came_to) = best_of_each(made_up, GRID, width)
    for column, one, narrowed in zip(made_up.T, index, came_to):
        expected = best_by_estimate(column, GRID, width)
        averages = optimum.smoothed(column, narrowed)
        tied = averages >= averages.max() - ROUNDING
        assert one == expected or (tied[one] and tied[expected])


@pytest.mark.parametrize("width", [0.1, 0.05, 0.013, 0.001])
def test_the_average_is_the_frameworks(width: float) -> None:
    made_up = curves(np.random.default_rng(5))
    each = np.stack([optimum.smoothed(column, width) for column in made_up.T], axis=1)
    assert smoothed(made_up, width) == pytest.approx(each)


def test_the_width_is_narrower_where_the_optimum_is_low() -> None:
    humps = np.stack([np.exp(-(((GRID - centre) / 0.03) ** 2)) for centre in (0.5, 0.04)], axis=1)
    (_, width) = best_of_each(humps, GRID)
    assert width[0] == optimum.SMOOTHING
    assert width[1] <= 0.045
