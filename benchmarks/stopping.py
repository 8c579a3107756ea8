"""What ``track(model, stop="past_best")`` saves and costs, beside the frameworks' ``patience``.

    python -m benchmarks.stopping ../shared/corpus [../shared/labelled]

Trainings are fed to the criterion epoch by epoch: real ones of the corpus, with a table of forecast errors that has not
seen their repository, and small networks that nothing here was fitted to. Epochs count as saved of what a training has;
one that its own patience has stopped lacks its rest, which nobody knows, so that less is saved of it and less can be
lost. Lost is what the highest fitness, by which best.pt is kept, is below that of the whole training: a training that
lost something was still improving. Intervals hold 80 % of what other repositories would give, by bootstrap.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Optional

import numpy as np

from tensorboard_runlens.run import Floats
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.assess import assess
from tensorboard_runlens.statistics.forecast import Errors, measured_errors
from tensorboard_runlens.statistics.noise import second_difference_sigma
from tensorboard_runlens.statistics.stopping import past_best
from tools.fit_forecast import EPOCHS_MIN, RUNS_OF_A_REPOSITORY, cuts, ended, fit

OVERFIT = ("overfitting", "past_best")
"""Verdicts on the whole run by which the model itself got worse."""

PATIENCES = (20, 50, 100)
POINT = 0.01
LATE_SHARE = 0.9
"""A training whose best comes in the last tenth improves to its end."""

DRAWS = 1000
INTERVAL = (0.1, 0.9)
SMALL_NETWORKS = "sgd_runs_dev.json.gz"

Rule = Callable[["Training"], Optional[int]]
"""The row after which a training is stopped, None where it is not."""


@dataclass(frozen=True)
class Training:
    """Values by row, NaN where they were not measured, and the errors of forecasts on trainings of others. ``weight``:
    runs of a repository count for six at most."""

    repository: str
    verdict: str
    fitness: Floats
    metric: Floats
    train: Floats
    val: Floats
    planned: int
    errors: Errors
    weight: float = 1.0
    close_mosaic_row: Optional[int] = None
    n_val_images: Optional[int] = None

    @property
    def rows(self) -> int:
        return len(self.fitness)

    @property
    def noise(self) -> float:
        """Standard deviation of the fitness from epoch to epoch."""
        return second_difference_sigma(self.fitness[np.isfinite(self.fitness)])

    @property
    def improves_late(self) -> bool:
        return int(np.nanargmax(self.fitness)) >= LATE_SHARE * self.rows - 1

    def lost(self, row: int) -> float:
        """What the highest fitness is below that of the whole training."""
        return float(np.nanmax(self.fitness) - np.nanmax(self.fitness[: row + 1]))

    def saved(self, row: Optional[int]) -> float:
        """Share of its epochs."""
        return 0.0 if row is None else 1 - (row + 1) / self.rows


def runlens(training: Training) -> Optional[int]:
    """The criterion, asked after every epoch."""
    done = np.arange(1.0, training.rows + 1)
    for row in range(training.rows - 1):
        columns = (done, training.metric, training.train, training.val)
        if past_best(
            *(column[: row + 1] for column in columns),
            training.planned,
            n_val_images=training.n_val_images,
            close_mosaic_row=training.close_mosaic_row,
            errors=training.errors,
        ):
            return row
    return None


def patience(epochs: int) -> Rule:
    """Ultralytics' EarlyStopping."""

    def rule(training: Training) -> Optional[int]:
        (best, best_row) = (0.0, 0)
        for row, fitness in enumerate(training.fitness[:-1].tolist()):
            if fitness > best or fitness == best == 0:
                (best, best_row) = (fitness, row)
            if row - best_row >= epochs:
                return row
        return None

    return rule


def of_corpus(corpus: Path) -> list[Training]:
    """Trainings that came to their end and have a fitness."""
    measured = [(cut, cut.heading) for cut in cuts(corpus)]
    found = [
        (repository, signals)
        for (repository, signals) in ended(corpus)
        if signals.fitness is not None and np.nanmax(signals.fitness.values) > 0
    ]
    stopped = sum(signals.state == "early_stopped" for (_, signals) in found)
    print(f"{stopped} of the corpus were stopped by their own patience")
    of_repository = Counter(repository for (repository, _) in found)
    errors = {one: fit([m for m in measured if m[0].repository != one]) for one in of_repository}
    return [
        _training(repository, signals, errors[repository], of_repository[repository])
        for (repository, signals) in found
    ]


