"""A row of the Runs page as the JSON struct."""

from __future__ import annotations

import math
from typing import Optional

import numpy as np

from tensorboard_runlens import schema
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.answers.run import run_of
from tensorboard_runlens.run import Floats

SPARKLINE_POINTS = 40
"""Points of the small curve in the Runs table; it is 80 pixels wide."""


def table_row(analysis: Analysis, latest: bool) -> schema.TableRow:
    """A row of the Runs page."""
    metric = analysis.signals.metric
    return schema.TableRow(run_of(analysis), [] if metric is None else _thinned(metric), latest)


def _thinned(values: Floats) -> list[Optional[float]]:
    if len(values) > SPARKLINE_POINTS:
        values = values[np.linspace(0, len(values) - 1, SPARKLINE_POINTS).round().astype(np.int64)]
    return [
        None if not math.isfinite(value) else float(f"{value:.3g}") for value in values.tolist()
    ]
