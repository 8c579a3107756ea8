"""The JSON of a run's own page."""

from __future__ import annotations

from typing import Optional

import msgspec

from tensorboard_runlens.schema.course import Forecast, Series, Statistic, Totals, Trend
from tensorboard_runlens.schema.curves import Curve
from tensorboard_runlens.schema.data import DataSet
from tensorboard_runlens.schema.files import (
    Checkpoint,
    Consequence,
    Console,
    Picture,
    Recorded,
    Setting,
)
from tensorboard_runlens.schema.guide import LossSize, Question
from tensorboard_runlens.schema.run import Run
from tensorboard_runlens.schema.terms import Number


class ClassLine(msgspec.Struct, frozen=True):
    """What was measured for one class; ``intervals`` are 95 % intervals that its number of instances allows.
    ``unreliable`` says that they are too few for the metrics to mean much."""

    name: str
    images: Optional[int]
    instances: Optional[int]
    metrics: dict[str, dict[str, Number]]
    intervals: dict[str, dict[str, tuple[float, float]]]
    unreliable: bool


class PseudoLabels(msgspec.Struct, frozen=True):
    """Scores from which a self-training iteration takes pixels as labels, recomputed from its arguments."""

    iteration: int
    positive: float
    negative: float


class DetailedRun(Run, frozen=True):
    """A run with all that its page draws. While ``data_counting``, its data set is known and not counted yet."""

    series: Series
    totals: Totals
    final: Optional[dict[str, dict[str, Number]]]
    statistics: list[Statistic]
    trends: list[Trend]
    config: list[Setting]
    classes: list[ClassLine]
    console: Optional[Console]
    commands: list[str]
    checkpoints: list[Checkpoint]
    drawn_by: Optional[str]
    consequences: list[Consequence]
    data: Optional[DataSet]
    data_counting: bool
    pictures: list[Picture]
    pseudo_labels: list[PseudoLabels]
    forecast: Optional[Forecast]
    curves: dict[str, Curve]
    recorded: Optional[Recorded]
    questions: list[Question]
    loss_sizes: list[LossSize]