def _training(repository: str, signals: Signals, errors: Errors, runs: int) -> Training:
    """The metric is that of the recorder: of boxes and masks or keypoints the mean."""
    groups = signals.run.history.metrics.values()
    fine = [group["map50_95"] for group in groups if "map50_95" in group]
    assert signals.fitness is not None

    def fresh(values: Optional[Floats]) -> Floats:
        nothing = np.full(signals.rows, np.nan)
        return nothing if values is None else np.where(signals.copied_rows, np.nan, values)

    return Training(
        repository,
        signals.overfitting.verdict,
        fresh(signals.fitness.values),
        fresh(np.mean(fine, axis=0) if fine else signals.metric),
        fresh(signals.train_total),
        fresh(signals.val_total),
        signals.progress.planned or signals.rows,
        errors,
        min(1.0, RUNS_OF_A_REPOSITORY / runs),
        signals.close_mosaic_row,
    )


def of_small_networks(folder: Path) -> list[Training]:
    """Classifiers under five schedules of the learning rate; fitness is their accuracy."""
    with gzip.open(folder / SMALL_NETWORKS, "rt") as file:
        found = json.load(file)
    return [_network(one) for one in found if len(one["val_acc"]) >= EPOCHS_MIN]


def _network(found: dict[str, Any]) -> Training:
    (train, val, accuracy) = (
        np.array(found[name], np.float64) for name in ("train_loss", "val_loss", "val_acc")
    )
    return Training(
        found["id"],
        assess(train, val, accuracy, n_val_images=found["n_val"]).verdict,
        accuracy,
        accuracy,
        train,
        val,
        len(accuracy),
        measured_errors(),
        n_val_images=found["n_val"],
    )


def line(name: str, rows: Sequence[tuple[Training, Optional[int]]]) -> str:
    """A row of the table."""
    lost = np.array([0.0 if row is None else one.lost(row) for (one, row) in rows])
    stopped = np.array([row is not None for (_, row) in rows])
    saved = np.array([training.saved(row) for (training, row) in rows])
    (weights, epochs) = np.array([(training.weight, training.rows) for (training, _) in rows]).T
    draws = drawn([training.repository for (training, _) in rows])
    means = [mean_and_interval(saved, counted, draws) for counted in (epochs, saved**0, weights)]
    noise = np.array([training.noise for (training, _) in rows])
    harmed = [int((lost > least).sum()) for least in (0.0, 0.2 * POINT, noise, POINT)]
    points = 100 * (lost[stopped] if stopped.any() else np.zeros(1))
    return (
        f"| {name} | {stopped.sum()} | {' | '.join(means)} | {np.median(saved):.0%}"
        f" | {np.median(points):.2f} | {points.mean():.2f} | {' | '.join(map(str, harmed))}"
        f" | {harmed[-1] / len(rows):.1%} |"
    )


def drawn(repositories: Sequence[str]) -> Floats:
    """How often each training is drawn, shape (DRAWS, n), where repositories are drawn anew."""
    (names, of) = np.unique(repositories, return_inverse=True)
    shares = np.full(len(names), 1 / len(names))
    return np.random.default_rng(0).multinomial(len(names), shares, DRAWS)[:, of].astype(float)


def mean_and_interval(saved: Floats, counted: Floats, draws: Floats) -> str:
    (low, high) = np.quantile(draws @ (saved * counted) / (draws @ counted), INTERVAL)
    return f"{saved @ counted / counted.sum():.0%} ({100 * low:.0f}-{100 * high:.0f})"


HEAD = """
| stops | stopped | epochs saved | mean | of repositories | median | points lost, median | mean \
| any | more than .2 | than noise | than 1 | of all |
|---|---|---|---|---|---|---|---|---|---|---|---|---|"""

GROUPS: dict[str, Callable[[Training], bool]] = {
    "overfit or are past their best": lambda one: one.verdict in OVERFIT,
    "others": lambda one: one.verdict not in OVERFIT,
    "whose best comes in the last tenth": lambda one: one.improves_late,
}


def report(name: str, found: Sequence[Training]) -> None:
    """A table for each group."""
    rules = {"RunLens": runlens, **{f"patience={one}": patience(one) for one in PATIENCES}}
    stops = {said: [(one, rule(one)) for one in found] for (said, rule) in rules.items()}
    for said, belongs in GROUPS.items():
        print(f"\n{name}: {sum(map(belongs, found))} {said}", HEAD, sep="\n")
        for rule, rows in stops.items():
            print(line(rule, [pair for pair in rows if belongs(pair[0])]))


def main() -> None:
    (corpus, *labelled) = map(Path, sys.argv[1:])
    report("corpus", of_corpus(corpus))
    for folder in labelled:
        report("small networks", of_small_networks(folder))


if __name__ == "__main__":
    main()
