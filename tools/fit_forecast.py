"""Measures how forecasts err, and writes tensorboard_runlens/statistics/forecast_table.json.

    python tools/fit_forecast.py CORPUS

Every training of the corpus that came to its end, early stopping included, is cut after each tenth of its plan, and
what was forecast there is held against its end. Runs of a repository count for six at most.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tensorboard_runlens.catalog import Catalog
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.signals.progress import ENDED
from tensorboard_runlens.statistics.forecast import (
    GAIN_MIN,
    QUANTILES,
    TABLE_FILE,
    Errors,
    Heading,
    heading_of,
)
from tensorboard_runlens.statistics.learning_curve import levels

NOW = 1_800_000_000.0
"""Long after every run of the corpus."""

SHARES = np.arange(1, 10) / 10
"""Shares of the plan after which trainings are cut."""

NEIGHBOUR = 0.5
"""Cuts a tenth of the plan earlier or later count half."""

EPOCHS_MIN = 20
"""Shorter trainings have hardly a beginning to forecast from."""

RUNS_OF_A_REPOSITORY = 6

MARGINS = np.linspace(-2.5, 2.5, 21)
"""Where the chance of a gain is tabulated, in scales: SCALE_MIN lets none be lower, and above nobody doubts."""

DIGITS = 4


@dataclass(frozen=True)
class Cut:
    """A training up to a share of its plan, and the level at which it ended. ``weight``: see RUNS_OF_A_REPOSITORY."""

    repository: str
    done: np.ndarray
    values: np.ndarray
    planned: int
    share: float
    final: float
    weight: float = 1.0

    @property
    def heading(self) -> Heading:
        """What could be known there."""
        heading = heading_of(self.done, self.values, self.planned)
        assert heading is not None
        return heading


def ended(corpus: Path) -> list[tuple[str, Signals]]:
    """(repository, signals) of every training that can be held against its end."""
    catalog = Catalog([("", str(corpus))])
    catalog.refresh()
    found = [
        (name.partition("/")[0], Signals(run, NOW)) for (name, run) in sorted(catalog.runs.items())
    ]
    return [
        (repository, signals)
        for (repository, signals) in found
        if signals.state in ENDED and len(signals.progress.values) >= EPOCHS_MIN
    ]


def cuts(corpus: Path) -> list[Cut]:
    """Every training of the corpus cut after each tenth of its plan, where a forecast can be made there."""
    trainings = ended(corpus)
    of_repository = Counter(repository for (repository, _) in trainings)
    found = []
    for repository, signals in trainings:
        (done, values) = (signals.progress.done, signals.progress.values)
        planned = signals.progress.planned or int(done[-1])
        weight = min(1.0, RUNS_OF_A_REPOSITORY / of_repository[repository])
        final = float(levels(values)[-1])
        for share in SHARES.tolist():
            so_far = done <= round(share * planned)
            if so_far.all() or heading_of(done[so_far], values[so_far], planned) is None:
                continue
            found.append(
                Cut(repository, done[so_far], values[so_far], planned, share, final, weight)
            )
    return found


def fit(measured: Sequence[tuple[Cut, Heading]]) -> Errors:
    """The table of these cuts."""
    shares = np.array([cut.share for (cut, _) in measured])
    weights = np.array([cut.weight for (cut, _) in measured])
    errors = np.array([(cut.final - one.end) / one.scale for (cut, one) in measured])
    gained = np.array([float(cut.final - one.now > GAIN_MIN) for (cut, one) in measured])
    quantiles = []
    for share in SHARES:
        apart = np.round(10 * np.abs(shares - share))
        counted = weights * np.select([apart == 0, apart == 1], [1.0, NEIGHBOUR], 0.0)
        quantiles.append(weighted_quantiles(errors, counted))
    known = Errors(SHARES, np.array(quantiles), MARGINS, np.zeros(len(MARGINS)))
    margins = np.array([known.margin(one) for (_, one) in measured])
    return replace(known, chances=rising_chances(margins, gained, weights))


def weighted_quantiles(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The QUANTILES, shape (3,)."""
    order = np.argsort(values)
    below = np.cumsum(weights[order]) - weights[order] / 2
    return np.interp(QUANTILES, below / weights.sum(), values[order])


def rising_chances(margins: np.ndarray, gained: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Isotonic regression of ``gained`` on ``margins``, at MARGINS: pools neighbours until chances rise."""
    order = np.argsort(margins)
    blocks: list[list[float]] = []
    for margin, gain, weight in zip(margins[order], gained[order], weights[order]):
        block = [weight * gain, weight, weight * margin]
        while blocks and blocks[-1][0] * block[1] >= block[0] * blocks[-1][1]:
            block = [sum(pair) for pair in zip(block, blocks.pop())]
        blocks.append(block)
    (gains, counts, middles) = np.array(blocks).T
    return np.interp(MARGINS, middles / counts, gains / counts)


def main() -> None:
    parser = argparse.ArgumentParser(description="fits the table of forecast errors to a corpus")
    parser.add_argument("corpus", type=Path)
    found = cuts(parser.parse_args().corpus)
    errors = fit([(cut, cut.heading) for cut in found])
    table = {name: np.round(values, DIGITS).tolist() for (name, values) in vars(errors).items()}
    TABLE_FILE.write_text(json.dumps(table) + "\n", encoding="utf-8")
    print(f"{len(found)} cuts of {len({cut.repository for cut in found})} repositories")


if __name__ == "__main__":
    main()
