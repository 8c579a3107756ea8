"""Student's quantiles, as every table has them."""

from __future__ import annotations

import pytest

from tensorboard_runlens.statistics.student import UPPER, wider


@pytest.mark.parametrize(("free", "quantile"), [(2, 4.303), (10, 2.228), (100, 1.984)])
def test_few_values_widen_an_interval(free: float, quantile: float) -> None:
    assert wider(free) * 1.96 == pytest.approx(quantile, abs=0.001)


def test_many_values_do_not() -> None:
    assert UPPER == 0.975
    assert wider(1e9) == pytest.approx(1)
