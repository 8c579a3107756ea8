"""The JSON of a run's own page."""

from __future__ import annotations

from typing import Optional

import msgspec

from tensorboard_runlens.schema.course import Forecast, Phase, Series, Statistic, Totals, Trend
from tensorboard_runlens.schema.curves import Curve
from tensorboard_runlens.schema.data import DataSet
from tensorboard_runlens.schema.files import (
    Checkpoint,
    Consequence,
    Console,
    Expected,
    Recorded,
    Setting,
)
from tensorboard_runlens.schema.finding import Step
from tensorboard_runlens.schema.guide import LossSize, Question
from tensorboard_runlens.schema.pace import Pace, Schedule
from tensorboard_runlens.schema.pictures import Gallery, Picture
from tensorboard_runlens.schema.reproduction import Reproduction
from tensorboard_runlens.schema.run import Run
from tensorboard_runlens.schema.terms import Number


class ClassLine(msgspec.Struct, frozen=True):
    """What was measured for one class; ``intervals`` are 95 % intervals that its number of instances allows.
    ``unreliable`` says that they are too few for the metrics to mean much, ``weak`` that it is far below the others.
    ``trained`` counts training instances. ``course`` is the run's metric by class at the epochs of ``class_rank``."""

    name: str
    images: Optional[int]
    instances: Optional[int]
    trained: Optional[int]
    weak: bool
    course: list[Number]
    metrics: dict[str, dict[str, Number]]
    intervals: dict[str, dict[str, tuple[float, float]]]
    unreliable: bool


class ClassRank(msgspec.Struct, frozen=True):
    """The metric by which classes are told apart, and the recorded epochs (at most 40) over which ``followed``, one of
    the same group, is known of each class; no epochs where none were recorded."""

    group: str
    metric: str
    followed: Optional[str]
    epochs: list[int]


class PseudoLabels(msgspec.Struct, frozen=True):
    """Scores from which a self-training iteration takes pixels as labels, recomputed from its arguments."""

    iteration: int
    positive: float
    negative: float


class DetailedRun(Run, frozen=True):
    """A run with all that its page draws. While ``data_counting``, its data set is known and not counted yet.
    ``steps`` are what to do next, the weightiest first; ``course`` are sentences on how losses and metric went."""

    steps: list[Step]
    series: Series
    totals: Totals
    final: Optional[dict[str, dict[str, Number]]]
    statistics: list[Statistic]
    trends: list[Trend]
    config: list[Setting]
    classes: list[ClassLine]
    class_rank: Optional[ClassRank]
    console: Optional[Console]
    commands: list[str]
    checkpoints: list[Checkpoint]
    drawn_by: Optional[str]
    consequences: list[Consequence]
    data: Optional[DataSet]
    data_counting: bool
    pictures: list[Picture]
    gallery: Gallery
    pseudo_labels: list[PseudoLabels]
    forecast: Optional[Forecast]
    curves: dict[str, Curve]
    recorded: Optional[Recorded]
    reproduction: Reproduction
    expected: list[Expected]
    sizes: dict[str, int]
    questions: list[Question]
    loss_sizes: list[LossSize]
    phases: list[Phase]
    course: list[str]
    schedule: Optional[Schedule]
    pace: Optional[Pace]
