"""What broke down and stayed down: both sides of every number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.statistics.divergence import (
    LAST_ROWS,
    both_broke_down,
    loss_divergence,
    metric_collapse,
)

N = 40


def risen(ratio: float, rows: int = 10) -> np.ndarray:
    """A loss of 1 that ends at ``ratio``."""
    return np.where(np.arange(N) < N - rows, 1.0, ratio)


@pytest.mark.parametrize(("ratio", "diverges"), [(1.26, True), (1.24, False)])
def test_a_quarter_above_the_lowest_diverges(ratio: float, diverges: bool) -> None:
    assert (loss_divergence(risen(ratio)) is not None) is diverges


@pytest.mark.parametrize(("sigmas", "diverges"), [(5.3, True), (4.7, False)])
def test_it_must_be_more_than_five_sigma_of_the_noise(sigmas: float, diverges: bool) -> None:
    """Noise whose running median stands still; its median absolute deviation is its size."""
    noise = 0.1 * np.tile([0.0, 1.0, -1.0], N)[:N]
    loss = 1.0 + noise
    loss[-10:] += sigmas * 1.4826 * 0.1
    assert (loss_divergence(loss) is not None) is diverges


@pytest.mark.parametrize(("end", "diverges"), [(2.6, True), (2.4, False)])
def test_what_is_coming_back_has_not_diverged(end: float, diverges: bool) -> None:
    """Of a rise from 1 to 4 more than half must be left."""
    loss = risen(4.0, 20)
    loss[-LAST_ROWS:] = end
    assert (loss_divergence(loss) is not None) is diverges


@pytest.mark.parametrize(("rows", "diverges"), [(3, True), (2, False)])
def test_the_end_is_the_median_of_five_rows(rows: int, diverges: bool) -> None:
    assert (loss_divergence(risen(5.0, rows)) is not None) is diverges


def test_it_says_since_when() -> None:
    found = loss_divergence(risen(2.0))
    assert found is not None
    assert (found.best, found.end) == (1.0, 2.0)
    assert found.since == N - 10 - 1


@pytest.mark.parametrize(("end", "collapsed"), [(0.11, True), (0.13, False)])
def test_less_than_a_fifth_of_the_best_is_a_collapse(end: float, collapsed: bool) -> None:
    assert (metric_collapse(np.where(np.arange(N) < 30, 0.6, end)) is not None) is collapsed


@pytest.mark.parametrize(("best", "collapsed"), [(0.051, True), (0.049, False)])
def test_less_than_five_points_were_nothing_to_lose(best: float, collapsed: bool) -> None:
    assert (metric_collapse(np.where(np.arange(N) < 30, best, 0.0)) is not None) is collapsed


@pytest.mark.parametrize(("rows", "collapsed"), [(2 * LAST_ROWS, True), (2 * LAST_ROWS - 1, False)])
def test_few_rows_say_nothing(rows: int, collapsed: bool) -> None:
    assert (metric_collapse(np.array([0.6] * 5 + [0.0] * 5)[-rows:]) is not None) is collapsed


@pytest.mark.parametrize(
    ("loss", "metric", "both"),
    [
        (1.26, 0.29, True),
        (1.24, 0.29, False),
        (1.26, 0.31, False),
        (1.26, math.nan, True),
        (math.nan, 0.29, True),
    ],
)
def test_while_it_goes_on_loss_and_metric_must_both_break_down(
    loss: float, metric: float, both: bool
) -> None:
    """What was never measured contradicts nothing."""
    losses = np.full(N, math.nan) if math.isnan(loss) else risen(loss)
    metrics = np.full(N, math.nan)
    if not math.isnan(metric):
        metrics = np.where(np.arange(N) < 30, 0.6, metric)
    assert both_broke_down(losses, metrics) is both


@given(st.lists(st.floats(0, 10) | st.just(math.nan), max_size=60))
def test_any_series_gets_an_answer_with_a_row_of_it(series: list[float]) -> None:
    values = np.array(series, np.float64)
    for found in (loss_divergence(values), metric_collapse(values)):
        assert found is None or (
            0 <= found.since < len(values) and np.isfinite(values[found.since])
        )
