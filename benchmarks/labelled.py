"""Training histories of which is known whether their validation loss overfits.

Their files stay outside this repository.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.signals import Signals
from tensorboard_runlens.statistics.rise import LOSS_RANGE, plausible

Floats = npt.NDArray[np.float64]

SETS = ("sgd_runs_dev", "parametric_dev", "overfitguard_simulated")

OWN_LABELS = Path(__file__).parent / "labels" / "by_eye.jsonl"


@dataclass(frozen=True)
class History:
    """Losses of shape (n,), a value an epoch; histories of one ``program`` are alike, and are never split between
    fitting and measuring. ``n_val`` is the number of validation samples."""

    train: Floats
    val: Floats
    overfits: bool
    program: str
    n_val: Optional[int] = None
    close_mosaic_row: Optional[int] = None


def histories(folder: Path, name: str) -> list[History]:
    """The histories of one set, those in the grey zone (label -1) left out."""
    with gzip.open(folder / f"{name}.json.gz", "rt") as file:
        return [_history(one) for one in json.load(file) if one["label"] in (0, 1)]


def _history(found: dict[str, Any]) -> History:
    val = np.array(found["val_loss"], np.float64)
    train = np.array(found["train_loss"] or np.linspace(1, 0.5, len(val)), np.float64)
    train = np.maximum(train, LOSS_RANGE[0])  # some rules divide by it
    rows = plausible(train, val)
    return History(train[rows], val[rows], found["label"] == 1, _program(found), found.get("n_val"))


def _program(found: dict[str, Any]) -> str:
    """The scenario of a parametric curve, the data set of a published log, the task of a training."""
    return str(found.get("scenario") or re.sub(r"_model.*$|_\d+$", "", found["id"]))


def by_eye(corpus: Path, labels: Path) -> Iterator[History]:
    """Real trainings on which two raters agreed, as the sums of their losses."""
    for line in labels.read_text("utf-8").splitlines():
        label = json.loads(line)
        if label["loss_overfit"] in ("yes", "no"):
            signals = Signals(open_run(str(corpus / label["run_id"])))
            (train, val) = (signals.train_total, signals.val_total)
            if train is None or val is None:
                continue
            rows = np.flatnonzero(plausible(train, val) & ~signals.copied_rows)
            mosaic = signals.close_mosaic_row
            yield History(
                train[rows],
                val[rows],
                label["loss_overfit"] == "yes",
                label["repo"],
                close_mosaic_row=None if mosaic is None else int(np.searchsorted(rows, mosaic)),
            )
