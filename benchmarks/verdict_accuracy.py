"""How often the overfitting verdict is right, on labelled histories that stay outside this repository.

    python benchmarks/verdict_accuracy.py ../shared/labelled

Prints F1, false-positive rate and recall of ``loss_overfits`` for each set; histories in the grey
zone (label -1) are left out.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from tensorboard_runlens.rules.overfitting import assess

SETS = ("sgd_runs_dev", "parametric_dev", "overfitguard_simulated")


def histories(folder: Path, name: str) -> list[dict[str, Any]]:
    """The labelled histories of one set, grey zone left out."""
    with gzip.open(folder / f"{name}.json.gz", "rt") as file:
        return [history for history in json.load(file) if history["label"] in (0, 1)]


def flagged(history: dict[str, Any]) -> bool:
    """The verdict; a history without training loss is judged by its validation loss alone."""
    val = np.array(history["val_loss"], np.float64)
    train = history["train_loss"] or np.linspace(1, 0.5, len(val))
    return assess(train, val).loss_overfits


def report(name: str, chosen: list[dict[str, Any]]) -> None:
    """Prints one line of figures."""
    truth = np.array([history["label"] == 1 for history in chosen])
    said = np.array([flagged(history) for history in chosen])
    hits = int((truth & said).sum())
    f1 = 2 * hits / (truth.sum() + said.sum())
    false = (said & ~truth).sum() / (~truth).sum()
    print(
        f"{name:28} n {len(chosen):5}  F1 {f1:.3f}  FPR {false:.3f}  recall {hits / truth.sum():.3f}"
    )


def main() -> None:
    folder = Path(sys.argv[1])
    for name in SETS:
        chosen = histories(folder, name)
        report(name, chosen)
        large = [history for history in chosen if history.get("n_val", 0) > 250]
        if large:
            report("  more than 250 val samples", large)


if __name__ == "__main__":
    main()
