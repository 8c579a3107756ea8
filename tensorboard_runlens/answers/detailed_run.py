"""A run with all that its page draws, as the JSON struct."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from tensorboard_runlens import schema
from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.answers.classes import class_lines, class_rank
from tensorboard_runlens.answers.course import course, final, forecast, phases, statistics, trends
from tensorboard_runlens.answers.files import (
    checkpoint_of,
    console_of,
    recorded_of,
)
from tensorboard_runlens.answers.findings import advice_of
from tensorboard_runlens.answers.numbers import digits, series
from tensorboard_runlens.answers.pace import pace, schedule
from tensorboard_runlens.answers.reproduction import config_of, expected, reproduction
from tensorboard_runlens.answers.run import common
from tensorboard_runlens.commands import deploy
from tensorboard_runlens.dataset.answer import data_set
from tensorboard_runlens.deployment.point_answer import curves_of
from tensorboard_runlens.details import NO_DETAILS, Details
from tensorboard_runlens.expected_files import expected_files
from tensorboard_runlens.gallery.answer import gallery_of, pictures_shown
from tensorboard_runlens.loss_sizes import LossSize, loss_sizes
from tensorboard_runlens.plain_values import without_absolute_paths
from tensorboard_runlens.questions import Question, questions_of
from tensorboard_runlens.releases.consequences import consequences
from tensorboard_runlens.reproduction import of_run
from tensorboard_runlens.thresholds.of_run.from_metrics import cut_at
from tensorboard_runlens.todo import steps


def detailed_run_of(
    analysis: Analysis, details: Details = NO_DETAILS, beside: Sequence[Analysis] = ()
) -> schema.DetailedRun:
    """The run with series, totals, the best/worst/mean/now table and its arguments."""
    history = analysis.run.history
    signals = analysis.signals
    known = of_run(analysis, details, beside)
    return schema.DetailedRun(
        **common(analysis),
        steps=[schema.Step(one.rule, advice_of(one.advice)) for one in steps(analysis)],
        series=schema.Series(
            epoch=history.epoch.tolist(),
            train={name: series(values) for (name, values) in history.train.items()},
            val={name: series(values) for (name, values) in history.val.items()},
            metrics={
                group: {name: series(values) for (name, values) in named.items()}
                for (group, named) in history.metrics.items()
            },
            lr={name: series(values) for (name, values) in history.lr.items()},
            seconds=None if history.seconds is None else series(history.seconds),
            machine={name: series(values) for (name, values) in signals.machine.series.items()},
            not_finite={
                "train": signals.train_not_finite_rows,
                "val": signals.val_not_finite_rows,
            },
        ),
        totals=schema.Totals(
            train=None if signals.train_total is None else series(signals.train_total),
            val=None if signals.val_total is None else series(signals.val_total),
        ),
        final=final(analysis.run),
        statistics=list(statistics(analysis)),
        trends=list(trends(analysis)),
        config=config_of(known.settings),
        classes=class_lines(analysis, details.courses),
        class_rank=class_rank(analysis, details.courses),
        console=None if analysis.run.console is None else console_of(analysis.run.console),
        commands=[]
        if analysis.weights.use is None
        else deploy(analysis.run, analysis.weights.use, analysis.confidence),
        checkpoints=[checkpoint_of(one) for one in details.checkpoints],
        drawn_by=details.drawn_by,
        consequences=[
            schema.Consequence(one.name, list(one.possible)) for one in consequences(analysis.run)
        ],
        data=_data(analysis),
        data_counting=analysis.surroundings.counting,
        pictures=pictures_shown(analysis.run),
        gallery=gallery_of(analysis),
        pseudo_labels=[
            schema.PseudoLabels(one.iteration, one.positive, one.negative)
            for one in analysis.signals.pseudo_labels
        ],
        forecast=forecast(analysis),
        curves=curves_of(details.curves, cut_at(analysis.run)),
        recorded=None if analysis.run.recorded is None else recorded_of(analysis.run.recorded),
        reproduction=reproduction(known),
        expected=expected(expected_files(analysis)),
        sizes=dict(details.sizes),
        questions=[_question(one) for one in questions_of(analysis, beside)],
        loss_sizes=[_loss_size(one) for one in loss_sizes(analysis.run, signals.best_row)],
        phases=phases(analysis),
        course=course(analysis),
        schedule=schedule(analysis),
        pace=pace(analysis),
    )


def _data(analysis: Analysis) -> Optional[schema.DataSet]:
    dataset = analysis.surroundings.dataset
    return None if dataset is None else data_set(dataset, analysis.signals.data.faults)


def _question(asked: Question) -> schema.Question:
    return schema.Question(
        id=asked.id,  # type: ignore[arg-type]
        question=asked.question,
        answer=without_absolute_paths(asked.answer),
        level=asked.level,  # type: ignore[arg-type]
        rules=list(asked.rules),
    )


def _loss_size(size: LossSize) -> schema.LossSize:
    return schema.LossSize(
        component=size.component,
        value=digits(size.value),
        gain=digits(size.gain),
        low=None if size.low is None else digits(size.low),
        high=digits(size.high),
        said=size.said,  # type: ignore[arg-type]
        source=size.source,  # type: ignore[arg-type]
    )
