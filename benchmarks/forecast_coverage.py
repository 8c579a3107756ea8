"""What the forecast is worth on trainings of repositories that its table has not seen.

    python -m benchmarks.forecast_coverage ../shared/corpus

Trainings are cut after 30, 50 and 70 % of their plan. The table of errors is fitted anew without the repository whose
trainings are forecast. Mean absolute errors stand beside those of simpler methods; the area under the ROC curve says
how well "one point more will come" is told, beside the epochs since the best one, which early stopping counts.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Callable

import numpy as np

from tensorboard_runlens.statistics.forecast import GAIN_MIN, Forecast, Heading, forecast
from tensorboard_runlens.statistics.learning_curve import levels
from tools.fit_forecast import Cut, cuts, fit

SHARES = (0.3, 0.5, 0.7)
LATE = 0.25
"""A straight line is laid through the last quarter of the epochs."""

NEIGHBOURS = 40

Row = tuple[Cut, Heading, Forecast]


def left_out(found: Sequence[Cut]) -> list[Row]:
    """Each cut, forecast with the table of the other repositories."""
    measured = [(cut, cut.heading) for cut in found]
    rows = []
    for repository in {cut.repository for cut in found}:
        errors = fit([one for one in measured if one[0].repository != repository])
        for cut, heading in measured:
            if cut.repository == repository:
                said = forecast(cut.done, cut.values, cut.planned, errors)
                assert said is not None
                rows.append((cut, heading, said))
    return rows


def straight(cut: Cut) -> float:
    """A straight line through the last quarter, never below the level so far."""
    late = cut.values[-max(int(LATE * len(cut.values)), 3) :]
    slope = float(np.polyfit(np.arange(len(late)), late, 1)[0])
    now = float(levels(cut.values)[-1])
    return min(now + max(slope, 0.0) * (cut.planned - cut.done[-1]), 1.0)


def since_best(cut: Cut) -> float:
    """Share of the epochs since the best one."""
    return 1 - float(np.argmax(cut.values) + 1) / len(cut.values)


def neighbours(rows: Sequence[Row]) -> np.ndarray:
    """Median gain of the most alike trainings of other repositories: level, straight line, epochs since the best."""
    now = np.array([heading.now for (_, heading, _) in rows])
    gain = np.array([cut.final for (cut, _, _) in rows]) - now
    repository = np.array([cut.repository for (cut, _, _) in rows])
    lines = np.array([straight(cut) for (cut, _, _) in rows]) - now
    known = np.column_stack([now, lines, [since_best(cut) for (cut, _, _) in rows]])
    known /= known.std(axis=0)
    ends = []
    for row, features in enumerate(known):
        others = np.flatnonzero(repository != repository[row])
        near = np.argsort(((known[others] - features) ** 2).sum(axis=1))[:NEIGHBOURS]
        ends.append(now[row] + float(np.median(gain[others[near]])))
    return np.array(ends)


def area(scores: np.ndarray, gained: np.ndarray, weights: np.ndarray) -> float:
    """Area under the ROC curve."""
    (of_gained, of_others) = (scores[gained], scores[~gained])
    pairs = weights[gained][:, None] * weights[~gained]
    right = (of_gained[:, None] > of_others) + 0.5 * (of_gained[:, None] == of_others)
    return float((pairs * right).sum() / pairs.sum())


def report(rows: Sequence[Row], share: float) -> None:
    """The figures of one share of the plan."""
    rows = [row for row in rows if row[0].share == share]
    weights = np.array([cut.weight for (cut, _, _) in rows])
    final = np.array([cut.final for (cut, _, _) in rows])
    (low, high) = np.array([said.interval for (_, _, said) in rows]).T
    inside = (low - 1e-9 <= final) & (final <= high + 1e-9)
    covered = np.average(inside, weights=weights)
    methods: dict[str, np.ndarray] = {
        "RunLens": np.array([said.expected for (_, _, said) in rows]),
        "last best": np.array([heading.now for (_, heading, _) in rows]),
        "straight line": np.array([straight(cut) for (cut, _, _) in rows]),
        "40 neighbours": neighbours(rows),
    }
    print(f"\n{100 * share:.0f} % of the plan: {len(rows)} trainings ({weights.sum():.0f} weighed)")
    print(f"  80 % interval covers {covered:.3f}, median width {np.median(high - low):.3f}")
    for name, ends in methods.items():
        print(f"  MAE {name:14} {np.average(np.abs(ends - final), weights=weights):.4f}")
    report_gain(rows, weights)


def report_gain(rows: Sequence[Row], weights: np.ndarray) -> None:
    """How well a gain is told, and what comes of the words."""
    gained = np.array([cut.final - heading.now > GAIN_MIN for (cut, heading, _) in rows])
    score: Callable[[Row], float]
    for name, score in (
        ("RunLens", lambda row: row[2].chance),
        ("epochs since best", lambda row: -since_best(row[0])),
    ):
        scores = np.array([score(row) for row in rows])
        print(f"  AUC of a gain of one point, {name:18} {area(scores, gained, weights):.3f}")
    words = np.array([said.gain for (_, _, said) in rows])
    for word in ("likely", "open", "unlikely"):
        of_word = words == word
        if of_word.any():
            rate = np.average(gained[of_word], weights=weights[of_word])
            said = np.average([one.chance for (_, _, one) in rows], weights=weights * of_word)
            print(f"  {word:9} {of_word.sum():4} trainings: {rate:.2f} gained, {said:.2f} said")


def main() -> None:
    found = cuts(Path(sys.argv[1]))
    rows = left_out(found)
    for share in SHARES:
        report(rows, share)


if __name__ == "__main__":
    main()
