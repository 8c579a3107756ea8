"""Fits the probability of an overfit on labelled histories, and says how far its words can be trusted.

    python -m tools.fit_calibration ../shared/labelled

Prints the weights for tensorboard_runlens/statistics/rise_probability.py; then, with weights fitted on other programs
only (ten groups of programs), how often the verdict is right and which share of each word is. The histories stay
outside this repository.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.labelled import SETS, History, histories
from benchmarks.measures import Answers, auc, f1, false_positive_rate, interval, macro_f1
from benchmarks.verdict_accuracy import MANY_SAMPLES
from tensorboard_runlens.statistics.assess import CONFIDENCES, HIGH_SCORE, MODERATE_SCORE
from tensorboard_runlens.statistics.rise import Rise, fitted_rise
from tensorboard_runlens.statistics.rise_probability import features

Floats = npt.NDArray[np.float64]

SHARES = {"sgd_runs_dev": 1.0, "parametric_dev": 1.0, "overfitguard_simulated": 0.5}
"""What each set counts for, whatever its size: real trainings as much as curves; of the published ones few overfit."""

FOLDS = 10
RIDGE = 1.0
"""Penalty on the squares of the weights of standardised features: as much as one history."""

STEPS = 50
SEED = 20261121


@dataclass(frozen=True)
class Case:
    """A history, its test, and the set it is from."""

    of: str
    history: History
    rise: Rise


def cases(folder: Path) -> list[Case]:
    """Every labelled history long enough to be tested."""
    found = [(name, one) for name in SETS for one in histories(folder, name)]
    return [
        Case(name, one, rise) for (name, one) in found if (rise := fitted_rise(one.train, one.val))
    ]


def fit(chosen: Sequence[Case]) -> Floats:
    """Weights of the features, then the bias: logistic regression by Newton's method."""
    rows = np.array([features(case.rise.traits) for case in chosen])
    truth = np.array([case.history.overfits for case in chosen], np.float64)
    sizes = Counter(case.of for case in chosen)
    share = np.array([SHARES[case.of] / sizes[case.of] for case in chosen])
    share *= len(chosen) / share.sum()
    (middle, spread) = (rows.mean(0), rows.std(0))
    scaled = np.column_stack([(rows - middle) / spread, np.ones(len(rows))])
    penalty = RIDGE * np.diag([*np.ones(rows.shape[1]), 0.0])
    weights = np.zeros(scaled.shape[1])
    for _ in range(STEPS):
        said = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (share * (said - truth)) + penalty @ weights
        bend = (scaled.T * (share * said * (1 - said))) @ scaled + penalty
        weights -= np.linalg.solve(bend, slope)
    plain = weights[:-1] / spread
    return np.array([*plain, weights[-1] - plain @ middle])


def cross_validated(chosen: Sequence[Case]) -> list[Rise]:
    """Each case's test with weights from other programs."""
    programs = sorted({(case.of, case.history.program) for case in chosen})
    shuffled = np.random.default_rng(SEED).permutation(len(programs)) % FOLDS
    fold_of = dict(zip(programs, shuffled))
    folds = np.array([fold_of[case.of, case.history.program] for case in chosen])
    rises = [case.rise for case in chosen]
    for fold in range(FOLDS):
        weights = fit([case for (case, own) in zip(chosen, folds) if own != fold])
        for row in np.flatnonzero(folds == fold):
            odds = float(weights @ [*features(rises[row].traits), 1.0])
            rises[row] = replace(rises[row], log_odds=odds)
    return rises


def accuracy(name: str, pairs: Sequence[tuple[Case, Rise]]) -> str:
    """A row of the table of cross-validated accuracy."""
    answers = Answers(
        np.array([case.history.overfits for (case, _) in pairs]),
        np.array([rise.significant for (_, rise) in pairs]),
        np.array([rise.log_odds for (_, rise) in pairs]),
        [case.history.program for (case, _) in pairs],
    )
    (low, high) = interval(answers)
    return (
        f"| {name} | {len(pairs)} | {f1(answers):.3f} [{low:.2f}, {high:.2f}] | {macro_f1(answers):.3f}"
        f" | {false_positive_rate(answers):.3f} | {auc(answers):.3f} |"
    )


def reliability(name: str, pairs: Sequence[tuple[Case, Rise]]) -> list[str]:
    """Rows of the table of words: how often each is right, of overfits and of none."""
    lines = []
    for says, verdict in ((True, "overfits"), (False, "does not")):
        right: dict[str, list[bool]] = {word: [] for word in CONFIDENCES}
        for case, rise in pairs:
            if rise.significant == says:
                word = _word(rise.score if says else 1 - rise.score)
                right[word].append(case.history.overfits == says)
        cells = [f"{np.mean(one):.3f} of {len(one)}" if one else "-" for one in right.values()]
        lines.append(f"| {name} | {verdict} | {' | '.join(cells)} |")
    return lines


def _word(sure: float) -> str:
    return CONFIDENCES[int(sure >= MODERATE_SCORE) + int(sure >= HIGH_SCORE)]


def main() -> None:
    chosen = cases(Path(sys.argv[1]))
    (*weights, bias) = fit(chosen)
    print(f"WEIGHTS = ({', '.join(f'{one:.3f}' for one in weights)})\nBIAS = {bias:.3f}\n")
    pairs = list(zip(chosen, cross_validated(chosen)))
    groups = {name: [pair for pair in pairs if pair[0].of == name] for name in SETS}
    for name, least in (("sgd, up to 250 samples", 0), ("sgd, more", MANY_SAMPLES + 1)):
        most = MANY_SAMPLES if not least else sys.maxsize
        sgd = groups["sgd_runs_dev"]
        groups[name] = [pair for pair in sgd if least <= (pair[0].history.n_val or 0) <= most]
    print(
        "| set | histories | F1 | macro-F1 | false-positive rate | AUC |\n|---|---|---|---|---|---|"
    )
    print("\n".join(accuracy(name, group) for (name, group) in groups.items()))
    print(f"\n| set | says | {' | '.join(CONFIDENCES)} |\n|---|---|---|---|---|")
    print("\n".join(line for (name, group) in groups.items() for line in reliability(name, group)))


if __name__ == "__main__":
    main()
