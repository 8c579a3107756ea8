"""The forecast of a metric at the planned end."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmarks.forecast_coverage import left_out
from tensorboard_runlens.statistics import forecast as module
from tensorboard_runlens.statistics.forecast import (
    TABLE_FILE,
    Errors,
    Forecast,
    Heading,
    forecast,
    measured_errors,
    scale,
)
from tools import fit_forecast

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"

real_runs = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="no corpus of real runs beside this checkout (../shared/corpus)"
)


def of(values: np.ndarray, planned: int) -> Forecast:
    found = forecast(np.arange(1.0, len(values) + 1), values, planned)
    assert found is not None
    return found


def rising(rows: int, top: float = 0.6, time: float = 15) -> np.ndarray:
    return top * (1 - np.exp(-np.arange(1, rows + 1) / time))


@given(
    arrays(np.float64, st.integers(10, 80), elements=st.floats(0.03125, 1, width=32)),
    st.floats(1.02, 9.9),
)
def test_an_interval_holds_what_is_expected_and_never_lies_below_what_is_reached(
    values: np.ndarray, times: float
) -> None:
    planned = max(int(times * len(values)), len(values) + 1)
    found = of(values, planned)
    (low, high) = found.interval
    assert 0 <= found.now <= low <= found.expected <= high <= 1
    assert 0 <= found.chance <= 1
    assert found.epochs_left == planned - len(values)
    assert found.gain in ("likely", "open", "unlikely")


@pytest.mark.parametrize(
    ("rows", "planned", "said"),
    [(10, 100, True), (9, 50, False), (10, 101, False), (60, 61, True), (60, 60, False), (61, 60, False)],
)  # fmt: skip
def test_nothing_is_forecast_too_early_or_when_nothing_is_left(
    rows: int, planned: int, said: bool
) -> None:
    found = forecast(np.arange(1.0, rows + 1), rising(rows), planned)
    assert (found is not None) is said


@pytest.mark.parametrize(("level", "said"), [(0.0099, False), (0.0101, True)])
def test_nothing_is_forecast_of_a_metric_that_has_not_begun_to_rise(
    level: float, said: bool
) -> None:
    found = forecast(np.arange(1.0, 31), np.full(30, level), 100)
    assert (found is not None) is said


def test_what_still_rises_is_likely_to_gain_and_what_is_level_is_not() -> None:
    (early, late) = (of(rising(30), 100), of(rising(90), 100))
    assert (early.gain, late.gain) == ("likely", "unlikely")
    assert late.interval[1] - late.interval[0] < early.interval[1] - early.interval[0]


def certain(chance: float) -> Errors:
    return Errors(np.array([0.5]), np.zeros((1, 3)), np.array([0.0]), np.array([chance]))


@pytest.mark.parametrize(
    ("chance", "word"),
    [(0.701, "likely"), (0.699, "open"), (0.301, "open"), (0.299, "unlikely")],
)
def test_words_stand_for_chances(chance: float, word: str) -> None:
    found = forecast(np.arange(1.0, 31), rising(30), 60, certain(chance))
    assert found is not None
    assert found.gain == word


@pytest.mark.parametrize(("end", "more"), [(0.5101, True), (0.5099, False)])
def test_the_margin_is_that_over_one_point(end: float, more: bool) -> None:
    assert (certain(0.5).margin(Heading(0.5, end, 0.01, 0.5)) > 0) is more


@pytest.mark.parametrize(
    ("quieter", "shakier"),
    [
        ((0.5, 0.5, 0.0, 1.0), (0.5, 0.52, 0.0, 1.0)),
        ((0.5, 0.5, 0.0, 1.0), (0.5, 0.5, 0.01, 1.0)),
        ((0.9, 0.9, 0.0, 0.5), (0.5, 0.5, 0.0, 0.5)),
        ((0.5, 0.5, 0.0, 0.9), (0.5, 0.5, 0.0, 0.5)),
    ],
)
def test_gain_noise_and_room_make_a_forecast_unsure(
    quieter: tuple[float, ...], shakier: tuple[float, ...]
) -> None:
    assert module.SCALE_MIN <= scale(*quieter) < scale(*shakier)


def test_the_scale_adds_its_parts_as_squares() -> None:
    assert scale(0.5, 0.56, 0.02, 0.5) == pytest.approx(
        (0.03**2 + 0.02**2 + 0.025**2 + 0.004**2) ** 0.5
    )


def test_the_table_is_in_order() -> None:
    errors = measured_errors()
    assert errors.quantiles.shape == (len(errors.shares), len(module.QUANTILES))
    assert np.all(np.diff(errors.shares) > 0)
    assert np.all(np.diff(errors.quantiles) > 0)
    assert np.all(np.diff(errors.chances) >= 0)
    assert errors.shares[0] == module.SHARE_MIN


def test_chances_are_pooled_until_they_rise() -> None:
    margins = np.array([-2.0, -1.0, 1.0, 2.0])
    chances = fit_forecast.rising_chances(margins, np.array([0.0, 1.0, 0.0, 1.0]), np.ones(4))
    found = np.interp([-2.0, 0.0, 2.0], fit_forecast.MARGINS, chances)
    np.testing.assert_allclose(found, [0.0, 0.5, 1.0])


def test_a_weighted_quantile_counts_weights() -> None:
    values = np.array([3.0, 1.0, 2.0])
    (_, middle, _) = fit_forecast.weighted_quantiles(values, np.array([8.0, 1.0, 1.0]))
    assert middle > 2.5


def test_the_outer_quantiles_hold_four_of_five() -> None:
    found = fit_forecast.weighted_quantiles(np.arange(1001.0), np.ones(1001))
    assert found == pytest.approx([100, 500, 900], abs=2)


@real_runs
def test_the_shipped_table_is_that_of_the_corpus() -> None:
    """But for a run or two that are read otherwise since."""
    errors = fit_forecast.fit([(cut, cut.heading) for cut in fit_forecast.cuts(CORPUS)])
    shipped = json.loads(TABLE_FILE.read_text("utf-8"))
    for name, values in vars(errors).items():
        np.testing.assert_allclose(shipped[name], values, atol=0.05)


@real_runs
def test_intervals_cover_four_of_five_trainings_of_repositories_not_seen() -> None:
    rows = left_out(fit_forecast.cuts(CORPUS))
    for share in (0.3, 0.5, 0.7):
        of_share = [row for row in rows if row[0].share == share]
        inside = [
            said.interval[0] - 1e-9 <= cut.final <= said.interval[1] + 1e-9
            for (cut, _, said) in of_share
        ]
        covered = np.average(inside, weights=[cut.weight for (cut, _, _) in of_share])
        assert 0.75 < covered < 0.85, share
