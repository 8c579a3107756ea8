"""How good yes-or-no answers are, with intervals from programs drawn again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

DRAWS = 1000
SEED = 20261121


@dataclass(frozen=True)
class Answers:
    """Shape (n,) each: the truth, what was said, how sure (higher is surer of yes), and the program of each history."""

    truth: Bools
    said: Bools
    score: Floats
    program: Sequence[str]

    def taken(self, rows: npt.NDArray[np.int64]) -> Answers:
        """The answers of some rows, possibly several times."""
        return Answers(self.truth[rows], self.said[rows], self.score[rows], [])


def f1(answers: Answers) -> float:
    """F1 of yes."""
    return _f1(answers.truth, answers.said)


def macro_f1(answers: Answers) -> float:
    """Mean of the F1 of yes and that of no."""
    return (f1(answers) + _f1(~answers.truth, ~answers.said)) / 2


def false_positive_rate(answers: Answers) -> float:
    """Share of yes among the histories of which no is true."""
    return float(answers.said[~answers.truth].mean()) if not answers.truth.all() else float("nan")


def auc(answers: Answers) -> float:
    """How often a history with yes is scored above one without; ties count half."""
    (values, counts) = np.unique(answers.score, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    positive = int(answers.truth.sum())
    negative = len(answers.truth) - positive
    if not positive or not negative:
        return float("nan")
    total = ranks[np.searchsorted(values, answers.score[answers.truth])].sum()
    return float((total - positive * (positive + 1) / 2) / (positive * negative))


def interval(answers: Answers, measure: object = f1) -> tuple[float, float]:
    """95 % of what the measure gives when programs are drawn again, as many as there are."""
    assert callable(measure)
    rows: dict[str, list[int]] = {}
    for row, program in enumerate(answers.program):
        rows.setdefault(program, []).append(row)
    (groups, random) = (list(rows.values()), np.random.default_rng(SEED))
    drawn = [
        measure(answers.taken(np.concatenate([groups[one] for one in picked]).astype(np.int64)))
        for picked in random.integers(0, len(groups), (DRAWS, len(groups)))
    ]
    (low, high) = np.nanquantile(drawn, [0.025, 0.975])
    return (float(low), float(high))


def _f1(truth: Bools, said: Bools) -> float:
    yes = int(truth.sum() + said.sum())
    return 2 * int((truth & said).sum()) / yes if yes else 1.0
