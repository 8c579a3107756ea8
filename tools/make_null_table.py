"""Simulates the table of the overfitting test: tensorboard_runlens/statistics/null_quantiles.npy.

    python tools/make_null_table.py [--repeats 20000]

Takes about a minute on one core; the same seed gives the same table.
"""

from __future__ import annotations

import argparse

import numpy as np

from tensorboard_runlens.statistics import null

SEED = 20261121


def make(repeats: int) -> np.ndarray:
    """Quantiles, shape (lengths, correlations, probabilities), float32."""
    random = np.random.default_rng(SEED)
    cells = [
        np.quantile(null.simulate(n, rho, repeats, random), null.PROBABILITIES)
        for n in null.LENGTHS
        for rho in null.CORRELATIONS
    ]
    return np.array(cells, np.float32).reshape(len(null.LENGTHS), len(null.CORRELATIONS), -1)


def main() -> None:
    parser = argparse.ArgumentParser(description="simulates the null table of the overfitting test")
    parser.add_argument("--repeats", type=int, default=20_000)
    np.save(null.TABLE_FILE, make(parser.parse_args().repeats))


if __name__ == "__main__":
    main()
