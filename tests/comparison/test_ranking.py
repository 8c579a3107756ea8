"""Several runs in order: ties where two cannot be told apart, and no more errors for more pairs."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Optional

import numpy as np
import pytest

from tensorboard_runlens.comparison import MAX_RUNS, compare
from tensorboard_runlens.comparison.contender import Contender, Difference
from tensorboard_runlens.comparison.evidence import Z_DETECTABLE, verdict_of, within_fractions
from tensorboard_runlens.comparison.ranking import ranking
from tests.comparison.runs import analysed, met, recorded_with, write_run

ERROR = 0.01


def difference(
    run: str, errors: float, verdict: Optional[str] = None, metric: str = "map50_95"
) -> Difference:
    """So many standard errors."""
    delta = errors * ERROR
    half = 1.96 * ERROR
    said = verdict or verdict_of((delta - half, delta + half))
    return Difference(
        run, "box", metric, delta, None, said, (), "", detectable=Z_DETECTABLE * ERROR
    )


def places(names: str, **pairs: Difference) -> dict[str, Optional[int]]:
    """Runs a, b, c ... by their pairs: ``ab`` is b less a."""
    analysis = None
    contenders = [Contender(name, analysis) for name in names]  # type: ignore[arg-type]
    found = ranking(contenders, {(key[0], key[1]): [one] for (key, one) in pairs.items()})
    return {one.run: one.rank for one in found}


def test_a_run_stands_behind_those_that_are_better_for_sure() -> None:
    found = places("abc", ab=difference("b", 8), ac=difference("c", 9), bc=difference("c", 1))
    assert found == {"b": 1, "c": 1, "a": 3}
    assert list(found) == ["b", "c", "a"]


def test_who_ties_with_first_and_last_has_the_first_place() -> None:
    """b is worse than c, and a cannot be told apart from either."""
    found = places("abc", ab=difference("b", -1.5), ac=difference("c", 1.5), bc=difference("c", 4))
    assert found == {"a": 1, "c": 1, "b": 2}


def test_of_two_runs_the_verdict_is_the_place() -> None:
    """Images drawn again have ends that differ: their verdict stands where the mean width would not tell."""
    assert places("ab", ab=difference("b", 1.9, "better")) == {"b": 1, "a": 2}
    assert places("ab", ab=difference("b", 2.1, "tie")) == {"a": 1, "b": 1}


def test_more_pairs_ask_for_more(tmp_path: Path) -> None:
    """Two and a half errors are a verdict on two runs, and none where five others make ten pairs."""
    assert places("ab", ab=difference("b", 2.5)) == {"b": 1, "a": 2}
    names = "abcde"
    pairs = {
        first + second: difference(second, 0.0)
        for (index, first) in enumerate(names)
        for second in names[index + 1 :]
    }
    assert set(places(names, **{**pairs, "ab": difference("b", 2.5)}).values()) == {1}
    assert places(names, **{**pairs, "ab": difference("b", 3.5)})["a"] == 2


@pytest.mark.parametrize(("share", "apart"), [(0.99, True), (1.01, False)])
def test_the_least_likely_of_three_pairs_has_a_third_of_the_level(
    share: float, apart: bool
) -> None:
    wanted = share * 0.05 / 3
    errors = next(z for z in np.arange(1.9, 6, 0.0005) if math.erfc(z / math.sqrt(2)) <= wanted)
    found = places("abc", ab=difference("b", errors), ac=difference("c", 0), bc=difference("c", 0))
    assert (found["a"] == 2) is apart


def test_what_cannot_be_compared_has_no_place() -> None:
    refused = difference("c", 9, "not_comparable")
    found = places("abc", ab=difference("b", 8), ac=refused, bc=refused)
    assert found == {"b": 1, "a": 2, "c": None}
    assert list(found)[-1] == "c"
    assert places("ac", ac=refused) == {"a": None, "c": None}


def test_real_runs_are_ranked(tmp_path: Path) -> None:
    folders = [
        write_run(tmp_path / name, np.full(60, value))
        for (name, value) in (("low", 0.4), ("high", 0.6), ("alike", 0.605))
    ]
    found = met(*folders)
    assert [(one.run, one.rank) for one in ranking(found.contenders, found.pairs)] == [
        ("high", 1),
        ("alike", 1),
        ("low", 3),
    ]
    assert ranking(found.contenders, found.pairs)[0].ahead_of == ("low",)


def test_a_run_on_other_images_has_no_place(tmp_path: Path) -> None:
    (one, other) = (recorded_with(tmp_path / name, ["t"], ["v"]) for name in ("one", "other"))
    moved = recorded_with(tmp_path / "moved", ["t"], ["w"])
    found = met(one, moved, other)
    assert {one.run: one.rank for one in ranking(found.contenders, found.pairs)} == {
        "one": 1,
        "other": 1,
        "moved": None,
    }


def test_so_many_runs_and_no_more(tmp_path: Path) -> None:
    analysis = analysed(write_run(tmp_path / "run", np.full(12, 0.5)))
    most = {str(number): analysis for number in range(MAX_RUNS)}
    assert len(compare(most).pairs) == MAX_RUNS * (MAX_RUNS - 1) / 2
    with pytest.raises(ValueError, match=f"{MAX_RUNS} at most"):
        compare({**most, "more": analysis})


def test_a_difference_of_fractions_is_one_at_most() -> None:
    assert within_fractions(-1.2, 0.3) == (-1.0, 0.3)
    assert within_fractions(0.7, 1.1) == (0.7, 1.0)


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [
        ((0.001, 0.1), "better"),
        ((0.0, 0.1), "tie"),
        ((-0.1, 0.0), "tie"),
        ((-0.1, -0.001), "worse"),
    ],
)
def test_an_interval_without_zero_is_a_verdict(interval: tuple[float, float], verdict: str) -> None:
    assert verdict_of(interval) == verdict
